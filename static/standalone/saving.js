// Reports as files: the same text and the same JSON as the command writes.

import { lines } from "../verifier/report-text.js";

const TOGETHER = 1000; // lines in one piece of a file

/** The report as text, in pieces that a file is made of. */
export function savedText(report) {
  return { type: "text/plain;charset=utf-8", pieces: pieces(ended(lines(report))) };
}

/** One object; the files stand one a line, as the command writes them. */
export function savedJson(report) {
  return { type: "application/json", pieces: pieces(jsonLines(report)) };
}

/** Let the browser keep a file. */
export function save(name, { type, pieces: parts }) {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads it after this function has ended.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function* ended(texts) {
  for (const text of texts) yield `${text}\n`;
}

function* jsonLines(report) {
  yield `${JSON.stringify(report.head()).slice(0, -1)},"files":[\n`;
  let before;
  for (const file of report.files()) {
    if (before !== undefined) yield `${before},\n`;
    before = JSON.stringify(file);
  }
  if (before !== undefined) yield `${before}\n`;
  yield "]}\n";
}

function pieces(texts) {
  const whole = [];
  let some = [];
  for (const text of texts) {
    some.push(text);
    if (some.length === TOGETHER) {
      whole.push(some.join(""));
      some = [];
    }
  }
  whole.push(some.join(""));
  return whole;
}
