// Making a signing key, in the browser of the person who will hold it. The server is given the public
// key, the signed enrolment, and (if the holder agrees) the locked key file; never the passphrase.
//
//   <meta name="csrf-token" content="…">
//   <div data-errors class="govuk-error-summary" tabindex="-1" hidden></div>
//   <form data-make-key data-prepare="URL" data-enrol="URL" data-renew="URL" novalidate>
//     <section data-step="passphrase"><h2>…</h2>        the fields have an id and no name
//       <input id="passphrase" type="password" data-passphrase>  <p data-strength role="status"></p>
//       <input id="passphrase-again" type="password" data-passphrase-again>
//       <input id="existing" type="file" data-existing>  optional: a key file made with `attest keygen`
//       and what old-key.js asks for, where the holder has a key already
//       <button data-make disabled>Make my signing key</button></section>
//     <section data-step="keep" hidden><h2>…</h2> <p data-holder></p>
//       <button type="button" data-download>Download the key file</button>
//       <input id="keep" type="checkbox" data-keep-with-server checked>
//       <button data-enrol-button disabled>Enrol this key</button></section>
//     <section data-step="read-out" hidden><h2>…</h2>
//       <p data-fingerprint></p> <a data-next href="…">Go on</a></section>
//   </form>
//   <div data-progress role="status"></div>
//
// POST data-prepare {"publicKey"} → {"payload"}: the enrolment to sign, naming its holder.
// POST data-enrol {"envelope", "keyFile"?} → {"next", "fingerprint"}. The envelope has two
// signatures where the old key signed too.

import { encode } from "./canonical.js";
import { readStatement } from "./checks.js";
import { FormatError, fingerprint, fromBase64, toBase64 } from "./encoding.js";
import { signPayload } from "./envelope.js";
import { holderWords, keySentence } from "./key-statements.js";
import {
  WrongPassphrase, generate, keyidOf, openKeyFile, readKeyFile, whyUnsupported, wrap,
} from "./keys.js";
import {
  clearErrors, showErrors, showProgress, whileBusy,
} from "./notices.js";
import { OldKey, OldKeyProblem } from "./old-key.js";
import { strengthAdvice, whyPassphraseRefused } from "./passphrase.js";
import { Changed, Refused, Server, SignedOut } from "./server.js";

const form = document.querySelector("form[data-make-key]");
const find = (name) => form.querySelector(`[data-${name}]`);
const passphrase = find("passphrase");
const again = find("passphrase-again");
const makeButton = find("make");
const enrolButton = find("enrol-button");
const keep = find("keep-with-server");
const existing = find("existing");
const server = new Server(form.dataset.renew);
const oldKey = new OldKey(form);

// A browser never sends a field without a name, whatever a template says.
for (const field of [passphrase, again, keep, existing]) field?.removeAttribute("name");
// What has been made so far: {keyFile, envelope, keyid, downloaded}.
let made;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (made) whileBusy(enrolButton, () => guarded(enrol));
  else whileBusy(makeButton, () => guarded(make));
});
find("download").addEventListener("click", download);
passphrase.addEventListener("input", () => {
  find("strength").textContent = strengthAdvice(passphrase.value);
});
// Going away now would lose a key that nobody has kept yet.
window.addEventListener("beforeunload", (event) => {
  if (made && !made.enrolled) event.preventDefault();
});

const unsupported = await whyUnsupported();
if (unsupported) showErrors({ sentence: unsupported });
else makeButton.disabled = false;

async function guarded(step) {
  clearErrors();
  try {
    await step();
  } catch (error) {
    showProgress("");
    if (error instanceof OldKeyProblem) {
      showErrors({ sentence: error.message, field: error.field });
      return;
    }
    const known = [SignedOut, Refused, FormatError, Changed].some((kind) => error instanceof kind);
    showErrors({
      sentence: known ? error.message
        : "The browser could not make the key. Load the page again, or use another browser.",
    });
  }
}

async function make() {
  const old = await oldKey.open();
  const file = existing?.files[0];
  const keyFile = file ? await bringAlong(file) : await makeAnew();
  if (!keyFile) return;
  // From here on the key is only what comes out of its file: so the file is known to open before
  // anything depends on it, and the extractable key is gone.
  let key;
  try {
    key = await openKeyFile(keyFile, passphrase.value);
  } catch (error) {
    if (!(error instanceof WrongPassphrase)) throw error;
    showProgress("");
    showErrors({ sentence: error.message, field: passphrase });
    return;
  }
  const { payload: encoded } = await server.post(form.dataset.prepare, {
    publicKey: keyFile.publicKey,
  });
  const payload = fromBase64(encoded);
  const holder = await checkEnrolment(payload, key);
  const envelope = await signPayload(payload, ...(old ? [key, old] : [key]));
  made = { keyFile, envelope, keyid: key.keyid, downloaded: Boolean(file), enrolled: false };
  passphrase.value = "";
  again.value = "";
  oldKey.clear();
  find("holder").textContent = old ? `${holder} My old key signs this too.` : holder;
  enrolButton.disabled = false;
  show("keep", file ? "Your key file opens." : "Your key is made. Keep its file.");
}

/** A key file that its holder made before, with the command line or here. */
async function bringAlong(file) {
  let keyFile;
  try {
    keyFile = await readKeyFile(new Uint8Array(await file.arrayBuffer()));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    showErrors({ sentence: error.message, field: existing });
    return undefined;
  }
  await server.renew();
  showProgress("Opening your key file …");
  return keyFile;
}

async function makeAnew() {
  const refused = whyPassphraseRefused(passphrase.value);
  if (refused) {
    showErrors({ sentence: refused, field: passphrase });
    return undefined;
  }
  if (again.value !== passphrase.value) {
    showErrors({ sentence: "The two passphrases differ. Type the second again.", field: again });
    return undefined;
  }
  await server.renew();
  showProgress("Making your key …");
  return wrap(await generate(), passphrase.value);
}

/** What the enrolment says, once it is known to enrol this very key and nothing else. */
async function checkEnrolment(payload, key) {
  const { name, statement } = readStatement(payload);
  const { predicate, subject } = statement;
  const agrees = name === "key-enrolment"
    && predicate.publicKey === toBase64(key.publicKey)
    && subject.length === 1 && subject[0].name === "key"
    && subject[0].digest.sha256 === await keyidOf(key.publicKey);
  if (!agrees) {
    throw new FormatError("The server asked to enrol another key than yours. Nothing has been "
      + "signed. Tell the administrator.");
  }
  holderWords(predicate.holder); // refuses words that the formats do not know
  return keySentence(name, predicate);
}

function download() {
  // Exactly the bytes that the command line reads and writes.
  const file = new Blob([encode(made.keyFile)], { type: "application/json" });
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(file);
  anchor.download = `attest-key-${fingerprint(made.keyid).slice(0, 9).replace(" ", "-")}.json`;
  anchor.click();
  // Not at once: the browser may not have begun to read it.
  setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);
  made.downloaded = true;
  clearErrors();
  showProgress("The key file is being saved by your browser. Keep it where you will find it again.");
}

async function enrol() {
  const withServer = keep?.checked ?? false;
  if (!made.downloaded && !withServer) {
    showErrors({
      sentence: "Download the key file, or let the server keep a locked copy. Without either, you "
        + "could never sign with this key.",
      field: keep ?? undefined,
    });
    return;
  }
  await server.renew();
  showProgress("Enrolling your key …");
  const answer = await server.post(form.dataset.enrol, {
    envelope: made.envelope,
    ...(withServer ? { keyFile: made.keyFile } : {}),
  });
  const own = fingerprint(made.keyid);
  made.enrolled = true;
  if (answer.fingerprint !== undefined && answer.fingerprint !== own) {
    throw new Refused("The server shows another fingerprint than your key's. Do not read it out. "
      + "Tell the administrator by telephone.");
  }
  find("fingerprint").textContent = own;
  const next = find("next");
  if (next && answer.next) {
    const target = new URL(answer.next, location.href);
    if (target.origin === location.origin) next.href = target.href;
  }
  show("read-out", "Your key is enrolled.");
}

function show(step, sentence) {
  for (const section of form.querySelectorAll("[data-step]")) {
    section.hidden = section.dataset.step !== step;
  }
  showProgress(sentence);
  const title = form.querySelector(`[data-step="${step}"]`).querySelector("h1, h2, h3");
  title?.setAttribute("tabindex", "-1");
  title?.focus();
}
