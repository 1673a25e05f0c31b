// The report in words: a port of attest/bundle/report_text.py, line by line.

import { VERIFIED } from "./report.js";
import {
  CONFIRMATION_METHODS, EVENTS, FILE_STATES, capital, count, momentUtc, number, shortDay,
} from "./wording.js";

const LABEL = 14; // columns before what a label is about
const WIDTH = 88; // columns of a sentence

const DEMAND_STATES = {
  not_issued: "not issued",
  issued: "issued, and not closed",
  closed: "closed",
  closed_with_exceptions: "closed with exceptions",
  withdrawn: "withdrawn",
};
const TRUSTED = {
  pinned: "pinned by your trust file",
  confirmed: "confirmed by a pinned signatory's key",
  no: "not trusted: neither pinned nor confirmed by a pinned signatory's key",
};

/** The report, line by line, without line ends. */
export function* lines(report) {
  const head = report.head();
  yield* verdict(head);
  if (head.failure !== undefined) return;
  yield "";
  yield* demand(head.demand);
  yield "";
  yield "Signed: the files";
  let some = false;
  for (const item of report.files()) {
    yield* file(item);
    some = true;
  }
  if (!some) yield "  No file is named.";
  yield "";
  yield "Signed: the keys";
  for (const item of head.keys) yield* key(item);
  yield "";
  yield* operatorsWord(head);
  yield "";
  if (head.timestamps.length > 0) {
    yield* timestamps(head.timestamps);
    yield "";
  }
  yield* head.extract === undefined ? notChecked(head) : extract(head.extract);
}

function* verdict(head) {
  const names = (head.reasons ?? []).map(({ reason }) => reason).join(", ");
  yield `${head.verdict} ${names}`.trimEnd();
  yield "";
  if (head.failure !== undefined) {
    const { step, leaf, reason } = head.failure;
    yield row("Step", step);
    if (leaf !== undefined) yield row("Leaf", leaf);
    yield row("Reason", reason);
    yield row("Log", head.origin);
    yield "";
    yield "Nothing in this bundle should be relied on.";
    return;
  }
  if (head.verdict === VERIFIED) {
    yield "Every step passed, and all of it stands on keys that you trust.";
  }
  for (const { reason, sentence, keys } of head.reasons) {
    yield* wrapped(`${capital(reason)}. ${sentence}`);
    for (const said of keys) {
      yield `  ${who(said)}`;
      yield `  ${said.fingerprint}`;
    }
  }
  yield "";
  yield row("Log", head.origin);
  const { size, rootHash } = head.checkpoint;
  const leaves = size === 1 ? "leaf" : "leaves";
  yield row("Checkpoint", `${number(size)} ${leaves}, signed by the log key`);
  yield row("", rootHash);
  yield row("Witnessed", `by ${count(head.received, "checkpoint")} that you received`);
}

function* demand(data) {
  yield row("Demand", DEMAND_STATES[data.state]);
  if (data.claimed !== undefined) {
    yield row("", `with untrusted keys: ${DEMAND_STATES[data.claimed]}`);
  }
  if (data.reference === undefined) return;
  if (data.state === "not_issued") {
    yield row("", "The rest of this part is by a key that you do not trust.");
  }
  yield row("Reference", data.reference);
  yield row("Due", shortDay(data.dueOn));
  for (const { name, role } of data.parties.controllers) {
    yield row("Controller", `${name} (${role})`);
  }
  yield row("Contractor", data.parties.contractor.name);
  yield* said("Demanded", data.statement);
  if (data.closure !== undefined) yield* said("Closed", data.closure);
}

function* file(data) {
  yield "";
  yield `  ${shown(data.name)}`;
  yield* indented(standing(data));
  if (data.claimed !== undefined) {
    yield* indented([row("", "With untrusted keys it would stand like this:")]);
    yield* indented(standing(data.claimed));
  }
}

function* standing({ state, attestation, reviews = [] }) {
  yield row("State", FILE_STATES[state]);
  if (attestation !== undefined) {
    yield* said("Attested", attestation);
    if (attestation.disclosed) yield row("", "It says that copies left the parties named.");
    const reopened = attestation.unseenReopening;
    if (reopened !== undefined) {
      yield row("", `Its signer had not seen that the file was reopened, leaf ${reopened}.`);
    }
  }
  for (const review of reviews) yield* said(capital(review.decision), review);
}

function* said(label, data) {
  yield row(label, `by ${who(data)}`);
  yield row("", `stated on ${momentUtc(data.statedAt)}, leaf ${data.leaf}`);
  yield row("", `key ${data.fingerprint}`);
  if (data.provedBy === undefined) {
    yield row("", "proved by nothing outside");
  } else if (data.provedWith.tsa === undefined) {
    yield row("", `proved by a checkpoint that you received on ${momentUtc(data.provedBy)}`);
  } else {
    yield row("", `proved by a timestamp of ${momentUtc(data.provedBy)}`);
    yield row("", `from ${data.provedWith.tsa}`);
  }
  yield* flagged(data);
}

function* key(data) {
  yield "";
  yield `  ${who(data)}`;
  yield* indented(keyRows(data));
}

function* keyRows(data) {
  yield row("Fingerprint", data.fingerprint);
  yield row("Trusted", TRUSTED[data.trusted]);
  if (data.rotatedFrom !== undefined) {
    yield row("Made from", `the key ${data.rotatedFrom.slice(0, 16)}…, which signed it too`);
  }
  for (const item of data.confirmed) {
    const isVoid = item.void ? ", void: its signer was revoked before" : "";
    const method = CONFIRMATION_METHODS[item.method];
    yield row("Confirmed", `${method}, by the key ${item.by.slice(0, 16)}…${isVoid}`);
    yield* flagged(item);
  }
  for (const { leaf, reason, compromisedSince } of data.revoked) {
    yield row("Revoked", `at leaf ${leaf}: ${reason}`);
    if (compromisedSince !== undefined) {
      yield row("", `called compromised since ${momentUtc(compromisedSince)}`);
    }
  }
  if (data.revokedByYou !== undefined) {
    yield row("Revoked", `by your trust file, since ${momentUtc(data.revokedByYou)}`);
  }
}

function* flagged({ compromisedSince }) {
  if (compromisedSince !== undefined) {
    yield row("", `its key may have been in other hands since ${momentUtc(compromisedSince)}`);
  }
}

function* operatorsWord({ operatorsWord: types, withheld }) {
  yield "The operator's word: not signed by anybody, fixed in the log all the same";
  for (const [kind, times] of Object.entries(types)) {
    const erased = withheld[kind] ? `, ${number(withheld[kind])} of them withheld` : "";
    yield `  ${number(times).padStart(9)}  ${EVENTS[kind]}${erased}`;
  }
  yield "  Every leaf's time is the operator's clock, and alone it proves no punctuality.";
}

function* extract({ declaration, shows, supersedes, cannotShow, notCompared }) {
  yield "Signed: the words of the attestation";
  for (const line of declaration.split("\n")) yield `  ${shown(line)}`;
  yield "";
  yield "What this extract shows";
  for (const sentence of shows) yield* point(sentence);
  if (supersedes !== undefined) {
    yield* point("It supersedes the attestation with the hash");
    yield `    ${supersedes}, which is not here.`;
  }
  yield "";
  yield "What it cannot show";
  for (const sentence of cannotShow) yield* point(sentence);
  if (notCompared > 0) {
    const received = count(notCompared, "checkpoint");
    yield* point(`Whether ${received} that you received are of the same log.`);
  }
  yield* point("Whether the stores named are all that exist, and whether it is true.");
}

function* timestamps(stamps) {
  yield "Timestamps: each leads to a TSA root that you trust";
  for (const stamp of stamps) {
    yield "";
    yield `  The first ${stamp.size === 1 ? "leaf" : `${number(stamp.size)} leaves`}`;
    yield* indented(timestampRows(stamp));
  }
}

function* timestampRows({ time, accuracySeconds, proves, tsa, signedWith, until }) {
  // To the second, as the rest of the report is not: this is what the timestamp is about.
  const accuracy = accuracySeconds === undefined
    ? "without a stated accuracy"
    : `accurate to ${count(accuracySeconds, "second")}`;
  yield row("Stamped", `${time}, ${accuracy}`);
  yield row("Proved", `there by ${proves}`);
  yield row("TSA", tsa);
  yield row("Signed with", signedWith);
  yield row("Certificates", `end on ${momentUtc(until)}`);
}

function* notChecked({ notChecked: { timestamps: unchecked, certificate }, timestamps: stamps }) {
  yield "Not checked";
  if (unchecked > 0) {
    yield `  ${count(unchecked, "timestamp")}: your trust file has no tsaRoots.`;
  } else if (stamps.length === 0) {
    yield "  Timestamps: there are none.";
  }
  if (certificate) {
    yield "  certificate.pdf is a rendering for people. It is no evidence, and nobody has";
    yield "  compared it with what was signed.";
  }
  yield "  Whether the stores named are all that exist, and whether what was signed is true.";
}

// --- Lines ------------------------------------------------------------------------------------------

function row(label, value) {
  return `${label.padEnd(LABEL)}${shown(String(value))}`;
}

function* indented(rows) {
  for (const item of rows) yield `    ${item}`;
}

function point(sentence) {
  return wrapped(sentence, "  ", "    ");
}

// A sentence of our own, broken at its spaces.
function* wrapped(sentence, first = "", others = "") {
  let indent = first;
  let line = "";
  for (const word of sentence.split(" ")) {
    if (line !== "" && indent.length + line.length + 1 + word.length > WIDTH) {
      yield indent + line;
      indent = others;
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  yield indent + line;
}

function who({ holder: { name, role, organisation } }) {
  return shown(`${name}, ${role}, ${organisation}`);
}

// Nothing that was typed may steer what shows it: what does not print is escaped.
function shown(text) {
  return text.replace(/(?! )[\p{C}\p{Z}]/gu, (character) => (
    `\\u${character.codePointAt(0).toString(16).padStart(4, "0")}`
  ));
}
