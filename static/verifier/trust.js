// A verifier's own trust file, `trust.json` (docs/formats.md §5): a port of attest/bundle/trust.py.

import { FormatError } from "../encoding.js";
import { decode } from "./canonical.js";
import { readPem } from "./certificate.js";
import { WITHHOLDABLE } from "./judge.js";
import { HOLDER } from "./predicates.js";
import { isUuid, parseTime } from "./scalars.js";
import { array, base64Of, line, obj, prose, sha256, time } from "./schema.js";
import { isValidPublicKey, unb64 } from "./signing.js";
import { byCodePoint } from "./text.js";

const MAX_LINE = 1_000;
const UP_TO_MANY = { least: 0, most: 100_000 };
const MANY = UP_TO_MANY.most;
const LINE_FEED = 0x0a;

const SCHEMA = obj(
  { origin: line(MAX_LINE), logKey: base64Of(32) },
  {
    pinned: array(obj({ keyid: sha256, holder: HOLDER }), UP_TO_MANY),
    seen: array(obj({ note: prose(MANY), receivedAt: time }), UP_TO_MANY),
    revoked: array(obj({ keyid: sha256, since: time }), UP_TO_MANY),
    tsaRoots: array(prose(MANY), UP_TO_MANY),
    mayWithhold: array(line(MAX_LINE), UP_TO_MANY),
  },
);

/**
 * Read a trust file; FormatError says what is wrong. `{origin, demandId, logKey, pinned, seen, revoked,
 * tsaRoots, mayWithhold}`: `pinned` maps keyids to holders and `revoked` to seconds since 1970, `seen`
 * lists `{note, receivedAt}`, `tsaRoots` PEM strings, `mayWithhold` is a Set.
 */
export function parseTrust(data) {
  const said = decode(data.at(-1) === LINE_FEED ? data.subarray(0, -1) : data);
  SCHEMA(said, "");
  const logKey = unb64(said.logKey);
  if (!isValidPublicKey(logKey)) throw new FormatError("logKey: is not a valid point of the curve");
  const demandId = demandOf(said.origin);
  const tsaRoots = said.tsaRoots ?? [];
  tsaRoots.forEach(checkRoot);
  const mayWithhold = new Set(said.mayWithhold ?? []);
  const odd = [...mayWithhold].filter((type) => !WITHHOLDABLE.has(type)).sort(byCodePoint);
  if (odd.length > 0) {
    throw new FormatError(`mayWithhold: lists what may never be withheld: ${odd.join(", ")}`);
  }
  return {
    origin: said.origin,
    demandId,
    logKey,
    pinned: new Map(once(said, "pinned").map(({ keyid, holder }) => [keyid, holder])),
    seen: (said.seen ?? []).map(({ note, receivedAt }) => (
      { note, receivedAt: parseTime(receivedAt) }
    )),
    revoked: new Map(once(said, "revoked").map(({ keyid, since }) => [keyid, parseTime(since)])),
    tsaRoots,
    mayWithhold,
  };
}

function checkRoot(pem) {
  try {
    readPem(pem);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(`tsaRoots: ${error.message}`);
  }
}

function demandOf(origin) {
  const middle = origin.lastIndexOf("/demand/");
  const demandId = origin.slice(middle + "/demand/".length);
  if (middle < 1 || !isUuid(demandId)) {
    throw new FormatError("origin: is not <instance name>/demand/<uuid>");
  }
  return demandId;
}

function once(said, name) {
  const items = said[name] ?? [];
  if (new Set(items.map(({ keyid }) => keyid)).size !== items.length) {
    throw new FormatError(`${name}: names a key twice`);
  }
  return items;
}
