// Saves a form while somebody types, so that a closed laptop loses nothing. The server keeps it for
// that person alone and fills the form in with it again; without this script a form is a form.
//
//   <form data-unsent="TICKET">  … <p data-unsent-told role="status"></p> </form>
//
// The ticket says where it is kept, and only the server can write one. data-unsent-told="unkept":
// the form was sent and not taken, and what it shows is nowhere kept yet. Once it is, the browser
// goes back to data-unsent-page, which shows the same, and need not ask whether to send it again.

const ADDRESS = "/unsent";
const PAUSE = 1200; // milliseconds without typing
const MOST_AT_THE_END = 60_000; // bytes that a browser still sends for a page that is gone

for (const form of document.querySelectorAll("form[data-unsent]")) keep(form);

function keep(form) {
  const told = form.querySelector("[data-unsent-told]");
  const say = (sentence) => {
    // The same sentence again would be read out again.
    if (told && told.textContent !== sentence) told.textContent = sentence;
  };
  let waiting; // the pause's timer
  let under; // what is being saved right now
  let changed = false; // since it was saved last
  let sent = false; // the form itself is on its way

  const save = async (atTheEnd = false) => {
    clearTimeout(waiting);
    if (!changed || sent) return;
    changed = false;
    under?.abort();
    const mine = new AbortController();
    under = mine;
    const body = JSON.stringify({ ticket: form.dataset.unsent, fields: fieldsOf(form) });
    try {
      const response = await fetch(ADDRESS, {
        method: "POST",
        body,
        keepalive: atTheEnd && new Blob([body]).size < MOST_AT_THE_END,
        signal: atTheEnd ? undefined : mine.signal,
        credentials: "same-origin",
        cache: "no-store",
        redirect: "error",
        headers: {
          "Content-Type": "application/json",
          Accept: "application/json",
          "X-CSRFToken": document.querySelector('meta[name="csrf-token"]')?.content ?? "",
        },
      });
      const answer = await response.json().catch(() => ({}));
      if (response.ok) {
        say(`Saved as you type, ${answer.at}`);
        if (told?.dataset.unsentPage) history.replaceState(history.state, "", told.dataset.unsentPage);
      } else {
        changed = true;
        say(response.status === 401
          ? "Not saved: you have been signed out. Sign in again in another tab; what you typed stays on this page."
          : `Not saved as you type. ${answer.sentence ?? "It is tried again when you type on."}`);
      }
    } catch {
      if (mine.signal.aborted) return; // a later one saves the same, or the form was sent
      changed = true;
      say("Not saved as you type: the server could not be reached. It is tried again when you type on.");
    }
  };

  const later = () => {
    changed = true;
    clearTimeout(waiting);
    waiting = setTimeout(save, PAUSE);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => {
    sent = true;
    clearTimeout(waiting);
    under?.abort(); // else it might come in after the form, and say that it was not sent
  });
  window.addEventListener("pagehide", () => save(true));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save(true);
  });
  if (told?.dataset.unsentTold === "unkept") {
    changed = true;
    save();
  }
  // Going back, a browser may show the page as it was left.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) sent = false;
  });
}

// Names and values as the browser would send them, without what must never be kept.
function fieldsOf(form) {
  const secret = new Set(["csrf_token"]);
  for (const input of form.querySelectorAll('input[type="password"], input[type="file"]')) {
    secret.add(input.name);
  }
  return [...new FormData(form)].filter(([name, value]) => (
    typeof value === "string" && !secret.has(name)
  ));
}
