// What stands in the place of a body that was erased: a port of attest/bundle/withheld.py.

import { Failure } from "./failure.js";

const WITHHELD = /^\{"withheld":"([0-9a-f]{64})"\}$/;
const LENGTH = 79; // of such a line, in bytes

/** The body, or undefined where the line says that it was erased; the leaf has to agree. */
export function unlessWithheld(body, leaf, index) {
  if (body.length !== LENGTH) return body;
  const found = WITHHELD.exec(String.fromCharCode(...body));
  if (found === null) return body;
  if (!String.fromCharCode(...leaf).includes(`"body":"${found[1]}"`)) {
    throw new Failure(5, index, "the body is withheld under another hash than the leaf's");
  }
  return undefined;
}
