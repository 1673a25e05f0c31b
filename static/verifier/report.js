// What a verifier says: one set of facts, which the text and the JSON both come from. A port of
// attest/bundle/report.py: `head()` and `files()` give what `attest verify --json` writes.

import { fingerprint, toBase64 } from "../encoding.js";
import { PLAIN_TYPES } from "./bodies.js";
import { EXTRACT, NOT_COMPARED, SENTENCE, extractHead } from "./extract-report.js";
import { Failure } from "./failure.js";
import { formatTime, parseTime } from "./scalars.js";
import { standsDifferently } from "./trusted.js";
import { verify } from "./verifier.js";

export const VERIFIED = "VERIFIED";
export const FAILED = "FAILED";
export const INTACT_BUT = "INTACT, BUT";

const STATUS = { [VERIFIED]: 0, [FAILED]: 1, [INTACT_BUT]: 3 };

/** The outcome of one verification: `verified`, or `failure` with the step that refused. */
export class Report {
  constructor(trust, { verified, failure }) {
    this.trust = trust;
    this.verified = verified;
    this.failure = failure;
    this.reasons = verified === undefined ? [] : reasonsOf(verified);
    this.verdict = verified === undefined ? FAILED
      : this.reasons.length > 0 ? INTACT_BUT : VERIFIED;
  }

  /** The exit status of the command. */
  get status() {
    return STATUS[this.verdict];
  }

  /** Everything but the files. */
  head() {
    const { origin } = this.trust;
    const data = { verdict: this.verdict, status: this.status, origin };
    if (this.failure !== undefined) {
      const { step, reason, leaf } = this.failure;
      data.failure = leaf === null ? { step, reason } : { step, reason, leaf };
    }
    if (this.verified === undefined) return data;
    Object.assign(data, this.#intact());
    if (this.verified.extract !== undefined) data.extract = extractHead(this.verified);
    return data;
  }

  /** Every named file with its state, by whom, when, by which key, and what proves it. */
  * files() {
    if (this.verified === undefined) return;
    for (const file of this.verified.judge.facts.files()) yield this.#file(file);
  }

  // --- Parts ----------------------------------------------------------------------------------------

  #intact() {
    const {
      checkpoint, judge, timestamps, certificate, attachments, stamped,
    } = this.verified;
    const { types, withheld } = judge.state;
    const plain = [...PLAIN_TYPES.keys()].filter((kind) => types.has(kind));
    return {
      reasons: this.reasons.map(({ name, sentence, keys }) => (
        { reason: name, sentence, keys: keys.map(keyData) }
      )),
      checkpoint: { size: checkpoint.size, rootHash: toBase64(checkpoint.root) },
      received: this.trust.seen.length - notCompared(this.verified),
      demand: this.#demand(),
      keys: [...judge.keys].map((key) => this.#keyStanding(key)),
      operatorsWord: Object.fromEntries(plain.map((kind) => [kind, types.get(kind)])),
      withheld: Object.fromEntries([...withheld].sort()),
      notChecked: { timestamps, certificate },
      attachments,
      timestamps: stamped.map(([size, stamp]) => stampData(size, stamp)),
    };
  }

  #demand() {
    const { view, claimed } = this.verified.trusted;
    const data = { state: demandState(view) };
    if (demandState(claimed) !== data.state) data.claimed = demandState(claimed);
    const demand = view.demand ?? claimed.demand;
    if (demand !== undefined) {
      const { reference, dueOn, parties, statedAt } = demand.predicate;
      Object.assign(data, { reference, dueOn, parties });
      data.statement = this.#said(demand.leaf, demand.key, statedAt);
    }
    const { closure } = view;
    if (closure !== undefined) {
      data.closure = this.#said(closure.leaf, closure.key, formatTime(closure.statedAt));
    }
    return data;
  }

  #file(file) {
    const { view, claimed } = this.verified.trusted;
    const standing = view.file(file.number);
    const other = claimed.file(file.number);
    const data = { fileId: file.fileId, name: file.name, kind: file.kind };
    if (file.content !== undefined) data.sha256 = file.content;
    Object.assign(data, this.#standing(standing));
    if (standsDifferently(standing, other)) data.claimed = this.#standing(other);
    return data;
  }

  #standing({ state, attestation, reviews }) {
    const data = { state };
    if (attestation !== undefined) data.attestation = this.#attestation(attestation);
    if (reviews.length > 0) data.reviews = reviews.map((review) => this.#review(review));
    return data;
  }

  #attestation({ statement, settled, disclosed, file, seen, leaf, key, statedAt }) {
    const said = this.#said(leaf, key, formatTime(statedAt));
    const data = { statement, settled, disclosed, ...said };
    for (const reopened of this.verified.judge.facts.reopenings(file)) {
      // It may have been held back; the state goes by the leaves all the same.
      if (seen <= reopened && reopened < leaf) data.unseenReopening = reopened;
    }
    return data;
  }

  #review({ accepted, leaf, key, statedAt }) {
    const decision = accepted ? "accepted" : "rejected";
    return { decision, ...this.#said(leaf, key, formatTime(statedAt)) };
  }

  // By whom, when, by which key, and since when something outside proves it.
  #said(leaf, key, statedAt) {
    const { judge, witnesses } = this.verified;
    const by = judge.keys.numbered(key);
    const data = { leaf, at: formatTime(judge.at(leaf)), statedAt, ...keyData(by) };
    const proof = witnesses.proof(leaf);
    if (proof !== undefined) {
      const { moment, size, tsa } = proof;
      data.provedBy = formatTime(moment);
      data.provedWith = tsa === "" ? { size } : { size, tsa };
    }
    return { ...data, ...flag(this.verified, leaf, by, parseTime(statedAt)) };
  }

  #keyStanding(key) {
    const data = { ...keyData(key), leaf: key.leaf, trusted: this.#trusted(key) };
    if (key.rotatedFrom !== undefined) data.rotatedFrom = key.rotatedFrom;
    data.confirmed = key.confirmations.map((item) => this.#confirmation(item));
    data.revoked = key.revocations.map(({ leaf, signer, reason, since }) => ({
      leaf,
      by: signer,
      reason,
      ...(since === undefined ? {} : { compromisedSince: formatTime(since) }),
    }));
    const since = this.trust.revoked.get(key.keyid);
    if (since !== undefined) data.revokedByYou = formatTime(since);
    return data;
  }

  #confirmation({ leaf, signer, method, void: isVoid }) {
    const { judge } = this.verified;
    const by = judge.keys.get(signer);
    const data = { leaf, by: signer, method, void: isVoid };
    return { ...data, ...flag(this.verified, leaf, by, judge.at(leaf)) };
  }

  #trusted(key) {
    if (this.trust.pinned.has(key.keyid)) return "pinned";
    return this.verified.trusted.trustedKeys.has(key.number) ? "confirmed" : "no";
  }
}

/** Verify a bundle and report. Throws CannotVerify as `verify` does. */
export async function check(file, trust, options) {
  try {
    return new Report(trust, { verified: await verify(file, trust, options) });
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    return new Report(trust, { failure });
  }
}

// `not_issued`, `issued`, or how it was closed.
function demandState({ demand, closure }) {
  if (demand === undefined) return "not_issued";
  return closure === undefined ? "issued" : closure.outcome;
}

function reasonsOf(verified) {
  const { trusted, witnesses, extract } = verified;
  const reasons = [];
  if (extract !== undefined) reasons.push({ name: EXTRACT, sentence: SENTENCE, keys: [] });
  if (trusted.notPinned.length > 0) {
    reasons.push({
      name: "keys not pinned",
      sentence: "Some of it stands on keys that your trust file does not pin, and that no pinned "
        + "signatory's key confirmed. Without their word it stands as shown.",
      keys: trusted.notPinned,
    });
  }
  if (witnesses.isEmpty) {
    reasons.push({
      name: "not witnessed",
      sentence: notCompared(verified) > 0
        ? NOT_COMPARED
        : "Your trust file holds no checkpoint from a letter, so that nothing outside "
          + "shows that others were given the same log, or when.",
      keys: [],
    });
  }
  if (trusted.revoked.length > 0) {
    reasons.push({
      name: "key revoked",
      sentence: "Your trust file calls keys revoked, and nothing outside proves that what they "
        + "signed is older. Without their word it stands as shown.",
      keys: trusted.revoked,
    });
  }
  return reasons;
}

// `compromisedSince` where the key may have been in other hands when this was logged. Both times are
// only claims, so the later one counts; but what something outside proves older than the moment that
// the key's revocation names is not touched by it.
function flag({ judge, witnesses }, leaf, key, statedAt) {
  const since = key.compromisedSince;
  const proved = witnesses.proved(leaf);
  if (since === undefined || (proved !== undefined && proved < since)) return {};
  const isLate = Math.max(judge.at(leaf), statedAt) >= since;
  return isLate ? { compromisedSince: formatTime(since) } : {};
}

function notCompared({ extract }) {
  return extract?.notCompared ?? 0;
}

function stampData(size, { time, accuracy, proved, tsa, signedWith, until }) {
  return {
    size,
    time: formatTime(time),
    ...(accuracy === undefined ? {} : { accuracySeconds: accuracy }),
    proves: formatTime(proved),
    tsa,
    signedWith,
    until: formatTime(until),
  };
}

function keyData({ keyid, holder }) {
  return { keyid, fingerprint: fingerprint(keyid), holder };
}
