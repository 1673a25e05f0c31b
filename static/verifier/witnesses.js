// What proves from outside when a leaf was there: the checkpoints that a verifier received, and the
// timestamps over checkpoints that a TSA of its trust file gave. A port of attest/bundle/witnesses.py.

import { byCodePoint } from "./text.js";

/** Sizes of the log with the moments (seconds since 1970) by which it had them, in any order. */
export class Witnesses {
  #sizes;
  #earliest;
  #received;

  /**
   * `received` lists `[size, moment]` of checkpoints and when they came, `stamped` `[size, moment, tsa]`
   * of timestamps, with what they prove and the name of their TSA.
   */
  constructor(received, stamped = []) {
    this.#received = received.length > 0;
    const proofs = [...received, ...stamped].map(([size, moment, tsa = ""]) => ({ moment, tsa, size }));
    this.#earliest = proofs.sort((one, other) => one.size - other.size);
    this.#sizes = proofs.map(({ size }) => size);
    // From behind: a longer checkpoint covers every leaf that a shorter one does.
    for (let index = proofs.length - 2; index >= 0; index -= 1) {
      this.#earliest[index] = earlier(this.#earliest[index], this.#earliest[index + 1]);
    }
  }

  /** Was no checkpoint received? A timestamp shows when, not that others got the same. */
  get isEmpty() {
    return !this.#received;
  }

  /** What proves earliest that the leaf was there, `{moment, tsa, size}`, or undefined. */
  proof(leaf) {
    let low = 0;
    let high = this.#sizes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sizes[middle] <= leaf) low = middle + 1;
      else high = middle;
    }
    return this.#earliest[low];
  }

  /** The earliest moment by which something outside proves that the leaf was there, or undefined. */
  proved(leaf) {
    return this.proof(leaf)?.moment;
  }
}

// By moment, then the TSA's name (none for a checkpoint that was received), then size.
function earlier(one, other) {
  const order = one.moment - other.moment || byCodePoint(one.tsa, other.tsa) || one.size - other.size;
  return order <= 0 ? one : other;
}
