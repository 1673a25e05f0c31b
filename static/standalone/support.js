// Can this browser check signatures? It is asked to, with a signature that is known to be good.

import { fromHex } from "../encoding.js";

// RFC 8032 §7.1, test 2.
const KEY = fromHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
const MESSAGE = fromHex("72");
const SIGNATURE = fromHex(
  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
);

const WHICH = "Chrome and Edge 137, Firefox 129 and Safari 17 can, and all later versions.";

/** Why this browser cannot verify, as a sentence; undefined when it can. */
export async function whyUnsupported() {
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) {
    return "This browser does not let this page check signatures at this address. Save the page, "
      + "and open the file from your own disk.";
  }
  try {
    const key = await crypto.subtle.importKey("raw", KEY, { name: "Ed25519" }, false, ["verify"]);
    const good = await crypto.subtle.verify({ name: "Ed25519" }, key, SIGNATURE, MESSAGE);
    const bad = await crypto.subtle.verify({ name: "Ed25519" }, key, SIGNATURE, KEY);
    if (good && !bad) return undefined;
    return `This browser answers wrongly when it checks an Ed25519 signature. ${WHICH}`;
  } catch {
    return `This browser cannot check Ed25519 signatures. ${WHICH}`;
  }
}
