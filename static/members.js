// Every member that a signed statement may have, at every depth: docs/formats.md §3. The template puts
// each of them into words; a member that is not here would be signed without being read, so a
// statement that has one is refused. What the values may be is the template's and the server's to
// check: this is about nothing hiding beside them.

// A member named "x?" may be absent. VALUE is a string, a whole number or a boolean.
const VALUE = Symbol("value");
const listOf = (entry) => [entry];

const HOLDER = { name: VALUE, role: VALUE, organisation: VALUE, side: VALUE, duty: VALUE };
const SIGNER = { ...HOLDER, keyid: VALUE };
const OF_KEY = { nonce: VALUE, statedAt: VALUE };
const IN_DEMAND = {
  nonce: VALUE,
  statedAt: VALUE,
  demandId: VALUE,
  signer: SIGNER,
  declaration: { lang: VALUE, template: VALUE, text: VALUE },
  seen: { origin: VALUE, size: VALUE, rootHash: VALUE },
};
const DIGEST = { name: VALUE, digest: { sha256: VALUE } };
const COPY = {
  "storeId": VALUE,
  "outcome": VALUE,
  "method?": VALUE,
  "level?": VALUE,
  "performedOn?": VALUE,
  "performedBy?": VALUE,
  "witnessedBy?": VALUE,
  "returnedTo?": VALUE,
  "search?": { scope: VALUE, on: VALUE, by: VALUE },
  "exception?": { "basis": VALUE, "until": VALUE, "safeguards?": listOf(VALUE) },
  "passedTo?": { "name": VALUE, "demand?": VALUE },
  "count?": VALUE,
  "technique?": VALUE,
  "standard?": VALUE,
  "tool?": VALUE,
  "media?": listOf({
    "manufacturer?": VALUE, "model?": VALUE, "serial?": VALUE, "assetTag?": VALUE,
  }),
  "verification?": { method: VALUE, result: VALUE, by: VALUE },
  "evidence?": listOf(DIGEST),
  "note?": VALUE,
  "onWordOf?": VALUE,
};

const PREDICATES = {
  "key-enrolment": { ...OF_KEY, publicKey: VALUE, holder: HOLDER },
  "key-confirmation": {
    ...OF_KEY, keyid: VALUE, holder: HOLDER, signer: SIGNER, method: VALUE,
  },
  "key-revocation": {
    ...OF_KEY, "keyid": VALUE, "signer": SIGNER, "reason": VALUE, "compromisedSince?": VALUE,
  },
  "deletion-demand": {
    ...IN_DEMAND,
    reference: VALUE,
    parties: {
      controllers: listOf({ name: VALUE, role: VALUE }),
      contractor: { name: VALUE },
      carriers: listOf({ name: VALUE }),
      concurrence: VALUE,
    },
    basis: VALUE,
    action: VALUE,
    dueOn: VALUE,
    instruction: VALUE,
  },
  "deletion-attestation": {
    ...IN_DEMAND,
    "fileId": VALUE,
    "copies": listOf(COPY),
    "onward": {
      "disclosed": VALUE,
      "recipients?": listOf({ "name": VALUE, "on?": VALUE, "what": VALUE }),
    },
    "supersedes?": VALUE,
  },
  "attestation-review": { ...IN_DEMAND, "decision": VALUE, "reason?": VALUE },
  "demand-closure": { ...IN_DEMAND, "outcome": VALUE, "reason?": VALUE },
};

/** True when a statement of this name has every member that it must have, and no other. */
export function hasItsMembers(name, statement) {
  return Object.hasOwn(PREDICATES, name) && fits(statement, {
    _type: VALUE,
    subject: listOf(DIGEST),
    predicateType: VALUE,
    predicate: PREDICATES[name],
  }) && !hidesRecipients(statement.predicate);
}

function fits(value, shape) {
  if (shape === VALUE) return typeof value !== "object";
  if (Array.isArray(shape)) {
    return Array.isArray(value) && value.every((entry) => fits(entry, shape[0]));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  let known = 0;
  for (const [member, part] of Object.entries(shape)) {
    const name = member.replace("?", "");
    if (Object.hasOwn(value, name)) {
      known += 1;
      if (!fits(value[name], part)) return false;
    } else if (name === member) {
      return false;
    }
  }
  return Object.keys(value).length === known;
}

// The one member that the template passes over: who was given copies, where nobody was.
function hidesRecipients({ onward }) {
  return onward !== undefined && onward.disclosed !== true && "recipients" in onward;
}
