// What the report says of an extract: what it shows, and what nobody can know from it. A port of
// attest/bundle/extract_report.py.

export const EXTRACT = "extract";
export const SENTENCE =
  "This is one file's attestation, taken out of a log. Whether anything that matters was left "
  + "out cannot be seen from it, so that it never shows as much as a whole bundle.";
export const NOT_COMPARED =
  "No checkpoint in your trust file could be compared with this extract, so that nothing "
  + "outside shows that others were given the same log, or when.";

const CANNOT_SHOW = [
  "Whether a later attestation superseded this one, in the log or since.",
  "Whether a review, a reopening, an amendment or a closure was left out.",
  "Whether all stores that stood are answered, and whether others were named later.",
  "Whether a key was revoked, or its confirmation void, by a statement that was left out.",
  "What the other files are and how they stand. A review's list names some by identifier and "
    + "hash, because that is what was signed.",
  "Whether the lists that the demand and the closure count are as they say.",
  "The files that the attestation names as evidence: they are not in an extract.",
];

/** The part of the report's facts that only an extract has. */
export function extractHead({ judge: { facts }, checkpoint, extract }) {
  const file = facts.fileByNumber(0);
  const attestation = facts.newestAttestation(0);
  const { declaration, supersedes, notCompared } = extract;
  return {
    file: file.fileId,
    declaration,
    ...(supersedes === undefined ? {} : { supersedes }),
    notCompared,
    shows: [
      `The log named this file at leaf ${file.leaf}, and held this attestation of it at `
        + `leaf ${attestation.leaf}, when it had ${checkpoint.size} leaves.`,
      "What was signed about it here, by whom, in which words, and after which part of "
        + "the log.",
    ],
    cannotShow: CANNOT_SHOW,
  };
}
