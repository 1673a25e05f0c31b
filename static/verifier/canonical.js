// Strict JSON (docs/formats.md §1) with the reasons of attest/statements/canonical.py. What is good is
// read by ../canonical.js, as on every page. What is not is read once more, slowly and in the order of
// its bytes, to say why: a verifier's reason must not hang on how some browser's JSON reader works.

import { decode as decodeGood } from "../canonical.js";
import { FormatError, fromUtf8, isWellFormed } from "../encoding.js";

const MAX_BYTES = 1024 * 1024;
const MAX_LEVELS = 32;
const MAX_DIGITS = 17;

const LARGE = "the document is larger than 1 MiB";
const DEEP = "the document is nested too deeply";
const NO_JSON = "the document is not JSON in UTF-8";
const NO_INTEGER = "a number that is no integer has no place in a document";
const OUTSIDE = "an integer lies outside ±(2^53 - 1)";
const NULL = "null has no place in a document: leave the member out";
const NAME = "a member name is not ASCII";
const HALF = "a string holds half a character (a lone surrogate)";
const SPELLING = "the document is not in canonical form (RFC 8785)";

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const WORDS = [["true", true], ["false", false], ["null", null]];
const NO_NUMBERS = ["NaN", "Infinity", "-Infinity"];
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const ASCII = /^[\x00-\x7f]*$/;

/** The value of bytes in their one spelling; FormatError says why any others are refused. */
export function decode(data) {
  try {
    return decodeGood(data);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(whyNot(data));
  }
}

function whyNot(data) {
  if (data.length > MAX_BYTES) return LARGE;
  try {
    const text = wellEncoded(data);
    if (isTooDeep(text)) return DEEP;
    const value = new Reader(text).document();
    checkValue(value);
    return hasHalves(value) ? HALF : SPELLING;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return error.message;
  }
}

function wellEncoded(data) {
  try {
    return fromUtf8(data);
  } catch {
    throw new FormatError(NO_JSON);
  }
}

// How deep brackets stand in each other, also in a text that is no JSON otherwise.
function isTooDeep(text) {
  let level = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') quoted = !quoted;
    else if (quoted) at += Number(character === "\\");
    else if (character === "{" || character === "[") level += 1;
    else if (character === "}" || character === "]") level -= 1;
    if (level > MAX_LEVELS) return true;
  }
  return false;
}

/** Reads JSON as Python's json module does; objects become Maps, which keep their members' order. */
class Reader {
  #text;
  #at = 0;

  constructor(text) {
    this.#text = text;
  }

  document() {
    const value = this.#value();
    this.#space();
    if (this.#at !== this.#text.length) throw new FormatError(NO_JSON);
    return value;
  }

  #value() {
    this.#space();
    const first = this.#text[this.#at];
    if (first === '"') return this.#string();
    if (first === "{") return this.#object();
    if (first === "[") return this.#list();
    for (const [word, value] of WORDS) {
      if (this.#takes(word)) return value;
    }
    if (NO_NUMBERS.some((word) => this.#takes(word))) throw new FormatError(NO_INTEGER);
    return this.#number();
  }

  #number() {
    NUMBER.lastIndex = this.#at;
    const found = NUMBER.exec(this.#text);
    if (found === null) throw new FormatError(NO_JSON);
    const [digits, fraction, exponent] = found;
    if (fraction !== undefined || exponent !== undefined) throw new FormatError(NO_INTEGER);
    if (digits.length > MAX_DIGITS) throw new FormatError(OUTSIDE);
    this.#at += digits.length;
    return Number(digits);
  }

  #string() {
    const start = this.#at;
    this.#at += 1;
    while (this.#text[this.#at] !== '"') {
      if (!(this.#text.charCodeAt(this.#at) >= 0x20)) throw new FormatError(NO_JSON);
      if (this.#text[this.#at] === "\\") {
        ESCAPE.lastIndex = this.#at;
        const found = ESCAPE.exec(this.#text);
        if (found === null) throw new FormatError(NO_JSON);
        this.#at += found[0].length;
      } else {
        this.#at += 1;
      }
    }
    this.#at += 1;
    return JSON.parse(this.#text.slice(start, this.#at));
  }

  #object() {
    const members = new Map();
    this.#at += 1;
    this.#space();
    if (this.#takes("}")) return members;
    do {
      this.#space();
      if (this.#text[this.#at] !== '"') throw new FormatError(NO_JSON);
      const name = this.#string();
      this.#space();
      this.#must(":");
      members.set(name, this.#value());
      this.#space();
    } while (this.#takes(","));
    this.#must("}");
    return members;
  }

  #list() {
    const items = [];
    this.#at += 1;
    this.#space();
    if (this.#takes("]")) return items;
    do {
      items.push(this.#value());
      this.#space();
    } while (this.#takes(","));
    this.#must("]");
    return items;
  }

  #space() {
    while (" \t\n\r".includes(this.#text[this.#at] ?? "x")) this.#at += 1;
  }

  #takes(word) {
    const there = this.#text.startsWith(word, this.#at);
    if (there) this.#at += word.length;
    return there;
  }

  #must(character) {
    if (!this.#takes(character)) throw new FormatError(NO_JSON);
  }
}

function checkValue(value) {
  if (value === null) throw new FormatError(NULL);
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new FormatError(OUTSIDE);
  if (Array.isArray(value)) value.forEach(checkValue);
  if (value instanceof Map) {
    for (const [name, member] of value) {
      if (!ASCII.test(name)) throw new FormatError(NAME);
      checkValue(member);
    }
  }
}

// Names are ASCII already.
function hasHalves(value) {
  if (typeof value === "string") return !isWellFormed(value);
  return (Array.isArray(value) || value instanceof Map) && [...value.values()].some(hasHalves);
}
