// The keys of one log, and what may be said of them (step 7, docs/formats.md §2 and §3): a port of
// attest/bundle/keyring.py. `check…` throw Failure, the others change the ring.

import { Failure } from "./failure.js";
import { sameMembers } from "./same.js";
import { parseTime } from "./scalars.js";
import { isValidPublicKey, unb64 } from "./signing.js";

const STEP = 7;

/** An enrolled key. `number` counts keys in the order of their enrolment in this log. */
export class Key {
  /** Each `{leaf, signer, method, void}`; void where its signer's revocation came first. */
  confirmations = [];
  /** Each `{leaf, signer, reason, since}`; `since` is undefined where nothing is said. */
  revocations = [];

  constructor({ number, leaf, keyid, publicKey, holder, lastStated, rotatedFrom }) {
    Object.assign(this, { number, leaf, keyid, publicKey, holder, lastStated, rotatedFrom });
  }

  /** May the key sign no later leaf? */
  get revoked() {
    return this.revocations.length > 0;
  }

  /** The earliest moment from which a revocation says that it may have been in other hands. */
  get compromisedSince() {
    const moments = this.revocations.map(({ since }) => since).filter((since) => since !== undefined);
    return moments.length > 0 ? Math.min(...moments) : undefined;
  }
}

/** Every key enrolled in the log. `pinned` is what the verifier knows: keyid to holder, a Map. */
export class KeyRing {
  #pinned;
  #byId = new Map();
  #byNumber = [];

  constructor(pinned) {
    this.#pinned = pinned;
  }

  [Symbol.iterator]() {
    return this.#byNumber.values();
  }

  /** The key with this keyid, or undefined. */
  get(keyid) {
    return this.#byId.get(keyid);
  }

  /** The `number`-th key, counting from 0. */
  numbered(number) {
    return this.#byNumber[number];
  }

  // --- key.enrolled -------------------------------------------------------------------------------

  /** A valid point, not enrolled twice, signed by itself and, rotated, by the old key. */
  async checkEnrolment(statement, leaf) {
    const { predicate } = statement;
    const publicKey = unb64(predicate.publicKey);
    // The closed schema has made sure that the subject is this key's own keyid.
    const keyid = statement.subject[0].digest.sha256;
    const { holder } = predicate;
    if (!isValidPublicKey(publicKey)) {
      throw new Failure(STEP, leaf, "the public key is not a valid point of the curve");
    }
    if (this.#byId.has(keyid)) throw new Failure(STEP, leaf, "the key is enrolled already");
    if (!statement.keyids.includes(keyid)) {
      throw new Failure(STEP, leaf, "the key did not sign its own enrolment");
    }
    if (this.#pinned.has(keyid) && !sameMembers(this.#pinned.get(keyid), holder)) {
      throw new Failure(STEP, leaf, "trust.pinned names another holder for this key");
    }
    const old = this.#rotatedFrom(statement, keyid, holder, leaf);
    if (!await statement.signedBy(keyid, publicKey)) {
      throw new Failure(STEP, leaf, "the key's signature on its enrolment does not verify");
    }
    if (old !== undefined && !await statement.signedBy(old.keyid, old.publicKey)) {
      throw new Failure(STEP, leaf, "the old key's signature does not verify");
    }
    return new Key({
      number: this.#byNumber.length,
      leaf,
      keyid,
      publicKey,
      holder,
      lastStated: statement.statedAt,
      rotatedFrom: old?.keyid,
    });
  }

  /** Keep a key that `checkEnrolment` made. */
  enrol(key) {
    this.#byId.set(key.keyid, key);
    this.#byNumber.push(key);
  }

  #rotatedFrom(statement, keyid, holder, leaf) {
    const others = statement.keyids.filter((other) => other !== keyid);
    if (others.length === 0) return undefined;
    const old = this.#byId.get(others[0]);
    // A rotation vouches for nothing, so that an old key that was revoked does no harm: its
    // revocation may simply have been copied into this log before.
    if (others.length > 1 || old === undefined) {
      throw new Failure(STEP, leaf, "a key that is not enrolled signed the enrolment");
    }
    if (!sameMembers(old.holder, holder)) {
      throw new Failure(STEP, leaf, "the old key is another holder's");
    }
    return old;
  }

  // --- key.confirmed ------------------------------------------------------------------------------

  /** By a controller's signatory, and about the holder that was enrolled: `{key, confirmation}`. */
  async checkConfirmation(statement, leaf) {
    const key = this.#subject(statement, leaf);
    const signer = await this.#signer(statement, leaf);
    if (signer.holder.side !== "controller" || signer.holder.duty !== "signatory") {
      throw new Failure(STEP, leaf, "only a controller's signatory confirms a key");
    }
    if (!sameMembers(statement.predicate.holder, key.holder)) {
      throw new Failure(STEP, leaf, "the confirmation names another holder than the enrolment");
    }
    const { method } = statement.predicate;
    return { key, confirmation: { leaf, signer: signer.keyid, method, void: signer.revoked } };
  }

  /** Keep what `checkConfirmation` made. */
  confirm(key, confirmation, statedAt) {
    key.confirmations.push(confirmation);
    key.lastStated = statedAt;
  }

  // --- key.revoked --------------------------------------------------------------------------------

  /** By the key itself, a key of its organisation, or a controller's signatory: `{key, revocation}`. */
  async checkRevocation(statement, leaf) {
    const key = this.#subject(statement, leaf);
    const signer = await this.#signer(statement, leaf);
    const { side, duty, organisation } = signer.holder;
    const colleague = organisation === key.holder.organisation && side === key.holder.side;
    const signatory = side === "controller" && duty === "signatory";
    if (!(signer === key || colleague || signatory)) {
      throw new Failure(STEP, leaf, "this key may not revoke that one");
    }
    const { reason, compromisedSince } = statement.predicate;
    const since = compromisedSince === undefined ? undefined : parseTime(compromisedSince);
    return { key, revocation: { leaf, signer: signer.keyid, reason, since } };
  }

  /** Keep what `checkRevocation` made. */
  revoke(key, revocation, statedAt) {
    key.revocations.push(revocation);
    key.lastStated = statedAt;
  }

  // --- both ---------------------------------------------------------------------------------------

  #subject(statement, leaf) {
    const key = this.#byId.get(statement.predicate.keyid);
    if (key === undefined) {
      throw new Failure(STEP, leaf, "the key that the statement is about is not enrolled");
    }
    if (statement.statedAt < key.lastStated) {
      throw new Failure(STEP, leaf, "a key's statements are not in the order of statedAt");
    }
    return key;
  }

  async #signer(statement, leaf) {
    const named = statement.predicate.signer;
    if (statement.keyids.length !== 1 || statement.keyids[0] !== named.keyid) {
      throw new Failure(STEP, leaf, "the signature is not by the key that signer names");
    }
    const signer = this.#byId.get(named.keyid);
    if (signer === undefined) throw new Failure(STEP, leaf, "the signer's key is not enrolled");
    if (!sameMembers(named, { ...signer.holder, keyid: signer.keyid })) {
      throw new Failure(STEP, leaf, "signer names another holder than the enrolment");
    }
    if (!await statement.signedBy(signer.keyid, signer.publicKey)) {
      throw new Failure(STEP, leaf, "the signature does not verify");
    }
    return signer;
  }
}
