// Distinguished names as people read them (RFC 4514): a port of attest/bundle/distinguished.py.

import { FormatError, fromUtf8, toHex } from "../encoding.js";
import { IA5_STRING, NOTHING, PRINTABLE_STRING, Reader, SEQUENCE, SET, UTF8_STRING } from "./der.js";
import { problem } from "./text.js";

const SHORT = new Map([
  ["2.5.4.3", "CN"],
  ["2.5.4.6", "C"],
  ["2.5.4.7", "L"],
  ["2.5.4.8", "ST"],
  ["2.5.4.9", "STREET"],
  ["2.5.4.10", "O"],
  ["2.5.4.11", "OU"],
  ["0.9.2342.19200300.100.1.1", "UID"],
  ["0.9.2342.19200300.100.1.25", "DC"],
]);
const ESCAPED = /["+,;<>\\]/g;

/** A Name's text, the last part first. Throws FormatError where it is none. */
export function nameText(der, what) {
  const outer = new Reader(der);
  const names = outer.inside(SEQUENCE, what);
  outer.end(what);
  const parts = [];
  while (names.tag !== NOTHING) {
    const several = names.inside(SET, what);
    const shown = [part(several, what)];
    while (several.tag !== NOTHING) shown.push(part(several, what));
    parts.push(shown.join("+"));
  }
  return parts.reverse().join(",");
}

function part(several, what) {
  const pair = several.inside(SEQUENCE, what);
  const kind = pair.oid(what);
  const { tag } = pair;
  const whole = pair.whole(tag, what);
  pair.end(what);
  return `${SHORT.get(kind) ?? kind}=${shownValue(tag, whole)}`;
}

// The value as text where it is text that docs/formats.md §1 allows, else in hexadecimal.
function shownValue(tag, whole) {
  const value = decoded(tag, new Reader(whole).take(tag, "a name"));
  if (value === undefined || problem(value) !== undefined) return `#${toHex(whole)}`;
  let escaped = value.replace(ESCAPED, "\\$&");
  if (escaped.startsWith(" ") || escaped.startsWith("#")) escaped = `\\${escaped}`;
  if (escaped.endsWith(" ") && value.length > 1) escaped = `${escaped.slice(0, -1)}\\ `;
  return escaped;
}

function decoded(tag, content) {
  const isAscii = tag === PRINTABLE_STRING || tag === IA5_STRING;
  if (!isAscii && tag !== UTF8_STRING) return undefined;
  if (isAscii && content.some((byte) => byte >= 0x80)) return undefined;
  try {
    return fromUtf8(content);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return undefined;
  }
}
