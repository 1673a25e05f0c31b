// Verify an extract: the steps of docs/formats.md §6, as far as a few leaves allow (§9). A port of
// attest/bundle/extract_verifier.py. What is left out cannot be seen: the report says so, and never says
// VERIFIED.

import { sameBytes } from "../encoding.js";
import { Archive } from "./archive.js";
import { openCheckpoint } from "./checkpoint.js";
import {
  BODIES, CHECKPOINT, EXTRACT, LEAVES, MAX_EXTRACTED, consistencySize, inclusionIndex, stampedSize,
} from "./extract-layout.js";
import { ExtractRules, ProvedPrefixes } from "./extract-rules.js";
import { Failure, atStep, soonAtStep } from "./failure.js";
import { Judge } from "./judge.js";
import { MAX_BODY, MAX_LEAF } from "./layout.js";
import { parseLeaf } from "./leaf.js";
import { EMPTY_ROOT, leafHash, verifyConsistency, verifyInclusion } from "./merkle.js";
import { openEnvelope, openStatement } from "./opening.js";
import { parseConsistency, parseInclusion } from "./proofs.js";
import { STORED } from "./records.js";
import { expectOurSpelling } from "./spelling.js";
import { tokenChecker } from "./timestamps.js";
import { trustedViews } from "./trusted.js";
import { Witnesses } from "./witnesses.js";

// What an extract may hold: one of these, and any number of those.
const ONE = new Set(["file.named", "attestation.signed", "demand.issued", "demand.closed"]);
const SOME = new Set([
  "key.enrolled", "key.confirmed", "key.revoked", "store.named", "demand.amended",
  "attestation.reviewed", "file.reopened",
]);

/** Take an extract (a Blob) through the steps. Throws Failure where one refuses. */
export async function verifyExtract(file, trust, progress) {
  // 1. The zip.
  const archive = await Archive.open(file, EXTRACT);
  for (const { name, method } of archive.entries.values()) {
    if (method !== STORED) throw new Failure(1, null, `${name} is not stored, as all of an extract is`);
  }
  await expectOurSpelling(archive, file);
  return new Verification(archive, trust, progress).run();
}

// One run. Each method is a step, or a few.
class Verification {
  #archive;
  #trust;
  #progress;
  #note; // the checkpoint's bytes
  #attested; // what the attestation says

  constructor(archive, trust, progress) {
    this.#archive = archive;
    this.#trust = trust;
    this.#progress = progress;
  }

  async run() {
    // 2. The newest checkpoint.
    this.#note = await this.#archive.read(CHECKPOINT);
    const checkpoint = await soonAtStep(2, null, () => this.#open(this.#note));
    // 3. and 4. Proofs.
    const indexes = await this.#included(checkpoint);
    const roots = await this.#prefixes(checkpoint);
    const { received, notCompared } = await this.#received(roots);
    // 5. to 12. The leaves with their bodies, and whether they belong.
    const judge = await this.#judge(indexes, roots);
    belongs(judge);
    // 13. Timestamps.
    const { timestamps, stamped } = await this.#timestamps(roots);
    const witnesses = new Witnesses(
      received, stamped.map(([size, { proved, tsa }]) => [size, proved, tsa]),
    );
    const { declaration, supersedes } = this.#attested;
    return {
      checkpoint,
      judge,
      witnesses,
      trusted: trustedViews(judge, this.#trust, witnesses),
      timestamps,
      attachments: 0,
      certificate: false,
      extract: { declaration: declaration.text, supersedes, notCompared },
      stamped,
    };
  }

  #open(note) {
    return openCheckpoint(note, this.#trust.origin, this.#trust.logKey);
  }

  // 3. Each leaf lies where its proof says, and its proof leads to this checkpoint.
  async #included({ size, root }) {
    const names = [...this.#archive.entries.keys()]
      .filter((name) => inclusionIndex(name) !== undefined);
    const miscounted = () => new Failure(3, null, "there are not as many proofs as leaves");
    const indexes = [];
    for await (const leaf of this.#archive.lines(LEAVES, MAX_LEAF)) {
      const name = names[indexes.length];
      if (name === undefined || indexes.length === MAX_EXTRACTED) throw miscounted();
      const index = inclusionIndex(name);
      const data = await this.#archive.read(name);
      const proof = atStep(3, index, () => parseInclusion(data));
      if (proof.index !== index) {
        throw new Failure(3, index, "the proof is of another index than its name says");
      }
      if (!sameBytes(proof.checkpoint, this.#note)) {
        throw new Failure(3, index, "the proof leads to another checkpoint");
      }
      if (!verifyInclusion(index, size, leafHash(leaf), proof.hashes, root)) {
        throw new Failure(3, index, "the leaf is not proved to lie in the log");
      }
      indexes.push(index);
      await this.#progress({ step: 3, done: indexes.length, total: names.length });
    }
    if (indexes.length !== names.length) throw miscounted();
    return indexes;
  }

  // 4. The roots of earlier prefixes, each proved.
  async #prefixes({ size: whole, root }) {
    const roots = new Map([[0, EMPTY_ROOT], [whole, root]]);
    for (const name of this.#archive.entries.keys()) {
      const size = consistencySize(name);
      if (size === undefined) continue;
      const data = await this.#archive.read(name);
      const proof = atStep(4, null, () => parseConsistency(data));
      if (proof.size !== size) {
        throw new Failure(4, null, `${name} is about a prefix of another size`);
      }
      if (!sameBytes(proof.checkpoint, this.#note)) {
        throw new Failure(4, null, `${name} leads to another checkpoint`);
      }
      if (size >= whole || !verifyConsistency(size, proof.root, whole, root, proof.hashes)) {
        throw new Failure(4, null, `${name} does not prove a prefix of the log`);
      }
      roots.set(size, proof.root);
    }
    return roots;
  }

  // 4. Checkpoints that reached the verifier: those of a size whose root was proved.
  async #received(roots) {
    const received = [];
    let notCompared = 0;
    for (const { note, receivedAt } of this.#trust.seen) {
      const { size, root } = await soonAtStep(4, null, () => this.#open(note));
      if (!roots.has(size)) {
        notCompared += 1;
      } else if (!sameBytes(root, roots.get(size))) {
        throw new Failure(
          4, null, `trust.seen: a checkpoint shows another past, of ${size} leaves`,
        );
      } else {
        received.push([size, receivedAt]);
      }
    }
    return { received, notCompared };
  }

  // 5. to 12. One leaf after the other, as in a whole log.
  async #judge(indexes, roots) {
    const { origin, demandId, pinned } = this.#trust;
    const prefixes = new ProvedPrefixes(roots);
    const judge = new Judge(origin, demandId, { pinned, prefixes, Rules: ExtractRules });
    const leaves = this.#archive.lines(LEAVES, MAX_LEAF);
    const bodies = this.#archive.lines(BODIES, MAX_BODY);
    for (let number = 0; ; number += 1) {
      const index = indexes[number];
      const { value: leaf } = await leaves.next();
      const { value: body } = await bodies.next();
      if (index === undefined && leaf === undefined && body === undefined) return judge;
      if (index === undefined || leaf === undefined) {
        throw new Failure(5, null, "there are more bodies than leaves");
      }
      if (body === undefined) throw new Failure(5, index, "the body is missing");
      const type = typeWithAPlace(judge, leaf, index);
      prefixes.skipTo(index);
      await judge.admit(leaf, body);
      if (type === "attestation.signed") this.#attested = predicateOf(body);
      await this.#progress({ step: 5, done: number, total: indexes.length });
    }
  }

  // 13. Each timestamp is over a prefix that was proved; without roots they are only counted.
  async #timestamps(roots) {
    const checkToken = tokenChecker(this.#trust);
    const stamped = [];
    let timestamps = 0;
    for (const name of this.#archive.entries.keys()) {
      const size = stampedSize(name);
      if (size === undefined) continue;
      if (!roots.has(size)) {
        throw new Failure(13, null, `${name} is over a prefix that no proof is about`);
      }
      if (checkToken === undefined) timestamps += 1;
      else stamped.push([size, await checkToken(this.#archive, name, size, roots.get(size))]);
    }
    return { timestamps, stamped };
  }
}

// 6. and 7. Nothing is there for nothing.
function belongs({ facts, keys }) {
  const attestation = facts.fileCount > 0 ? facts.newestAttestation(0) : undefined;
  if (attestation === undefined) throw new Failure(10, null, "the extract holds no attestation");
  for (const { leaf } of facts.stores.values()) {
    if (leaf >= attestation.seen) {
      throw new Failure(6, leaf, "the store is not one that the attestation answers");
    }
  }
  for (const leaf of facts.reopenings(0)) {
    if (leaf < attestation.leaf) {
      throw new Failure(6, leaf, "the file was reopened before it was attested");
    }
  }
  const acts = [attestation, ...facts.demands, ...facts.reviews(0), ...facts.closures];
  const used = keysUsed(keys, acts.map(({ key }) => keys.numbered(key).keyid));
  for (const { keyid, leaf } of keys) {
    if (!used.has(keyid)) throw new Failure(7, leaf, "the key signed nothing in this extract");
  }
}

// The keys of these signers, and those that signed anything about a key that is used.
function keysUsed(keys, signers) {
  const used = new Set();
  const waiting = [...signers];
  while (waiting.length > 0) {
    const keyid = waiting.pop();
    const key = keys.get(keyid);
    if (key === undefined || used.has(keyid)) continue;
    used.add(keyid);
    waiting.push(...[...key.confirmations, ...key.revocations].map(({ signer }) => signer));
    if (key.rotatedFrom !== undefined) waiting.push(key.rotatedFrom);
  }
  return used;
}

// 6. What may stand in an extract, and what may stand there once.
function typeWithAPlace(judge, leaf, index) {
  const { type } = atStep(6, index, () => parseLeaf(leaf));
  if (!ONE.has(type) && !SOME.has(type)) {
    throw new Failure(6, index, `${type} has no place in an extract`);
  }
  if (ONE.has(type) && judge.state.types.has(type)) {
    throw new Failure(6, index, `${type} stands in an extract once`);
  }
  return type;
}

// What an attestation says that the judge has just admitted.
function predicateOf(body) {
  return openStatement(openEnvelope(body, 8, 0), "deletion-attestation", 8, 0).predicate;
}
