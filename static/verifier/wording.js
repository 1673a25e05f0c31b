// Dates, counts and states as a person reads them: what the report needs of attest/domain/wording.py.

const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
];

export const FILE_STATES = {
  open: "open",
  attested: "attested",
  attested_with_exceptions: "attested with exceptions",
  accepted: "accepted",
  rejected: "rejected",
};

export const CONFIRMATION_METHODS = {
  telephone: "over the telephone",
  in_person: "in person",
  video: "by video call",
};

/** Every type of leaf that a log can hold (docs/formats.md §3 and §4). */
export const EVENTS = {
  "key.enrolled": "signing key made",
  "key.confirmed": "signing key confirmed",
  "key.revoked": "signing key revoked",
  "file.named": "file named",
  "file.reopened": "file reopened",
  "store.named": "store named",
  "store.withdrawn": "store withdrawn",
  "demand.issued": "deletion demand issued",
  "demand.amended": "deletion demand amended",
  "demand.acknowledged": "deletion demand acknowledged",
  "demand.closed": "deletion demand closed",
  "copy.recorded": "progress of a copy recorded",
  "evidence.added": "evidence added",
  "attestation.signed": "attestation signed",
  "attestation.reviewed": "attestation reviewed",
  "extension.requested": "more time asked for",
  "extension.decided": "more time decided on",
  "letter.sent": "letter sent",
  "letter.failed": "letter not delivered",
};

/** `2013-02-18` as "18 February 2013"; the year keeps its four digits. */
export function shortDay(date) {
  const [year, month, day] = date.split("-");
  return `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}`;
}

/** `2013-02-04T08:15:00Z` as "4 February 2013, 08:15 UTC". */
export function momentUtc(time) {
  return `${shortDay(time.slice(0, 10))}, ${time.slice(11, 16)} UTC`;
}

/** "994", "10,413". */
export function number(n) {
  return String(n).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** "1 file", "5 files": the number and its noun, for nouns that take an s. */
export function count(n, noun) {
  return `${number(n)} ${n === 1 ? noun : `${noun}s`}`;
}

/** The words with their first letter in upper case. */
export function capital(words) {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
