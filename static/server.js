// Talking to the server: JSON both ways, with the CSRF token, and each way of failing told apart,
// because the person at the page has to do something different for each.

/** The session has ended. */
export class SignedOut extends Error {
  name = "SignedOut";
  constructor() {
    super("You have been signed out. Sign in again in another tab, then press the button again. "
      + "Nothing you typed is lost.");
  }
}

/** Something changed since the page was made; `reload` is where to look at it again. */
export class Changed extends Error {
  name = "Changed";
  constructor(sentence, reload) {
    super(sentence);
    this.reload = reload;
  }
}

/** The server said no, or could not answer; `message` is a sentence. */
export class Refused extends Error {
  name = "Refused";
}

export class Server {
  /** `renewTo` is the address that gives a fresh token; without one the page's own serves. */
  constructor(renewTo) {
    this.renewTo = renewTo;
    this.token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  }

  /**
   * A fresh CSRF token. Asked at the start of each press of a button: after signing in again in
   * another tab the page's own token is another session's, and an ended session shows here, before
   * anything was signed.
   */
  async renew() {
    if (!this.renewTo) return;
    const answer = await this.#ask(this.renewTo, { method: "GET" });
    if (typeof answer.csrfToken === "string") this.token = answer.csrfToken;
  }

  /** The server's answer to `body`. Throws SignedOut, Changed or Refused. */
  post(url, body) {
    return this.#ask(url, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
    });
  }

  async #ask(url, request) {
    let response;
    let answer;
    try {
      response = await fetch(url, {
        ...request,
        credentials: "same-origin",
        cache: "no-store",
        // An answer that leads elsewhere is a sign-in page, not an answer.
        redirect: "manual",
        headers: { ...request.headers, Accept: "application/json" },
      });
      answer = await readJson(response);
    } catch {
      throw new Refused("The server could not be reached. Check your connection, then press the "
        + "button again. Nothing you typed is lost.");
    }
    if (response.status === 401 || response.type === "opaqueredirect") throw new SignedOut();
    if (response.status === 409) {
      throw new Changed(answer.sentence ?? "Something has changed since you opened this page.",
        answer.reload ?? location.href);
    }
    if (!response.ok) {
      throw new Refused(answer.sentence
        ?? `The server could not do this (it answered ${response.status}). Press the button again; `
        + "if that does not help, tell the administrator. Nothing you typed is lost.");
    }
    return answer;
  }
}

// The body as an object. A proxy's error page is not JSON, and then the status alone has to speak.
async function readJson(response) {
  const text = await response.text();
  try {
    const answer = JSON.parse(text);
    if (typeof answer === "object" && answer !== null) return answer;
  } catch {
    if (response.ok) throw new Error("not JSON");
  }
  return {};
}
