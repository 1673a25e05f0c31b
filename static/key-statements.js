// Statements about keys carry no declaration (docs/formats.md §3), so the page says in a sentence
// what their fields mean.

import { FormatError, fingerprint } from "./encoding.js";

const DUTIES = { signatory: "signatory", officer: "assurance officer" };
const SIDES = { controller: "controller", contractor: "contractor" };
const METHODS = {
  telephone: "over the telephone",
  in_person: "in person",
  video: "by video call",
};

/** "Jo Field, Assurance Manager of Halden plc, assurance officer for the contractor". */
export function holderWords(holder) {
  const duty = pick(DUTIES, holder.duty);
  const side = pick(SIDES, holder.side);
  return `${holder.name}, ${holder.role} of ${holder.organisation}, ${duty} for the ${side}`;
}

/** What signing this statement says, as one paragraph. */
export function keySentence(name, predicate) {
  const { holder, signer } = predicate;
  switch (name) {
    case "key-enrolment":
      return `I, ${holderWords(holder)}, hold this signing key and nobody else does.`;
    case "key-confirmation":
      // Without the fingerprint: whoever confirms a key types what was heard, not what is shown.
      return `I, ${holderWords(signer)}, have had the fingerprint read out to me `
        + `${pick(METHODS, predicate.method)} by ${holderWords(holder)}. `
        + "It is the fingerprint that I have typed, and I confirm that this key is theirs.";
    case "key-revocation": {
      const since = predicate.compromisedSince
        ? ` It may have been in other hands since ${predicate.compromisedSince}.` : "";
      return `I, ${holderWords(signer)}, revoke the signing key with the fingerprint `
        + `${fingerprint(predicate.keyid)}.${since} Reason: ${predicate.reason}`;
    }
    default:
      throw new FormatError("This statement about a key is of a kind that this page does not know.");
  }
}

function pick(words, value) {
  if (!Object.hasOwn(words, value)) {
    throw new FormatError("A statement about a key holds a word that this page does not know.");
  }
  return words[value];
}
