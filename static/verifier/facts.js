// What a log said of its files, stores and demand, leaf by leaf: a port of attest/domain/facts.py.
// `Facts` takes everything as already checked and judges nothing: standing.js does. Records lie in
// columns, a few bytes each. Times are seconds since 1970, UTC.

import { fromHex, toHex } from "../encoding.js";
import { Column, PackedKeys, PackedRows, PackedTexts } from "./packed.js";

const NONE = -1;
const NO_CONTENT = new Uint8Array(32);

// Flags of an attestation, and of a file.
const SETTLED = 1;
const DISCLOSED = 2;
const HARD_COPY = 1;
const HAS_CONTENT = 2;

/** A `demand.issued` or `demand.amended`: its leaf, the prefix seen, the key and the predicate. */
export class Demand {
  constructor(leaf, seen, key, predicate) {
    this.leaf = leaf;
    this.seen = seen;
    this.key = key;
    this.predicate = predicate;
  }

  /** The name of the lead controller. */
  get lead() {
    return this.predicate.parties.controllers.find(({ role }) => role === "lead").name;
  }

  /** The names of all controllers. */
  get controllers() {
    return this.predicate.parties.controllers.map(({ name }) => name);
  }

  get contractor() {
    return this.predicate.parties.contractor.name;
  }

  /** The controllers whose reviews count (rule 4). */
  get counting() {
    const each = this.predicate.parties.concurrence === "each";
    return new Set(each ? this.controllers : [this.lead]);
  }
}

/** What a log said of files, stores and the demand. */
export class Facts {
  /** By storeId, in the order they were named. `released` is the amendment that let a store go. */
  stores = new Map();
  demands = [];
  closures = [];
  #organisations = [];

  // Files: number -> column.
  #fileIds = new PackedKeys(16);
  #fileLeaf = new Column(Uint32Array);
  #fileContent = new PackedRows(32); // zeros where there is none
  #fileNames = new PackedTexts();
  #fileFlags = new Column(Uint8Array);
  #fileAttestation = new Column(Int32Array);
  #fileReview = new Column(Int32Array);
  #fileReopening = new Map(); // few files ever are

  // Attestations, each with the number of the one before it of the same file.
  #atFile = new Column(Uint32Array);
  #atLeaf = new Column(Uint32Array);
  #atSeen = new Column(Uint32Array);
  #atKey = new Column(Uint32Array);
  #atStated = new Column(Float64Array);
  #atFlags = new Column(Uint8Array);
  #atStatement = new PackedRows(32);
  #atBefore = new Column(Int32Array);

  // Reviews, each with the number of the one before it of the same file.
  #reAttestation = new Column(Uint32Array);
  #reLeaf = new Column(Uint32Array);
  #reKey = new Column(Uint32Array);
  #reOrganisation = new Column(Uint32Array);
  #reAccepted = new Column(Uint8Array);
  #reStated = new Column(Float64Array);
  #reBefore = new Column(Int32Array);

  // Reopenings, each with the number of the one before it of the same file.
  #opLeaf = new Column(Uint32Array);
  #opBefore = new Column(Int32Array);

  // --- What the log says, leaf by leaf ------------------------------------------------------------

  /** A `file.named`; `content` is the SHA-256 of its bytes in hex, or undefined. */
  nameFile(leaf, fileId, name, kind, content) {
    this.#fileIds.add(bytesOf(fileId));
    this.#fileLeaf.append(leaf);
    this.#fileContent.append(content === undefined ? NO_CONTENT : fromHex(content));
    this.#fileNames.append(name);
    this.#fileFlags.append(
      (kind === "hard_copy" ? HARD_COPY : 0) | (content === undefined ? 0 : HAS_CONTENT),
    );
    this.#fileAttestation.append(NONE);
    this.#fileReview.append(NONE);
  }

  /** A `store.named`. */
  nameStore(leaf, storeId, body) {
    this.stores.set(storeId, { leaf, storeId, body, withdrawn: undefined, released: undefined });
  }

  /** A `store.withdrawn`; it has no effect until an amendment covers it. */
  withdrawStore(leaf, storeId) {
    this.stores.get(storeId).withdrawn = leaf;
  }

  /** A `demand.issued` or `demand.amended`. */
  demand(leaf, seen, key, predicate) {
    this.demands.push(new Demand(leaf, seen, key, predicate));
    for (const store of this.stores.values()) {
      if (store.released === undefined && store.withdrawn < seen) store.released = leaf;
    }
  }

  /** An `attestation.signed` of a named file; `statement` is its hash in hex. */
  attest(leaf, seen, key, fileId, statement, { statedAt, settled, disclosed }) {
    const file = this.#fileIds.find(bytesOf(fileId));
    this.#atFile.append(file);
    this.#atLeaf.append(leaf);
    this.#atSeen.append(seen);
    this.#atKey.append(key);
    this.#atStated.append(statedAt);
    this.#atFlags.append((settled ? SETTLED : 0) | (disclosed ? DISCLOSED : 0));
    this.#atStatement.append(fromHex(statement));
    this.#atBefore.append(this.#fileAttestation.at(file));
    this.#fileAttestation.set(file, this.#atLeaf.length - 1);
  }

  /** An `attestation.reviewed` of the attestations with these numbers. */
  review(leaf, key, organisation, attestations, { statedAt, accepted }) {
    let by = this.#organisations.indexOf(organisation);
    if (by < 0) by = this.#organisations.push(organisation) - 1;
    for (const attestation of attestations) {
      const file = this.#atFile.at(attestation);
      this.#reAttestation.append(attestation);
      this.#reLeaf.append(leaf);
      this.#reKey.append(key);
      this.#reOrganisation.append(by);
      this.#reAccepted.append(accepted ? 1 : 0);
      this.#reStated.append(statedAt);
      this.#reBefore.append(this.#fileReview.at(file));
      this.#fileReview.set(file, this.#reLeaf.length - 1);
    }
  }

  /** A `file.reopened` of a named file. */
  reopen(leaf, fileId) {
    const file = this.#fileIds.find(bytesOf(fileId));
    this.#opLeaf.append(leaf);
    this.#opBefore.append(this.#fileReopening.get(file) ?? NONE);
    this.#fileReopening.set(file, this.#opLeaf.length - 1);
  }

  /** A `demand.closed`. */
  close(leaf, key, outcome, { statedAt }) {
    this.closures.push({ leaf, key, outcome, statedAt });
  }

  // --- Asking ---------------------------------------------------------------------------------------

  /** How many files were named. */
  get fileCount() {
    return this.#fileIds.length;
  }

  /** The named file with this identifier, or undefined. */
  file(fileId) {
    const number = this.#fileIds.find(bytesOf(fileId));
    return number === undefined ? undefined : this.fileByNumber(number);
  }

  /** The file that was named as the `number`-th, counting from 0. */
  fileByNumber(number) {
    const flags = this.#fileFlags.at(number);
    return {
      number,
      leaf: this.#fileLeaf.at(number),
      fileId: uuidOf(this.#fileIds.at(number)),
      name: this.#fileNames.at(number),
      kind: flags & HARD_COPY ? "hard_copy" : "electronic",
      content: flags & HAS_CONTENT ? toHex(this.#fileContent.at(number)) : undefined,
    };
  }

  /** Every named file, in the log's order. */
  * files() {
    for (let number = 0; number < this.fileCount; number += 1) yield this.fileByNumber(number);
  }

  /** The leaves of the `file.named`, ascending. Not to be changed. */
  fileLeaves() {
    return this.#fileLeaf;
  }

  /** The `number`-th attestation of the log, counting from 0. */
  attestation(number) {
    const flags = this.#atFlags.at(number);
    return {
      number,
      file: this.#atFile.at(number),
      leaf: this.#atLeaf.at(number),
      seen: this.#atSeen.at(number),
      key: this.#atKey.at(number),
      statement: toHex(this.#atStatement.at(number)),
      settled: Boolean(flags & SETTLED),
      disclosed: Boolean(flags & DISCLOSED),
      statedAt: this.#atStated.at(number),
    };
  }

  /** The attestations of the file with this number, newest first. */
  * attestations(file) {
    for (let number = this.#fileAttestation.at(file); number !== NONE;) {
      yield this.attestation(number);
      number = this.#atBefore.at(number);
    }
  }

  /** The newest attestation of the file with this number, or undefined. */
  newestAttestation(file) {
    return this.attestations(file).next().value;
  }

  /** The reviews of the file with this number, newest first. */
  * reviews(file) {
    for (let number = this.#fileReview.at(file); number !== NONE;) {
      yield {
        attestation: this.#reAttestation.at(number),
        leaf: this.#reLeaf.at(number),
        key: this.#reKey.at(number),
        organisation: this.#organisations[this.#reOrganisation.at(number)],
        accepted: this.#reAccepted.at(number) === 1,
        statedAt: this.#reStated.at(number),
      };
      number = this.#reBefore.at(number);
    }
  }

  /** The leaves at which any file was reopened, ascending. Not to be changed. */
  allReopenings() {
    return this.#opLeaf;
  }

  /** The leaves at which the file with this number was reopened, newest first. */
  * reopenings(file) {
    for (let number = this.#fileReopening.get(file) ?? NONE; number !== NONE;) {
      yield this.#opLeaf.at(number);
      number = this.#opBefore.at(number);
    }
  }
}

// A UUID is written with hyphens after 8, 12, 16 and 20 digits; the column keeps its 16 bytes.
function bytesOf(uuid) {
  return fromHex(uuid.replaceAll("-", ""));
}

function uuidOf(bytes) {
  const hex = toHex(bytes);
  return [[0, 8], [8, 12], [12, 16], [16, 20], [20, 32]].map(([from, to]) => hex.slice(from, to))
    .join("-");
}
