// What a verification gives where no step refuses, and how it says that it cannot begin.

/** The question itself is amiss (exit status 2). The message is a sentence for a person. */
export class CannotVerify extends Error {
  name = "CannotVerify";
}
