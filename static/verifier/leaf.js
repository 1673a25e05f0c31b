// A log's leaves, from bytes (docs/formats.md §4): a port of attest/log/leaf.py.

import { FormatError } from "../encoding.js";
import { isUuid, parseTime } from "./scalars.js";

const MAX_LEAF_BYTES = 512;

// All members are ASCII without anything to escape, so that this pattern is the schema and the
// canonical spelling at once.
const LEAF = new RegExp(
  '^\\{"at":"([0-9TZ:-]{20})","body":"([0-9a-f]{64})","demand":"([0-9a-f-]{36})",'
  + '"seq":(0|[1-9][0-9]{0,15}),"type":"([a-z]+\\.[a-z]+)","v":1\\}$',
);

/** A leaf's `{at, body, demand, seq, type}`, `at` in seconds since 1970; FormatError says why not. */
export function parseLeaf(data) {
  if (data.length > MAX_LEAF_BYTES) {
    throw new FormatError(`the leaf is longer than ${MAX_LEAF_BYTES} bytes`);
  }
  // Byte for byte: what is not ASCII cannot fit.
  const found = LEAF.exec(String.fromCharCode(...data));
  if (found === null) {
    throw new FormatError("the leaf is not one by the schema, in its canonical form");
  }
  const [, at, body, demand, seq, type] = found;
  if (!isUuid(demand)) throw new FormatError("demand: is not a lower-case UUID");
  if (!Number.isSafeInteger(Number(seq))) throw new FormatError("seq: is larger than 2^53 - 1");
  try {
    return { at: parseTime(at), body, demand, seq: Number(seq), type };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(`at: ${error.message}`);
  }
}
