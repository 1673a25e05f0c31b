// DSSE v1 envelopes (docs/formats.md §3), from bytes: a port of attest/statements/envelope.py's reader.

import { sha256 } from "@noble/hashes/sha2.js";
import { FormatError, toHex } from "../encoding.js";
import { PAYLOAD_TYPE, pae } from "../envelope.js";
import { decode } from "./canonical.js";
import { isSha256 } from "./scalars.js";
import { isObject, names } from "./schema.js";
import { unb64 } from "./signing.js";

const MAX_SIGNATURES = 2;

/** A payload with its signatures, none of them checked yet. */
class Envelope {
  constructor(payload, signatures) {
    this.payload = payload;
    /** Each `{keyid, sig}`. */
    this.signatures = signatures;
  }

  /** What each signature is over. */
  get signedBytes() {
    return pae(PAYLOAD_TYPE, this.payload);
  }
}

/** Read an envelope strictly; FormatError names what is wrong. The payload stays bytes. */
export function parseEnvelope(data) {
  const said = members(decode(data), ["payload", "payloadType", "signatures"], "envelope");
  if (said.payloadType !== PAYLOAD_TYPE) {
    throw new FormatError("payloadType: is not the one that statements have");
  }
  const listed = said.signatures;
  if (!Array.isArray(listed) || listed.length < 1 || listed.length > MAX_SIGNATURES) {
    throw new FormatError(`signatures: must be a list of 1 to ${MAX_SIGNATURES}`);
  }
  const signatures = listed.map(signature);
  if (new Set(signatures.map(({ keyid }) => keyid)).size !== signatures.length) {
    throw new FormatError("signatures: two of them name the same key");
  }
  return new Envelope(base64(said.payload, "payload"), signatures);
}

/** What identifies a statement: SHA-256 of its payload, in hex digits. */
export function statementHash(payload) {
  return toHex(sha256(payload));
}

function signature(item) {
  const { keyid, sig } = members(item, ["keyid", "sig"], "signatures");
  if (typeof keyid !== "string" || !isSha256(keyid)) {
    throw new FormatError("signatures.keyid: is not 64 lower-case hex digits");
  }
  const bytes = base64(sig, "signatures.sig");
  if (bytes.length !== 64) throw new FormatError("signatures.sig: is not 64 bytes");
  return { keyid, sig: bytes };
}

function members(value, wanted, where) {
  const has = (name, index) => name === wanted[index];
  if (!isObject(value) || Object.keys(value).length !== wanted.length || !names(value).every(has)) {
    throw new FormatError(`${where}: must be an object with exactly ${wanted.join(", ")}`);
  }
  return value;
}

function base64(value, where) {
  if (typeof value !== "string") throw new FormatError(`${where}: is not a string`);
  try {
    return unb64(value);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(`${where}: ${error.message}`);
  }
}
