// How the named files stand, judged at any leaf of a log (docs/formats.md §3, "States"): a port of
// attest/domain/standing.py, with the rules by the same numbers. `Facts` is what a log said; a `View`
// is how things stand given those facts: up to some leaf, and counting some statements only.

export const OPEN = "open";
export const ATTESTED = "attested";
export const ATTESTED_WITH_EXCEPTIONS = "attested_with_exceptions";
export const ACCEPTED = "accepted";
export const REJECTED = "rejected";

/** The view in which each signed statement counts. */
export function everyStatement() {
  return true;
}

/**
 * How things stand after the first `size` leaves (undefined: all of them). `counts(leaf, key)` says
 * whether a statement counts. A view is taken when nothing more is added.
 */
export class View {
  #facts;
  #size;
  #counts;
  #demands;
  #stores;
  #newestStore;
  #firstRelease;
  #counting;

  constructor(facts, size, counts) {
    this.#facts = facts;
    this.#size = size ?? Infinity;
    this.#counts = counts;
    this.#demands = facts.demands.filter((demand) => this.#isCounted(demand));
    this.#stores = [...facts.stores.values()].filter((store) => this.#stands(store));
    this.#newestStore = this.#stores.reduce((newest, { leaf }) => Math.max(newest, leaf), -1);
    this.#firstRelease = this.#stores.reduce(
      (first, { released = Infinity }) => Math.min(first, released), Infinity,
    );
    this.#counting = this.demand?.counting ?? new Set();
  }

  /** The standing demand: the newest one issued or amended. */
  get demand() {
    return this.#demands.at(-1);
  }

  /** The stores that stand, in the order of their identifiers. */
  get stores() {
    return this.#stores.toSorted((one, other) => (one.storeId < other.storeId ? -1 : 1));
  }

  /** What closed the demand, unless it is open (again). */
  get closure() {
    const last = this.#facts.closures.filter((closure) => this.#isCounted(closure)).at(-1);
    if (last === undefined) return undefined;
    // 6. A file that was reopened since opens the demand.
    const reopenings = this.#facts.allReopenings();
    const before = reopenings.countBelow(this.#size);
    return before > 0 && reopenings.at(before - 1) > last.leaf ? undefined : last;
  }

  /** The last attestation of the file with this number (rule 1), or undefined. */
  lastAttestation(file) {
    for (const attestation of this.#facts.attestations(file)) {
      if (this.#isCounted(attestation)) return attestation;
    }
    return undefined;
  }

  /** How the file with this number stands: `{state, attestation, reviews}`. */
  file(file) {
    const last = this.lastAttestation(file);
    // 3. Open: never attested, reopened since, or a standing store is left out.
    if (last === undefined || this.#leavesOut(last) || this.#reopened(file, last.leaf)) {
      return { state: OPEN, attestation: last, reviews: [] };
    }
    // 4. Decided by the last review of each controller that counts.
    const reviews = [...this.#lastReviews(file, last).values()];
    const standing = (state) => ({ state, attestation: last, reviews });
    if (reviews.some(({ accepted }) => !accepted)) return standing(REJECTED);
    if (reviews.length > 0 && reviews.length === this.#counting.size) return standing(ACCEPTED);
    // 5. Waiting for a controller.
    return standing(last.settled ? ATTESTED : ATTESTED_WITH_EXCEPTIONS);
  }

  #isCounted({ leaf, key }) {
    return leaf < this.#size && this.#counts(leaf, key);
  }

  // Rule 2; an amendment's `seen` covers a leaf when it is longer than the leaf's index.
  #stands({ leaf, withdrawn }) {
    if (leaf >= this.#size) return false;
    return withdrawn === undefined || !this.#demands.some(({ seen }) => withdrawn < seen);
  }

  // Does a store stand here that did not stand in the prefix that the signer saw? An attestation
  // answers exactly those (step 10), so that the size of that prefix is all that has to be kept.
  #leavesOut({ seen }) {
    return this.#newestStore >= seen || this.#firstRelease < seen;
  }

  #reopened(file, since) {
    for (const leaf of this.#facts.reopenings(file)) {
      if (leaf < this.#size) return leaf > since;
    }
    return false;
  }

  #lastReviews(file, attestation) {
    const found = new Map();
    for (const review of this.#facts.reviews(file)) {
      if (review.leaf < attestation.leaf || found.size === this.#counting.size) break;
      if (
        review.attestation === attestation.number
        && this.#counting.has(review.organisation)
        && !found.has(review.organisation)
        && this.#isCounted(review)
      ) {
        found.set(review.organisation, review);
      }
    }
    return found;
  }
}
