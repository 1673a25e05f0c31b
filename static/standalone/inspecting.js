// Before anything from a file may be signed. ../checks.js holds text, fields, bodies and hashes against
// each other, as on every signing page; a page that has the verifier inside holds them against the
// closed schemas of the formats too. The twin of attest/offline/inspect.py.

import { Disagreement, inspect } from "../checks.js";
import { FormatError, fromBase64 } from "../encoding.js";
import { checkPlain } from "../verifier/bodies.js";
import { decode } from "../verifier/canonical.js";
import { checkStatement } from "../verifier/predicates.js";
import { isObject } from "../verifier/schema.js";
import { isValidPublicKey } from "../verifier/signing.js";

/** The checked statements of `file` (to-sign.js), as `inspect` gives them. Throws Disagreement. */
export async function inspectFile(file) {
  for (const body of file.bodies) readBody(body);
  for (const { payload, reviewed } of file.items) {
    for (const each of [payload, ...reviewed]) checkSchema(each);
  }
  const items = await inspect(file);
  for (const { name, statement } of items) checkKeys(name, statement, file);
  return items;
}

/** What a demand covers, by its bodies: `[title, names]`, the empty ones left out. */
export function covered(file) {
  const lists = { "file.named": [], "store.named": [], "store.withdrawn": [] };
  const labels = new Map();
  for (const { kind, body } of file.bodies.map(readBody)) {
    if (kind === "store.named") labels.set(body.storeId, body.label);
    lists[kind].push({
      "file.named": () => `${body.name} (${medium(body.kind)})`,
      "store.named": () => `${body.label} (${medium(body.medium)})`,
      "store.withdrawn": () => labels.get(body.storeId) ?? body.storeId,
    }[kind]());
  }
  return [
    ["Files that it covers", lists["file.named"]],
    ["Stores that it covers", lists["store.named"]],
    ["Stores withdrawn that it covers", lists["store.withdrawn"]],
  ].filter(([, names]) => names.length > 0);
}

const medium = (word) => word.replace("_", " ");

function readBody(encoded) {
  try {
    const body = decode(fromBase64(encoded));
    const kind = !isObject(body) || !Object.hasOwn(body, "storeId") ? "file.named"
      : Object.hasOwn(body, "label") ? "store.named" : "store.withdrawn";
    checkPlain(kind, body);
    return { kind, body };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new Disagreement(`A file or a store here is damaged (${error.message}).`);
  }
}

function checkSchema(encoded) {
  try {
    const statement = decode(fromBase64(encoded));
    const kind = isObject(statement) ? statement.predicateType : undefined;
    const name = typeof kind === "string" ? /^urn:attest:([a-z-]+):v1$/.exec(kind)?.[1] : undefined;
    if (name === undefined) {
      throw new Disagreement("This statement is of a kind that is not known here.");
    }
    checkStatement(name, statement);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new Disagreement("This statement holds something that it should not, or lacks something "
      + `(${error.message}).`);
  }
}

function checkKeys(name, { predicate }, { keyid, alsoKeyid }) {
  if (name !== "key-enrolment") {
    if (alsoKeyid !== undefined) {
      throw new Disagreement("Only the enrolment of a key is signed by two keys.");
    }
  } else if (!isValidPublicKey(fromBase64(predicate.publicKey))) {
    throw new Disagreement("The public key is not usable.");
  } else if (alsoKeyid === keyid) {
    throw new Disagreement("The old key and the new one are the same.");
  }
}
