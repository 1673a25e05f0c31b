// The bundle's entries (docs/formats.md §5): a port of the first half of attest/bundle/layout.py.

import { isSha256 } from "./scalars.js";

export const CHECKPOINT = "evidence/checkpoint";
export const LEAVES = "evidence/leaves.jsonl";
export const BODIES = "evidence/bodies.jsonl";
export const EARLIER = "evidence/earlier/";
export const TIMESTAMPS = "evidence/timestamps/";
export const ATTACHMENTS = "attachments/";
export const CERTIFICATE = "certificate.pdf";
export const README = "README.txt";

export const MAX_LEAVES = 4_000_000;
export const MAX_LEAF = 512;
export const MAX_BODY = 1024 * 1024;
export const MAX_NOTE = 64 * 1024;
export const MAX_TIMESTAMP = 64 * 1024;
const MAX_ATTACHMENT = 4 * 1024 ** 3;
const MAX_CERTIFICATE = 256 * 1024 * 1024;
const MAX_README = 1024 * 1024;

const EARLIER_NAME = /^evidence\/earlier\/([1-9][0-9]{0,6})$/;
const TIMESTAMP_NAME = /^evidence\/timestamps\/([1-9][0-9]{0,6})\.tsr$/;

// The section of each name that stands alone, and how large it may be, unpacked.
const FIXED = new Map([
  [CHECKPOINT, [0, MAX_NOTE]],
  [LEAVES, [1, MAX_LEAVES * (MAX_LEAF + 1)]],
  [BODIES, [2, MAX_LEAVES * (MAX_BODY + 1)]],
  [CERTIFICATE, [6, MAX_CERTIFICATE]],
  [README, [7, MAX_README]],
]);

/**
 * Where an entry of this name stands in the bundle: a section, and what orders entries inside it;
 * undefined for a name that no bundle has.
 */
export function place(name) {
  if (FIXED.has(name)) return [FIXED.get(name)[0], 0, ""];
  const earlier = earlierSize(name);
  if (earlier !== undefined) return [3, earlier, ""];
  const timestamp = timestampSize(name);
  if (timestamp !== undefined) return [4, timestamp, ""];
  if (name.startsWith(ATTACHMENTS) && isSha256(name.slice(ATTACHMENTS.length))) {
    return [5, 0, name];
  }
  return undefined;
}

/** How large an entry of an allowed name may be, unpacked. */
export function mostBytes(name) {
  if (FIXED.has(name)) return FIXED.get(name)[1];
  if (name.startsWith(ATTACHMENTS)) return MAX_ATTACHMENT;
  return name.startsWith(EARLIER) ? MAX_NOTE : MAX_TIMESTAMP;
}

/** The size in the name of an older checkpoint, undefined for other names. */
export function earlierSize(name) {
  return inName(EARLIER_NAME, name);
}

/** The size in the name of a timestamp, undefined for other names. */
export function timestampSize(name) {
  return inName(TIMESTAMP_NAME, name);
}

function inName(pattern, name) {
  const size = Number(pattern.exec(name)?.[1] ?? 0);
  return size > 0 && size <= MAX_LEAVES ? size : undefined;
}

/** Which entries a zip of ours has; `what` and `one` are its words in sentences. */
export const BUNDLE = {
  what: "bundle", one: "a bundle", place, mostBytes, must: [CHECKPOINT, LEAVES, BODIES],
};
