// Ed25519 keys and signatures (RFC 8032, docs/formats.md §2): what attest/signing.py takes and refuses,
// by WebCrypto where that is exact enough, and by @noble/curves where not.
//
// A signature counts if key and R are canonical points of the main subgroup and not of small order, S
// is below the group's order, and the equation holds. WebCrypto checks the equation, and engines differ
// about the rest. Each key is checked once, in full. For R, a full check of every signature would cost
// seven times as much as the signature itself, and is not needed: where the equation without cofactor
// holds, R = [S]B - [k]A lies in the main subgroup, because B and A do. That R is canonical and not of
// small order is a comparison of bytes. So one question is left: does this engine take the equation
// without cofactor, as WebCrypto's standard says? It is asked once, with a signature that satisfies
// only the other one. An engine that takes it, or does not know Ed25519, is not used at all.

import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { FormatError, concatenate, fingerprint, fromHex, toHex, utf8 } from "../encoding.js";
import { isUsablePoint } from "../keys.js";

export { fingerprint };

const SPKI_PREFIX = fromHex("302a300506032b6570032100");
// The order of the base point (RFC 8032 §5.1), little-endian. S at or above it is a second spelling.
const ORDER = fromHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
const MOST_KEYS = 4096;

const PROBE_KEY = fromHex("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8");
const PROBE_MESSAGE = utf8("message");
const GOOD_PROBE = fromHex("7db0dc9222f3c183457ddde4c708de8e5ea6bf3d5c4404cca14b32729a05c32a"
  + "6ac8f40e802ecb3a11e0f8930d4394332d1503d966b7da9f83bac612ff0ccc01");
// The same with the point of order 2 added to R: only the equation with cofactor holds.
const BAD_PROBE = fromHex("704f236ddd0c3e7cba82221b38f72171a15940c2a3bbfb335eb4cd8d65fa3cd5"
  + "7b42111b1405a6fd5150c3a3a7669060eb003a4a16f823abee53acbedd1b7e05");

/** SHA-256 of the SubjectPublicKeyInfo of a 32-byte public key: 64 lower-case hex digits. */
export function keyid(publicKey) {
  return toHex(sha256(concatenate(SPKI_PREFIX, publicKey)));
}

const validKeys = new Map();

/** Is it a canonical point of the main subgroup, and not of small order? */
export function isValidPublicKey(publicKey) {
  return remembered(validKeys, publicKey, () => isValidPoint(publicKey));
}

/** Is it a signature over the message, in the only spelling that everybody accepts? */
export async function verify(publicKey, message, signature) {
  if (signature.length !== 64 || !isValidPublicKey(publicKey)) return false;
  const r = signature.subarray(0, 32);
  if (!isBelowOrder(signature.subarray(32)) || !isUsablePoint(r)) return false;
  if (await isExactHere()) return verifyHere(publicKey, message, signature);
  return isValidPoint(r) && ed25519.verify(signature, message, publicKey, { zip215: false });
}

let exact;

/** Does this browser check Ed25519 signatures, and by the equation without cofactor? */
export function isExactHere() {
  exact ??= probe(verifyHere);
  return exact;
}

/** The question itself, to any function that verifies. */
export async function probe(verifyBy) {
  try {
    return await verifyBy(PROBE_KEY, PROBE_MESSAGE, GOOD_PROBE)
      && !await verifyBy(PROBE_KEY, PROBE_MESSAGE, BAD_PROBE);
  } catch {
    return false; // no WebCrypto here, or none that knows Ed25519
  }
}

const imported = new Map();

async function verifyHere(publicKey, message, signature) {
  const key = await remembered(imported, publicKey, () => (
    crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, true, ["verify"])
  ));
  return crypto.subtle.verify({ name: "Ed25519" }, key, signature, message);
}

function remembered(answers, publicKey, ask) {
  const name = toHex(publicKey);
  let answer = answers.get(name);
  if (answer === undefined) {
    if (answers.size === MOST_KEYS) answers.clear();
    answer = ask();
    answers.set(name, answer);
  }
  return answer;
}

// As libsodium's crypto_core_ed25519_is_valid_point.
function isValidPoint(bytes) {
  if (!isUsablePoint(bytes)) return false;
  try {
    return ed25519.Point.fromBytes(bytes, false).isTorsionFree();
  } catch {
    return false; // not on the curve
  }
}

function isBelowOrder(s) {
  for (let at = 31; at >= 0; at -= 1) {
    if (s[at] !== ORDER[at]) return s[at] < ORDER[at];
  }
  return false;
}

// What each character of base64 stands for (RFC 4648 §4), by its code; 64 for all others.
const VALUES = new Uint8Array(128).fill(64);
for (let value = 0; value < 64; value += 1) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  VALUES[letters.charCodeAt(value)] = value;
}

/** Read base64 that encoding again would spell the same; FormatError for every other. */
export function unb64(text) {
  const padding = text.endsWith("==") ? 2 : Number(text.endsWith("="));
  const letters = text.length - padding;
  const bytes = new Uint8Array(Math.floor((letters * 3) / 4));
  let odd = text.length % 4 !== 0;
  let bits = 0;
  for (let at = 0, to = 0; at < letters; at += 1) {
    const code = text.charCodeAt(at);
    const value = code < 128 ? VALUES[code] : 64;
    odd ||= value === 64;
    bits = ((bits << 6) | value) & 0xffffff;
    if (at % 4 > 0) {
      bytes[to] = bits >> (6 - 2 * (at % 4));
      to += 1;
    }
  }
  // The bits behind the last byte are zero.
  if (odd || (padding > 0 && (bits & ((1 << (2 * padding)) - 1)) !== 0)) {
    throw new FormatError("is not base64 in its one spelling");
  }
  return bytes;
}
