// Are two values of a document the same, whatever the order in which their members were written?

import { encodeText } from "../canonical.js";

/** True when two JSON values are equal. */
export function sameMembers(one, other) {
  return encodeText(one) === encodeText(other);
}
