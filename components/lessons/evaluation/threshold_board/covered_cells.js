// Cells that are covered until their number has been guessed. While one is, nothing may show what lies in it.

import { make } from "../../../browser/dom.js";
import { fillIn } from "../../../browser/numbers.js";
import { writeCount } from "./writing.js";

/** @import { Scene } from "../../../browser/controls.js" */
/** @import { Cell } from "./figures.js" */

export class CoveredCells {
  /** @param {{guess: HTMLFormElement, guessed: HTMLElement}} parts the question, and the words about the answer */
  constructor({ guess, guessed }) {
    this.form = guess;
    this.words = guessed;
    /** @type {Set<Cell>} */
    this.revealed = new Set();
  }

  /** Cover all of them again. */
  reset() {
    this.revealed.clear();
    this.form.hidden = true;
    this.words.textContent = "";
  }

  /**
   * Return whether a cell is covered.
   *
   * @param {Cell} cell
   * @param {Scene} scene
   */
  has(cell, scene) {
    return scene.cover === "on" && !this.revealed.has(cell);
  }

  /**
   * Ask for a guess.
   *
   * @param {Cell} cell
   * @param {string} question
   * @param {Record<string, string>} texts
   * @param {() => number} count what is right when the guess is made
   * @param {() => void} done called when the cell is uncovered
   */
  ask(cell, question, texts, count, done) {
    const input = make("input", { type: "number", min: "0", name: "guess" });
    const button = make("button", { type: "submit", className: "tool", textContent: texts.reveal });
    this.form.replaceChildren(make("label", {}, make("span", { textContent: question }), input), button);
    this.form.hidden = false;
    this.form.onsubmit = (event) => {
      event.preventDefault();
      const [guess, right] = [input.valueAsNumber, count()];
      const off = Math.abs(guess - right);
      const words = Number.isFinite(guess) ? (off ? texts["off-guess"] : texts["right-guess"]) : texts["no-guess"];
      const numbers = { guess: writeCount(guess), count: writeCount(right), off: writeCount(off) };
      this.words.textContent = fillIn(words, numbers);
      this.form.hidden = true;
      this.revealed.add(cell);
      done();
    };
    input.focus();
  }
}
