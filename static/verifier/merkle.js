// The Merkle tree of RFC 6962 §2.1 over SHA-256: a port of attest/log/merkle.py, as far as a verifier
// needs it. Everything here is synchronous: a log may have a million leaves.

import { sha256 } from "@noble/hashes/sha2.js";

export const HASH_BYTES = 32;
export const EMPTY_ROOT = sha256(new Uint8Array(0));

/** The 32-byte hash of a leaf's bytes. */
export function leafHash(leaf) {
  const whole = new Uint8Array(1 + leaf.length);
  whole.set(leaf, 1);
  return sha256(whole);
}

/** The 32-byte hash of an inner node. */
export function nodeHash(left, right) {
  const whole = new Uint8Array(1 + 2 * HASH_BYTES);
  whole[0] = 1;
  whole.set(left, 1);
  whole.set(right, 1 + HASH_BYTES);
  return sha256(whole);
}

/** A growing tree of which only the right edge is kept: one hash a bit set in the size. */
export class Frontier {
  size = 0;
  // Roots of full subtrees, the largest first.
  #peaks = [];

  /** Add the hash of the next leaf. */
  append(item) {
    let hash = item;
    // Not by shifting bits: those of a number end at 32.
    for (let size = this.size; size % 2 === 1; size = (size - 1) / 2) {
      hash = nodeHash(this.#peaks.pop(), hash);
    }
    this.#peaks.push(hash);
    this.size += 1;
  }

  /** The 32-byte root; SHA-256 of nothing for the empty tree. */
  get root() {
    if (this.#peaks.length === 0) return EMPTY_ROOT;
    return this.#peaks.reduceRight((root, peak) => nodeHash(peak, root));
  }
}
