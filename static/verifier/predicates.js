// The closed schemas of the signed statements (docs/formats.md §3): a port of
// attest/statements/predicates.py. Checked here is what a statement says by itself: its members, and
// where two of them must agree.

import { FormatError, toHex } from "../encoding.js";
import { MAX_LABEL, MAX_LINE, MAX_NAME, MAX_PROSE } from "./bodies.js";
import { problems } from "./copies.js";
import {
  array, base64Of, choice, date, exactly, fail, integer, isObject, line, obj, prose, sha256, time,
  uuid,
} from "./schema.js";
import { keyid, unb64 } from "./signing.js";

const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
const MAX_STORES = 10_000;
const MAX_SUBJECTS = 1_000;
const MAX_PARTIES = 100;
const MAX_RECIPIENTS = 1_000;
const MAX_DECLARATION = 500_000;

const HOLDER_MEMBERS = {
  name: line(MAX_LABEL),
  role: line(MAX_LABEL),
  organisation: line(MAX_LABEL),
  side: choice("controller", "contractor"),
  duty: choice("signatory", "officer"),
};
export const HOLDER = obj(HOLDER_MEMBERS);
const SIGNER = obj({ ...HOLDER_MEMBERS, keyid: sha256 });

const KEY = { nonce: base64Of(16), statedAt: time };
const DEMAND = {
  ...KEY,
  demandId: uuid,
  signer: SIGNER,
  declaration: obj({
    lang: exactly("en-GB"), template: exactly("v1"), text: prose(MAX_DECLARATION),
  }),
  seen: obj({ origin: line(MAX_NAME), size: integer(), rootHash: base64Of(32) }),
};

const PARTY = obj({ name: line(MAX_LABEL) });
const PARTIES = obj({
  controllers: array(
    obj({ name: line(MAX_LABEL), role: choice("lead", "joint") }),
    { least: 1, most: MAX_PARTIES },
  ),
  contractor: PARTY,
  carriers: array(PARTY, { least: 0, most: MAX_PARTIES }),
  concurrence: choice("lead", "each"),
});

const RECIPIENTS = obj({
  recipients: array(
    obj({ name: line(500), what: line(MAX_LINE) }, { on: date }),
    { least: 1, most: MAX_RECIPIENTS },
  ),
});

function copy(value, where) {
  if (!isObject(value)) throw fail(where, "must be an object");
  const [first] = problems(value);
  if (first !== undefined) throw fail(`${where}.${first.member}`, first.sentence);
}

function onward(value, where) {
  if (isObject(value) && value.disclosed === false) {
    if (Object.keys(value).length !== 1) {
      throw fail(where, "names recipients although nothing was disclosed");
    }
    return;
  }
  if (!isObject(value) || value.disclosed !== true) {
    throw fail(`${where}.disclosed`, "must be true or false");
  }
  const { disclosed, ...rest } = value;
  RECIPIENTS(rest, where);
}

const PREDICATES = new Map(Object.entries({
  "key-enrolment": obj({ ...KEY, publicKey: base64Of(32), holder: HOLDER }),
  "key-confirmation": obj({
    ...KEY,
    keyid: sha256,
    holder: HOLDER,
    signer: SIGNER,
    method: choice("telephone", "in_person", "video"),
  }),
  "key-revocation": obj(
    { ...KEY, keyid: sha256, signer: SIGNER, reason: prose(MAX_PROSE) },
    { compromisedSince: time },
  ),
  "deletion-demand": obj({
    ...DEMAND,
    reference: line(MAX_LABEL),
    parties: PARTIES,
    basis: line(MAX_LINE),
    action: choice("delete", "return", "delete_or_return"),
    dueOn: date,
    instruction: prose(MAX_PROSE),
  }),
  "deletion-attestation": obj(
    { ...DEMAND, fileId: uuid, copies: array(copy, { least: 0, most: MAX_STORES }), onward },
    { supersedes: sha256 },
  ),
  "attestation-review": obj(
    { ...DEMAND, decision: choice("accepted", "rejected") },
    { reason: prose(MAX_PROSE) },
  ),
  "demand-closure": obj(
    { ...DEMAND, outcome: choice("closed", "closed_with_exceptions", "withdrawn") },
    { reason: prose(MAX_PROSE) },
  ),
}));

const SUBJECT = obj({ name: line(MAX_NAME), digest: obj({ sha256 }) });

const STATEMENTS = new Map([...PREDICATES].map(([name, predicate]) => [name, obj({
  _type: exactly(STATEMENT_TYPE),
  subject: array(SUBJECT, { least: 1, most: MAX_SUBJECTS }),
  predicateType: exactly(predicateType(name)),
  predicate,
})]));

/** The URN of a statement's name. */
export function predicateType(name) {
  return `urn:attest:${name}:v1`;
}

/** Hold a whole statement against the schema of `name`; FormatError names what is wrong. */
export function checkStatement(name, statement) {
  const check = STATEMENTS.get(name);
  if (check === undefined) throw new FormatError(`${name} is not the name of a statement`);
  check(statement, "");
  AGREE.get(name)(statement.subject, statement.predicate);
}

function enrolmentAgrees(subject, { publicKey }) {
  only(subject, "key", keyid(unb64(publicKey)));
}

function keyAgrees(subject, predicate) {
  only(subject, "key", predicate.keyid);
}

function logAgrees(subject, { seen }) {
  only(subject, "log", toHex(unb64(seen.rootHash)));
}

function demandAgrees(subject, predicate) {
  logAgrees(subject, predicate);
  const { controllers, contractor, carriers } = predicate.parties;
  if (controllers.filter(({ role }) => role === "lead").length !== 1) {
    throw new FormatError("predicate.parties.controllers: exactly one of them leads");
  }
  const named = [...controllers, contractor, ...carriers].map(({ name }) => name);
  if (new Set(named).size !== named.length) {
    throw new FormatError("predicate.parties: names an organisation twice");
  }
}

function attestationAgrees(subject, predicate) {
  if (subject.length > 2 || (subject.length === 2 && subject[1].name !== "content")) {
    throw new FormatError("subject: must be the named file, then at most its content");
  }
  const order = predicate.copies.map(({ storeId }) => storeId);
  if (order.some((storeId, index) => index > 0 && storeId <= order[index - 1])) {
    throw new FormatError("predicate.copies: must be in storeId order, each store once");
  }
}

function reviewAgrees(subject, predicate) {
  subject.forEach(({ name }, index) => uuid(name, `subject[${index}].name`));
  if (new Set(subject.map(({ name }) => name)).size !== subject.length) {
    throw new FormatError("subject: names a file twice");
  }
  if (predicate.decision === "rejected" && !Object.hasOwn(predicate, "reason")) {
    throw new FormatError("predicate.reason: is missing, and a rejection needs one");
  }
}

function only(subject, name, digest) {
  const [item, ...more] = subject;
  if (more.length > 0 || item.name !== name || item.digest.sha256 !== digest) {
    throw new FormatError(`subject: must be the ${name} alone, with its hash`);
  }
}

const AGREE = new Map(Object.entries({
  "key-enrolment": enrolmentAgrees,
  "key-confirmation": keyAgrees,
  "key-revocation": keyAgrees,
  "deletion-demand": demandAgrees,
  "deletion-attestation": attestationAgrees,
  "attestation-review": reviewAgrees,
  "demand-closure": logAgrees,
}));
