// The key that somebody had before, on the page that makes their next one (make-key.js): if they
// still have it, it signs the new one's enrolment as well. A page without these fields has no
// old key.
//
//   <input type="radio" id="old-yes" name="old" value="yes" data-old-choice> and "no"
//   <div data-old hidden>                            shown while "yes" is chosen
//     <input id="old-passphrase" type="password" data-old-passphrase>
//     <input id="old-key-file" type="file" data-old-key-file>
//   </div>
//   <script type="application/json" id="old-key">{"keyid": hex, "keyFile"?: {…}}</script>
//       the key that the server knows as the old one, and its locked copy if there is one

import { FormatError } from "./encoding.js";
import { WrongPassphrase, openKeyFile, readKeyFile } from "./keys.js";

/** Something is wrong with what was typed or chosen; `field` is where. */
export class OldKeyProblem extends Error {
  constructor(field, message) {
    super(message);
    this.field = field;
  }
}

export class OldKey {
  constructor(form) {
    const data = document.getElementById("old-key");
    this.data = data && JSON.parse(data.textContent);
    this.choices = [...form.querySelectorAll("[data-old-choice]")];
    this.part = form.querySelector("[data-old]");
    this.passphrase = form.querySelector("[data-old-passphrase]");
    this.file = form.querySelector("[data-old-key-file]");
    // A browser never sends a field without a name, whatever a template says.
    for (const field of [this.passphrase, this.file]) field?.removeAttribute("name");
    for (const choice of this.choices) choice.addEventListener("change", () => this.#show());
    this.#show(); // a browser may remember what was chosen before the page was loaded again
  }

  /** The opened old key, or undefined where none is to sign. Throws OldKeyProblem. */
  async open() {
    if (!this.data) return undefined;
    if (!this.#choice()) {
      throw new OldKeyProblem(this.choices[0], "Say whether you still have your old key.");
    }
    if (this.#choice() === "no") return undefined;
    const keyFile = await this.#keyFile();
    if (keyFile.keyid !== this.data.keyid) {
      throw new OldKeyProblem(this.file, "This is the file of another key than your old one. "
        + "Choose the right one, or go on without the old key.");
    }
    try {
      return await openKeyFile(keyFile, this.passphrase.value);
    } catch (error) {
      if (error instanceof WrongPassphrase) {
        throw new OldKeyProblem(this.passphrase, "This passphrase does not open your old key. "
          + "Type it again, or go on without the old key.");
      }
      if (error instanceof FormatError) throw new OldKeyProblem(this.file, error.message);
      throw error;
    }
  }

  /** Nothing of it stays on the page. */
  clear() {
    if (this.passphrase) this.passphrase.value = "";
  }

  #choice() {
    return this.choices.find(({ checked }) => checked)?.value;
  }

  #show() {
    if (this.part) this.part.hidden = this.#choice() !== "yes";
  }

  async #keyFile() {
    const [file] = this.file.files;
    if (!file) {
      if (this.data.keyFile) return this.data.keyFile;
      throw new OldKeyProblem(this.file, "Choose the file of your old key: there is no copy of it "
        + "here.");
    }
    try {
      return await readKeyFile(new Uint8Array(await file.arrayBuffer()));
    } catch (error) {
      if (error instanceof FormatError) throw new OldKeyProblem(this.file, error.message);
      throw error;
    }
  }
}
