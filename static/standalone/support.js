// What this browser can do: nothing at all here, or more slowly, or everything.

import { isExactHere } from "../verifier/signing.js";

const WHICH = "Chrome and Edge 137, Firefox 129 and Safari 17, and all later versions, do.";

/** `{unsupported, slow}`: sentences, each undefined where it is not so. */
export async function support() {
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) {
    return {
      unsupported: "This browser does not let this page check anything at this address. Save the "
        + "page, and open the file from your own disk.",
    };
  }
  if (await isExactHere()) return {};
  return {
    slow: "This browser does not check Ed25519 signatures as exactly as it must. This page checks "
      + `them itself, which takes longer. ${WHICH}`,
  };
}
