// `REF.to-sign.jsonl`, as a page hands it out (docs/formats.md §8): a port of attest/offline/lines.py and
// to_sign.py, with the same reasons. What comes out has the shape of a signing page's data, so that
// ../checks.js looks at both in the same way.

import { FormatError } from "../encoding.js";
import { MAX_LABEL } from "../verifier/bodies.js";
import { decode } from "../verifier/canonical.js";
import {
  exactly, fail, integer, isObject, line, obj, sha256,
} from "../verifier/schema.js";
import { unb64 } from "../verifier/signing.js";

export const MOST_BYTES = 128 * 1024 * 1024;
const MOST_OF_A_LINE = 1024 * 1024;
const LINE_END = 0x0a;

const LISTING = obj({ count: integer(), sha256 });
const HEAD = obj({
  v: exactly(1),
  kind: exactly("to-sign"),
  items: counted(1, 1_000),
  keyid: sha256,
  bodies: counted(0, 4_000_000),
}, {
  alsoKeyid: sha256,
  reference: line(MAX_LABEL),
  listing: obj({ files: LISTING, stores: LISTING }, { withdrawn: LISTING }),
});
const BODY = obj({ body: bytes });
const ITEM = obj({ id: line(100), payload: bytes });
const REVIEWED = obj({ reviewed: bytes });

/** The file that was signed, in place of the one that is to be signed. Its message is said as is. */
export class SignedAlready extends FormatError {
  constructor() {
    super("This file is signed already: upload it on the page that handed it out.");
  }
}

/**
 * `{keyid, alsoKeyid?, reference?, listing?, bodies, items: [{id, payload, reviewed}]}`, all bytes in
 * base64 as they stand there. Throws FormatError, which names the line; SignedAlready for the other
 * file. Nothing is checked against anything else.
 */
export function parseToSign(data) {
  const lines = readLines(data);
  const { value: { where: first, document: head } } = lines.next();
  if (isObject(head) && head.kind === "signed") throw new SignedAlready();
  HEAD(head, first);
  const bodies = [];
  const items = [];
  for (const { where, document } of lines) {
    if (bodies.length < head.bodies) {
      BODY(document, where);
      bodies.push(document.body);
    } else if (items.length > 0 && isObject(document) && Object.hasOwn(document, "reviewed")) {
      REVIEWED(document, where);
      items.at(-1).reviewed.push(document.reviewed);
    } else {
      ITEM(document, where);
      if (items.length === head.items) {
        throw fail(where, "is one item more than the first line counts");
      }
      items.push({ id: document.id, payload: document.payload, reviewed: [] });
    }
  }
  if (bodies.length !== head.bodies || items.length !== head.items) {
    throw new FormatError("the file ends too early: a part of it is missing");
  }
  if (new Set(items.map(({ id }) => id)).size !== items.length) {
    throw new FormatError("two items have the same id");
  }
  const { keyid, alsoKeyid, reference, listing } = head;
  return { keyid, alsoKeyid, reference, listing, bodies, items };
}

function* readLines(data) {
  if (data.length > MOST_BYTES) throw new FormatError("the file is larger than 128 MiB");
  if (data.at(-1) !== LINE_END) {
    throw new FormatError("the file does not end with a line end: a part of it is missing");
  }
  for (let start = 0, number = 1; start < data.length; number += 1) {
    const end = data.indexOf(LINE_END, start);
    const where = `line ${number}`;
    if (end - start > MOST_OF_A_LINE) throw fail(where, "is larger than 1 MiB");
    let document;
    try {
      document = decode(data.subarray(start, end));
    } catch (error) {
      throw error instanceof FormatError ? fail(where, error.message) : error;
    }
    yield { where, document };
    start = end + 1;
  }
}

function counted(least, most) {
  return (value, where) => {
    if (!Number.isSafeInteger(value) || value < least || value > most) {
      throw fail(where, `must be an integer from ${least} to ${most}`);
    }
  };
}

function bytes(value, where) {
  if (typeof value !== "string" || value === "") throw fail(where, "must be base64, not empty");
  try {
    unb64(value);
  } catch (error) {
    throw error instanceof FormatError ? fail(where, error.message) : error;
  }
}
