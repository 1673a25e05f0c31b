// The one rule for strings in documents (docs/formats.md §1): a port of attest/domain/text.py.

// What would let a text look different from what it is, or break a line where none may break. With
// the `u` flag, the last range is of lone surrogates: a pair is one character.
const FORBIDDEN =
  /[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]/gu;
// White space as Python's str.isspace() has it: not \s, which has U+FEFF and lacks U+0085.
const SPACE = "\\t-\\r\\x1c- \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const BLANK = new RegExp(`^[${SPACE}]*$`);
const ANY_SPACE = new RegExp(`[${SPACE}]`);

/** What is wrong with a string, as a sentence, or undefined; `multiline` lets U+000A pass. */
export function problem(value, { multiline = false } = {}) {
  for (const [character] of value.matchAll(FORBIDDEN)) {
    if (character === "\n") {
      if (multiline) continue;
      return "It must stay on one line: take the line break out.";
    }
    const point = character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    return `It holds a control character or a hidden direction mark (U+${point}): take it out.`;
  }
  if (value.normalize("NFC") !== value) {
    return "Its accents are stored in pieces (it is not in Unicode form NFC): type it again.";
  }
  return undefined;
}

/** True when a string holds nothing but white space. */
export function isBlank(value) {
  return BLANK.test(value);
}

/** True when white space stands anywhere in a string. */
export function hasSpace(value) {
  return ANY_SPACE.test(value);
}

/** The length of a string in Unicode code points. */
export function characters(value) {
  return [...value].length;
}

/** Orders strings as Python does; sort() alone would go by UTF-16 units. */
export function byCodePoint(one, other) {
  const [left, right] = [one, other].map((text) => [...text].map((part) => part.codePointAt(0)));
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    if (left[at] !== right[at]) return left[at] - right[at];
  }
  return left.length - right.length;
}
