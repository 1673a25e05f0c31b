// Signing keys in the browser: Ed25519 by WebCrypto, and the key files of docs/formats.md §2.
// The private key never appears in this script's own memory: WebCrypto wraps it into the key file
// and unwraps it from there, and what is unwrapped for signing cannot be exported again.

import { decode, encode } from "./canonical.js";
import {
  FormatError, concatenate, fromBase64, fromHex, sha256, toBase64, utf8,
} from "./encoding.js";

const KDF = "PBKDF2-HMAC-SHA256";
const ITERATIONS = 600000;
// RFC 8410: SubjectPublicKeyInfo of an Ed25519 key is these bytes and the 32-byte public key.
const SPKI_PREFIX = fromHex("302a300506032b6570032100");
// 48 bytes of PKCS#8 and AES-GCM's 16-byte tag. Another length is another form of key.
const WRAPPED_BYTES = 64;
const MOST_BYTES = 4096;
const MEMBERS = ["iterations", "iv", "kdf", "keyid", "publicKey", "salt", "v", "wrapped"];

// Curve25519's prime, 2^255 - 19, and the y of every point whose order divides 8. WebCrypto, OpenSSL
// and libsodium disagree about such points, so a signature under one could verify here and not there.
const P = 2n ** 255n - 19n;
const SMALL_ORDER = new Set([
  0n,
  1n,
  P - 1n,
  littleEndian(fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")),
  littleEndian(fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")),
]);

/** The passphrase does not open the key file. */
export class WrongPassphrase extends Error {
  name = "WrongPassphrase";
}

/** Why this browser cannot sign, as a sentence; undefined when it can. */
export async function whyUnsupported() {
  const which = "Chrome or Edge 137, Firefox 129 and Safari 17, and all later versions, can.";
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) {
    return "This page was not loaded over a secure connection, so the browser does not let it sign. "
      + "Open the address that begins with https://, or sign with the command line.";
  }
  try {
    await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
    return undefined;
  } catch {
    return `This browser cannot make Ed25519 signatures. ${which}`;
  }
}

/** The keyid of a 32-byte public key: SHA-256 of its 44-byte SubjectPublicKeyInfo. */
export function keyidOf(publicKey) {
  return sha256(concatenate(SPKI_PREFIX, publicKey));
}

/** True when 32 bytes are a point that is canonical and not of small order: for A and for R alike. */
export function isUsablePoint(bytes) {
  if (bytes.length !== 32) return false;
  const y = littleEndian(bytes) & ((1n << 255n) - 1n); // without the sign of x
  return y < P && !SMALL_ORDER.has(y);
}

function littleEndian(bytes) {
  return bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

/** True when `signature` over `message` is by `publicKey` (both raw bytes). Never throws. */
export async function verify(publicKey, message, signature) {
  if (signature.length !== 64 || !isUsablePoint(publicKey)) return false;
  if (!isUsablePoint(signature.subarray(0, 32))) return false;
  try {
    const key = await crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, true, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, key, signature, message);
  } catch {
    return false; // not a point of the curve
  }
}

/** 64 bytes of signature. `privateKey` is a CryptoKey. */
export async function sign(privateKey, message) {
  return new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" }, privateKey, message));
}

/** A new key: `{privateKey, publicKey}`. It is extractable, as it has yet to be wrapped: keep it short. */
export async function generate() {
  const pair = await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"]);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { privateKey: pair.privateKey, publicKey };
}

/** The key file of an extractable key, as an object whose JCS bytes are the file. */
export async function wrap({ privateKey, publicKey }, passphrase) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const file = {
    v: 1,
    kdf: KDF,
    iterations: ITERATIONS,
    salt: toBase64(salt),
    iv: toBase64(iv),
    publicKey: toBase64(publicKey),
    keyid: await keyidOf(publicKey),
  };
  const locking = await lockingKey(passphrase, salt, ["wrapKey"]);
  const wrapped = new Uint8Array(await crypto.subtle.wrapKey(
    "pkcs8", privateKey, locking, { name: "AES-GCM", iv, additionalData: encode(file) },
  ));
  if (wrapped.length !== WRAPPED_BYTES) {
    throw new FormatError("This browser writes private keys in a form that Attest does not read.");
  }
  return { ...file, wrapped: toBase64(wrapped) };
}

/**
 * A key file from its bytes, as chosen on the page; not yet opened. Throws FormatError. A line end
 * after it, as editors add one, is allowed.
 */
export async function readKeyFile(bytes) {
  if (bytes.length > MOST_BYTES) throw new FormatError("This is not a key file: it is too large.");
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d)) end -= 1;
  let file;
  try {
    file = decode(bytes.subarray(0, end));
  } catch {
    throw new FormatError("This is not a key file of Attest.");
  }
  return checkKeyFile(file);
}

/** The object of a key file, when it is one: its members, their lengths, its key and its keyid. */
export async function checkKeyFile(file) {
  const wrong = (why) => new FormatError(`This is not a key file of Attest: ${why}.`);
  if (typeof file !== "object" || file === null || Array.isArray(file)) throw wrong("no object");
  if (Object.keys(file).sort().join() !== MEMBERS.join()) throw wrong("other members");
  if (file.v !== 1) throw wrong("another version");
  if (file.kdf !== KDF || file.iterations !== ITERATIONS) throw wrong("locked in another way");
  const sizes = { salt: 16, iv: 12, wrapped: WRAPPED_BYTES, publicKey: 32 };
  try {
    for (const [member, size] of Object.entries(sizes)) fromBase64(file[member], size);
  } catch {
    throw wrong("a value is not of the right length");
  }
  const publicKey = fromBase64(file.publicKey);
  if (!isUsablePoint(publicKey)) throw wrong("its public key is not usable");
  if (file.keyid !== await keyidOf(publicKey)) throw wrong("its keyid is another key's");
  return file;
}

/**
 * `{privateKey, publicKey, keyid}` of a key file. The private key cannot be exported.
 * Throws WrongPassphrase, or FormatError for what is not a key file.
 */
export async function openKeyFile(file, passphrase) {
  const { wrapped, ...others } = await checkKeyFile(file);
  const unlocking = await lockingKey(passphrase, fromBase64(file.salt), ["unwrapKey"]);
  let privateKey;
  try {
    privateKey = await crypto.subtle.unwrapKey(
      "pkcs8",
      fromBase64(wrapped),
      unlocking,
      { name: "AES-GCM", iv: fromBase64(file.iv), additionalData: encode(others) },
      { name: "Ed25519" },
      false,
      ["sign"],
    );
  } catch {
    // AES-GCM cannot tell a wrong passphrase from a changed file.
    throw new WrongPassphrase("This passphrase does not open the key. Type it again.");
  }
  return { privateKey, publicKey: fromBase64(file.publicKey), keyid: file.keyid };
}

// A keyboard may send an accented letter as one character or as two; both must open the same file.
async function lockingKey(passphrase, salt, uses) {
  const secret = await crypto.subtle.importKey(
    "raw", utf8(passphrase.normalize("NFC")), "PBKDF2", false, ["deriveKey"],
  );
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations: ITERATIONS },
    secret,
    { name: "AES-GCM", length: 256 },
    false,
    uses,
  );
}
