// The page that verifies a bundle: files in, report out. What it says of a bundle is decided in
// static/verifier/; here it is only asked and shown.

import { check } from "../verifier/report.js";
import { Unreadable, readTrust, refuseOtherFiles, sha256Of } from "./chosen.js";
import { acceptDrops } from "./dropping.js";
import { Progress, Stopped } from "./progress.js";
import { save, savedJson, savedText } from "./saving.js";
import { showResult } from "./showing.js";
import { support } from "./support.js";

const at = (id) => document.getElementById(id);
const inputs = { bundle: at("bundle"), trust: at("trust"), roots: at("roots") };
const progress = new Progress(at("working"), at("working-words"), at("bar"), at("told"));

let report; // of the bundle that is shown
let name; // of its file

async function verifyChosen() {
  hideErrors();
  at("result").hidden = true;
  report = undefined;
  const [bundle] = inputs.bundle.files;
  const [trustFile] = inputs.trust.files;
  at("verify").disabled = true;
  progress.start();
  try {
    await refuseOtherFiles(bundle, trustFile);
    const trust = await readTrust(trustFile, [...inputs.roots.files]);
    const sha256 = await sha256Of(bundle, progress.tick);
    report = await check(bundle, trust, { progress: progress.tick });
    name = bundle.name;
    await showResult(report, { bundle, trustFile, sha256 }, progress.tick);
  } catch (error) {
    if (!(error instanceof Stopped)) showErrors(sentenceOf(error, bundle));
  } finally {
    progress.end();
    at("verify").disabled = false;
  }
  if (report !== undefined) {
    at("result").hidden = false;
    at("verdict-title").focus();
  }
}

function sentenceOf(error, bundle) {
  if (error instanceof Unreadable) return error.message;
  // What a browser throws when a file was moved or changed after it was chosen.
  if (error instanceof DOMException) return `${bundle.name} cannot be read. Choose it again.`;
  // No bundle is known to come here. One that does is not verified, and says so.
  return `The bundle cannot be read (${error.name}: ${error.message}).`;
}

function showErrors(sentence) {
  const paragraph = document.createElement("p");
  paragraph.textContent = sentence;
  at("errors").replaceChildren(paragraph);
  at("errors").hidden = false;
  at("errors").focus();
}

function hideErrors() {
  at("errors").hidden = true;
  at("errors").replaceChildren();
}

const { unsupported, slow } = await support();
at("starting").remove();
if (unsupported === undefined) {
  at("slow").textContent = slow ?? "";
  at("slow").hidden = slow === undefined;
  at("asking").hidden = false;
  at("verify").addEventListener("click", verifyChosen);
  at("stop").addEventListener("click", () => progress.stop());
  at("save-text").addEventListener("click", () => save(`${name}.report.txt`, savedText(report)));
  at("save-json").addEventListener("click", () => save(`${name}.report.json`, savedJson(report)));
  acceptDrops(at("drop"), inputs, at("told"), (sentence) => {
    hideErrors();
    if (sentence !== "") showErrors(sentence);
  });
} else {
  showErrors(unsupported);
}
