// What checks timestamps as a trust file asks for it: a port of attest/bundle/timestamps.py.

import { FormatError } from "../encoding.js";
import { readPem } from "./certificate.js";
import { checkpointText } from "./checkpoint.js";
import { Failure } from "./failure.js";
import { checkToken } from "./token.js";

/**
 * A check against the roots of a trust file, undefined where it has none: it takes an archive, the name
 * of a timestamp in it, and the size and root of the prefix that it should be over. It throws Failure of
 * step 13.
 */
export function tokenChecker({ tsaRoots, origin }) {
  if (tsaRoots.length === 0) return undefined;
  const roots = tsaRoots.map(readPem);
  return async (archive, name, size, root) => {
    const response = await archive.read(name);
    try {
      return await checkToken(response, checkpointText(origin, size, root), roots);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw new Failure(13, null, `${name}: ${error.message}`);
    }
  };
}
