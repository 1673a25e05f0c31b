// What is asked of a passphrase. It locks the key file against somebody who has stolen the file and
// can guess as often as they like, so length is what counts (NIST SP 800-63B §3.1.1: a least length,
// no rules about kinds of characters, and no passphrase that everybody tries first).

export const LEAST = 12;

// Pieces of the passphrases that are tried first, and of what stands on the page itself.
const COMMON = [
  "password", "passphrase", "qwerty", "letmein", "welcome", "iloveyou", "admin", "attest",
  "abcdefgh", "12345678", "87654321",
];

/** Why a passphrase cannot be used, as a sentence; undefined when it can. */
export function whyPassphraseRefused(passphrase) {
  const characters = [...passphrase];
  if (characters.length === 0) return "Enter a passphrase of at least 12 characters.";
  if (characters.length < LEAST) {
    return `This passphrase has ${characters.length} characters. Use at least ${LEAST}.`;
  }
  if (new Set(characters).size < 5) {
    return "This passphrase repeats very few characters. Use several words.";
  }
  if (restWithoutCommon(passphrase) < 6) {
    return "This is among the first passphrases that somebody would try. Use several words that have "
      + "nothing to do with each other.";
  }
  return undefined;
}

/** A word of advice while typing: never a percentage or a colour. */
export function strengthAdvice(passphrase) {
  const { length } = [...passphrase];
  if (length === 0) return "";
  if (length < LEAST) return `${LEAST - length} more to go.`;
  const refused = whyPassphraseRefused(passphrase);
  if (refused) return refused;
  const words = passphrase.trim().split(/[\s,.;:_-]+/).filter((word) => word.length > 2);
  if (words.length >= 4 || length >= 24) return "Strong: long enough that nobody guesses it.";
  if (length >= 16) return "Good. Another word would make it strong.";
  return "Just long enough. Four words that have nothing to do with each other would be better.";
}

// How many characters are left when the usual pieces are taken out.
function restWithoutCommon(passphrase) {
  let rest = passphrase.toLowerCase();
  for (const piece of COMMON) rest = rest.replaceAll(piece, "");
  return rest.replace(/[^\p{L}\p{N}]/gu, "").length;
}
