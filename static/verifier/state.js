// What the judge knows after the leaves so far: prefixes, keys and facts. A port of
// attest/bundle/state.py.

import { Facts } from "./facts.js";
import { KeyRing } from "./keyring.js";
import { BodyList, PrefixContext } from "./listing.js";
import { PackedKeys } from "./packed.js";
import { Prefixes } from "./prefix.js";
import { View, everyStatement } from "./standing.js";

/** The log so far. The judge's parts read it, and only an admitted leaf changes it. */
export class LogState {
  facts = new Facts();
  evidence = new PackedKeys(32); // what an evidence.added names and is not withheld
  types = new Map();
  withheld = new Map();
  lastAct = -1; // the newest leaf but letters and key statements
  closed = false;

  constructor(origin, demandId, pinned, prefixes = new Prefixes()) {
    this.origin = origin;
    this.demandId = demandId;
    this.prefixes = prefixes;
    this.keys = new KeyRing(pinned);
    this.files = new BodyList(prefixes.bodies, this.facts.fileLeaves());
    this.stores = new BodyList(prefixes.bodies);
    this.withdrawals = new BodyList(prefixes.bodies);
  }

  /** How many leaves were admitted. */
  get size() {
    return this.prefixes.size;
  }

  /** How things stand after the first `size` leaves (undefined: all), every statement counted. */
  view(size) {
    return new View(this.facts, size, everyStatement);
  }

  /** What a declaration may name, given the first `size` leaves. */
  context(size) {
    return new PrefixContext(this.facts, this.files, this.stores, this.withdrawals, size);
  }
}
