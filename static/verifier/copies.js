// One copy's entry in an attestation: table and claim guard (docs/formats.md §3, "Copies"). A port of
// attest/domain/copies.py, sentence by sentence. What is wrong is told as `{member, sentence}`.

import { FormatError } from "../encoding.js";
import {
  ALL_LEVELS, ALWAYS_ALLOWED, METHODS, OUTCOMES, SAFEGUARDS, STANDARDS,
} from "./outcomes.js";
import { isSha256, isUuid, parseDate } from "./scalars.js";
import { characters, isBlank, problem as textProblem } from "./text.js";
import { number } from "./wording.js";

const MAX_NOTE = 10_000;
const MAX_MEDIA = 500;
const MAX_EVIDENCE = 100;

/** Everything that is wrong with one entry of `copies`; an empty list where nothing is. */
export function problems(copy) {
  const outcome = OUTCOMES.get(copy.outcome);
  if (outcome === undefined) return [wrong("outcome", "Say what became of the copy.")];
  const { needs, may } = membersOf(outcome, copy);
  const found = needs.filter((member) => !Object.hasOwn(copy, member)).map(missing);
  for (const member of inOrder(copy)) {
    const value = copy[member];
    if (member === "outcome") continue;
    if (!may.has(member)) {
      found.push(wrong(member, `This does not go with “${outcome.words}”: leave it out.`));
    } else if (member === "method") {
      found.push(...method(outcome, value));
    } else if (member === "exception" && outcome.name === "beyond_use") {
      found.push(...BEYOND_USE(member, value));
    } else {
      found.push(...MEMBERS.get(member)(member, value));
    }
  }
  return found;
}

function membersOf(outcome, copy) {
  const needs = ["storeId", ...outcome.needs];
  const may = new Set([...needs, ...outcome.may, ...ALWAYS_ALLOWED]);
  if (may.has("level")) {
    const named = METHODS.get(copy.method);
    if (named?.needsLevel) needs.push("level");
    else if (named !== undefined) may.delete("level");
  }
  return { needs, may };
}

// The claim guard: a method goes only with the outcome that it can honestly claim.
function method(outcome, value) {
  const named = METHODS.get(value);
  if (named === undefined) return [missing("method")];
  if (named.outcomes.includes(outcome.name)) return [];
  const claims = named.outcomes.map((name) => `“${OUTCOMES.get(name).words}”`).join(" or ");
  const words = named.words.slice(0, 1).toUpperCase() + named.words.slice(1);
  return [wrong(
    "method", `${words} can only be claimed as ${claims}: change the outcome or the method.`,
  )];
}

// --- Checks: each takes a member's path and its value, and gives what is wrong ------------------

function words(most, multiline = false) {
  return (member, value) => {
    if (typeof value !== "string" || isBlank(value)) return [missing(member)];
    const length = characters(value);
    if (length > most) {
      const sentence = `Use at most ${number(most)} characters; this has ${number(length)}.`;
      return [wrong(member, sentence)];
    }
    const odd = textProblem(value, { multiline });
    return odd === undefined ? [] : [wrong(member, odd)];
  };
}

// A string that a test takes; the test may answer false or throw FormatError.
function is(test) {
  return (member, value) => {
    let good;
    try {
      good = typeof value === "string" && test(value) !== false;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      good = false;
    }
    return good ? [] : [missing(member)];
  };
}

function count(member, value) {
  return Number.isSafeInteger(value) && value >= 0 ? [] : [missing(member)];
}

function allSafeguards(member, value) {
  const all = Array.isArray(value) && value.length === SAFEGUARDS.length
    && value.every((name, index) => name === SAFEGUARDS[index]);
  return all ? [] : [missing(member)];
}

function object(needs, may = {}, anyOf = false) {
  const known = new Map(Object.entries({ ...needs, ...may }));
  return (member, value) => {
    if (typeof value !== "object" || Array.isArray(value)) return [missing(member)];
    const names = inOrder(value);
    if (anyOf && names.length === 0) return [missing(member)];
    const found = Object.keys(needs).filter((name) => !Object.hasOwn(value, name))
      .map((name) => missing(`${member}.${name}`));
    for (const name of names) {
      const path = `${member}.${name}`;
      if (known.has(name)) found.push(...known.get(name)(path, value[name]));
      else found.push(wrong(path, "There is no place for this here: leave it out."));
    }
    return found;
  };
}

function list(item, most) {
  return (member, value) => {
    if (!Array.isArray(value) || value.length === 0) return [missing(member)];
    if (value.length > most) {
      return [wrong(member, `List at most ${most}; this lists ${number(value.length)}.`)];
    }
    return value.flatMap((part, index) => item(`${member}.${index}`, part));
  };
}

const named = words(500);
const day = is(parseDate);
const EXCEPTION = { basis: words(2000), until: day };
const BEYOND_USE = object({ ...EXCEPTION, safeguards: allSafeguards });
const label = words(200);

const MEMBERS = new Map(Object.entries({
  storeId: is(isUuid),
  search: object({ scope: words(2000), on: day, by: named }),
  performedOn: day,
  performedBy: named,
  witnessedBy: named,
  returnedTo: named,
  level: is((value) => ALL_LEVELS.has(value)),
  exception: object(EXCEPTION),
  passedTo: object({ name: named }, { demand: label }),
  count,
  technique: named,
  standard: is((value) => STANDARDS.has(value)),
  tool: named,
  media: list(
    object({}, { manufacturer: label, model: label, serial: label, assetTag: label }, true),
    MAX_MEDIA,
  ),
  verification: object({ method: named, result: words(2000), by: named }),
  evidence: list(object({ name: words(1000), digest: object({ sha256: is(isSha256) }) }), MAX_EVIDENCE),
  note: words(MAX_NOTE, true),
  onWordOf: named,
}));

// --- Sentences ------------------------------------------------------------------------------------

const ASK = new Map(Object.entries({
  "storeId": "Say which store the answer is for.",
  "method": "Say which method was used.",
  "performedOn": "Say on which day it was done.",
  "performedBy": "Say who did it.",
  "witnessedBy": "Say who witnessed it, or leave it out.",
  "returnedTo": "Say to whom it was returned.",
  "level": "Say how small the pieces are: a level of ISO/IEC 21964, such as P-4 or H-5.",
  "search": "Say what was searched, on which day and by whom.",
  "search.scope": "Say what was searched.",
  "search.on": "Say on which day it was searched.",
  "search.by": "Say who searched.",
  "exception": "Say why the copy is still there, and until when.",
  "exception.basis": "Say why the copy is still there.",
  "exception.until": "Say on which day the exception ends.",
  "exception.safeguards": "A copy put beyond use needs all four safeguards.",
  "passedTo": "Say to whom it was passed on.",
  "passedTo.name": "Say to whom it was passed on.",
  "passedTo.demand": "Give the demand that was raised against them, or leave it out.",
  "count": "Give the number of copies as a whole number from 0.",
  "technique": "Say which technique was used, or leave it out.",
  "standard": "Choose one of the standards listed.",
  "tool": "Say which tool was used, or leave it out.",
  "media": "Give at least one medium with its maker, model, serial or asset tag.",
  "verification": "Say how it was verified, with what result and by whom.",
  "verification.method": "Say how it was verified.",
  "verification.result": "Say what the verification found.",
  "verification.by": "Say who verified it.",
  "evidence": "Give at least one evidence file, by its name and SHA-256.",
  "note": "Say in a note what happened.",
  "onWordOf": "Say on whose word this is, or leave it out.",
}));

function missing(member) {
  const path = member.split(".").filter((part) => !/^[0-9]+$/.test(part));
  return wrong(member, ASK.get(path.join(".")) ?? ASK.get(path[0]) ?? "Fill this in.");
}

function wrong(member, sentence) {
  return { member, sentence };
}

// Members in the order of the canonical bytes. JavaScript moves names that are numbers to the front.
function inOrder(value) {
  return Object.keys(value).sort();
}
