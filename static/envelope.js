// DSSE v1 envelopes: docs/formats.md §3. What is signed is never the JSON itself but PAE(type,
// payload), so that no reader needs to agree with another about JSON before checking a signature.

import { decode, encodeText } from "./canonical.js";
import { FormatError, concatenate, fromBase64, sha256, toBase64, utf8 } from "./encoding.js";
import { keyidOf, sign, verify } from "./keys.js";

export const PAYLOAD_TYPE = "application/vnd.in-toto+json";

/** The pre-authentication encoding of DSSE v1: the bytes that are signed. */
export function pae(payloadType, payload) {
  const type = utf8(payloadType);
  return concatenate(
    utf8(`DSSEv1 ${type.length} `), type, utf8(` ${payload.length} `), payload,
  );
}

/**
 * The JCS text of an envelope around `payload` (bytes), signed by each opened key in turn (two only
 * on a rotation). Each signature is checked before it leaves: a file whose private key is not the
 * one of its public key, or a fault while signing, must not end as a statement that nobody can
 * verify.
 */
export async function signPayload(payload, ...keys) {
  const message = pae(PAYLOAD_TYPE, payload);
  const signatures = [];
  for (const key of keys) {
    const signature = await sign(key.privateKey, message);
    if (!await verify(key.publicKey, message, signature)) {
      throw new FormatError("The key file's private key does not belong to its public key.");
    }
    signatures.push({ keyid: key.keyid, sig: toBase64(signature) });
  }
  return encodeText({ payload: toBase64(payload), payloadType: PAYLOAD_TYPE, signatures });
}

/** The payload's bytes of an envelope (bytes) that `publicKey` signed; throws FormatError. */
export async function openEnvelope(bytes, publicKey) {
  const envelope = decode(bytes);
  const members = Object.keys(envelope).join();
  if (members !== "payload,payloadType,signatures" || envelope.payloadType !== PAYLOAD_TYPE) {
    throw new FormatError("This is not an envelope of Attest.");
  }
  const keyid = await keyidOf(publicKey);
  const payload = fromBase64(envelope.payload);
  const message = pae(PAYLOAD_TYPE, payload);
  for (const { keyid: by, sig } of envelope.signatures) {
    if (by === keyid && await verify(publicKey, message, fromBase64(sig, 64))) return payload;
  }
  throw new FormatError("The signature is not by this key.");
}

/** A statement's hash: SHA-256 of its payload, never of a signature (those may be randomised). */
export function statementHash(payload) {
  return sha256(payload);
}
