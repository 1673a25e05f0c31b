// The text that a signer reads and signs (docs/formats.md §3, "declaration"), template v1: a port of
// attest/statements/declarations.py, held to the same vectors (tests/vectors/declarations.json).
// The signing page renders each declaration again with it, and refuses one that reads otherwise.

import { copyLines } from "./copy-lines.js";
import { sha256, utf8 } from "./encoding.js";
import { day, moment, number, pick, plain, quoted } from "./wording-v1.js";

export const TEMPLATE = "v1";
export const LANG = "en-GB";

const MEDIUM = { electronic: "electronic", hard_copy: "hard copy" };
const DUTY = { signatory: "signatory", officer: "assurance officer" };
const DECISION = { accepted: "accept", rejected: "reject" };
const CONCURRENCE = {
  lead: "The lead controller decides whether an attestation is accepted.",
  each: "An attestation is accepted when every controller accepts it.",
};
const ACTION = {
  delete: "The contractor must delete every copy of every file.",
  return: "The contractor must return every copy of every file.",
  delete_or_return: "The contractor must delete or return every copy of every file.",
};
const CLOSURE = {
  closed: "The demand is closed: every file is accepted, and every copy is settled.",
  closed_with_exceptions: "The demand is closed with exceptions: every file is accepted.",
  withdrawn: "The demand is withdrawn: nothing more is asked for.",
};

/** Count bodies, in log order, and hash their list: each hash in hex, then U+000A. */
export async function listing(bodyHashes) {
  const list = bodyHashes.map((hash) => `${hash}\n`).join("");
  return { count: bodyHashes.length, sha256: await sha256(utf8(list)) };
}

/**
 * The text for a statement, whatever its `declaration` says. Throws for a statement without one
 * (those about keys), and for members that the template cannot put into words.
 *
 * `context` is what the signer saw: `file(fileId)` and `store(storeId)` give bodies and throw for
 * what is not there; `files`, `stores` and `withdrawn` are listings; `reference` is the standing
 * demand's, undefined before the first.
 */
export async function render(name, statement, context) {
  const { subject, predicate } = statement;
  const body = await pick(TEMPLATES, name)(subject, predicate, context);
  // Normalised, because the n of an escaped line break would join an accent that follows it.
  return [...body, ...ending(predicate)].join("\n").normalize("NFC");
}

function demand(subject, predicate, context) {
  const { parties } = predicate;
  const lines = [
    `This is the deletion demand with the reference ${quoted(predicate.reference)}.`,
  ];
  if (context.reference !== undefined) {
    lines.push(`It replaces the demand with the reference ${quoted(context.reference)}.`);
  }
  for (const { name, role } of parties.controllers) {
    const kind = role === "lead" ? "the lead controller" : "a joint controller";
    lines.push(`${quoted(name)} is ${kind}.`);
  }
  lines.push(`${quoted(parties.contractor.name)} is the contractor.`);
  for (const { name } of parties.carriers) lines.push(`${quoted(name)} carried the data.`);
  return [
    ...lines,
    pick(CONCURRENCE, parties.concurrence),
    pick(ACTION, predicate.action),
    `It must be done by ${day(predicate.dueOn)}.`,
    `Basis: ${quoted(predicate.basis)}.`,
    `Instruction: ${quoted(predicate.instruction)}.`,
    ...covered(context),
  ];
}

function attestation(subject, predicate, context) {
  const { copies } = predicate;
  const file = context.file(predicate.fileId);
  const lines = [
    "I attest what became of every copy of one file.",
    reference(context),
    `The file is ${quoted(file.name)} (${pick(MEDIUM, file.kind)}).`,
    `Its entry in the log has the SHA-256 ${plain(subject[0].digest.sha256)}.`,
    subject.length > 1
      ? `Its content has the SHA-256 ${plain(subject[1].digest.sha256)}.`
      : "No SHA-256 of its content was given.",
    Object.hasOwn(predicate, "supersedes")
      ? `This supersedes the attestation with the hash ${plain(predicate.supersedes)}.`
      : "This is the first attestation of this file.",
    `I answer for ${number(copies.length, "store", "stores")}.`,
  ];
  for (const [index, copy] of copies.entries()) {
    const store = context.store(copy.storeId);
    lines.push(...copyLines(index + 1, copy, quoted(store.label), pick(MEDIUM, store.medium)));
  }
  return [
    ...lines,
    ...onwardLines(predicate.onward),
    "I declare that this is true to the best of my knowledge.",
  ];
}

function onwardLines({ disclosed, recipients }) {
  if (disclosed === false) {
    return ["No copy of the file left the parties that the demand names."];
  }
  const lines = [
    "Copies of the file left the parties that the demand names, to "
      + `${number(recipients.length, "recipient", "recipients")}.`,
  ];
  for (const recipient of recipients) {
    const when = Object.hasOwn(recipient, "on") ? ` on ${day(recipient.on)}` : "";
    lines.push(`${quoted(recipient.name)} was given ${quoted(recipient.what)}${when}.`);
  }
  return lines;
}

async function review(subject, predicate, context) {
  const listed = subject.map(({ name, digest }) => `${plain(name)} ${plain(digest.sha256)}\n`);
  return [
    `I ${pick(DECISION, predicate.decision)} `
      + `${number(subject.length, "attestation", "attestations")}.`,
    reference(context),
    `The list of what I reviewed has the SHA-256 ${await sha256(utf8(listed.join("")))}.`,
    ...reason(predicate),
  ];
}

function closure(subject, predicate, context) {
  return [
    pick(CLOSURE, predicate.outcome),
    reference(context),
    ...reason(predicate),
    ...covered(context),
  ];
}

function reference(context) {
  return `The deletion demand has the reference ${quoted(context.reference)}.`;
}

function reason(predicate) {
  return Object.hasOwn(predicate, "reason") ? [`Reason: ${quoted(predicate.reason)}.`] : [];
}

function covered({ files, stores, withdrawn }) {
  const lines = [
    `The log names ${number(files.count, "file", "files")}.`,
    `The list of files has the SHA-256 ${plain(files.sha256)}.`,
    `The log names ${number(stores.count, "store", "stores")}.`,
    `The list of stores has the SHA-256 ${plain(stores.sha256)}.`,
  ];
  if (withdrawn.count !== 0) {
    lines.push(`The log withdraws ${number(withdrawn.count, "store", "stores")}.`);
    lines.push(`The list of withdrawals has the SHA-256 ${plain(withdrawn.sha256)}.`);
  }
  return lines;
}

function ending({ seen, signer, statedAt }) {
  return [
    `I have seen the first ${number(seen.size, "entry", "entries")} of the log `
      + `${quoted(seen.origin)}, with the root ${plain(seen.rootHash)}.`,
    "This statement is permanent: nobody can change it or take it back.",
    `Stated on ${moment(statedAt)}.`,
    `Signed by ${quoted(signer.name)}, ${quoted(signer.role)}, `
      + `of ${quoted(signer.organisation)}, `
      + `as ${pick(DUTY, signer.duty)} for the ${plain(signer.side)}.`,
    `Signed with the key ${plain(signer.keyid)}.`,
  ];
}

const TEMPLATES = {
  "deletion-demand": demand,
  "deletion-attestation": attestation,
  "attestation-review": review,
  "demand-closure": closure,
};
