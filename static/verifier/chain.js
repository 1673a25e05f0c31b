// The chain from a TSA's certificate to a root that the verifier trusts (RFC 5280 §6 as far as it
// matters here, RFC 3161 §2.3): a port of attest/bundle/chain.py.

import { FormatError, sameBytes } from "../encoding.js";
import { ANY_PURPOSE, TIME_STAMPING } from "./certificate.js";

const SIGNS = 0x80 | 0x40; // digitalSignature, nonRepudiation
const CERTIFIES = 0x04; // keyCertSign

/**
 * The signer, who certified it, and so on to the root; every signature verifies. Throws FormatError
 * where there is no such chain, or where the token holds more than it.
 */
export async function findChain(signer, others, roots) {
  const chain = inOrder(signer, others);
  if (chain.length <= others.length) {
    throw new FormatError("the token holds a certificate that its chain does not need");
  }
  const last = chain.at(-1);
  for (const [index, issuer] of chain.slice(1).entries()) {
    if (!await signedBy(chain[index], issuer)) throw notSigned(chain[index]);
  }
  if (chain.length > 1 && roots.some((root) => sameBytes(root.der, last.der))) return chain;
  const named = roots.filter((root) => sameBytes(root.subject, last.issuer));
  if (named.length === 0) {
    throw new FormatError(`${last.issuerName} is not among the roots that you trust`);
  }
  for (const root of named) {
    if (await signedBy(last, root)) return [...chain, root];
  }
  throw notSigned(last);
}

/** May these certificates vouch for a timestamp of that moment? Else FormatError. */
export function checkChain(chain, { seconds, nanoseconds }) {
  for (const { name, start, end } of chain) {
    const late = seconds > end || (seconds === end && nanoseconds > 0);
    if (seconds < start || late) {
      throw new FormatError(`the certificate of ${name} was not valid at that time`);
    }
  }
  checkSigner(chain[0]);
  for (const [below, certificate] of chain.slice(1).entries()) {
    checkAuthority(certificate, below, below === chain.length - 2);
  }
}

// The signer, then whoever is named as issuer, as far as these certificates go.
function inOrder(signer, others) {
  const chain = [signer];
  const rest = [...others];
  while (!sameBytes(chain.at(-1).issuer, chain.at(-1).subject)) {
    const found = rest.findIndex(({ subject }) => sameBytes(subject, chain.at(-1).issuer));
    if (found < 0) break;
    chain.push(...rest.splice(found, 1));
  }
  return chain;
}

async function signedBy({ kind, digest, signed, signature }, { key }) {
  return key.kind === kind && key.verifies(digest, signed, signature);
}

function notSigned({ name }) {
  return new FormatError(`the signature on the certificate of ${name} does not verify`);
}

function checkSigner({ name, extensions: { authority, purposes, purposesCritical, usage } }) {
  // RFC 3161 §2.3: this purpose, no other, and critical.
  const [purpose, ...others] = purposes ?? [];
  if (purpose !== TIME_STAMPING || others.length > 0 || !purposesCritical) {
    throw new FormatError(`the certificate of ${name} is not for timestamps alone`);
  }
  if (authority) throw new FormatError(`the certificate of ${name} is an authority's`);
  if (usage !== undefined && (!(usage & SIGNS) || usage & ~SIGNS)) {
    throw new FormatError(`the key of ${name} is not for signatures alone`);
  }
}

// `below` counts the authorities between this one and the signer.
function checkAuthority({ name, extensions }, below, isRoot) {
  const { authority, pathLength, usage, purposes } = extensions;
  if (!authority) throw new FormatError(`the certificate of ${name} is no authority's`);
  if (pathLength !== undefined && below > pathLength) {
    throw new FormatError(`the chain below ${name} is longer than it allows`);
  }
  if (usage !== undefined && !(usage & CERTIFIES)) {
    throw new FormatError(`the key of ${name} is not for certificates`);
  }
  const fits = (purpose) => purpose === TIME_STAMPING || purpose === ANY_PURPOSE;
  if (!isRoot && purposes !== undefined && !purposes.some(fits)) {
    throw new FormatError(`the certificate of ${name} is not for timestamps`);
  }
}
