// Certificates as a timestamp's profile takes them (RFC 5280; docs/formats.md §5, Timestamps): a port
// of attest/bundle/certificate.py.

import { FormatError, fromBase64, sameBytes } from "../encoding.js";
import { readPublicKey, readSignatureAlgorithm } from "./algorithms.js";
import {
  BIT_STRING, BOOLEAN, INTEGER, NOTHING, OCTET_STRING, Reader, SEQUENCE, context, timeWithoutFraction,
} from "./der.js";
import { nameText } from "./distinguished.js";

export const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
export const ANY_PURPOSE = "2.5.29.37.0";

const BASIC_CONSTRAINTS = "2.5.29.19";
const KEY_USAGE = "2.5.29.15";
const PURPOSES = "2.5.29.37";
const OTHER_NAMES = "2.5.29.17";
const NAME_CONSTRAINTS = "2.5.29.30";
// Policies restrict nothing where no certificate requires one, and a critical extension that would
// (policyConstraints) is refused.
const POLICIES = "2.5.29.32";
const READ = new Set([
  BASIC_CONSTRAINTS, KEY_USAGE, PURPOSES, OTHER_NAMES, NAME_CONSTRAINTS, POLICIES,
]);

const PEM = /^-----BEGIN CERTIFICATE-----\n((?:[A-Za-z0-9+/=]+\n)+)-----END CERTIFICATE-----\n?$/;

/** One certificate in PEM, and nothing around it, as a trust file lists roots. */
export function readPem(pem) {
  let der;
  try {
    const found = PEM.exec(pem);
    if (found !== null) der = fromBase64(found[1].replaceAll("\n", ""));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
  if (der === undefined) throw new FormatError("is not one certificate in PEM");
  return readCertificate(der, { isRoot: true });
}

/**
 * Read a certificate strictly, checking no signature: `{der, signed, serial, issuer, subject, start,
 * end, key, kind, digest, signature, extensions, name, issuerName}`. Times are in seconds since 1970,
 * and both still belong to it; `name` and `issuerName` are for people. A root is trusted as it stands:
 * nobody checks its own signature, so that its algorithm may be any, and `kind` and `digest` are
 * undefined.
 */
export function readCertificate(der, { isRoot = false } = {}) {
  const outer = new Reader(der);
  const whole = outer.inside(SEQUENCE, "a certificate");
  outer.end("a certificate");
  const signed = whole.whole(SEQUENCE, "a certificate's signed part");
  const algorithm = whole.whole(SEQUENCE, "a certificate's algorithm");
  const [kind, digest] = isRoot
    ? [] : readSignatureAlgorithm(new Reader(algorithm), "a certificate's algorithm");
  const signature = whole.bits("a certificate's signature");
  whole.end("a certificate's signature");

  const part = new Reader(signed).inside(SEQUENCE, "a certificate's signed part");
  if (part.tag !== context(0)) throw new FormatError("a certificate is not of version 3");
  const version = part.inside(context(0), "a certificate's version");
  if (version.small("a certificate's version") !== 2) {
    throw new FormatError("a certificate is not of version 3");
  }
  version.end("a certificate's version");
  const serial = part.integer("a certificate's serial number");
  if (!sameBytes(part.whole(SEQUENCE, "a certificate's algorithm"), algorithm)) {
    throw new FormatError("a certificate names two algorithms");
  }
  const issuer = part.whole(SEQUENCE, "a certificate's issuer");
  const validity = part.inside(SEQUENCE, "a certificate's validity");
  const start = timeWithoutFraction(validity, "a certificate's notBefore");
  const end = timeWithoutFraction(validity, "a certificate's notAfter");
  validity.end("a certificate's notAfter");
  const subject = part.whole(SEQUENCE, "a certificate's subject");
  const key = readPublicKey(part.whole(SEQUENCE, "a certificate's key"), "a certificate's key");
  let extensions = { authority: false, purposesCritical: false, otherNames: [] };
  if (part.tag === context(3)) {
    const holder = part.inside(context(3), "a certificate's extensions");
    extensions = readExtensions(holder.inside(SEQUENCE, "a certificate's extensions"));
    holder.end("a certificate's extensions");
  }
  // Unique identifiers, which nobody writes, would stand before the extensions.
  part.end("a certificate's extensions");
  return {
    der,
    signed,
    serial,
    issuer,
    subject,
    start,
    end,
    key,
    kind,
    digest,
    signature,
    extensions,
    issuerName: nameText(issuer, "a certificate's issuer"),
    name: nameText(subject, "a certificate's subject"),
  };
}

// `{authority, pathLength, usage, purposes, purposesCritical, otherNames}`; undefined where nothing is
// said. `usage` are bits 0 to 7 of keyUsage, the first one highest.
function readExtensions(reader) {
  const values = new Map();
  for (const [name, critical, value] of eachExtension(reader, "a certificate's extension")) {
    if (values.has(name)) throw new FormatError(`a certificate has the extension ${name} twice`);
    if (!READ.has(name) && critical) {
      throw new FormatError(`a certificate has a critical extension that is unknown: ${name}`);
    }
    values.set(name, { critical, value });
  }
  if (values.has(NAME_CONSTRAINTS)) {
    throw new FormatError("a certificate constrains names, which this profile does not read");
  }
  const read = (name, reads) => (
    values.has(name) ? reads(new Reader(values.get(name).value)) : undefined
  );
  const { authority, pathLength } = read(BASIC_CONSTRAINTS, basicConstraints) ?? { authority: false };
  return {
    authority,
    pathLength,
    usage: read(KEY_USAGE, keyUsage),
    purposes: read(PURPOSES, purposes),
    purposesCritical: values.get(PURPOSES)?.critical ?? false,
    otherNames: read(OTHER_NAMES, otherNames) ?? [],
  };
}

/** Identifier, criticality and value of each of some Extensions (RFC 5280 §4.1.2.9). */
export function eachExtension(reader, what) {
  const found = [];
  while (reader.tag !== NOTHING) {
    const extension = reader.inside(SEQUENCE, what);
    const name = extension.oid(what);
    const critical = extension.tag === BOOLEAN && extension.boolean(what);
    found.push([name, critical, extension.take(OCTET_STRING, what)]);
    extension.end(what);
  }
  return found;
}

function basicConstraints(value) {
  const what = "a certificate's basicConstraints";
  const both = value.inside(SEQUENCE, what);
  value.end(what);
  const authority = both.tag === BOOLEAN && both.boolean(what);
  const pathLength = authority && both.tag === INTEGER ? both.small(what) : undefined;
  both.end(what);
  return { authority, pathLength };
}

function keyUsage(value) {
  const what = "a certificate's keyUsage";
  // Nine named bits, of which the ninth matters to nobody here: one byte or two.
  const data = value.take(BIT_STRING, what);
  value.end(what);
  const [unused] = data;
  if ((data.length !== 2 && data.length !== 3) || unused > 7 || data.at(-1) & ((1 << unused) - 1)) {
    throw new FormatError(`${what} is missing, or is not DER`);
  }
  return data[1];
}

function purposes(value) {
  const what = "a certificate's extKeyUsage";
  const several = value.inside(SEQUENCE, what);
  value.end(what);
  const found = [several.oid(what)];
  while (several.tag !== NOTHING) found.push(several.oid(what));
  return found;
}

function otherNames(value) {
  const what = "a certificate's subjectAltName";
  const several = value.inside(SEQUENCE, what);
  value.end(what);
  const found = [];
  while (several.tag !== NOTHING) found.push(several.whole(several.tag, what));
  return found;
}
