// Proofs as files: C2SP tlog-proof, and one of the same make for a prefix (docs/formats.md §9). A port of
// attest/log/proofs.py's readers: the shape alone; merkle.js checks what they say.

import { FormatError } from "../encoding.js";
import { HASH_BYTES } from "./merkle.js";
import { unb64 } from "./signing.js";

const INCLUSION = "c2sp.org/tlog-proof@v1";
// Enough for every tree whose size is below 2^53; a consistency proof may have one more.
const MAX_HASHES = 54;
const INDEX = /^index (0|[1-9][0-9]{0,15})$/;
const OLD = /^old ([1-9][0-9]{0,15})$/;
const LINE_FEED = 0x0a;

/** `{index, hashes, checkpoint}` of a tlog-proof; FormatError for every other spelling. */
export function parseInclusion(data) {
  const { lines, checkpoint } = parts(data);
  if (lines[0] !== INCLUSION) {
    throw new FormatError(`the proof does not begin with ${INCLUSION}`);
  }
  const found = INDEX.exec(lines[1] ?? "");
  if (found === null) throw new FormatError("the proof has no line with its index");
  return { index: Number(found[1]), hashes: hashesOf(lines.slice(2)), checkpoint };
}

/** `{size, root, hashes, checkpoint}` of the proof of a prefix; FormatError likewise. */
export function parseConsistency(data) {
  const { lines, checkpoint } = parts(data);
  const found = OLD.exec(lines[0]);
  if (found === null) throw new FormatError("the proof has no line with the prefix's size");
  if (lines.length < 2) throw new FormatError("the proof has no line with the prefix's root");
  const [root, ...hashes] = hashesOf(lines.slice(1));
  return { size: Number(found[1]), root, hashes, checkpoint };
}

// The lines before the empty one, and the bytes behind it.
function parts(data) {
  const blank = data.findIndex((byte, at) => byte === LINE_FEED && data[at + 1] === LINE_FEED);
  if (blank === -1) throw new FormatError("the proof has no empty line before its checkpoint");
  const head = data.subarray(0, blank);
  if (head.some((byte) => byte > 0x7f)) {
    throw new FormatError("the proof is not ASCII before its checkpoint");
  }
  const lines = Array.from(head, (byte) => String.fromCharCode(byte)).join("").split("\n");
  return { lines, checkpoint: data.subarray(blank + 2) };
}

function hashesOf(lines) {
  if (lines.length > MAX_HASHES + 1) throw new FormatError("the proof has too many hashes");
  return lines.map(hashOf);
}

function hashOf(line) {
  let data = new Uint8Array(0);
  try {
    data = unb64(line);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
  if (data.length !== HASH_BYTES) {
    throw new FormatError("a line of the proof is not 32 bytes in base64");
  }
  return data;
}
