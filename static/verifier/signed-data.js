// The CMS SignedData of a timestamp (RFC 5652 §5), in the one shape that docs/formats.md §5 takes: a
// port of attest/bundle/signed_data.py. Read so that every byte matters: what the TSA's signature does
// not cover has one allowed value, repeats what it covers, or is a certificate with a signature of its
// own.

import { FormatError, concatenate, fromHex, sameBytes } from "../encoding.js";
import { ECDSA, RSA, readDigest, readSignatureAlgorithm } from "./algorithms.js";
import { NOTHING, OCTET_STRING, Reader, SEQUENCE, SET, context } from "./der.js";

// PKIStatusInfo (RFC 3161 §2.4.2): granted, and no text beside it.
const GRANTED = fromHex("3003020100");
const SIGNED_DATA = "1.2.840.113549.1.7.2";
export const TST_INFO = "1.2.840.113549.1.9.16.1.4";

const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
export const SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
const ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52";

// AlgorithmIdentifier of rsaEncryption: nothing signs it, so that no other name will do.
const RSA_KEY = fromHex("300d06092a864886f70d0101010500");

/**
 * Read a TimeStampResp that grants, with nothing beside its token: `{content, certificates,
 * issuerAndSerial, digest, signed, attributes, kind, signature}`. `signed` are the signed attributes
 * as they are signed, `attributes` a Map of their values by type.
 */
export function openResponse(response) {
  const outer = new Reader(response);
  const both = outer.inside(SEQUENCE, "the response");
  outer.end("the response");
  if (!sameBytes(both.whole(SEQUENCE, "the response's status"), GRANTED)) {
    throw new FormatError("the response's status is not granted, or says more than that");
  }
  const token = both.whole(SEQUENCE, "the token");
  both.end("the token");
  return openToken(token);
}

function openToken(token) {
  const outer = new Reader(token).inside(SEQUENCE, "the token");
  if (outer.oid("the token's type") !== SIGNED_DATA) {
    throw new FormatError("the token is not SignedData");
  }
  const wrapped = outer.inside(context(0), "SignedData");
  outer.end("SignedData");
  const data = wrapped.inside(SEQUENCE, "SignedData");
  wrapped.end("SignedData");

  if (data.small("the version of SignedData") !== 3) {
    throw new FormatError("the version of SignedData is not 3");
  }
  const digests = data.inside(SET, "digestAlgorithms");
  const digestAlgorithm = digests.whole(SEQUENCE, "digestAlgorithms");
  digests.end("the one digest algorithm");
  const content = readContent(data.inside(SEQUENCE, "encapContentInfo"));
  if (data.tag !== context(0)) throw new FormatError("the token holds no certificates");
  const certificates = readCertificates(data.inside(context(0), "the certificates"));
  if (data.tag === context(1)) throw new FormatError("the token holds revocation lists");
  const signers = data.inside(SET, "signerInfos");
  data.end("signerInfos");
  const signer = signers.inside(SEQUENCE, "SignerInfo");
  signers.end("the one SignerInfo");
  return { content, certificates, ...readSigner(signer, digestAlgorithm) };
}

function readContent(info) {
  if (info.oid("eContentType") !== TST_INFO) {
    throw new FormatError("what the token signs is not TSTInfo");
  }
  const wrapped = info.inside(context(0), "eContent");
  info.end("eContent");
  const content = wrapped.take(OCTET_STRING, "eContent");
  wrapped.end("eContent");
  return content;
}

function readCertificates(several) {
  const found = [];
  while (several.tag !== NOTHING) {
    if (several.tag !== SEQUENCE) {
      throw new FormatError("the token holds a certificate of another kind than X.509");
    }
    found.push(several.whole(SEQUENCE, "a certificate"));
  }
  if (found.some((one, index) => index > 0 && inOrder(found[index - 1], one) >= 0)) {
    throw new FormatError("the certificates are not in the order of DER");
  }
  return found;
}

function readSigner(signer, digestAlgorithm) {
  if (signer.small("the version of SignerInfo") !== 1) {
    throw new FormatError("the version of SignerInfo is not 1");
  }
  const issuerAndSerial = signer.take(SEQUENCE, "the signer's issuer and serial number");
  if (!sameBytes(signer.whole(SEQUENCE, "the signer's digest algorithm"), digestAlgorithm)) {
    throw new FormatError("digestAlgorithms is not the signer's digest algorithm");
  }
  const digest = readDigest(new Reader(digestAlgorithm), "the signer's digest algorithm");
  if (signer.tag !== context(0)) throw new FormatError("the token has no signed attributes");
  // Signed with the tag of the SET that they are (RFC 5652 §5.4).
  const signed = concatenate([SET], signer.whole(context(0), "the signed attributes").subarray(1));
  const attributes = readAttributes(new Reader(signed).inside(SET, "the signed attributes"));
  const algorithm = signer.whole(SEQUENCE, "the signature's algorithm");
  const protection = attributes.get(ALGORITHM_PROTECTION);
  const kind = kindOf(algorithm, digestAlgorithm, digest, protection);
  const signature = signer.take(OCTET_STRING, "the signature");
  if (signer.tag === context(1)) throw new FormatError("the token has unsigned attributes");
  signer.end("the signature");
  return { issuerAndSerial, digest, signed, attributes, kind, signature };
}

// The one value of each type, in the order of DER, with nothing twice.
function readAttributes(several) {
  const found = new Map();
  let before = new Uint8Array();
  while (several.tag !== NOTHING) {
    const whole = several.whole(SEQUENCE, "a signed attribute");
    if (inOrder(before, whole) >= 0) {
      throw new FormatError("the signed attributes are not in the order of DER");
    }
    before = whole;
    const attribute = new Reader(whole).inside(SEQUENCE, "a signed attribute");
    const kind = attribute.oid("a signed attribute's type");
    const values = attribute.inside(SET, "a signed attribute's value");
    attribute.end("a signed attribute's value");
    if (found.has(kind)) throw new FormatError(`the signed attribute ${kind} stands there twice`);
    found.set(kind, values.whole(values.tag, "a signed attribute's value"));
    values.end("a signed attribute's one value");
  }
  return found;
}

// RSA or ECDSA, named in the one way that the rest of the token leaves open.
function kindOf(algorithm, digestAlgorithm, digest, protection) {
  if (protection !== undefined) {
    // RFC 6211: both algorithms again, signed; the signature's with the tag [1].
    const both = concatenate(digestAlgorithm, [0xa1], algorithm.subarray(1));
    if (!sameBytes(new Reader(protection).take(SEQUENCE, "algorithm protection"), both)) {
      throw new FormatError("the signed attributes name other algorithms");
    }
  }
  if (sameBytes(algorithm, RSA_KEY)) return RSA;
  const what = "the signature's algorithm";
  const [kind, withDigest] = readSignatureAlgorithm(new Reader(algorithm), what);
  if (withDigest !== digest) throw new FormatError(`${what} is with another hash`);
  if (kind !== ECDSA && protection === undefined) {
    throw new FormatError(`${what} is not rsaEncryption, and nothing signs it`);
  }
  return kind;
}

/** A reader of the value of a signed attribute that has to be there. */
export function attributeOf({ attributes }, kind, name) {
  if (!attributes.has(kind)) throw new FormatError(`the signed attribute ${name} is missing`);
  return new Reader(attributes.get(kind));
}

/** What the signed attributes say is signed. */
export function contentType(signed) {
  return attributeOf(signed, CONTENT_TYPE, "content-type").oid("content-type");
}

/** The hash of the content, as the signed attributes say. */
export function messageDigest(signed) {
  const value = attributeOf(signed, MESSAGE_DIGEST, "message-digest");
  return value.take(OCTET_STRING, "message-digest");
}

// Negative where `one` comes before `other`, byte by byte; what ends first is first.
function inOrder(one, other) {
  const differs = one.findIndex((byte, index) => byte !== other[index]);
  if (differs < 0) return one.length - other.length;
  return differs < other.length ? one[differs] - other[differs] : 1;
}
