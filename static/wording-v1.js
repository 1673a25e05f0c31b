// How template v1 writes what people typed, dates, times and counts: a port of
// attest/statements/wording_v1.py. It never changes. What is not of the expected kind throws, so
// that no declaration ever reads "undefined".

const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
];

// Whatever a reader could take for the end of a value or of a line. The backslash comes first.
const ESCAPES = [
  ["\\", "\\\\"],
  ['"', '\\"'],
  ["\n", "\\n"],
  ["\u0085", "\\u0085"],
  ["\u2028", "\\u2028"],
  ["\u2029", "\\u2029"],
];

/** A value in double quotes, on one line. */
export function quoted(value) {
  let text = plain(value);
  for (const [character, escape] of ESCAPES) text = text.replaceAll(character, () => escape);
  return `"${text}"`;
}

/** A value that needs no quotes, as a word of the formats or a hash does. */
export function plain(value) {
  if (typeof value !== "string") throw new TypeError("a text is missing");
  return value;
}

/** The words for a value that has them. */
export function pick(words, value) {
  if (!Object.hasOwn(words, value)) throw new TypeError("a word is unknown");
  return words[value];
}

/** `2013-02-06` as `6 February 2013`. */
export function day(value) {
  const [, year, month, numberOfDay] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(plain(value));
  return `${Number(numberOfDay)} ${pick(MONTHS, Number(month) - 1)} ${Number(year)}`;
}

/** `2013-02-06T10:00:00Z` as `6 February 2013 at 10:00:00 UTC`. */
export function moment(value) {
  const [, date, clock] = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})Z$/.exec(plain(value));
  return `${day(date)} at ${clock} UTC`;
}

/** A count with its noun: `1 store`, `2 stores`, `0 stores`. */
export function number(count, one, many) {
  if (!Number.isSafeInteger(count)) throw new TypeError("a count is missing");
  return `${count} ${count === 1 ? one : many}`;
}
