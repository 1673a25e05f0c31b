// A report on the page: the verdict in words, what was verified, and the same lines as the command.

import { lines } from "../verifier/report-text.js";
import { FAILED, VERIFIED } from "../verifier/report.js";
import { FILE_STATES, count, number } from "../verifier/wording.js";

// A browser takes long to lay out more; the saved report has them all.
const MOST_LINES = 5000;

const TONES = { [VERIFIED]: "good", [FAILED]: "bad" };
const HEADINGS = { [VERIFIED]: "Verified", [FAILED]: "Failed" };

// docs/formats.md §6, Steps.
const STEPS = [
  "the zip", "the checkpoint", "the log's leaves", "older checkpoints", "the bodies",
  "the log's order, and what the operator says", "statements about keys",
  "who signed, and what", "what the signer had seen", "attestations", "declarations",
  "reviews and closures", "what lies beside the log",
];

// A label, or nothing in its place, then a value in column 14 behind the line's indentation.
const ROW = /^(?: {4})?(?=.{12} {2}\S)/;

const at = (id) => document.getElementById(id);

/** Fill in the part of the page that shows a result. `tick` lets the page breathe. */
export async function showResult(report, { bundle, trustFile, sha256 }, tick) {
  const head = report.head();
  const { states, shown, total } = await readThrough(report, tick);
  at("verdict").className = `verdict ${TONES[head.verdict] ?? "odd"}`;
  at("verdict").replaceChildren(heading(head), ...sentences(head), ...summary(head, states));
  at("about").replaceChildren(
    ...term("Bundle", `${bundle.name}, ${count(bundle.size, "byte")}`),
    ...term("Its SHA-256", sha256, "code"),
    ...term("Trust file", trustFile.name),
  );
  at("report").replaceChildren(...shown.map(reportLine));
  at("shortened").hidden = shown.length === total;
  at("shortened").textContent = `These are the first ${number(shown.length)} of ${number(total)} `
    + "lines. The saved report has all of them.";
}

// One pass over the files for their states, and one over the report's lines.
async function readThrough(report, tick) {
  const states = new Map();
  for (const { state } of report.files()) {
    states.set(state, (states.get(state) ?? 0) + 1);
    await tick({ step: 14, done: 0, total: 2 });
  }
  const shown = [];
  let total = 0;
  for (const line of lines(report)) {
    if (total < MOST_LINES) shown.push(line);
    total += 1;
    await tick({ step: 14, done: 1, total: 2 });
  }
  return { states, shown, total };
}

function heading({ verdict, reasons = [] }) {
  const title = element("h2", HEADINGS[verdict]
    ?? `Intact, but: ${reasons.map(({ reason }) => reason).join(", ")}`);
  title.id = "verdict-title";
  title.tabIndex = -1;
  return title;
}

function* sentences({ verdict, failure, reasons = [] }) {
  if (failure !== undefined) {
    const { step, leaf, reason } = failure;
    const what = leaf === undefined ? "the bundle" : `leaf ${number(leaf)}`;
    const why = reason.endsWith(".") ? reason : `${reason}.`;
    yield element("p", `Step ${step} of 13 (${STEPS[step - 1]}) refused ${what}: ${why}`);
    yield element("p", "Nothing in this bundle should be relied on. Keep it, and ask both sides for theirs.");
  } else if (verdict === VERIFIED) {
    yield element("p", "Every step passed, and all of it stands on keys that you trust.");
  } else {
    yield element("p", "Nothing was changed since it was logged. Before you rely on it:");
    const list = document.createElement("ul");
    list.append(...reasons.map(({ sentence }) => element("li", sentence)));
    yield list;
  }
}

function* summary({ demand }, states) {
  if (demand?.reference === undefined) return;
  const files = [...states].map(([state, n]) => `${number(n)} ${FILE_STATES[state]}`).join(", ");
  const closed = { not_issued: "not issued", issued: "open" }[demand.state]
    ?? demand.state.replaceAll("_", " ");
  yield element("p", `Demand ${demand.reference}: ${closed}. Files: ${files || "none"}.`);
}

// A line of its own, so that a narrow page can break it under where its value begins. What is copied
// from here is the text as the command writes it.
function reportLine(text) {
  const line = element("span", `${text}\n`);
  const row = ROW.exec(text);
  const hang = row === null ? text.search(/\S|$/) : row[0].length + 14;
  line.className = `line hang-${hang}`;
  return line;
}

function term(name, value, tag = "span") {
  const description = document.createElement("dd");
  description.append(element(tag, value));
  return [element("dt", name), description];
}

function element(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
