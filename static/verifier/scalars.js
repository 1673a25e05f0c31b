// Times, dates, identifiers and hashes as docs/formats.md §1 writes them: a port of
// attest/domain/scalars.py. A time is a number here: whole seconds since 1970, UTC.

import { FormatError } from "../encoding.js";

const TIME = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z$/;
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The seconds since 1970 of `YYYY-MM-DDTHH:MM:SSZ`; FormatError for anything else. */
export function parseTime(value) {
  const found = TIME.exec(value);
  if (found === null) throw new FormatError("is not a time of the form YYYY-MM-DDTHH:MM:SSZ");
  const [year, month, day, hours, minutes, seconds] = found.slice(1).map(Number);
  if (!isDay(year, month, day) || hours > 23 || minutes > 59 || seconds > 59) {
    throw new FormatError("is not a time that exists");
  }
  // Date.UTC would take the years 0 to 99 for those of the twentieth century.
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, day);
  return moment.getTime() / 1000 + hours * 3600 + minutes * 60 + seconds;
}

/** `YYYY-MM-DDTHH:MM:SSZ` of seconds since 1970. */
export function formatTime(seconds) {
  return new Date(seconds * 1000).toISOString().replace(/\.000Z$/, "Z");
}

/** `YYYY-MM-DD` as it came; FormatError for anything else. */
export function parseDate(value) {
  const found = DATE.exec(value);
  if (found === null) throw new FormatError("is not a date of the form YYYY-MM-DD");
  if (!isDay(...found.slice(1).map(Number))) throw new FormatError("is not a date that exists");
  return value;
}

/** A UUID in lower case, of any version. */
export function isUuid(value) {
  return UUID.test(value);
}

/** 64 lower-case hex digits. */
export function isSha256(value) {
  return SHA256.test(value);
}

function isDay(year, month, day) {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= MONTHS[month - 1] + (month === 2 && isLeap ? 1 : 0);
}
