// What a declaration can name in a prefix: files, stores, and lists of them (step 11). A port of
// attest/bundle/listing.py; ../declarations.js asks it.

import { sha256 } from "@noble/hashes/sha2.js";
import { toHex, utf8 } from "../encoding.js";
import { Column } from "./packed.js";

// A hash state is kept after every so many bodies, so that any prefix's hash is at most that many
// short updates away, however a log jumps to and fro.
const STRIDE = 1024;

/** The bodies of one type, in the log's order, and the hash of every beginning of the list. */
export class BodyList {
  #bodies;
  #leaves;
  #isShared;
  #states = [sha256.create()];

  /** `bodies` are numbered as the leaves; `leaves` is kept by somebody else, where given. */
  constructor(bodies, leaves) {
    this.#bodies = bodies;
    this.#leaves = leaves ?? new Column(Uint32Array);
    this.#isShared = leaves !== undefined;
  }

  /** Add the body of a leaf that was admitted. A shared list has it already. */
  append(leaf) {
    if (!this.#isShared) this.#leaves.append(leaf);
    const { length } = this.#leaves;
    if (length % STRIDE === 0) this.#states.push(this.#digest(length));
  }

  /** The newest leaf, or -1. */
  get last() {
    return this.#leaves.at(-1) ?? -1;
  }

  /** How many of them a prefix holds, and the hash over their hashes, a line each. */
  listing(size) {
    const count = this.#leaves.countBelow(size);
    return { count, sha256: toHex(this.#digest(count).digest()) };
  }

  #digest(count) {
    const kept = Math.min(Math.floor(count / STRIDE), this.#states.length - 1);
    const digest = this.#states[kept].clone();
    for (let number = kept * STRIDE; number < count; number += 1) {
      digest.update(utf8(`${toHex(this.#bodies.at(this.#leaves.at(number)))}\n`));
    }
    return digest;
  }
}

/** The prefix that a signer saw, as the declarations' template asks for it. */
export class PrefixContext {
  #facts;
  #files;
  #stores;
  #withdrawals;
  #size;

  constructor(facts, files, stores, withdrawals, size) {
    this.#facts = facts;
    this.#files = files;
    this.#stores = stores;
    this.#withdrawals = withdrawals;
    this.#size = size;
  }

  /** What was named of a file. Throws RangeError when the prefix does not name it. */
  file(fileId) {
    const file = this.#facts.file(fileId);
    if (file === undefined || file.leaf >= this.#size) throw new RangeError("no such file");
    const named = { fileId: file.fileId, name: file.name, kind: file.kind };
    return file.content === undefined ? named : { ...named, sha256: file.content };
  }

  /** The body that named a store. Throws RangeError when the prefix does not name it. */
  store(storeId) {
    const store = this.#facts.stores.get(storeId);
    if (store === undefined || store.leaf >= this.#size) throw new RangeError("no such store");
    return store.body;
  }

  /** Every file named in the prefix. */
  get files() {
    return this.#files.listing(this.#size);
  }

  /** Every store named in the prefix. */
  get stores() {
    return this.#stores.listing(this.#size);
  }

  /** Every store.withdrawn in the prefix, whether an amendment covers it or not. */
  get withdrawn() {
    return this.#withdrawals.listing(this.#size);
  }

  /** The reference of the demand that stands in the prefix; undefined before it is issued. */
  get reference() {
    return this.#facts.demands.findLast(({ leaf }) => leaf < this.#size)?.predicate.reference;
  }
}
