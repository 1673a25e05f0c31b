// Hashes, signatures and public keys that a timestamp may use: a port of attest/bundle/algorithms.py,
// and of attest/certificates.py, with WebCrypto in its place.

import { FormatError, concatenate } from "../encoding.js";
import { INTEGER, NOTHING, NULL, Reader, SEQUENCE } from "./der.js";

export const RSA = "RSA";
export const ECDSA = "ECDSA";
export const RSA_ENCRYPTION = "1.2.840.113549.1.1.1";

const DIGESTS = new Map([
  ["2.16.840.1.101.3.4.2.1", "SHA-256"],
  ["2.16.840.1.101.3.4.2.2", "SHA-384"],
  ["2.16.840.1.101.3.4.2.3", "SHA-512"],
]);
const SIGNATURES = new Map([
  ["1.2.840.113549.1.1.11", [RSA, "SHA-256"]],
  ["1.2.840.113549.1.1.12", [RSA, "SHA-384"]],
  ["1.2.840.113549.1.1.13", [RSA, "SHA-512"]],
  ["1.2.840.10045.4.3.2", [ECDSA, "SHA-256"]],
  ["1.2.840.10045.4.3.3", [ECDSA, "SHA-384"]],
  ["1.2.840.10045.4.3.4", [ECDSA, "SHA-512"]],
]);
const EC_KEY = "1.2.840.10045.2.1";
const CURVES = new Map([
  ["1.2.840.10045.3.1.7", ["P-256", 32]],
  ["1.3.132.0.34", ["P-384", 48]],
  ["1.3.132.0.35", ["P-521", 66]],
]);
const LEAST_BITS = 2048;
const MOST_BITS = 8192;

/** A SubjectPublicKeyInfo. `width` is the bytes of a modulus or of a coordinate. */
export class PublicKey {
  constructor(der, kind, size, width) {
    this.der = der;
    this.kind = kind;
    this.size = size;
    this.width = width;
  }

  /** Did this key sign the data's hash? A signature of another form is no signature. */
  async verifies(digest, data, signature) {
    const { kind, width } = this;
    if (kind === RSA) {
      if (signature.length !== width) return false;
      return checkSignature(this.der, { name: "RSASSA-PKCS1-v1_5", hash: digest }, data, signature);
    }
    const raw = rawSignature(signature, width);
    if (raw === undefined) return false;
    const algorithm = { name: "ECDSA", hash: digest, namedCurve: this.size.slice("ECDSA ".length) };
    return checkSignature(this.der, algorithm, data, raw);
  }
}

// A key that WebCrypto does not take signed nothing.
async function checkSignature(der, algorithm, data, signature) {
  let key;
  try {
    key = await crypto.subtle.importKey("spki", der, algorithm, false, ["verify"]);
  } catch {
    return false;
  }
  return crypto.subtle.verify(algorithm, key, signature, data);
}

/** The hash of the data by `SHA-256`, `SHA-384` or `SHA-512`. */
export async function digestOf(algorithm, data) {
  return new Uint8Array(await crypto.subtle.digest(algorithm, data));
}

/** The name of a hash algorithm; its parameters are absent or NULL (RFC 5754 §2). */
export function readDigest(reader, what) {
  const algorithm = reader.inside(SEQUENCE, what);
  const name = DIGESTS.get(algorithm.oid(what));
  if (name === undefined) throw new FormatError(`${what} is not SHA-256, SHA-384 or SHA-512`);
  absentOrNull(algorithm, what);
  return name;
}

/** The kind of key and the hash algorithm of a signature, such as `["RSA", "SHA-256"]`. */
export function readSignatureAlgorithm(reader, what) {
  const algorithm = reader.inside(SEQUENCE, what);
  const found = SIGNATURES.get(algorithm.oid(what));
  if (found === undefined) {
    throw new FormatError(`${what} is not RSA (PKCS#1 v1.5) or ECDSA with SHA-256, -384 or -512`);
  }
  if (found[0] === RSA) absentOrNull(algorithm, what);
  algorithm.end(what);
  return found;
}

/** A public key from its SubjectPublicKeyInfo (RFC 5280 §4.1.2.7, RFC 4055, RFC 5480). */
export function readPublicKey(der, what) {
  const info = new Reader(der).inside(SEQUENCE, what);
  const algorithm = info.inside(SEQUENCE, what);
  const kind = algorithm.oid(what);
  let key;
  if (kind === RSA_ENCRYPTION) {
    if (algorithm.take(NULL, what).length > 0) throw notDer(what);
    algorithm.end(what);
    const bits = rsaBits(info.bits(what), what);
    key = new PublicKey(der, RSA, `RSA ${bits}`, Math.ceil(bits / 8));
  } else if (kind === EC_KEY) {
    const curve = CURVES.get(algorithm.oid(what));
    algorithm.end(what);
    const point = info.bits(what);
    if (curve === undefined || point.length !== 1 + 2 * curve[1] || point[0] !== 4) {
      throw new FormatError(`${what} is not an uncompressed point of P-256, P-384 or P-521`);
    }
    key = new PublicKey(der, ECDSA, `ECDSA ${curve[0]}`, curve[1]);
  } else {
    throw new FormatError(`${what} is neither RSA nor ECDSA`);
  }
  info.end(what);
  return key;
}

function absentOrNull(algorithm, what) {
  if (algorithm.tag !== NOTHING && algorithm.take(NULL, what).length > 0) throw notDer(what);
  algorithm.end(what);
}

function rsaBits(data, what) {
  const outer = new Reader(data);
  const key = outer.inside(SEQUENCE, what);
  outer.end(what);
  const modulus = key.integer(what);
  const exponent = key.small(what);
  key.end(what);
  const bits = bitLength(modulus);
  if (bits < LEAST_BITS || bits > MOST_BITS) {
    throw new FormatError(`${what} is not RSA of ${LEAST_BITS} to ${MOST_BITS} bits`);
  }
  // Both are odd in every RSA key; libraries disagree about what is none.
  if (modulus.at(-1) % 2 === 0 || exponent < 3 || exponent % 2 === 0) {
    throw new FormatError(`${what} is not an RSA key`);
  }
  return bits;
}

// Of an integer's content; 0 for one that is negative.
function bitLength(content) {
  if (content[0] >= 0x80) return 0;
  const magnitude = withoutLeadingZeros(content);
  if (magnitude.length === 0) return 0;
  return 8 * (magnitude.length - 1) + 32 - Math.clz32(magnitude[0]);
}

// WebCrypto wants r and s side by side, each as wide as the curve; undefined for what is not two
// positive integers in DER, neither wider than that.
function rawSignature(signature, width) {
  try {
    const outer = new Reader(signature);
    const both = outer.inside(SEQUENCE, "a signature");
    outer.end("a signature");
    const integers = [both.take(INTEGER, "r"), both.take(INTEGER, "s")];
    both.end("s");
    if (!integers.every(isPositive)) return undefined;
    const [r, s] = integers.map(withoutLeadingZeros);
    if (r.length > width || s.length > width) return undefined;
    const zeros = (integer) => new Uint8Array(width - integer.length);
    return concatenate(zeros(r), r, zeros(s), s);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return undefined;
  }
}

function isPositive(content) {
  if (content.length === 0 || content[0] >= 0x80) return false;
  return content[0] !== 0 || content[1] >= 0x80;
}

function withoutLeadingZeros(content) {
  const first = content.findIndex((byte) => byte !== 0);
  return content.subarray(first < 0 ? content.length : first);
}

function notDer(what) {
  return new FormatError(`${what} is missing, or is not DER`);
}
