// The files that somebody chose: whether they can be what they are meant to be, and what is in them.

import { sha256 } from "@noble/hashes/sha2.js";
import { FormatError, toHex } from "../encoding.js";
import { readPem } from "../verifier/certificate.js";
import { parseTrust } from "../verifier/trust.js";

const MOST_TRUST = 1024 * 1024;
const MOST_ROOTS = 1024 * 1024;
const CERTIFICATE =
  /-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----(?:\n|$)/g;
const PIECE = 1024 * 1024;

/** A file is not what it should be. The message is a sentence for the person at the page. */
export class Unreadable extends Error {
  name = "Unreadable";
}

/** Throws Unreadable where a file is missing, or is plainly of another kind. */
export async function refuseOtherFiles(bundle, trustFile) {
  if (bundle === undefined) throw new Unreadable("Choose the bundle: a zip file.");
  if (trustFile === undefined) {
    throw new Unreadable("Choose your trust file. Without it, nothing says whom you trust.");
  }
  if (await isZip(trustFile)) {
    throw new Unreadable(`${trustFile.name} is a zip file. Choose your trust file, a JSON file.`);
  }
  // A file that is called a zip and is none goes to the verifier, which says what is wrong with it.
  if (!await isZip(bundle) && !bundle.name.toLowerCase().endsWith(".zip")) {
    throw new Unreadable(`${bundle.name} is not a zip file. Choose the bundle.`);
  }
}

/** What the trust file says, with the root certificates that were chosen beside it. */
export async function readTrust(file, roots) {
  // One byte more than a document may have shows that there are too many.
  const bytes = new Uint8Array(await file.slice(0, MOST_TRUST + 2).arrayBuffer());
  let trust;
  try {
    trust = parseTrust(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new Unreadable(`${file.name}: ${error.message}.`);
  }
  const chosen = await Promise.all(roots.map(readRoots));
  trust.tsaRoots = [...new Set([...trust.tsaRoots, ...chosen.flat()])];
  return trust;
}

// The certificates of a PEM file, whatever stands around them, as a trust file has them.
async function readRoots(file) {
  const bytes = new Uint8Array(await file.slice(0, MOST_ROOTS).arrayBuffer());
  // Byte for byte: what stands around them may be in any encoding.
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const found = text.replaceAll("\r\n", "\n").match(CERTIFICATE) ?? [];
  if (found.length === 0) throw new Unreadable(`${file.name} does not hold certificates in PEM.`);
  try {
    found.forEach(readPem);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new Unreadable(`${file.name}: the verifier cannot use it, because ${error.message}.`);
  }
  return found;
}

/** The SHA-256 of a file in hex, read in pieces; `tick` hears how far it has come. */
export async function sha256Of(file, tick) {
  const hash = sha256.create();
  for (let start = 0; start < file.size; start += PIECE) {
    hash.update(new Uint8Array(await file.slice(start, start + PIECE).arrayBuffer()));
    await tick({ step: 0, done: start + PIECE, total: file.size });
  }
  return toHex(hash.digest());
}

async function isZip(file) {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return first === 0x50 && second === 0x4b; // PK
}
