// The signing page. The one rule: the declaration on the screen is taken out of the very bytes that
// are signed, and where text and fields disagree nothing is signed at all (checks.js).
//
// What the page brings (no inline script, no name on the passphrase, so that without this script no
// browser can send it):
//
//   <meta name="csrf-token" content="…">
//   <div data-errors class="govuk-error-summary" tabindex="-1" hidden></div>
//   <div data-declarations></div>                    filled here, from the payloads alone
//   <form data-sign novalidate>                      no action, no method
//     <input id="typed" data-typed>                  to confirm a key: the groups as heard
//     <input id="passphrase" data-passphrase type="password">
//     <input id="key-file" data-key-file type="file">   a must when the server holds no key file
//     <button data-sign-button disabled>Sign 5 attestations</button>
//   </form>
//   <div data-progress role="status"></div>
//   <script type="application/json" id="to-sign">{
//     "keyid": hex, "keyFile"?: {…},
//     "items": [{"id", "payload": b64, "reviewed"?: [b64 payload of each attestation reviewed]}],
//     "bodies": [b64 of each file.named and store.named body that the declarations need; for a
//                demand all of them and each store.withdrawn, in the log's order],
//     "listing"?: {"files": {"count","sha256"}, "stores": {…}, "withdrawn"?: {…}}: a must for
//                a demand and for a closure; without "withdrawn", no store was,
//     "reference"?: the standing demand's; "typed"?: where there is no field for it,
//     "postTo": url, "renewTo": url}</script>
//
// GET renewTo → {"csrfToken"}. POST postTo {"envelopes":[{"id","envelope"}]} →
// {"results":[{"id","ok":true}|{"id","ok":false,"sentence"}],"next"}; 401 signed out;
// 409 {"sentence","reload"} something changed; any other failure may carry {"sentence"}.
// An envelope may come a second time (its answer was lost): the server answers ok again.

import { Disagreement, confirmsWhatWasTyped, inspect } from "./checks.js";
import { showItems } from "./declarations-view.js";
import { FormatError } from "./encoding.js";
import { signPayload } from "./envelope.js";
import { WrongPassphrase, openKeyFile, readKeyFile, whyUnsupported } from "./keys.js";
import {
  clearErrors, element, link, showErrors, showProgress, whileBusy,
} from "./notices.js";
import { Changed, Refused, Server, SignedOut } from "./server.js";

// Up to this many, each is sent alone, so that each is seen to succeed; beyond it, that is too slow.
const ONE_BY_ONE = 20;
const AT_ONCE = 25;
// A longer list of receipts helps nobody, and costs the page its speed.
const MOST_RECEIPTS = 200;

const form = document.querySelector("form[data-sign]");
const button = form.querySelector("[data-sign-button]");
const passphrase = form.querySelector("[data-passphrase]");
const keyFileField = form.querySelector("[data-key-file]");
const typedField = form.querySelector("[data-typed]");

// Should a template forget the rule: a field without a name is never sent.
for (const field of form.querySelectorAll("[data-passphrase], [data-key-file]")) {
  field.removeAttribute("name");
}
// Set before anything else can fail: a plain submission would reload the page.
let press = () => {};
form.addEventListener("submit", (event) => {
  event.preventDefault();
  press();
});

try {
  await start();
} catch (error) {
  // Whatever it was, the page is not what it should be: the button stays as the HTML has it, off.
  button.disabled = true;
  document.querySelector("[data-declarations]").replaceChildren();
  showErrors({ sentence: refusal(error) });
}

async function start() {
  const unsupported = await whyUnsupported();
  if (unsupported) throw new Disagreement(unsupported);
  const data = JSON.parse(document.getElementById("to-sign").textContent);
  const items = await inspect(data);
  const server = new Server(data.renewTo);
  const signed = new Set();
  const receipts = element("ul", { className: "govuk-list" });
  showItems(document.querySelector("[data-declarations]"), items);
  document.querySelector("[data-progress]").after(receipts);
  press = () => whileBusy(button, () => attempt({ data, items, server, signed, receipts }));
  button.disabled = false;
}

function refusal(error) {
  const why = error instanceof Disagreement || error instanceof FormatError
    ? error.message : "This page is not complete.";
  return `${why} Nothing has been signed. Load the page again; if you then read the same, do not `
    + "sign, and tell the controller and the administrator by telephone.";
}

// One press of the button: everything not yet signed, with every failure said in words.
async function attempt(page) {
  clearErrors();
  try {
    await checkTyped(page);
    await page.server.renew();
    const key = await openKey(page.data);
    showProgress("The key is open. Signing …");
    await signAll(page, key);
  } catch (error) {
    showProgress(howFar(page));
    if (error instanceof FieldError) {
      showErrors({ sentence: error.message, field: error.field });
    } else if (error instanceof Changed) {
      // What was read is no longer what would be signed: this page must not sign it any more.
      const changed = {
        sentence: error.message,
        link: { text: "Look again at what you are about to sign", href: error.reload },
      };
      press = () => showErrors(changed);
      press();
    } else if (error instanceof SignedOut || error instanceof Refused) {
      showErrors({ sentence: error.message });
    } else {
      showErrors({ sentence: refusal(error) });
    }
  }
}

class FieldError extends Error {
  constructor(field, message) {
    super(message);
    this.field = field;
  }
}

async function checkTyped({ data, items }) {
  if (items[0].name !== "key-confirmation") return;
  const typed = typedField?.value ?? data.typed ?? "";
  if (confirmsWhatWasTyped(items, typed)) return;
  const sentence = "What you typed is not the fingerprint of this key. Ask for the eight groups to "
    + "be read out again. If they still differ, do not confirm: this key is not the one that its "
    + "holder made.";
  throw typedField ? new FieldError(typedField, sentence) : new Refused(sentence);
}

// The key file that was chosen, else the locked copy that the server holds; opened, once a press.
async function openKey(data) {
  if (passphrase.value === "") throw new FieldError(passphrase, "Enter your passphrase.");
  const chosen = keyFileField?.files[0];
  if (!chosen && !data.keyFile) {
    throw new FieldError(keyFileField ?? passphrase, "Choose your key file.");
  }
  showProgress("Opening your key …");
  try {
    const file = chosen
      ? await readKeyFile(new Uint8Array(await chosen.arrayBuffer())) : data.keyFile;
    if (file.keyid !== data.keyid) {
      throw new FormatError("This file holds another key than the one you sign with here.");
    }
    return await openKeyFile(file, passphrase.value);
  } catch (error) {
    if (error instanceof WrongPassphrase) throw new FieldError(passphrase, error.message);
    if (!(error instanceof FormatError)) throw error;
    if (chosen) throw new FieldError(keyFileField, error.message);
    throw new FieldError(keyFileField ?? passphrase,
      "The copy of your key that the server holds cannot be used. Choose the key file you kept.");
  }
}

async function signAll(page, key) {
  const { data, items, server, signed, receipts } = page;
  const failures = [];
  const size = items.length > ONE_BY_ONE ? AT_ONCE : 1;
  const left = items.filter(({ id }) => !signed.has(id));
  let next;
  for (let from = 0; from < left.length; from += size) {
    const chunk = left.slice(from, from + size);
    const envelopes = [];
    for (const { id, payload } of chunk) {
      // `payload` is the bytes that the declaration on the screen was taken from.
      envelopes.push({ id, envelope: await signPayload(payload, key) });
    }
    const answer = await server.post(data.postTo, { envelopes });
    next = answer.next ?? next;
    for (const item of chunk) {
      const result = answer.results?.find(({ id }) => id === item.id);
      if (result?.ok === true) {
        signed.add(item.id);
        if (items.length <= MOST_RECEIPTS) {
          receipts.append(element("li", {}, `✓ Signed: ${item.label}`));
        }
        showProgress(`${howFar(page)}: ${item.label}`);
      } else {
        failures.push({ sentence: `${item.label}: ${result?.sentence
          ?? "the server did not say whether it took this one. Press the button again."}` });
      }
    }
  }
  finish(page, failures, next);
}

const howFar = ({ items, signed }) => (
  signed.size ? `Signed ${signed.size} of ${items.length}` : ""
);

function finish(page, failures, next) {
  if (failures.length) {
    showProgress(howFar(page));
    showErrors(...failures);
    return;
  }
  passphrase.value = "";
  press = () => {};
  form.hidden = true;
  const { length } = page.items;
  const done = length === 1 ? "Signed." : `All ${length} are signed.`;
  if (!next) {
    showProgress(done);
    return;
  }
  showProgress(done, element("p", { className: "govuk-body" }, link("Go on", next)));
  // After the guard against leaving has gone (whileBusy takes it away when this turn ends).
  const target = new URL(next, location.href);
  if (target.origin === location.origin) setTimeout(() => location.assign(target));
}
