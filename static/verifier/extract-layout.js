// The entries of an extract: what proves one file's attestation alone (docs/formats.md §9). A port of
// attest/bundle/extract_layout.py.

import { MAX_LEAF, MAX_LEAVES, MAX_NOTE, MAX_TIMESTAMP, README } from "./layout.js";
import { LOCAL, LOCAL_MAGIC } from "./records.js";

export const FOLDER = "extract/";
export const CHECKPOINT = `${FOLDER}checkpoint`;
export const LEAVES = `${FOLDER}leaves.jsonl`;
export const BODIES = `${FOLDER}bodies.jsonl`;

/** Room for an attestation of 10,000 stores, and for what was signed about it. */
export const MAX_EXTRACTED = 50_000;
const MAX_BODIES = 256 * 1024 * 1024;
const MAX_README = 1024 * 1024;
// A proof is at most 55 hashes of 45 bytes, and the checkpoint.
const MAX_PROOF = MAX_NOTE + 4 * 1024;

const INCLUSION = /^extract\/inclusion\/(0|[1-9][0-9]{0,6})\.tlog-proof$/;
const CONSISTENCY = /^extract\/consistency\/([1-9][0-9]{0,6})$/;
const TIMESTAMP = /^extract\/timestamps\/([1-9][0-9]{0,6})\.tsr$/;

const FIXED = new Map([
  [CHECKPOINT, [0, MAX_NOTE]],
  [LEAVES, [1, MAX_EXTRACTED * (MAX_LEAF + 1)]],
  [BODIES, [2, MAX_BODIES]],
  [README, [6, MAX_README]],
]);

function place(name) {
  if (FIXED.has(name)) return [FIXED.get(name)[0], 0, ""];
  const index = inclusionIndex(name);
  if (index !== undefined) return [3, index, ""];
  const size = consistencySize(name);
  if (size !== undefined) return [4, size, ""];
  const stamped = stampedSize(name);
  return stamped === undefined ? undefined : [5, stamped, ""];
}

function mostBytes(name) {
  if (FIXED.has(name)) return FIXED.get(name)[1];
  return stampedSize(name) === undefined ? MAX_PROOF : MAX_TIMESTAMP;
}

/** The leaf in the name of an inclusion proof, undefined for other names. */
export function inclusionIndex(name) {
  const index = Number(INCLUSION.exec(name)?.[1] ?? MAX_LEAVES);
  return index < MAX_LEAVES ? index : undefined;
}

/** The size in the name of a consistency proof, undefined for other names. */
export function consistencySize(name) {
  return inName(CONSISTENCY, name);
}

/** The size in the name of a timestamp, undefined for other names. */
export function stampedSize(name) {
  return inName(TIMESTAMP, name);
}

function inName(pattern, name) {
  const size = Number(pattern.exec(name)?.[1] ?? 0);
  return size > 0 && size <= MAX_LEAVES ? size : undefined;
}

/** Does the zip (a Blob) begin with an entry of an extract? Whether it is a good one is not asked. */
export async function isExtract(file) {
  const length = LOCAL.size + FOLDER.length;
  if (file.size < length) return false;
  const header = new Uint8Array(await file.slice(0, length).arrayBuffer());
  const name = String.fromCharCode(...header.subarray(LOCAL.size));
  return LOCAL.unpack(header).magic === LOCAL_MAGIC && name === FOLDER;
}

export const EXTRACT = {
  what: "extract", one: "an extract", place, mostBytes, must: [CHECKPOINT, LEAVES, BODIES],
};
