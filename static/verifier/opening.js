// Open a signed body: envelope, signatures, statement (steps 7 and 8, docs/formats.md §3). A port of
// attest/bundle/opening.py.

import { FormatError } from "../encoding.js";
import { decode } from "./canonical.js";
import { parseEnvelope, statementHash } from "./envelope.js";
import { Failure, atStep } from "./failure.js";
import { checkStatement, predicateType } from "./predicates.js";
import { parseTime } from "./scalars.js";
import { isObject } from "./schema.js";
import { unb64, verify } from "./signing.js";

/** A statement by its closed schema, and the keyids of the signatures around it. */
class Statement {
  constructor(envelope, { subject, predicate }) {
    this.envelope = envelope;
    this.subject = subject;
    this.predicate = predicate;
    this.hash = statementHash(envelope.payload);
    this.keyids = envelope.signatures.map(({ keyid }) => keyid);
  }

  /** The statement's 16 random bytes. */
  get nonce() {
    return unb64(this.predicate.nonce);
  }

  /** When the signer says that it was signed: seconds since 1970. */
  get statedAt() {
    return parseTime(this.predicate.statedAt);
  }

  /** Does the signature that names this key verify over the exact bytes? */
  async signedBy(keyid, publicKey) {
    const { signatures, signedBytes } = this.envelope;
    const found = signatures.find((signature) => signature.keyid === keyid);
    return found !== undefined && verify(publicKey, signedBytes, found.sig);
  }
}

/** Parse an envelope; the payload is not looked at yet. */
export function openEnvelope(body, step, leaf) {
  return atStep(step, leaf, () => parseEnvelope(body));
}

/** Parse the payload by the closed schema of `name`. */
export function openStatement(envelope, name, step, leaf) {
  try {
    const statement = decode(envelope.payload);
    if (!isObject(statement)) throw new FormatError("the payload is no statement");
    if (statement.predicateType !== predicateType(name)) {
      throw new FormatError("predicateType is not the one of the leaf's type");
    }
    checkStatement(name, statement);
    return new Statement(envelope, statement);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    // The table of outcomes is a schema too, but it is step 10 that names it.
    const refusedBy = error.message.startsWith("predicate.copies") ? 10 : step;
    throw new Failure(refusedBy, leaf, error.message);
  }
}
