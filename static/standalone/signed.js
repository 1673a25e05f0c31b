// `signed.jsonl`, which goes back to the page (docs/formats.md §8): a port of attest/offline/signed.py.

import { encode } from "../canonical.js";
import { concatenate } from "../encoding.js";
import { signPayload } from "../envelope.js";

const LINE_END = new Uint8Array([0x0a]);

/** The file's bytes: checked `items` signed by each of `keys` (opened, the first one first). */
export async function signItems(items, keys) {
  const documents = [{ v: 1, kind: "signed", keyid: keys[0].keyid, items: items.length }];
  for (const { id, payload } of items) {
    const [envelope, ...others] = await Promise.all(
      keys.map(async (key) => JSON.parse(await signPayload(payload, key))),
    );
    for (const { signatures } of others) envelope.signatures.push(...signatures);
    documents.push({ id, envelope });
  }
  return concatenate(...documents.flatMap((document) => [encode(document), LINE_END]));
}
