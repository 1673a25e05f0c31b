// What the scripts say on the page: errors as GOV.UK's design system shows them, and progress.
// Everything is set as text, never as HTML: file names and answers come from other people.

/** An element with a class, children (elements or texts) and attributes. */
export function element(tag, { className, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** A paragraph of the page's body text. */
export function paragraph(text) {
  return element("p", { className: "govuk-body" }, text);
}

/** A link, unless its address would run a script: then its words alone. */
export function link(text, href) {
  const { protocol } = new URL(href, location.href);
  if (protocol !== "https:" && protocol !== "http:") return document.createTextNode(text);
  return element("a", { className: "govuk-link", href }, text);
}

const title = document.title;

/** Take all errors away: before each new attempt. */
export function clearErrors() {
  document.title = title;
  for (const summary of document.querySelectorAll("[data-errors]")) {
    summary.hidden = true;
    summary.replaceChildren();
  }
  for (const message of document.querySelectorAll("[data-field-error]")) {
    const group = message.parentElement;
    group.classList.remove("govuk-form-group--error");
    const field = group.querySelector("input");
    field?.classList.remove("govuk-input--error", "govuk-file-upload--error");
    if (field) describe(field, (ids) => ids.filter((id) => id !== message.id));
    message.remove();
  }
}

/**
 * Show what went wrong in the summary, and give it the focus so that a screen reader reads it.
 * Each problem is `{sentence, field?, link?}`: the field it belongs to (the sentence then also
 * stands beside it), or a link `{text, href}` that helps.
 */
export function showErrors(...problems) {
  clearErrors();
  const list = element("ul", { className: "govuk-list govuk-error-summary__list" });
  for (const problem of problems) {
    const entry = element("li");
    if (problem.field) {
      markField(problem.field, problem.sentence);
      const toField = element("a", { href: `#${problem.field.id}` }, problem.sentence);
      toField.addEventListener("click", (event) => {
        event.preventDefault();
        problem.field.focus();
      });
      entry.append(toField);
    } else {
      entry.append(problem.sentence);
    }
    if (problem.link) entry.append(" ", link(problem.link.text, problem.link.href));
    list.append(entry);
  }
  const summary = document.querySelector("[data-errors]");
  summary.replaceChildren(element("div", { role: "alert" },
    element("h2", { className: "govuk-error-summary__title" }, "There is a problem"),
    element("div", { className: "govuk-error-summary__body" }, list)));
  summary.setAttribute("tabindex", "-1");
  summary.hidden = false;
  document.title = `Error: ${title}`;
  summary.focus();
}

function markField(field, sentence) {
  const id = `${field.id}-error`;
  const message = element("p", { className: "govuk-error-message", id, "data-field-error": "" },
    element("span", { className: "govuk-visually-hidden" }, "Error: "), sentence);
  const group = field.closest(".govuk-form-group") ?? field.parentElement;
  group.classList.add("govuk-form-group--error");
  field.classList.add(field.type === "file" ? "govuk-file-upload--error" : "govuk-input--error");
  // Beside the field, yet a child of the group: an input may sit in a wrapper of its own.
  let before = field;
  while (before.parentElement !== group) before = before.parentElement;
  group.insertBefore(message, before);
  describe(field, (ids) => [...ids, id]);
}

function describe(field, change) {
  const ids = change((field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (ids.length) field.setAttribute("aria-describedby", ids.join(" "));
  else field.removeAttribute("aria-describedby");
}

/** Say how far things are. The region is announced, so each call replaces what it said. */
export function showProgress(...children) {
  const region = document.querySelector("[data-progress]");
  region.replaceChildren(...children.map((child) => (
    typeof child === "string" ? paragraph(child) : child
  )));
}

/** While `work` runs, leaving the page asks first, and `button` cannot be pressed twice. */
export async function whileBusy(button, work) {
  if (button.disabled) return;
  const warn = (event) => event.preventDefault();
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  window.addEventListener("beforeunload", warn);
  try {
    await work();
  } finally {
    window.removeEventListener("beforeunload", warn);
    button.removeAttribute("aria-busy");
    button.disabled = false;
  }
}
