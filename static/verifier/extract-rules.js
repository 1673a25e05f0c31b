// How a few leaves of a log are judged, by the judge's own rules (docs/formats.md §9): a port of
// attest/bundle/extract_rules.py.
//
// The judge asks the leaves before for three things. An extract knows less of each, and no more is
// taken for shown: the root of a prefix, where there is a proof of it; the time of a leaf, as the
// newest one in the extract that is not younger; bodies and nonces, those in the extract.

import { toHex } from "../encoding.js";
import { Failure } from "./failure.js";
import { PackedKeys } from "./packed.js";
import { parseTime } from "./scalars.js";
import { SignedRules } from "./signed.js";

const LONG_AGO = parseTime("0001-01-01T00:00:00Z");

// The lines of a declaration that count what the log lists (docs/formats.md §3, "A demand").
const LISTED = new RegExp(
  "The log (?:names|withdraws) (0|[1-9][0-9]*) (?:file|store)s?\\.\\n"
  + "The list of (files|stores|withdrawals) has the SHA-256 ([0-9a-f]{64})\\.(?:\\n|$)",
  "g",
);

/** The hashes of the bodies in an extract, by the index of their leaf in the log. */
class SparseBodies {
  #byLeaf = new Map();
  #all = new Set();

  has(body) {
    return this.#all.has(toHex(body));
  }

  at(leaf) {
    if (!this.#byLeaf.has(leaf)) throw new RangeError("there is no such leaf");
    return this.#byLeaf.get(leaf);
  }

  /** Keep the body's hash of a leaf. */
  add(leaf, body) {
    this.#byLeaf.set(leaf, body);
    this.#all.add(toHex(body));
  }
}

/** The prefixes of a log of which only some leaves, and some roots, were proved. */
export class ProvedPrefixes {
  size = 0;
  bodies = new SparseBodies();
  nonces = new PackedKeys(16);
  #roots;
  #leaves = []; // each `{index, at}`

  /** `roots` are those that were proved, a Map by size. */
  constructor(roots) {
    this.#roots = roots;
  }

  /** Say which leaf comes next. What lies between is not in the extract. */
  skipTo(index) {
    this.size = index;
  }

  /** Add the leaf that `skipTo` announced. */
  append(leaf, at, body, nonce) {
    this.bodies.add(this.size, body);
    if (nonce !== undefined) this.nonces.add(nonce);
    this.#leaves.push({ index: this.size, at });
    this.size += 1;
  }

  /** The root of the first `size` leaves. Throws RangeError where no proof gives it. */
  rootAt(size) {
    if (!this.#roots.has(size)) throw new RangeError("there is no proof of that prefix");
    return this.#roots.get(size);
  }

  /** The time of the newest leaf here that is not younger than `leaf`: no later than its. */
  at(leaf) {
    return this.#leaves.findLast(({ index }) => index <= leaf)?.at ?? LONG_AGO;
  }
}

/** The rules for signed statements, where only some of what they name is there. */
export class ExtractRules extends SignedRules {
  // 9. A prefix whose root no proof gives is not shown to be one.
  originAndPrefix(predicate, leaf) {
    try {
      super.originAndPrefix(predicate, leaf);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new Failure(9, leaf, "there is no proof that seen is a prefix");
    }
  }

  // 10. What it supersedes is not there, and whether it should name something is not known.
  supersedes() {}

  // 12. The subjects that name this file; there has to be one.
  reviewed({ subject }, leaf) {
    const ours = subject.filter(({ name }) => this.state.facts.file(name) !== undefined);
    if (ours.length === 0) throw new Failure(12, leaf, "the review is of other files");
    return ours;
  }

  // 11. Counts and hashes of lists are taken as they were signed: the lists are not there.
  context(statement, seen) {
    return new AsSigned(super.context(statement, seen), statement.predicate.declaration.text);
  }
}

/** What a declaration may name, with the lists that its own text says there were. */
class AsSigned {
  #known;

  constructor(known, text) {
    this.#known = known;
    const said = new Map();
    for (const [, count, name, sha256] of text.matchAll(LISTED)) {
      said.set(name, { count: Number(count), sha256 });
    }
    const nothing = { count: 0, sha256: "" };
    this.files = said.get("files") ?? nothing;
    this.stores = said.get("stores") ?? nothing;
    this.withdrawn = said.get("withdrawals") ?? nothing;
  }

  file(fileId) {
    return this.#known.file(fileId);
  }

  store(storeId) {
    return this.#known.store(storeId);
  }

  get reference() {
    return this.#known.reference;
  }
}
