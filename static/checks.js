// What the signing script looks at before anybody may sign. The server made the payloads; this file
// trusts nothing that the server says about them. It decodes the very bytes that will be signed,
// renders their declaration again from the other fields, and holds every file, listing and reviewed
// attestation that the declaration names against its hash. Whatever disagrees is refused.

import { checkStrings, decode, encodeText } from "./canonical.js";
import { LANG, TEMPLATE, listing, render } from "./declarations.js";
import { statementHash } from "./envelope.js";
import { fingerprint, fromBase64, sha256, toHex, typedFingerprint } from "./encoding.js";
import { isUsablePoint, keyidOf } from "./keys.js";
import { keySentence } from "./key-statements.js";
import { hasItsMembers } from "./members.js";

/** Something does not agree, so nothing may be signed. `message` says what, in a sentence. */
export class Disagreement extends Error {
  name = "Disagreement";
}

// The listing of nothing: the hash is that of no bytes. A page may leave out withdrawals.
const NONE = {
  count: 0,
  sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
};
const STATEMENT = "https://in-toto.io/Statement/v1";

function insist(agrees, sentence) {
  if (!agrees) throw new Disagreement(sentence);
}

const same = (one, other) => encodeText(one) === encodeText(other);

/**
 * Everything about `data` (the page's to-sign object, described in signing.js) that has been checked:
 * `[{id, name, payload, statement, text, label, reviewed}]`. `payload` is the bytes to sign.
 * Throws Disagreement, or FormatError for bytes that the formats do not allow.
 */
export async function inspect(data) {
  insist(Array.isArray(data.items) && data.items.length > 0, "There is nothing to sign here.");
  const bodies = await readBodies(data.bodies ?? []);
  const items = [];
  for (const item of data.items) items.push(await inspectItem(item, data, bodies));
  const [first] = items;
  const kind = ({ name, statement }) => `${name} ${statement.predicate.demandId}`;
  insist(items.every((item) => kind(item) === kind(first)),
    "The statements are not all of one kind and one demand.");
  insist(new Set(items.map(({ id }) => id)).size === items.length
    && new Set(items.map(({ hash }) => hash)).size === items.length,
  "A statement is here twice.");
  return items;
}

/** True when what was typed as heard is the fingerprint of the key that `items` confirm. */
export function confirmsWhatWasTyped(items, typed) {
  return items.every(({ statement }) => (
    typedFingerprint(typed) === fingerprint(statement.predicate.keyid)
  ));
}

/** The statement of payload bytes: canonical, of a known kind, with no member that is not read. */
export function readStatement(payload) {
  const statement = decode(payload);
  checkStrings(statement);
  const name = /^urn:attest:([a-z-]+):v1$/.exec(statement.predicateType)?.[1];
  insist(statement._type === STATEMENT && name !== undefined,
    "This statement is of a kind that is not known here.");
  insist(hasItsMembers(name, statement) && statement.subject.length > 0,
    "This statement holds something that it should not, or lacks something.");
  return { name, statement };
}

async function inspectItem(item, data, bodies) {
  const payload = fromBase64(item.payload);
  const { name, statement } = readStatement(payload);
  const { predicate, subject } = statement;
  const found = { id: item.id, name, payload, statement, hash: await statementHash(payload) };

  if (name.startsWith("key-")) {
    await checkKeyStatement(name, statement, data.keyid);
    return { ...found, text: keySentence(name, predicate), label: "the statement about the key" };
  }
  insist(predicate.signer.keyid === data.keyid,
    "This statement names another key than yours as its signer.");

  if (name === "deletion-attestation") checkAttestation(statement, bodies);
  if (name === "deletion-demand") await checkDemand(statement, data, bodies);
  if (name === "deletion-demand" || name === "demand-closure") checkLog(statement);
  const context = contextOf(data, bodies);
  const reviewed = name === "attestation-review"
    ? await readReviewed(item.reviewed, statement, data, bodies) : [];
  await checkDeclaration(name, statement, context);
  const labels = {
    "deletion-attestation": () => subject[0].name,
    "attestation-review": () => reviewed.map((attestation) => attestation.label).join(", "),
    "deletion-demand": () => `the deletion demand ${predicate.reference}`,
    "demand-closure": () => "the closure of the demand",
  };
  return { ...found, text: predicate.declaration.text, label: labels[name](), reviewed };
}

/** The text must be exactly what the template makes of the other members. */
async function checkDeclaration(name, statement, context) {
  const { declaration } = statement.predicate;
  insist(declaration.lang === LANG && declaration.template === TEMPLATE,
    "The declaration is in a language or a form that is not known here.");
  let rendered;
  try {
    rendered = await render(name, statement, context);
  } catch {
    rendered = undefined; // fields that the template cannot put into words
  }
  insist(rendered === declaration.text,
    "The words of the declaration are not what its fields say.");
}

async function checkKeyStatement(name, { predicate, subject }, keyid) {
  const about = name === "key-enrolment"
    ? await keyidOf(fromBase64(predicate.publicKey, 32)) : predicate.keyid;
  insist(same(subject, [{ name: "key", digest: { sha256: about } }]),
    "This statement is about another key than the one it names.");
  if (name === "key-enrolment") {
    insist(isUsablePoint(fromBase64(predicate.publicKey)), "The public key is not usable.");
    insist(about === keyid, "This statement enrols another key than yours.");
  } else {
    insist(predicate.signer.keyid === keyid,
      "This statement names another key than yours as its signer.");
  }
}

// The bodies that the declarations need, by what they name. Their hashes are kept in their order,
// which is the log's, for the listing of a demand.
async function readBodies(encoded) {
  const bodies = { files: new Map(), stores: new Map(), withdrawn: new Map() };
  for (const text of encoded) {
    const bytes = fromBase64(text);
    const body = decode(bytes);
    checkStrings(body);
    const [kind, id] = kindOf(body);
    insist(typeof id === "string" && !bodies[kind].has(id),
      "A file or a store is here twice, or has no number.");
    bodies[kind].set(id, { body, hash: await sha256(bytes) });
  }
  return bodies;
}

function kindOf({ fileId, storeId, label }) {
  if (storeId === undefined) return ["files", fileId];
  return [label === undefined ? "withdrawn" : "stores", storeId];
}

function contextOf(data, bodies) {
  const known = (kind) => (id) => {
    insist(bodies[kind].has(id), "A file or a store that the statement names is missing.");
    return bodies[kind].get(id).body;
  };
  return {
    file: known("files"),
    store: known("stores"),
    files: data.listing?.files,
    stores: data.listing?.stores,
    withdrawn: data.listing?.withdrawn ?? NONE,
    reference: data.reference,
  };
}

function checkAttestation({ predicate, subject }, bodies) {
  const file = bodies.files.get(predicate.fileId);
  insist(file !== undefined, "A file or a store that the statement names is missing.");
  const expected = [{ name: file.body.name, digest: { sha256: file.hash } }];
  if (file.body.sha256 !== undefined) {
    expected.push({ name: "content", digest: { sha256: file.body.sha256 } });
  }
  insist(same(subject, expected), "The file that is shown is not the file that would be signed for.");
  const stores = predicate.copies.map(({ storeId }) => bodies.stores.get(storeId));
  for (const named of [file, ...stores]) {
    insist(named !== undefined, "A file or a store that the statement names is missing.");
    insist(named.body.demandId === predicate.demandId,
      "A file or a store here belongs to another demand.");
  }
}

// Statements about a whole demand have the log as it was seen for their subject.
function checkLog({ predicate, subject }) {
  const root = toHex(fromBase64(predicate.seen.rootHash, 32));
  insist(same(subject, [{ name: "log", digest: { sha256: root } }]),
    "This statement is about another state of the log than the one it names.");
}

// A demand's text gives the count and the hash of the lists it covers: made again here from the
// files and stores that the page shows, so that no other list can hide behind the numbers.
async function checkDemand({ predicate }, data, bodies) {
  for (const kind of ["files", "stores", "withdrawn"]) {
    const found = [...bodies[kind].values()];
    insist(found.every(({ body }) => body.demandId === predicate.demandId),
      "A file or a store here belongs to another demand.");
    const shown = await listing(found.map(({ hash }) => hash));
    const listed = data.listing?.[kind] ?? (kind === "withdrawn" ? NONE : undefined);
    insist(listed !== undefined && same(shown, listed),
      "The files and stores here are not the ones that the demand covers.");
  }
}

// The attestations under review, each held against the hash that the review's subject names.
async function readReviewed(encoded, { predicate, subject }, data, bodies) {
  insist(Array.isArray(encoded) && encoded.length === subject.length,
    "The attestations under review are not all here.");
  const reviewed = [];
  for (const [index, text] of encoded.entries()) {
    const payload = fromBase64(text);
    const { name, statement } = readStatement(payload);
    const { fileId, demandId, declaration } = statement.predicate;
    insist(name === "deletion-attestation" && demandId === predicate.demandId
      && fileId === subject[index].name
      && await statementHash(payload) === subject[index].digest.sha256,
    "An attestation here is not the one that would be reviewed.");
    checkAttestation(statement, bodies);
    await checkDeclaration(name, statement, contextOf(data, bodies));
    reviewed.push({ name, statement, text: declaration.text, label: statement.subject[0].name });
  }
  return reviewed;
}
