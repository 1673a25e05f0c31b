// Judge a demand's log, leaf by leaf: steps 5 to 12 of docs/formats.md §6. A port of
// attest/bundle/judge.py for a verifier alone: the same checks in the same order, with the same words.

import { sha256 } from "@noble/hashes/sha2.js";
import { fromHex, toHex } from "../encoding.js";
import { KEY_TYPES, PLAIN_TYPES, SIGNED_TYPES, checkPlain } from "./bodies.js";
import { decode } from "./canonical.js";
import { Failure, atStep } from "./failure.js";
import { parseLeaf } from "./leaf.js";
import { openEnvelope, openStatement } from "./opening.js";
import { SignedRules } from "./signed.js";
import { unb64 } from "./signing.js";
import { LogState } from "./state.js";

/** What a verifier may let be erased: never what was signed, nor what says which copies there are. */
export const WITHHOLDABLE = new Set(
  [...PLAIN_TYPES.keys()].filter((kind) => !/^(?:file|store)\./.test(kind)),
);

// Key statements say when they were made, and may be copied long after; never before.
const TOLERANCE = 600; // seconds

const BEFORE_DEMAND = new Set([
  ...KEY_TYPES.keys(), "file.named", "store.named", "demand.issued",
]);

/** Takes the leaves of one log in order, and knows what they say so far. */
export class Judge {
  /** All that is known, for the report. Not to be changed. */
  state;
  #signed;
  #mayWithhold;

  /**
   * `mayWithhold` lists types whose bodies may be missing; `pinned` is a Map of keyid to holder.
   * `prefixes` and `Rules` are for an extract, which holds some leaves only (extract-rules.js).
   */
  constructor(
    origin, demandId, { mayWithhold = [], pinned = new Map(), prefixes, Rules = SignedRules } = {},
  ) {
    this.state = new LogState(origin, demandId, pinned, prefixes);
    this.#signed = new Rules(this.state);
    this.#mayWithhold = new Set([...mayWithhold].filter((kind) => WITHHOLDABLE.has(kind)));
  }

  /** How many leaves were admitted. */
  get size() {
    return this.state.size;
  }

  /** The root over all leaves. */
  get root() {
    return this.state.prefixes.rootAt(this.size);
  }

  /** The time that a leaf states, in seconds since 1970. */
  at(leaf) {
    return this.state.prefixes.at(leaf);
  }

  /** What the log says of files, stores and the demand. */
  get facts() {
    return this.state.facts;
  }

  /** Every key enrolled in the log. */
  get keys() {
    return this.state.keys;
  }

  /** Judge the next leaf and keep what it says; `body` is undefined where it was erased. */
  async admit(leaf, body) {
    const index = this.size;
    const entry = atStep(6, index, () => parseLeaf(leaf));
    const digest = fromHex(entry.body);
    this.#checkLeaf(entry, digest, index);
    this.#checkBody(entry, body, index);
    let nonce;
    let effect = () => {};
    if (body !== undefined) {
      ({ nonce, effect } = await this.#read(entry, body, index));
      // 9. No nonce twice.
      if (this.state.prefixes.nonces.has(nonce)) {
        throw new Failure(9, index, "the nonce stands in an earlier leaf's body already");
      }
    }
    this.#checkClosed(entry, index);
    this.state.prefixes.append(leaf, entry.at, digest, nonce);
    this.#noteType(entry, index, body === undefined);
    effect();
  }

  #read(entry, body, index) {
    if (KEY_TYPES.has(entry.type)) return this.#keyStatement(entry, body, index);
    if (SIGNED_TYPES.has(entry.type)) return this.#signedStatement(entry, body, index);
    return this.#plain(entry, body, index);
  }

  // 6. The leaf itself.
  #checkLeaf(entry, digest, index) {
    const { demandId, facts, prefixes } = this.state;
    const refuse = (reason) => new Failure(6, index, reason);
    if (entry.demand !== demandId) throw refuse("the leaf names another demand");
    if (entry.seq !== index) throw refuse(`seq is ${entry.seq}, and should be ${index}`);
    if (!SIGNED_TYPES.has(entry.type) && !PLAIN_TYPES.has(entry.type)) {
      throw refuse(`${entry.type} is not a type that this version knows`);
    }
    if (index > 0 && entry.at < this.at(index - 1)) {
      throw refuse("at goes back behind the leaf before");
    }
    if (prefixes.bodies.has(digest)) throw refuse("the body stands in an earlier leaf already");
    const issued = facts.demands.length > 0;
    if (!issued && !BEFORE_DEMAND.has(entry.type)) {
      throw refuse(`${entry.type} stands before demand.issued`);
    }
    if (issued && entry.type === "demand.issued") throw refuse("the demand was issued already");
  }

  // 5. The body hashes to the leaf's `body`, or may be withheld.
  #checkBody(entry, body, index) {
    if (body === undefined) {
      if (!this.#mayWithhold.has(entry.type)) {
        throw new Failure(5, index, `the body is withheld, and ${entry.type} may not be`);
      }
    } else if (toHex(sha256(body)) !== entry.body) {
      throw new Failure(5, index, "the body does not hash to what the leaf says");
    }
  }

  // 12. Nothing but letters and key statements after a closure, unless a file is reopened.
  #checkClosed({ type }, index) {
    if (this.state.closed && !(isInPassing(type) || type === "file.reopened")) {
      throw new Failure(12, index, `${type} stands after the demand was closed`);
    }
  }

  #noteType({ type }, index, isWithheld) {
    const { types, withheld } = this.state;
    types.set(type, (types.get(type) ?? 0) + 1);
    if (isWithheld) withheld.set(type, (withheld.get(type) ?? 0) + 1);
    if (!isInPassing(type)) this.state.lastAct = index;
  }

  // 7. Key statements.
  async #keyStatement(entry, body, index) {
    const { keys } = this.state;
    const envelope = openEnvelope(body, 7, index);
    const statement = openStatement(envelope, KEY_TYPES.get(entry.type), 7, index);
    const { statedAt, nonce } = statement;
    let effect;
    if (entry.type === "key.enrolled") {
      const key = await keys.checkEnrolment(statement, index);
      effect = () => keys.enrol(key);
    } else if (entry.type === "key.confirmed") {
      const { key, confirmation } = await keys.checkConfirmation(statement, index);
      effect = () => keys.confirm(key, confirmation, statedAt);
    } else {
      const { key, revocation } = await keys.checkRevocation(statement, index);
      effect = () => keys.revoke(key, revocation, statedAt);
    }
    // 9. Not stated later than its own leaf, give or take ten minutes.
    if (statedAt - entry.at > TOLERANCE) {
      throw new Failure(9, index, "statedAt is later than the leaf");
    }
    return { nonce, effect };
  }

  // 8 to 12. Every other signed statement.
  async #signedStatement(entry, body, index) {
    const { statement, effect } = await this.#signed.check(entry, body, index);
    return { nonce: statement.nonce, effect };
  }

  // 6. A plain body, the operator's word.
  #plain(entry, body, index) {
    const said = atStep(6, index, () => {
      const read = decode(body);
      checkPlain(entry.type, read);
      return read;
    });
    if (said.demandId !== this.state.demandId) {
      throw new Failure(9, index, "demandId is another demand's");
    }
    return { nonce: unb64(said.nonce), effect: this.#plainEffect(entry.type, said, index) };
  }

  #plainEffect(kind, said, index) {
    const { state } = this;
    const { facts } = state;
    const { fileId, storeId } = said;
    const refuse = (reason) => new Failure(6, index, reason);
    if (kind === "file.named") {
      if (facts.file(fileId) !== undefined) throw refuse("a file with this fileId is named already");
      return () => {
        facts.nameFile(index, fileId, said.name, said.kind, said.sha256);
        state.files.append(index);
      };
    }
    if (kind === "store.named") {
      if (facts.stores.has(storeId)) throw refuse("a store with this storeId is named already");
      return () => {
        facts.nameStore(index, storeId, said);
        state.stores.append(index);
      };
    }
    if (fileId !== undefined && facts.file(fileId) === undefined) {
      throw refuse("fileId is no file that was named");
    }
    if (storeId !== undefined && !facts.stores.has(storeId)) {
      throw refuse("storeId is no store that was named");
    }
    if (kind === "store.withdrawn") {
      if (facts.stores.get(storeId).withdrawn !== undefined) {
        throw refuse("the store was withdrawn already");
      }
      return () => {
        facts.withdrawStore(index, storeId);
        state.withdrawals.append(index);
      };
    }
    if (kind === "file.reopened") {
      return () => {
        facts.reopen(index, fileId);
        state.closed = false;
      };
    }
    if (kind === "evidence.added") {
      const digest = fromHex(said.sha256);
      return () => {
        if (!state.evidence.has(digest)) state.evidence.add(digest);
      };
    }
    return () => {};
  }
}

// Letters and key statements: what may still come after a closure.
function isInPassing(kind) {
  return /^(?:letter|key)\./.test(kind);
}
