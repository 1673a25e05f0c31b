// The Merkle tree of RFC 6962 §2.1 over SHA-256: a port of attest/log/merkle.py, as far as a verifier
// needs it. Everything here is synchronous: a log may have a million leaves.

import { sha256 } from "@noble/hashes/sha2.js";
import { sameBytes } from "../encoding.js";

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

/** Is the leaf hash `item` leaf `index` of the tree with that size and root (RFC 9162 §2.1.3.2)? */
export function verifyInclusion(index, size, item, proof, root) {
  if (!(index >= 0 && index < size)) return false;
  let hash = item;
  let position = index;
  let last = size - 1;
  for (const step of proof) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(step, hash);
      while (position % 2 === 0 && position !== 0) {
        position = half(position);
        last = half(last);
      }
    } else {
      hash = nodeHash(hash, step);
    }
    position = half(position);
    last = half(last);
  }
  return last === 0 && sameBytes(hash, root);
}

/** Is the tree with `oldSize` leaves a prefix of the one with `size` leaves (RFC 9162 §2.1.4.2)? */
export function verifyConsistency(oldSize, oldRoot, size, root, proof) {
  if (!(oldSize >= 0 && oldSize <= size)) return false;
  if (oldSize === size) return proof.length === 0 && sameBytes(oldRoot, root);
  if (oldSize === 0) return proof.length === 0 && sameBytes(oldRoot, EMPTY_ROOT);
  const isPowerOfTwo = Number.isInteger(Math.log2(oldSize));
  const path = isPowerOfTwo ? [oldRoot, ...proof] : proof;
  if (path.length === 0) return false;
  let position = oldSize - 1;
  let last = size - 1;
  while (position % 2 === 1) {
    position = half(position);
    last = half(last);
  }
  let [old] = path;
  let whole = old;
  for (const step of path.slice(1)) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      old = nodeHash(step, old);
      whole = nodeHash(step, whole);
      while (position % 2 === 0 && position !== 0) {
        position = half(position);
        last = half(last);
      }
    } else {
      whole = nodeHash(whole, step);
    }
    position = half(position);
    last = half(last);
  }
  return last === 0 && sameBytes(old, oldRoot) && sameBytes(whole, root);
}

// Not by shifting bits: those of a number end at 32.
function half(number) {
  return Math.floor(number / 2);
}
