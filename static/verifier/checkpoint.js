// Checkpoints: what the log key signs, as C2SP signed notes (docs/formats.md §4). A port of
// attest/log/checkpoint.py. `parseCheckpoint` checks the shape alone; `openCheckpoint` who signed.

import { sha256 } from "@noble/hashes/sha2.js";
import {
  FormatError, concatenate, fromUtf8, sameBytes, toBase64, utf8,
} from "../encoding.js";
import { unb64, verify } from "./signing.js";
import { hasSpace, problem } from "./text.js";

const MAX_SIGNATURES = 17;
const MAX_BYTES = 128 * 1024;
const SIZE = /^(?:0|[1-9][0-9]{0,15})$/;
const DASH = "\u2014 ";
const ED25519 = Uint8Array.of(0x0a, 0x01);

/** The 4 bytes that C2SP signed-note puts before an Ed25519 signature. */
export function noteKeyId(name, publicKey) {
  return sha256(concatenate(utf8(name), ED25519, publicKey)).slice(0, 4);
}

/** The three lines that are signed, and that a timestamp is over. */
export function checkpointText(origin, size, root) {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/**
 * A checkpoint's `{origin, size, root, signatures}`, no signature checked. `note` is bytes or a
 * string. FormatError says what is wrong.
 */
export function parseCheckpoint(note) {
  const lines = linesOf(note);
  if (lines.length < 6 || lines[3] !== "" || lines.at(-1) !== "") {
    throw new FormatError("a checkpoint has three lines, an empty one, then its signatures");
  }
  const [origin, size, root] = lines;
  if (!isKeyName(origin)) {
    throw new FormatError("the checkpoint's origin is empty, or has a space or a + in it");
  }
  if (!SIZE.test(size) || !Number.isSafeInteger(Number(size))) {
    throw new FormatError("the checkpoint's size is not a plain decimal number");
  }
  const signatures = lines.slice(4, -1);
  if (signatures.length > MAX_SIGNATURES) {
    throw new FormatError(`the checkpoint has more than ${MAX_SIGNATURES} signature lines`);
  }
  return {
    origin, size: Number(size), root: rootOf(root), signatures: signatures.map(signatureLine),
  };
}

/** Read a checkpoint and check that the log key signed it for that origin; else FormatError. */
export async function openCheckpoint(note, origin, logKey) {
  const checkpoint = parseCheckpoint(note);
  if (checkpoint.origin !== origin) {
    throw new FormatError("the checkpoint is of another log: its origin differs");
  }
  const keyId = noteKeyId(origin, logKey);
  const ours = checkpoint.signatures.filter((line) => (
    line.name === origin && sameBytes(line.keyId, keyId)
  ));
  if (ours.length !== 1) {
    throw new FormatError("the checkpoint does not have one signature by the log key");
  }
  const signed = utf8(checkpointText(origin, checkpoint.size, checkpoint.root));
  if (!await verify(logKey, signed, ours[0].signature)) {
    throw new FormatError("the log key's signature on the checkpoint does not verify");
  }
  return checkpoint;
}

function linesOf(note) {
  let data;
  let text;
  try {
    data = typeof note === "string" ? utf8(note) : note;
    text = fromUtf8(data);
  } catch {
    throw new FormatError("the checkpoint is not UTF-8");
  }
  if (data.length > MAX_BYTES) {
    throw new FormatError(`the checkpoint is longer than ${MAX_BYTES} bytes`);
  }
  return text.split("\n");
}

// A key name of C2SP signed-note, and a string of docs/formats.md §1.
function isKeyName(name) {
  return name !== "" && !name.includes("+") && problem(name) === undefined && !hasSpace(name);
}

function rootOf(line) {
  const root = readBase64(line, "the checkpoint's root");
  if (root.length !== 32) throw new FormatError("the checkpoint's root is not 32 bytes");
  return root;
}

function signatureLine(line) {
  const parts = line.slice(DASH.length).split(" ");
  if (!line.startsWith(DASH) || parts.length !== 2 || !isKeyName(parts[0])) {
    throw new FormatError("a signature line is not an em dash, a name and a signature");
  }
  const blob = readBase64(parts[1], "a signature line's signature");
  if (blob.length < 5) throw new FormatError("a signature line's signature is too short");
  return { name: parts[0], keyId: blob.subarray(0, 4), signature: blob.subarray(4) };
}

function readBase64(text, what) {
  try {
    return unb64(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(`${what} ${error.message}`);
  }
}
