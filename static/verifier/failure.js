// The one way in which verification says no: a port of attest/bundle/failure.py.

import { FormatError } from "../encoding.js";

/** A step of docs/formats.md §6 refused. `leaf` counts from 0; null where no leaf is meant. */
export class Failure extends Error {
  name = "Failure";

  constructor(step, leaf, reason) {
    super(`step ${step}${leaf === null ? "" : `, leaf ${leaf}`}: ${reason}`);
    this.step = step;
    this.leaf = leaf;
    this.reason = reason;
  }
}

/** What `read` gives; a FormatError that it throws becomes the failure of this step. */
export function atStep(step, leaf, read) {
  try {
    return read();
  } catch (error) {
    throw asFailure(step, leaf, error);
  }
}

/** The same for what must be waited for. */
export async function soonAtStep(step, leaf, read) {
  try {
    return await read();
  } catch (error) {
    throw asFailure(step, leaf, error);
  }
}

function asFailure(step, leaf, error) {
  return error instanceof FormatError ? new Failure(step, leaf, error.message) : error;
}
