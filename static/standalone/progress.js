// How far a verification has come: a bar that moves a few times a second, a sentence for the eye and,
// less often, one for the ear. In between, the page gets its turn, so that it stays responsive.

import { number } from "../verifier/wording.js";

const BREATH = 40; // milliseconds of work at a time
const SHOWN = 250; // milliseconds between two movements of the bar
const HEARD = 6000; // milliseconds between two sentences that are read out

// What each step is called, which part of the bar it has, and in what its progress is counted.
const PARTS = new Map([
  [0, { words: "Taking the bundle's SHA-256", from: 0, to: 0.04 }],
  [1, { words: "Reading the zip", from: 0.04, to: 0.08 }],
  [3, { words: "Hashing the log", from: 0.08, to: 0.14, noun: "leaves" }],
  [5, { words: "Judging the log", from: 0.14, to: 0.9, noun: "leaves" }],
  [13, { words: "Reading what lies beside the log", from: 0.9, to: 0.97 }],
  [14, { words: "Writing the report", from: 0.97, to: 1 }],
]);

/** Thrown into the work when somebody pressed Stop. */
export class Stopped extends Error {
  name = "Stopped";
}

export class Progress {
  #section;
  #words;
  #bar;
  #told;
  #stopped = false;
  #breath = 0;
  #shown = 0;
  #heard = 0;

  constructor(section, words, bar, told) {
    this.#section = section;
    this.#words = words;
    this.#bar = bar;
    this.#told = told;
  }

  start() {
    this.#stopped = false;
    this.#breath = performance.now();
    this.#shown = 0;
    this.#heard = this.#breath;
    this.#bar.value = 0;
    this.#words.textContent = "Reading the files.";
    this.#told.textContent = "";
    this.#section.hidden = false;
  }

  end() {
    this.#section.hidden = true;
    this.#told.textContent = this.#stopped ? "Stopped. Nothing was found out." : "";
  }

  stop() {
    this.#stopped = true;
  }

  /** Called often by the work; what it gives must be waited for, where it gives something. */
  tick = ({ step, done, total }) => {
    if (this.#stopped) throw new Stopped();
    const now = performance.now();
    if (now - this.#breath < BREATH) return undefined;
    if (now - this.#shown >= SHOWN) this.#show(step, done, total, now);
    return new Promise((resolve) => {
      setTimeout(() => {
        this.#breath = performance.now();
        resolve();
      });
    });
  };

  #show(step, done, total, now) {
    const { words, from, to, noun } = PARTS.get(step);
    const part = total > 0 ? Math.min(done / total, 1) : 1;
    this.#bar.value = from + (to - from) * part;
    const counted = noun === undefined ? "" : `: ${number(done)} of ${number(total)} ${noun}`;
    this.#words.textContent = `${words}${counted}.`;
    this.#shown = now;
    if (now - this.#heard >= HEARD) {
      this.#told.textContent = `${Math.round(this.#bar.value * 100)} per cent done.`;
      this.#heard = now;
    }
  }
}
