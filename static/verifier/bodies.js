// The closed schemas of the log's plain bodies (docs/formats.md §4), and what types there are: a port
// of attest/statements/bodies.py.

import { FormatError } from "../encoding.js";
import { OUTCOMES } from "./outcomes.js";
import {
  array, base64Of, choice, date, exactly, integer, line, obj, prose, sha256, uuid,
} from "./schema.js";

/** The leaf types of statements about keys, with the predicate that each must hold. */
export const KEY_TYPES = new Map([
  ["key.enrolled", "key-enrolment"],
  ["key.confirmed", "key-confirmation"],
  ["key.revoked", "key-revocation"],
]);

/** All leaf types whose bodies are envelopes. */
export const SIGNED_TYPES = new Map([
  ...KEY_TYPES,
  ["demand.issued", "deletion-demand"],
  ["demand.amended", "deletion-demand"],
  ["attestation.signed", "deletion-attestation"],
  ["attestation.reviewed", "attestation-review"],
  ["demand.closed", "demand-closure"],
]);

export const MAX_NAME = 1_000;
export const MAX_LABEL = 200;
export const MAX_LINE = 2_000;
export const MAX_PROSE = 10_000;
const MAX_FILE_IDS = 1_000;

const MEDIUMS = ["electronic", "hard_copy"];
const COPY_STATES = ["to_be_answered", "located", "action_recorded", ...OUTCOMES.keys()];

const PERSON = obj({
  name: line(MAX_LABEL), role: line(MAX_LABEL), organisation: line(MAX_LABEL),
});
const BY = { by: PERSON };
const LETTER = {
  letter: line(MAX_LABEL),
  to: line(320),
  messageId: line(998),
  checkpointSize: integer(),
};

function body(required, optional) {
  return obj({ v: exactly(1), demandId: uuid, nonce: base64Of(16), ...required }, optional);
}

/** The types of plain bodies, each with its check. */
export const PLAIN_TYPES = new Map(Object.entries({
  "file.named": body(
    { fileId: uuid, name: line(MAX_NAME), kind: choice(...MEDIUMS) },
    {
      description: line(MAX_LINE),
      size: integer(),
      sha256,
      sentOn: date,
      channel: line(500),
      dataCategories: array(line(MAX_LABEL), { least: 1, most: 50 }),
      subjects: integer(),
    },
  ),
  "store.named": body(
    {
      storeId: uuid,
      label: line(MAX_LABEL),
      medium: choice(...MEDIUMS),
      kind: line(MAX_LABEL),
      namedBy: PERSON,
    },
    { location: line(500), custodian: line(MAX_LABEL) },
  ),
  "store.withdrawn": body({ storeId: uuid, reason: prose(MAX_PROSE), ...BY }),
  "demand.acknowledged": body(BY, { note: prose(MAX_PROSE) }),
  "copy.recorded": body(
    { fileId: uuid, storeId: uuid, state: choice(...COPY_STATES), ...BY },
    { note: prose(MAX_PROSE) },
  ),
  "evidence.added": body({
    name: line(MAX_NAME), sha256, size: integer(), mediaType: line(MAX_LABEL), ...BY,
  }),
  // Without `fileIds` it is about the whole demand.
  "extension.requested": body(
    { until: date, reason: prose(MAX_PROSE), ...BY },
    { fileIds: array(uuid, { least: 1, most: MAX_FILE_IDS }) },
  ),
  // `request` is the hash of the extension.requested body that it answers.
  "extension.decided": body(
    { decision: choice("granted", "refused"), ...BY },
    { until: date, reason: prose(MAX_PROSE), request: sha256 },
  ),
  "letter.sent": body(LETTER),
  "letter.failed": body(LETTER),
  "file.reopened": body({ fileId: uuid, reason: prose(MAX_PROSE), ...BY }),
}));

/** Hold a plain body against its type's schema; FormatError names what is wrong. */
export function checkPlain(type, said) {
  const check = PLAIN_TYPES.get(type);
  if (check === undefined) throw new FormatError(`${type} is not a plain type`);
  check(said, "");
  if (type === "extension.decided"
    && (said.decision === "granted") !== Object.hasOwn(said, "until")) {
    throw new FormatError("until: goes with a granted extension, and only with one");
  }
  if (type === "extension.requested") {
    const fileIds = said.fileIds ?? [];
    if (new Set(fileIds).size !== fileIds.length) {
      throw new FormatError("fileIds: names a file twice");
    }
  }
}
