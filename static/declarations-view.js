// Showing what will be signed. Attestations that give the same answers are shown once in full, with
// the files that share them: five files over seven stores must be readable, not merely long.
// Nothing becomes HTML: names and answers come from other people.

import { encodeText } from "./canonical.js";
import { element, paragraph } from "./notices.js";

/** Fill `container` with the declarations of checked items (see checks.js). */
export function showItems(container, items) {
  container.replaceChildren();
  if (items[0].name === "deletion-attestation") {
    container.append(...groups(items));
    return;
  }
  for (const item of items) {
    container.append(words(item.text));
    if (item.reviewed?.length) {
      container.append(
        heading(item.reviewed.length === 1
          ? "The attestation that this is about"
          : `The ${item.reviewed.length} attestations that this is about`),
        ...groups(item.reviewed, "h3"),
      );
    }
  }
}

/** Attestations by their distinct answers: `[[item, …], …]`, in the order of their first. */
export function byAnswers(attestations) {
  const sets = new Map();
  for (const item of attestations) {
    const { copies, onward, supersedes } = item.statement.predicate;
    // Whether it replaces an earlier one is part of what is said; which one differs file by file.
    const answers = encodeText({ copies, onward, again: supersedes !== undefined });
    if (!sets.has(answers)) sets.set(answers, []);
    sets.get(answers).push(item);
  }
  return [...sets.values()];
}

function groups(attestations, level = "h2") {
  return byAnswers(attestations).map((members) => {
    const [first, ...others] = members;
    const section = element("section", { "data-answers": String(members.length) });
    if (others.length === 0) {
      section.append(heading(first.label, level), words(first.text));
      return section;
    }
    section.append(
      heading(`The same answers for ${members.length} files`, level),
      paragraph(`In full for ${first.label}:`),
      words(first.text),
      paragraph(`The same, each in a declaration of its own, for ${
        others.length === 1 ? "this file" : `these ${others.length} files`}:`),
      element("ul", { className: "govuk-list" }, ...others.map((item) => (
        element("li", {}, folded(item))
      ))),
    );
    return section;
  });
}

// Each declaration can be read in full. It is put on the page when it is opened: a thousand of them
// at once would make the page too slow to read any.
function folded(item) {
  const details = element("details", { className: "govuk-details" },
    element("summary", { className: "govuk-details__summary" },
      element("span", { className: "govuk-details__summary-text" }, item.label)));
  details.addEventListener("toggle", () => details.append(words(item.text)), { once: true });
  return details;
}

function heading(text, level = "h2") {
  const size = level === "h2" ? "m" : "s";
  return element(level, { className: `govuk-heading-${size}` }, text);
}

function words(text) {
  const block = element("pre", { className: "declaration" });
  block.textContent = text;
  return block;
}
