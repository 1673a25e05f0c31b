// What can become of a copy, how, and by which standard (docs/formats.md §3, "Copies"): a port of
// attest/domain/outcomes.py, with the words that refusals use.

const ACT = ["performedOn", "performedBy"];

/** Members that any outcome may have. */
export const ALWAYS_ALLOWED = [
  "count", "technique", "standard", "tool", "media", "verification", "evidence", "note", "onWordOf",
];

// Maps and not objects: a name such as "constructor" is in none of them.
export const OUTCOMES = new Map([
  outcome("none_found", true, "Searched, and no copy found", ["search"]),
  outcome("deleted", true, "Deleted", ["method", ...ACT]),
  outcome("destroyed", true, "Destroyed", ["method", ...ACT], ["level", "witnessedBy"]),
  outcome("crypto_erased", true, "Made unreadable by destroying its key", ["method", ...ACT]),
  outcome("returned", true, "Returned", [...ACT, "returnedTo"]),
  outcome("beyond_use", false, "Put beyond use", ["exception"]),
  outcome("legal_hold", false, "Kept under a legal hold", ["exception"]),
  outcome("cannot_locate", false, "Searched, and could not be located", ["search", "note"]),
  outcome("passed_on", false, "Passed on to somebody else", ["passedTo"]),
]);

export const METHODS = new Map([
  method("file_deletion", "deleting the file", "deleted"),
  method("overwrite", "overwriting the file", "deleted"),
  method("retention_expiry", "letting its retention run out", "deleted"),
  method("block_erase", "block erase of the whole medium", "destroyed"),
  method("secure_erase", "secure erase of the whole medium", "destroyed"),
  method("degauss", "degaussing", "destroyed"),
  method("shred", "shredding", "destroyed", true),
  method("incinerate", "incineration", "destroyed"),
  method("pulverise", "pulverising", "destroyed"),
  method("disintegrate", "disintegration", "destroyed", true),
  method("key_destruction", "destroying the encryption key", "crypto_erased"),
]);

export const STANDARDS = new Set(["NIST SP 800-88r2", "IEEE 2883", "ISO/IEC 21964", "other"]);

/** All four, in the order in which a statement lists them. */
export const SAFEGUARDS = ["no_decisions", "no_sharing", "secured", "will_delete"];

/** A letter for the material and a number from 1 to 7, such as P-4 (ISO/IEC 21964-1). */
export const ALL_LEVELS = new Set(
  [..."PFOTHE"].flatMap((material) => [..."1234567"].map((level) => `${material}-${level}`)),
);

/** Does a copy with this outcome count as dealt with? */
export function isSettled(name) {
  return OUTCOMES.get(name).settled;
}

function outcome(name, settled, words, needs, may = []) {
  return [name, { name, settled, words, needs, may }];
}

function method(name, words, goesWith, needsLevel = false) {
  return [name, { name, words, outcomes: [goesWith], needsLevel }];
}
