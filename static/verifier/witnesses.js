// What proves from outside when a leaf was there: the checkpoints that a verifier received. A port
// of attest/bundle/witnesses.py.

/** Sizes of checkpoints with the moments at which they were received, in any order. */
export class Witnesses {
  #sizes;
  #earliest;

  /** `received` lists pairs of a size and a moment (seconds since 1970). */
  constructor(received) {
    const ordered = received.toSorted((one, other) => one[0] - other[0]);
    this.#sizes = ordered.map(([size]) => size);
    // From behind: a longer checkpoint covers every leaf that a shorter one does.
    this.#earliest = ordered.map(([, moment]) => moment);
    for (let index = ordered.length - 2; index >= 0; index -= 1) {
      this.#earliest[index] = Math.min(this.#earliest[index], this.#earliest[index + 1]);
    }
  }

  get isEmpty() {
    return this.#sizes.length === 0;
  }

  /** The earliest moment at which a checkpoint that covers the leaf was received, or undefined. */
  proved(leaf) {
    let low = 0;
    let high = this.#sizes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sizes[middle] <= leaf) low = middle + 1;
      else high = middle;
    }
    return this.#earliest[low];
  }
}
