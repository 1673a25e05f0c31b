// What the judge keeps of every leaf: prefix root, time, body hash and nonce, in packed columns. A port
// of attest/bundle/prefix.py.

import { EMPTY_ROOT, Frontier, HASH_BYTES, leafHash } from "./merkle.js";
import { Column, PackedKeys, PackedRows } from "./packed.js";

/** Every prefix of a growing log, about a hundred bytes a leaf. */
export class Prefixes {
  bodies = new PackedKeys(HASH_BYTES); // numbered as the leaves are
  nonces = new PackedKeys(16);
  #frontier = new Frontier();
  #roots = new PackedRows(HASH_BYTES);
  #at = new Column(Float64Array); // seconds since 1970, UTC

  /** How many leaves there are. */
  get size() {
    return this.#at.length;
  }

  /** Add a leaf: its bytes, its time, its body's hash, and the nonce unless withheld. */
  append(leaf, at, body, nonce) {
    this.bodies.add(body);
    if (nonce !== undefined) this.nonces.add(nonce);
    this.#frontier.append(leafHash(leaf));
    this.#roots.append(this.#frontier.root);
    this.#at.append(at);
  }

  /** The root of the first `size` leaves. Throws RangeError beyond the log's end. */
  rootAt(size) {
    return size === 0 ? EMPTY_ROOT : this.#roots.at(size - 1);
  }

  /** When a leaf was added, as it says itself. Throws RangeError beyond the log's end. */
  at(leaf) {
    const at = this.#at.at(leaf);
    if (at === undefined || leaf < 0) throw new RangeError("there is no such leaf");
    return at;
  }
}
