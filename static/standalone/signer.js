// The page that signs what another page handed out: a file in, declarations to read, a file out. What
// may be signed at all is decided in inspecting.js; here it is only asked and shown. What was
// chosen and typed lives in this page's memory, and goes with it.

import { Disagreement, confirmsWhatWasTyped } from "../checks.js";
import { showItems } from "../declarations-view.js";
import { FormatError, fingerprint } from "../encoding.js";
import { WrongPassphrase, openKeyFile, readKeyFile, whyUnsupported } from "../keys.js";
import { element } from "../notices.js";
import { covered, inspectFile } from "./inspecting.js";
import { save } from "./saving.js";
import { signItems } from "./signed.js";
import { MOST_BYTES, SignedAlready, parseToSign } from "./to-sign.js";

const MOST_OF_A_KEY = 4096;
const WARNING = "Nothing has been signed. Download the file again; if you then read the same, do not "
  + "sign, and tell the controller and the administrator by telephone.";

const at = (id) => document.getElementById(id);
let chosen; // {file, items}: what is on the page
let signed; // the bytes of signed.jsonl

/** A sentence for the person at the page, and the field that it is about. */
class Told extends Error {
  constructor(sentence, field) {
    super(sentence);
    this.field = field;
  }
}

async function read() {
  forget();
  const [file] = at("file").files;
  if (file === undefined) throw new Told("Choose the file that is to be signed.", at("file"));
  if (file.size > MOST_BYTES) throw new Told(`${file.name} is too large to be what it should be.`);
  let found;
  try {
    found = parseToSign(new Uint8Array(await file.arrayBuffer()));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    if (error instanceof SignedAlready) throw new Told(error.message, at("file"));
    throw new Told(`${file.name} cannot be signed: ${error.message}. Download it again from the page `
      + "that offers it.", at("file"));
  }
  let items;
  try {
    items = await inspectFile(found);
  } catch (error) {
    if (!(error instanceof Disagreement || error instanceof FormatError)) throw error;
    throw new Told(`Do not sign this. ${error.message} ${WARNING}`);
  }
  chosen = { file: found, items };
  show();
}

function show() {
  const { file, items } = chosen;
  const [{ name }] = items;
  showItems(at("declarations"), items);
  if (name === "deletion-demand") {
    for (const [title, names] of covered(file)) {
      at("declarations").append(
        element("h3", {}, `${title}: ${names.length}`),
        element("ul", { className: "names" }, ...names.map((each) => element("li", {}, each))),
      );
    }
  }
  at("typed-field").hidden = name !== "key-confirmation";
  at("old-fields").hidden = file.alsoKeyid === undefined;
  at("sign-button").textContent = `Sign ${what(items)}`;
  at("read").hidden = false;
  at("sign").hidden = false;
  at("read-title").focus();
}

function what(items) {
  const [{ name, label, statement, reviewed }] = items;
  const attestations = (count) => (count === 1 ? "1 attestation" : `${count} attestations`);
  switch (name) {
    case "deletion-attestation": return attestations(items.length);
    case "attestation-review": {
      const verb = statement.predicate.decision === "accepted" ? "accept" : "reject";
      return `the review (${verb} ${attestations(reviewed.length)})`;
    }
    case "key-enrolment": return "the enrolment of this key";
    case "key-confirmation": return "the confirmation of this key";
    case "key-revocation": return "the revocation of this key";
    default: return label;
  }
}

async function sign() {
  const { file, items } = chosen;
  if (items[0].name === "key-confirmation" && !confirmsWhatWasTyped(items, at("typed").value)) {
    throw new Told("What you typed is not the fingerprint of this key. Ask for the eight groups to "
      + "be read out again. If they still differ, do not confirm: this key is not the one that its "
      + "holder made.", at("typed"));
  }
  const needed = [[at("key"), at("passphrase"), file.keyid]];
  if (file.alsoKeyid !== undefined) {
    needed.push([at("old-key"), at("old-passphrase"), file.alsoKeyid]);
  }
  const files = [];
  for (const [field, passphrase, keyid] of needed) {
    files.push(await readKey(field, keyid));
    if (passphrase.value === "") throw new Told("Enter the passphrase.", passphrase);
  }
  at("told").textContent = "Opening your key …";
  const keys = [];
  for (const [index, [, passphrase]] of needed.entries()) {
    try {
      keys.push(await openKeyFile(files[index], passphrase.value));
    } catch (error) {
      if (error instanceof WrongPassphrase) throw new Told(error.message, passphrase);
      throw error;
    }
  }
  signed = await signItems(items, keys);
  for (const [, passphrase] of needed) passphrase.value = "";
  at("own").hidden = items[0].name !== "key-enrolment";
  at("own").textContent = `Your key’s fingerprint, to be read out: ${fingerprint(file.keyid)}`;
  at("done-title").textContent = items.length === 1 ? "Signed" : `All ${items.length} are signed`;
  for (const id of ["choose", "sign"]) at(id).hidden = true;
  at("done").hidden = false;
  at("done-title").focus();
}

async function readKey(field, keyid) {
  const [file] = field.files;
  if (file === undefined) throw new Told("Choose the key file.", field);
  let key;
  try {
    // One byte more than a key file has shows that it is none.
    key = await readKeyFile(new Uint8Array(await file.slice(0, MOST_OF_A_KEY + 1).arrayBuffer()));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new Told(`${file.name}: ${error.message}`, field);
  }
  if (key.keyid !== keyid) {
    throw new Told(`${file.name} holds another key than the one that is asked to sign. It holds `
      + `${fingerprint(key.keyid)}; asked for is ${fingerprint(keyid)}.`, field);
  }
  return key;
}

function forget() {
  chosen = undefined;
  signed = undefined;
  for (const id of ["read", "sign", "done"]) at(id).hidden = true;
  for (const id of ["typed", "passphrase", "old-passphrase"]) at(id).value = "";
  at("declarations").replaceChildren();
}

async function attempt(button, work) {
  at("errors").hidden = true;
  for (const field of document.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
  }
  button.disabled = true;
  try {
    await work();
  } catch (error) {
    showError(error);
  } finally {
    button.disabled = false;
    at("told").textContent = "";
  }
}

function showError(error) {
  const known = error instanceof Told || error instanceof FormatError;
  const sentence = known ? error.message
    // What a browser throws when a file was moved or changed after it was chosen.
    : error instanceof DOMException ? "A file cannot be read. Choose it again."
      : `This browser could not do it (${error.message}). ${WARNING}`;
  const paragraph = element("p", {}, sentence);
  if (error.field) {
    error.field.setAttribute("aria-invalid", "true");
    const link = element("a", { href: `#${error.field.id}` }, sentence);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      error.field.focus();
    });
    paragraph.replaceChildren(link);
  }
  at("errors").replaceChildren(paragraph);
  at("errors").hidden = false;
  at("errors").focus();
}

function saveSigned() {
  save("signed.jsonl", { type: "application/jsonl", pieces: [signed] });
}

for (const [id, work] of [["choose", read], ["sign", sign]]) {
  at(id).addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(at(id).querySelector("button"), work);
  });
}
// Another file is another decision: what was read before is not what would be signed.
at("file").addEventListener("change", forget);
at("save").addEventListener("click", saveSigned);
at("again").addEventListener("click", () => {
  forget();
  at("choose").reset();
  at("sign").reset();
  at("choose").hidden = false;
  at("file").focus();
});

const unsupported = await whyUnsupported();
if (unsupported === undefined) {
  at("starting").remove();
  at("choose").hidden = false;
} else {
  at("starting").firstElementChild.textContent = `${unsupported} The command does the same:`;
}
