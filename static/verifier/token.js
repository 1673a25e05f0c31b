// RFC 3161 timestamps over checkpoints (docs/formats.md §5, Timestamps, and §6, step 13): a port of
// attest/bundle/token.py, with the same reasons, word by word.
//
// For static/verifier/verifier.js:
//
//     const roots = trust.tsaRoots.map(readPem);                   // certificate.js; FormatError
//     const text = checkpointText(origin, size, judge.rootAt(size));
//     const stamp = await checkToken(await archive.read(name), text, roots);
//
// `stamp` is {time, accuracy, proved, tsa, signedWith, until}: times in whole seconds since 1970,
// `accuracy` in seconds and undefined where the TSA states none. A FormatError is the failure of step
// 13, its reason `${name}: ${error.message}`. Only WebCrypto is used: no module outside static/.

import { FormatError, concatenate, sameBytes, utf8 } from "../encoding.js";
import { digestOf, readDigest } from "./algorithms.js";
import { eachExtension, readCertificate } from "./certificate.js";
import { checkChain, findChain } from "./chain.js";
import {
  BOOLEAN, GENERALIZED_TIME, INTEGER, NOTHING, OCTET_STRING, Reader, SEQUENCE, context, element,
  generalizedTime, small,
} from "./der.js";
import {
  SIGNING_CERTIFICATE_V2, TST_INFO, attributeOf, contentType, messageDigest, openResponse,
} from "./signed-data.js";

const SECOND = 1_000_000_000; // nanoseconds
const MOST_SECONDS = 86_400;
const LAST = 253_402_300_799; // 31 December 9999, 23:59:59 UTC: the last time that has a spelling

/** Verify a timestamp (bytes) over a checkpoint's three lines (a string); FormatError says why not. */
export async function checkToken(response, text, roots) {
  const signed = openResponse(response);
  const certificates = signed.certificates.map((der) => readCertificate(der));
  const info = readInfo(signed.content);
  const signer = signerOf(signed, certificates);
  const others = certificates.filter((certificate) => certificate !== signer);
  const chain = await findChain(signer, others, roots);
  checkChain(chain, info);
  await checkAttributes(signed, chain);
  const rightKind = signer.key.kind === signed.kind;
  if (!rightKind || !await signer.key.verifies(signed.digest, signed.signed, signed.signature)) {
    throw new FormatError("the TSA's signature does not verify");
  }
  if (info.tsa !== undefined && !namesOf(signer).some((name) => sameBytes(name, info.tsa))) {
    throw new FormatError("the token names another TSA than its certificate");
  }
  if (!sameBytes(info.imprint, await digestOf("SHA-256", utf8(text)))) {
    throw new FormatError("the token is over something else than the log's first leaves");
  }
  return timestampOf(info, signed, chain);
}

function timestampOf({ seconds, nanoseconds, accuracy }, { digest }, chain) {
  // Rounded up, never down: a token may not prove an earlier time than it says.
  const beyond = accuracy ?? { seconds: 0, nanoseconds: 0 };
  const proved = seconds + beyond.seconds + Math.ceil((nanoseconds + beyond.nanoseconds) / SECOND);
  if (proved > LAST) throw new FormatError("genTime is not a time that this profile takes");
  const [signer] = chain;
  return {
    time: seconds + Math.ceil(nanoseconds / SECOND),
    accuracy: accuracy && accuracy.seconds + Math.ceil(accuracy.nanoseconds / SECOND),
    proved,
    tsa: signer.name,
    signedWith: `${signer.key.size} with ${digest}`,
    until: Math.min(...chain.map(({ end }) => end)),
  };
}

// --- The signer, and what its signature covers ---------------------------------------------------

function signerOf({ issuerAndSerial }, certificates) {
  for (const certificate of certificates) {
    const { issuer, serial } = certificate;
    if (sameBytes(issuerAndSerial, concatenate(issuer, element(INTEGER, serial)))) return certificate;
  }
  throw new FormatError("the token does not hold its signer's certificate");
}

// The GeneralNames of a certificate: its subject as directoryName, and the others.
function namesOf({ subject, extensions }) {
  return [directoryName(subject), ...extensions.otherNames];
}

function directoryName(name) {
  return element(context(4), name);
}

async function checkAttributes(signed, chain) {
  if (contentType(signed) !== TST_INFO) throw new FormatError("content-type is not TSTInfo");
  if (!sameBytes(messageDigest(signed), await digestOf(signed.digest, signed.content))) {
    throw new FormatError("message-digest is not the hash of TSTInfo");
  }
  // RFC 5035 §3: the signer's certificate first; any others are of the chain.
  const what = "signing-certificate-v2";
  const value = attributeOf(signed, SIGNING_CERTIFICATE_V2, what).inside(SEQUENCE, what);
  const several = value.inside(SEQUENCE, what);
  // Policies, which nothing here depends on.
  if (value.tag === SEQUENCE) value.take(SEQUENCE, what);
  value.end(what);
  await checkCertificateId(several.inside(SEQUENCE, what), chain.slice(0, 1));
  while (several.tag !== NOTHING) await checkCertificateId(several.inside(SEQUENCE, what), chain);
}

// An ESSCertIDv2 names one of these certificates.
async function checkCertificateId(item, chain) {
  const what = "signing-certificate-v2";
  const digest = item.tag === SEQUENCE ? readDigest(item, what) : "SHA-256";
  const named = item.take(OCTET_STRING, what);
  const hashes = await Promise.all(chain.map(({ der }) => digestOf(digest, der)));
  const found = chain[hashes.findIndex((hash) => sameBytes(hash, named))];
  if (found === undefined) throw new FormatError(`${what} names another certificate`);
  if (item.tag === SEQUENCE) {
    const both = item.inside(SEQUENCE, what);
    const issuer = both.take(SEQUENCE, what);
    const serial = both.integer(what);
    both.end(what);
    if (!sameBytes(issuer, directoryName(found.issuer)) || !sameBytes(serial, found.serial)) {
      throw new FormatError(`${what} names another certificate`);
    }
  }
  item.end(what);
}

// --- TSTInfo (RFC 3161 §2.4.2) -------------------------------------------------------------------

// `{imprint, seconds, nanoseconds, accuracy, tsa}`; `accuracy` is `{seconds, nanoseconds}`, `tsa` a
// GeneralName; either may be undefined.
function readInfo(content) {
  const outer = new Reader(content);
  const info = outer.inside(SEQUENCE, "TSTInfo");
  outer.end("TSTInfo");
  if (info.small("the version of TSTInfo") !== 1) {
    throw new FormatError("the version of TSTInfo is not 1");
  }
  info.oid("the TSA's policy");
  const hashed = info.inside(SEQUENCE, "messageImprint");
  if (readDigest(hashed, "the imprint's algorithm") !== "SHA-256") {
    throw new FormatError("the imprint is not by SHA-256");
  }
  const imprint = hashed.take(OCTET_STRING, "the imprint");
  hashed.end("the imprint");
  info.integer("the token's serial number");
  if (info.tag !== GENERALIZED_TIME) throw new FormatError("genTime is missing, or is not DER");
  const { seconds, nanoseconds } = generalizedTime(info, "genTime");
  const accuracy = info.tag === SEQUENCE ? readAccuracy(info.inside(SEQUENCE, "accuracy")) : undefined;
  if (info.tag === BOOLEAN) info.boolean("ordering");
  if (info.tag === INTEGER) info.integer("the nonce");
  let tsa;
  if (info.tag === context(0)) {
    const wrapped = info.inside(context(0), "the TSA's name");
    tsa = wrapped.whole(wrapped.tag, "the TSA's name");
    wrapped.end("the TSA's name");
  }
  if (info.tag === context(1)) {
    const extensions = info.inside(context(1), "an extension of TSTInfo");
    for (const [name, critical] of eachExtension(extensions, "an extension of TSTInfo")) {
      if (critical) {
        throw new FormatError(`TSTInfo has a critical extension that is unknown: ${name}`);
      }
    }
  }
  info.end("TSTInfo's last member");
  return { imprint, seconds, nanoseconds, accuracy, tsa };
}

// Seconds, then thousandths and millionths of one (1 to 999).
function readAccuracy(parts) {
  const seconds = parts.tag === INTEGER ? parts.small("accuracy") : 0;
  if (seconds > MOST_SECONDS) throw new FormatError("accuracy is more than a day");
  let nanoseconds = 0;
  for (const [number, unit] of [[0, 1_000_000], [1, 1_000]]) {
    const tag = context(number, { constructed: false });
    if (parts.tag !== tag) continue;
    const value = small(parts.take(tag, "accuracy"), "accuracy");
    if (value < 1 || value > 999) throw new FormatError("accuracy is out of range");
    nanoseconds += value * unit;
  }
  parts.end("accuracy");
  return { seconds, nanoseconds };
}
