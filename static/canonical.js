// JSON as docs/formats.md §1 narrows it: RFC 8785 (JCS), ASCII member names, integers only, no null.
// The same rules as attest/statements/canonical.py, held to the same tables by the tests.

import { FormatError, fromUtf8, isWellFormed, utf8 } from "./encoding.js";

const MOST_BYTES = 1024 * 1024;
const MOST_LEVELS = 32;
const ASCII = /^[\x00-\x7f]*$/;
// Bidi controls and the byte order mark can make a text read differently from what it says.
const FORBIDDEN = /[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;
const FORBIDDEN_BUT_NEWLINE =
  /[\u0000-\u0009\u000b-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;
const MAY_HAVE_NEWLINES = new Set(["text", "note", "reason", "instruction"]);

/**
 * What is wrong with a string in a signed document, as a sentence; undefined when nothing is.
 * `member` is the name of the member that holds it: four names may hold newlines.
 */
export function stringProblem(value, member) {
  if (!isWellFormed(value)) return "A text holds half of a character.";
  const forbidden = MAY_HAVE_NEWLINES.has(member) ? FORBIDDEN_BUT_NEWLINE : FORBIDDEN;
  if (forbidden.test(value)) {
    return "A text holds an invisible character that could make it read differently.";
  }
  if (value.normalize("NFC") !== value) return "A text is not in Unicode's normal form C.";
  return undefined;
}

/** Throws FormatError when any string in a document breaks the rule; names stand for their lists. */
export function checkStrings(value, member) {
  if (typeof value === "string") {
    const problem = stringProblem(value, member);
    if (problem !== undefined) throw new FormatError(problem);
  } else if (Array.isArray(value)) {
    for (const entry of value) checkStrings(entry, member);
  } else if (typeof value === "object") {
    for (const [name, entry] of Object.entries(value)) checkStrings(entry, name);
  }
}

/** The canonical bytes of a value. Throws FormatError for anything that the formats do not allow. */
export function encode(value) {
  const bytes = utf8(write(value, 1));
  if (bytes.length > MOST_BYTES) throw new FormatError("A document is longer than 1 MiB.");
  return bytes;
}

/** The canonical text of a value: what `encode` turns into bytes. */
export function encodeText(value) {
  return fromUtf8(encode(value));
}

/**
 * The value of canonical bytes. Throws FormatError unless serialising it gives the same bytes: that
 * one check refuses doubled names, odd escapes, spacing, floats and numbers that do not fit.
 */
export function decode(bytes) {
  if (bytes.length > MOST_BYTES) throw new FormatError("A document is longer than 1 MiB.");
  const text = fromUtf8(bytes);
  // Counted before parsing: what nests too deeply is never handed to a recursive reader.
  if (levels(text) > MOST_LEVELS) throw new FormatError("A document nests too deeply.");
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FormatError("A document is not JSON.");
  }
  // Bytes that are UTF-8 have one text, so that texts may be compared instead.
  if (write(value, 1) !== text) throw new FormatError("A document is not canonical.");
  return value;
}

// How deeply brackets nest outside strings. Text that is not JSON may be miscounted: it fails later.
function levels(text) {
  let deepest = 0;
  let level = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (quoted) {
      if (character === "\\") at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') {
      quoted = true;
    } else if (character === "{" || character === "[") {
      level += 1;
      deepest = Math.max(deepest, level);
    } else if (character === "}" || character === "]") {
      level -= 1;
    }
  }
  return deepest;
}

function write(value, level) {
  switch (typeof value) {
    case "boolean":
      return value ? "true" : "false";
    case "number":
      // A safe integer is |n| < 2^53. Minus zero has no spelling of its own, so it may not occur.
      if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
        throw new FormatError("A number is not a whole number that fits.");
      }
      return String(value);
    case "string":
      // Checked first: JSON.stringify would write half a character as an escape. Otherwise RFC 8785
      // §3.2.2.2 takes its escapes from this very serialiser.
      if (!isWellFormed(value)) throw new FormatError("A text holds half of a character.");
      return JSON.stringify(value);
    case "object":
      if (value === null) throw new FormatError("A document holds null.");
      if (level > MOST_LEVELS) throw new FormatError("A document nests too deeply.");
      return Array.isArray(value) ? writeList(value, level) : writeObject(value, level);
    default:
      throw new FormatError("A document holds something that JSON cannot write.");
  }
}

function writeList(list, level) {
  return `[${list.map((entry) => write(entry, level + 1)).join(",")}]`;
}

function writeObject(object, level) {
  // Sorting by UTF-16 units, which is what sort() does, is what RFC 8785 §3.2.3 asks for.
  const members = Object.keys(object).sort().map((name) => {
    if (!ASCII.test(name)) throw new FormatError("A member's name is not ASCII.");
    return `${JSON.stringify(name)}:${write(object[name], level + 1)}`;
  });
  return `{${members.join(",")}}`;
}
