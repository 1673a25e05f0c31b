// What template v1 says about one copy: every member of its entry, one sentence a line. A port of
// attest/statements/copy_lines.py, held to the same vectors.

import { day, number, pick, plain, quoted } from "./wording-v1.js";

const INDENT = "   ";

const OUTCOME = {
  none_found: "searched, and no copy was found",
  deleted: "deleted",
  destroyed: "destroyed",
  crypto_erased: "made unreadable by destroying the encryption key",
  returned: "returned",
  beyond_use: "put beyond use, and not deleted yet",
  legal_hold: "kept under a legal hold, and not deleted",
  cannot_locate: "searched, and the copy could not be located",
  passed_on: "passed on to somebody else",
};

const METHOD = {
  file_deletion: "deletion of the file",
  overwrite: "overwriting of the file",
  block_erase: "block erase of the whole medium",
  secure_erase: "secure erase of the whole medium",
  degauss: "degaussing of the medium",
  shred: "shredding",
  incinerate: "incineration",
  pulverise: "pulverising",
  disintegrate: "disintegration",
  key_destruction: "destruction of the encryption key",
  retention_expiry: "expiry of the retention period",
};

const SAFEGUARD = {
  no_decisions: "Until then, it is not used for any decision about anybody.",
  no_sharing: "Until then, nobody else is given access to it.",
  secured: "Until then, it is kept secure.",
  will_delete: "It will be deleted as soon as that is possible.",
};

const MEDIUM_PARTS = [
  ["manufacturer", "manufacturer"],
  ["model", "model"],
  ["serial", "serial number"],
  ["assetTag", "asset tag"],
];

/** The lines for one entry of `copies`; `label` is quoted already. */
export function copyLines(position, copy, label, medium) {
  return [
    `${position}. Store ${label} (${medium}): ${pick(OUTCOME, copy.outcome)}.`,
    ...[...answer(copy), ...details(copy)].map((line) => `${INDENT}${line}`),
  ];
}

// What the outcome needs, and on whose word it is.
function answer(copy) {
  const has = (member) => Object.hasOwn(copy, member);
  const lines = [];
  if (has("onWordOf")) lines.push(`This is on the word of ${quoted(copy.onWordOf)}.`);
  if (has("search")) {
    const { scope, on, by } = copy.search;
    lines.push(`What was searched: ${quoted(scope)}.`);
    lines.push(`Searched on ${day(on)} by ${quoted(by)}.`);
  }
  if (has("method")) lines.push(`Method: ${pick(METHOD, copy.method)}.`);
  if (has("level")) {
    lines.push(`Size of the pieces: level ${plain(copy.level)} of ISO/IEC 21964.`);
  }
  if (has("performedOn")) {
    lines.push(`Done on ${day(copy.performedOn)} by ${quoted(copy.performedBy)}.`);
  }
  if (has("witnessedBy")) lines.push(`Witnessed by ${quoted(copy.witnessedBy)}.`);
  if (has("returnedTo")) lines.push(`Returned to ${quoted(copy.returnedTo)}.`);
  if (has("exception")) {
    const { basis, until, safeguards = [] } = copy.exception;
    lines.push(`Reason for keeping it: ${quoted(basis)}.`);
    lines.push(`This exception ends on ${day(until)}.`);
    lines.push(...safeguards.map((name) => pick(SAFEGUARD, name)));
  }
  if (has("passedTo")) {
    lines.push(`Passed on to ${quoted(copy.passedTo.name)}.`);
    lines.push(Object.hasOwn(copy.passedTo, "demand")
      ? `The demand raised against them is ${quoted(copy.passedTo.demand)}.`
      : "No demand raised against them is named.");
  }
  if (copy.outcome === "deleted") {
    lines.push("This does not claim that the medium itself was sanitised.");
  }
  return lines;
}

// What any outcome may have.
function details(copy) {
  const has = (member) => Object.hasOwn(copy, member);
  const lines = [];
  if (has("count")) lines.push(`This is about ${number(copy.count, "copy", "copies")}.`);
  if (has("technique")) lines.push(`Technique: ${quoted(copy.technique)}.`);
  if (has("standard")) {
    const standard = plain(copy.standard);
    lines.push(`Standard: ${standard === "other" ? "another one" : standard}.`);
  }
  if (has("tool")) lines.push(`Tool: ${quoted(copy.tool)}.`);
  if (has("media")) {
    lines.push(`This is about ${number(copy.media.length, "medium", "media")}.`);
    lines.push(...copy.media.map((item) => `Medium: ${medium(item)}.`));
  }
  if (has("verification")) {
    const { by, method, result } = copy.verification;
    lines.push(`Verified by ${quoted(by)}: ${quoted(method)}.`);
    lines.push(`Result of the verification: ${quoted(result)}.`);
  }
  for (const { name, digest } of copy.evidence ?? []) {
    lines.push(`Evidence: ${quoted(name)}, with the SHA-256 ${plain(digest.sha256)}.`);
  }
  if (has("note")) lines.push(`Note: ${quoted(copy.note)}.`);
  return lines;
}

function medium(item) {
  return MEDIUM_PARTS.filter(([name]) => Object.hasOwn(item, name))
    .map(([name, words]) => `${words} ${quoted(item[name])}`)
    .join(", ");
}
