// Bytes and the ways of writing them down: docs/formats.md §1 (base64, hashes) and §2 (fingerprints).
// Every reader here is strict: it takes one spelling of a value and refuses all others, because two
// spellings of the same bytes would let two readers of one statement disagree about what was signed.

/** What was read is not what the formats allow. `message` is a sentence for the person at the page. */
export class FormatError extends Error {
  name = "FormatError";
}

const HEX = /^(?:[0-9a-f]{2})*$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
// String.fromCharCode takes its bytes as arguments, and engines limit how many there may be.
const ARGUMENTS_AT_ONCE = 8192;
const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const HEX_OF_BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** UTF-8 bytes of a string; a lone surrogate has none, and is refused rather than replaced. */
export function utf8(text) {
  if (!isWellFormed(text)) throw new FormatError("A text holds half of a character.");
  return ENCODER.encode(text);
}

/** The string of UTF-8 bytes. A byte order mark stays in it, so that a reader can refuse it. */
export function fromUtf8(bytes) {
  try {
    return DECODER.decode(bytes);
  } catch {
    throw new FormatError("A text is not valid UTF-8.");
  }
}

// String.prototype.isWellFormed is younger than WebCrypto's Ed25519 in no browser that we name,
// but the expression costs nothing and also runs in older tools. With the `u` flag a surrogate
// class matches lone surrogates alone: pairs are one code point.
export function isWellFormed(text) {
  return !/[\uD800-\uDFFF]/u.test(text);
}

/** Lower-case hexadecimal digits of bytes. */
export function toHex(bytes) {
  let text = "";
  for (const byte of bytes) text += HEX_OF_BYTES[byte];
  return text;
}

/** Bytes of lower-case hexadecimal digits. */
export function fromHex(text) {
  if (typeof text !== "string" || !HEX.test(text)) {
    throw new FormatError("A hash is not written in lower-case hexadecimal digits.");
  }
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Base64 of bytes: RFC 4648 §4, padded. */
export function toBase64(bytes) {
  let binary = "";
  for (let start = 0; start < bytes.length; start += ARGUMENTS_AT_ONCE) {
    binary += String.fromCharCode(...bytes.subarray(start, start + ARGUMENTS_AT_ONCE));
  }
  return btoa(binary);
}

/**
 * Bytes of base64, only if encoding them gives the same string again: `atob` alone accepts spaces,
 * missing padding and stray bits behind the last byte. `size`, when given, is the count of bytes.
 */
export function fromBase64(text, size) {
  if (typeof text !== "string" || !BASE64.test(text)) {
    throw new FormatError("A value is not valid base64.");
  }
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  if (toBase64(bytes) !== text) throw new FormatError("A value is not strict base64.");
  if (size !== undefined && bytes.length !== size) {
    throw new FormatError(`A value holds ${bytes.length} bytes and should hold ${size}.`);
  }
  return bytes;
}

/** One byte string made of several. */
export function concatenate(...parts) {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** True when two byte strings are equal. Nothing here is secret, so time may tell. */
export function sameBytes(one, other) {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) {
    if (one[at] !== other[at]) return false;
  }
  return true;
}

/** SHA-256 of bytes, as 64 lower-case hexadecimal digits. */
export async function sha256(bytes) {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/**
 * The fingerprint that is read out over the telephone: the first 20 bytes of the keyid in base32
 * (RFC 4648 §6), lower case, eight groups of four. docs/formats.md §2.
 */
export function fingerprint(keyid) {
  const bytes = fromHex(keyid);
  if (bytes.length !== 32) throw new FormatError("A keyid has 64 hexadecimal digits.");
  let text = "";
  // Five bytes are exactly eight base32 characters, so there is never any padding.
  for (let start = 0; start < 20; start += 5) {
    let bits = 0n;
    for (const byte of bytes.subarray(start, start + 5)) bits = (bits << 8n) | BigInt(byte);
    for (let shift = 35n; shift >= 0n; shift -= 5n) text += BASE32[Number((bits >> shift) & 31n)];
  }
  return text.match(/.{4}/g).join(" ");
}

/** What somebody typed as a fingerprint, without the differences that ears and hands make. */
export function typedFingerprint(text) {
  // 0, 1 and 8 are not in the alphabet; whoever typed one misheard, and the comparison says so.
  const letters = text.toLowerCase().replace(/[\s.,;:–—-]/g, "");
  return (letters.match(/.{1,4}/g) ?? []).join(" ");
}
