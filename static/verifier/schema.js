// Small checks that closed schemas are put together from (docs/formats.md §1): a port of
// attest/statements/schema.py. A check takes a value and where it stands, and throws FormatError
// naming the member.

import { FormatError } from "../encoding.js";
import { isSha256, isUuid, parseDate, parseTime } from "./scalars.js";
import { unb64 } from "./signing.js";
import { characters, isBlank, problem } from "./text.js";

/** The error that names a member and what is wrong with it. */
export function fail(where, what) {
  return new FormatError(where === "" ? what : `${where}: ${what}`);
}

/** True for a JSON object. */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object's names as a canonical document lists them: numbers do not come first. */
export function names(value) {
  return Object.keys(value).sort();
}

/** An object with every member of `required`, and no others but those of `optional`. */
export function obj(required, optional = {}) {
  const must = Object.keys(required);
  const known = new Map(Object.entries({ ...required, ...optional }));
  return (value, where) => {
    if (!isObject(value)) throw fail(where, "must be an object");
    for (const name of must) {
      if (!Object.hasOwn(value, name)) throw fail(inside(where, name), "is missing");
    }
    for (const name of names(value)) {
      const check = known.get(name);
      if (check === undefined) {
        throw fail(inside(where, name), "is not a member that the schema lists");
      }
      check(value[name], inside(where, name));
    }
  };
}

/** A list of `least` to `most` items. */
export function array(item, { least, most }) {
  return (value, where) => {
    if (!Array.isArray(value)) throw fail(where, "must be a list");
    if (value.length < least || value.length > most) {
      throw fail(where, `must list ${least} to ${most} items`);
    }
    value.forEach((member, index) => item(member, `${where}[${index}]`));
  };
}

/** A string on one line, not blank, of at most `most` characters. */
export function line(most) {
  return words(most, false);
}

/** A string that may have line breaks: for members named text, note, reason, instruction. */
export function prose(most) {
  return words(most, true);
}

/** One of the strings listed. */
export function choice(...values) {
  return (value, where) => {
    if (!values.includes(value)) throw fail(where, `must be one of ${values.join(", ")}`);
  };
}

/** One value, of one type. */
export function exactly(wanted) {
  return (value, where) => {
    if (value !== wanted) throw fail(where, `must be ${wanted}`);
  };
}

/** An integer from 0. */
export function integer() {
  const most = Number.MAX_SAFE_INTEGER;
  return (value, where) => {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw fail(where, `must be an integer from 0 to ${most}`);
    }
  };
}

/** Base64 of exactly `size` bytes. */
export function base64Of(size) {
  return (value, where) => {
    const text = string(value, where);
    const data = named(where, () => unb64(text));
    if (data.length !== size) throw fail(where, `must be ${size} bytes in base64`);
  };
}

/** A SHA-256 as 64 lower-case hex digits. */
export function sha256(value, where) {
  if (!isSha256(string(value, where))) throw fail(where, "must be 64 lower-case hex digits");
}

/** A UUID in lower case. */
export function uuid(value, where) {
  if (!isUuid(string(value, where))) throw fail(where, "must be a UUID in lower case");
}

/** A time, `YYYY-MM-DDTHH:MM:SSZ`. */
export function time(value, where) {
  const text = string(value, where);
  named(where, () => parseTime(text));
}

/** A date, `YYYY-MM-DD`. */
export function date(value, where) {
  const text = string(value, where);
  named(where, () => parseDate(text));
}

function words(most, multiline) {
  return (value, where) => {
    const text = string(value, where);
    if (isBlank(text)) throw fail(where, "must not be blank");
    // No text has more code points than UTF-16 units, which cost nothing to count.
    if (text.length > most && characters(text) > most) {
      throw fail(where, `must have at most ${most} characters`);
    }
    const wrong = problem(text, { multiline });
    if (wrong !== undefined) throw fail(where, wrong);
  };
}

function string(value, where) {
  if (typeof value !== "string") throw fail(where, "must be a string");
  return value;
}

function named(where, read) {
  try {
    return read();
  } catch (error) {
    throw error instanceof FormatError ? fail(where, error.message) : error;
  }
}

function inside(where, name) {
  return where === "" ? name : `${where}.${name}`;
}
