// Signed statements other than those of keys: steps 8 to 12 of docs/formats.md §6. A port of
// attest/bundle/signed.py: the same checks in the same order, with the same words.

import { render } from "../declarations.js";
import { sameBytes, toHex } from "../encoding.js";
import { SIGNED_TYPES } from "./bodies.js";
import { Failure } from "./failure.js";
import { openEnvelope, openStatement } from "./opening.js";
import { isSettled } from "./outcomes.js";
import { sameMembers } from "./same.js";
import { unb64, verify } from "./signing.js";
import { ACCEPTED } from "./standing.js";

const TOLERANCE = 600; // seconds

/** Checks one statement against the log so far, and says what admitting it will change. */
export class SignedRules {
  /** What the judge knows so far. Not to be changed. */
  state;
  #rules = new Map([
    ["demand.issued", (...about) => this.#demand(...about)],
    ["demand.amended", (...about) => this.#demand(...about)],
    ["attestation.signed", (...about) => this.#attestation(...about)],
    ["attestation.reviewed", (...about) => this.#review(...about)],
    ["demand.closed", (...about) => this.#closure(...about)],
  ]);

  constructor(state) {
    this.state = state;
  }

  /** Steps 8 to 12 for the next leaf: `{statement, effect}`. Throws Failure; changes nothing. */
  async check(entry, body, leaf) {
    const { statement, key } = await this.#authority(entry, body, leaf);
    const { predicate } = statement;
    this.originAndPrefix(predicate, leaf);
    const seen = predicate.seen.size;
    this.#time(entry, statement, seen, leaf);
    const effect = this.#rules.get(entry.type)(statement, key, seen, leaf);
    await this.#declaration(entry, statement, seen, leaf);
    return { statement, effect };
  }

  // 8. Who signed, and may they?
  async #authority(entry, body, leaf) {
    const envelope = openEnvelope(body, 8, leaf);
    if (envelope.signatures.length !== 1) {
      throw new Failure(8, leaf, "a statement has exactly one signature");
    }
    const [signature] = envelope.signatures;
    const key = this.state.keys.get(signature.keyid);
    if (key === undefined) throw new Failure(8, leaf, "the key that signed is not enrolled");
    if (key.revoked) throw new Failure(8, leaf, "the key that signed was revoked before");
    if (!await verify(key.publicKey, envelope.signedBytes, signature.sig)) {
      throw new Failure(8, leaf, "the signature does not verify");
    }
    const statement = openStatement(envelope, SIGNED_TYPES.get(entry.type), 8, leaf);
    if (!sameMembers(statement.predicate.signer, { ...key.holder, keyid: key.keyid })) {
      throw new Failure(8, leaf, "signer is not the holder of the key that signed");
    }
    const { side, duty, organisations } = this.#askedFor(entry.type, statement.predicate);
    if (key.holder.side !== side || key.holder.duty !== duty) {
      throw new Failure(8, leaf, `${entry.type} needs the key of a ${side}'s ${duty}`);
    }
    if (!organisations.includes(key.holder.organisation)) {
      throw new Failure(8, leaf, "the signer's organisation is not one that may sign this");
    }
    return { statement, key };
  }

  // Side, duty and organisations by §3's tables.
  #askedFor(kind, predicate) {
    const signatory = { side: "controller", duty: "signatory" };
    if (kind === "demand.issued") {
      const lead = predicate.parties.controllers.filter(({ role }) => role === "lead");
      return { ...signatory, organisations: lead.map(({ name }) => name) };
    }
    const demand = this.state.facts.demands.at(-1);
    if (kind === "attestation.signed") {
      return { side: "contractor", duty: "officer", organisations: [demand.contractor] };
    }
    if (kind === "attestation.reviewed") {
      return { ...signatory, organisations: demand.controllers };
    }
    return { ...signatory, organisations: [demand.lead] };
  }

  // 9. The log that the signer saw.
  originAndPrefix({ seen, demandId }, leaf) {
    if (demandId !== this.state.demandId) {
      throw new Failure(9, leaf, "demandId is another demand's");
    }
    if (seen.origin !== this.state.origin) {
      throw new Failure(9, leaf, "seen.origin is another log's");
    }
    if (!(seen.size >= 1 && seen.size <= leaf)) {
      throw new Failure(9, leaf, "seen is empty, or longer than the log before this leaf");
    }
    if (!sameBytes(unb64(seen.rootHash), this.state.prefixes.rootAt(seen.size))) {
      throw new Failure(9, leaf, "seen is not a prefix of this log");
    }
  }

  // 9. Neither backdated nor postdated.
  #time(entry, statement, seen, leaf) {
    if (this.state.prefixes.at(seen - 1) - statement.statedAt > TOLERANCE) {
      throw new Failure(9, leaf, "statedAt is earlier than the last leaf that the signer saw");
    }
    if (statement.statedAt - entry.at > TOLERANCE) {
      throw new Failure(9, leaf, "statedAt is later than the leaf");
    }
  }

  // 9. A demand covers every file and store; an amendment the demand before it.
  #demand(statement, key, seen, leaf) {
    const { facts, files, stores } = this.state;
    const covered = facts.demands.length === 0
      ? Math.max(files.last, stores.last)
      : facts.demands.at(-1).leaf;
    if (seen <= covered) throw new Failure(9, leaf, `seen does not cover leaf ${covered}`);
    return () => facts.demand(leaf, seen, key.number, statement.predicate);
  }

  // 10. The file, every store, and what is superseded.
  #attestation(statement, key, seen, leaf) {
    const { facts } = this.state;
    const { fileId, copies, onward } = statement.predicate;
    const file = facts.file(fileId);
    if (file === undefined || file.leaf >= seen) {
      throw new Failure(10, leaf, "fileId is no file named in the prefix seen");
    }
    if (!sameMembers(statement.subject, this.#fileSubject(file))) {
      throw new Failure(10, leaf, "the subject is not the file as it was named");
    }
    const answered = copies.map(({ storeId }) => storeId);
    const standing = this.state.view(seen).stores.map(({ storeId }) => storeId);
    if (answered.join() !== standing.join()) {
      throw new Failure(10, leaf, storesDiffer(answered, standing));
    }
    this.supersedes(statement, file, leaf);
    const settled = copies.every(({ outcome }) => isSettled(outcome));
    return () => facts.attest(leaf, seen, key.number, fileId, statement.hash, {
      statedAt: statement.statedAt, settled, disclosed: onward.disclosed,
    });
  }

  // 10. Exactly when the file has an attestation already, and then the last one.
  supersedes({ predicate }, file, leaf) {
    if (predicate.supersedes !== this.state.facts.newestAttestation(file.number)?.statement) {
      throw new Failure(10, leaf, "supersedes does not name the file's last attestation");
    }
  }

  #fileSubject(file) {
    const body = toHex(this.state.prefixes.bodies.at(file.leaf));
    const subject = [{ name: file.name, digest: { sha256: body } }];
    if (file.content !== undefined) {
      subject.push({ name: "content", digest: { sha256: file.content } });
    }
    return subject;
  }

  // 12. The attestations reviewed; 9. every earlier review of theirs by the same organisation.
  #review(statement, key, seen, leaf) {
    const { facts } = this.state;
    const view = this.state.view(seen);
    const { organisation } = key.holder;
    const attestations = this.reviewed(statement, leaf).map(({ name, digest }) => {
      const file = facts.file(name);
      const last = file === undefined ? undefined : view.lastAttestation(file.number);
      if (last === undefined || digest.sha256 !== last.statement) {
        throw new Failure(12, leaf, "a subject is not its file's last attestation in seen");
      }
      for (const review of facts.reviews(last.file)) {
        if (review.organisation !== organisation) continue;
        if (review.leaf < seen) break;
        throw new Failure(9, leaf, `seen does not cover the review at leaf ${review.leaf}`);
      }
      return last.number;
    });
    const accepted = statement.predicate.decision === "accepted";
    return () => facts.review(leaf, key.number, organisation, attestations, {
      statedAt: statement.statedAt, accepted,
    });
  }

  // The subjects of a review that are judged here: all of them.
  reviewed({ subject }) {
    return subject;
  }

  // 9. A closure covers every act; 12. it needs what its outcome says, at its own leaf.
  #closure(statement, key, seen, leaf) {
    const state = this.state;
    const { outcome } = statement.predicate;
    if (seen <= state.lastAct) {
      throw new Failure(9, leaf, `seen does not cover leaf ${state.lastAct}`);
    }
    if (outcome !== "withdrawn") this.#closable(outcome, leaf);
    return () => {
      state.facts.close(leaf, key.number, outcome, { statedAt: statement.statedAt });
      state.closed = true;
    };
  }

  #closable(outcome, leaf) {
    const view = this.state.view();
    for (let number = 0; number < this.state.facts.fileCount; number += 1) {
      const standing = view.file(number);
      if (standing.state !== ACCEPTED) {
        throw new Failure(12, leaf, `${outcome}, but a file is ${standing.state}`);
      }
      if (outcome === "closed" && !standing.attestation.settled) {
        throw new Failure(12, leaf, "closed, but a copy is not settled");
      }
    }
  }

  // 11. What the signer read is what these members and the prefix make.
  async #declaration(entry, statement, seen, leaf) {
    const { subject, predicate } = statement;
    let text;
    try {
      const context = this.context(statement, seen);
      text = await render(SIGNED_TYPES.get(entry.type), { subject, predicate }, context);
    } catch {
      // Members are by their schema here, so that only the prefix can lack something.
      throw new Failure(11, leaf, "the prefix seen lacks what the declaration names");
    }
    if (predicate.declaration.text !== text) {
      throw new Failure(11, leaf, "the declaration is not what the template makes");
    }
  }

  // What the declaration may name.
  context(statement, seen) {
    return this.state.context(seen);
  }
}

function storesDiffer(answered, standing) {
  const given = new Set(answered);
  const leftOut = standing.filter((storeId) => !given.has(storeId)).length;
  if (leftOut > 0) return `copies leaves ${leftOut} of the ${standing.length} standing stores out`;
  return "copies answers a store that does not stand in the prefix seen";
}
