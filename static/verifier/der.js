// A strict reader of DER (ITU-T X.690 §8, §10 and §11), as much of it as timestamps need: a port of
// attest/bundle/der.py. One value has one spelling; everything else is a FormatError.

import { FormatError, concatenate } from "../encoding.js";
import { parseTime } from "./scalars.js";

export const BOOLEAN = 0x01;
export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
export const NULL = 0x05;
export const OID = 0x06;
export const UTF8_STRING = 0x0c;
export const PRINTABLE_STRING = 0x13;
export const IA5_STRING = 0x16;
export const UTC_TIME = 0x17;
export const GENERALIZED_TIME = 0x18;
export const SEQUENCE = 0x30;
export const SET = 0x31;

export const NOTHING = -1; // the tag where no element is left
const HIGH_TAG = 0x1f;

const UTC = /^([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})Z$/;
// RFC 3161 §2.4.2: a fraction neither empty nor ending in 0. Nine digits are nanoseconds.
const GENERALIZED =
  /^([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(?:\.([0-9]{0,8}[1-9]))?Z$/;
const MOST_OID = 64; // bytes; the arcs of one are numbers that somebody has to write out
const FIRST_YEAR = 1950; // the oldest that UTCTime can say; nothing older is asked for
const YEAR_2050 = parseTime("2050-01-01T00:00:00Z");

/** The tag `[number]`, for numbers below 31. */
export function context(number, { constructed = true } = {}) {
  return (constructed ? 0xa0 : 0x80) | number;
}

/** One element, written: its tag, its length and what it is made of. */
export function element(tag, ...contents) {
  const content = concatenate(...contents);
  if (content.length < 0x80) return concatenate([tag, content.length], content);
  const length = [];
  for (let rest = content.length; rest > 0; rest >>>= 8) length.unshift(rest & 0xff);
  return concatenate([tag, 0x80 | length.length, ...length], content);
}

/** The elements that some bytes are made of, taken one after the other. */
export class Reader {
  #data;
  #at = 0;

  constructor(data) {
    this.#data = data;
  }

  /** The tag of the next element; NOTHING at the end. */
  get tag() {
    return this.#data[this.#at] ?? NOTHING;
  }

  /** The content of the next element, which has this tag. */
  take(tag, what) {
    const [start, end] = this.#next(tag, what);
    this.#at = end;
    return this.#data.subarray(start, end);
  }

  /** The next element with its tag and length. */
  whole(tag, what) {
    const before = this.#at;
    const [, end] = this.#next(tag, what);
    this.#at = end;
    return this.#data.subarray(before, end);
  }

  /** A reader of the next element's content. */
  inside(tag, what) {
    return new Reader(this.take(tag, what));
  }

  /** Nothing may be left behind `what`. */
  end(what) {
    if (this.tag !== NOTHING) throw new FormatError(`something stands behind ${what}`);
  }

  /** An object identifier, in dotted form. */
  oid(what) {
    return dotted(this.take(OID, what), what);
  }

  /** The bytes of an integer, big-endian, in as few as will do. */
  integer(what) {
    return integer(this.take(INTEGER, what), what);
  }

  /** An integer from 0 to 2^31 - 1. */
  small(what) {
    return small(this.integer(what), what);
  }

  /** A boolean that is not its default, which DER leaves out: so it is always true. */
  boolean(what) {
    const data = this.take(BOOLEAN, what);
    if (data.length !== 1 || data[0] !== 0xff) throw notDer(what);
    return true;
  }

  /** The bytes of a bit string that fills its bytes. */
  bits(what) {
    const data = this.take(BIT_STRING, what);
    if (data[0] !== 0) throw notDer(what);
    return data.subarray(1);
  }

  // Where the next element's content starts and ends.
  #next(tag, what) {
    const data = this.#data;
    const at = this.#at;
    if (this.tag !== tag || (tag & HIGH_TAG) === HIGH_TAG || at + 2 > data.length) throw notDer(what);
    let length = data[at + 1];
    let start = at + 2;
    if (length >= 0x80) {
      // No more than four bytes of length, the first of them not idle, and no short one.
      const wide = length & 0x7f;
      if (wide < 1 || wide > 4 || start + wide > data.length || data[start] === 0) throw notDer(what);
      length = 0;
      for (const byte of data.subarray(start, start + wide)) length = length * 256 + byte;
      start += wide;
      if (length < 0x80) throw notDer(what);
    }
    if (start + length > data.length) throw notDer(what);
    return [start, start + length];
  }
}

/** An integer's content, big-endian, in as few bytes as will do. */
export function integer(content, what) {
  const [first, second] = content;
  const idle = content.length > 1
    && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
  if (content.length === 0 || idle) throw notDer(what);
  return content;
}

/** An integer's content as a number from 0 to 2^31 - 1. */
export function small(content, what) {
  const data = integer(content, what);
  if (data.length > 4 || data[0] >= 0x80) throw new FormatError(`${what} is out of range`);
  return data.reduce((number, byte) => number * 256 + byte, 0);
}

/** An object identifier's content in dotted form. */
export function dotted(content, what) {
  if (content.length > MOST_OID) throw new FormatError(`${what} is out of range`);
  if (content.length === 0 || content.at(-1) >= 0x80) throw notDer(what);
  const arcs = [];
  let arc;
  for (const byte of content) {
    if (arc === undefined) {
      if (byte === 0x80) throw notDer(what);
      arc = 0n;
    }
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = undefined;
    }
  }
  const first = arcs[0] < 80n ? arcs[0] / 40n : 2n;
  return [first, arcs[0] - 40n * first, ...arcs.slice(1)].join(".");
}

/** A certificate's time, in seconds since 1970, UTC: UTCTime up to 2049, else GeneralizedTime. */
export function timeWithoutFraction(reader, what) {
  if (reader.tag === UTC_TIME) {
    const parts = UTC.exec(ascii(reader.take(UTC_TIME, what)))?.slice(1);
    if (parts === undefined) throw noTime(what);
    const century = Number(parts[0]) >= 50 ? "19" : "20";
    return seconds([century + parts[0], ...parts.slice(1)], what);
  }
  const found = generalizedTime(reader, what);
  if (found.nanoseconds > 0 || found.seconds < YEAR_2050) throw noTime(what);
  return found.seconds;
}

/** A GeneralizedTime: `{seconds, nanoseconds}`, the seconds since 1970, UTC. */
export function generalizedTime(reader, what) {
  const found = GENERALIZED.exec(ascii(reader.take(GENERALIZED_TIME, what)));
  if (found === null) throw noTime(what);
  const nanoseconds = Number((found[7] ?? "0").padEnd(9, "0"));
  return { seconds: seconds(found.slice(1, 7), what), nanoseconds };
}

function seconds([year, month, day, hour, minute, second], what) {
  if (Number(year) < FIRST_YEAR) throw noTime(what);
  try {
    return parseTime(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw noTime(what);
  }
}

function ascii(data) {
  return String.fromCharCode(...data.subarray(0, 64));
}

function notDer(what) {
  return new FormatError(`${what} is missing, or is not DER`);
}

function noTime(what) {
  return new FormatError(`${what} is not a time that this profile takes`);
}
