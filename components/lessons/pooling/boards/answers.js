// The cells of the output boards. A cell shows its number once the window has been there; if the class guesses first,
// only after a guess.

import { make, write } from "../../../browser/dom.js";
import { icon } from "../../../browser/icons.js";
import { MINUS, fillIn, ordinal, signed, writeUnits } from "../../../browser/numbers.js";

/** @import { StageMessage } from "../../../player/stage.js" */
/** @import { PoolingMessage } from "./boards.js" */

/** @typedef {"max" | "average" | "global"} Board */

/**
 * @typedef {object} Answer a cell of an output board
 * @property {Board} board
 * @property {number} stop at which it is reached
 * @property {string} testid
 * @property {HTMLElement} element
 * @property {Text} text
 * @property {HTMLInputElement} [input] takes the guess
 */

/** @typedef {{right?: boolean, text: string}} Guess a guess as it is written; without `right`, the answer was revealed */

/** @type {(name: "check" | "cross") => SVGElement} drawn on an answer that was guessed */
function mark(name) {
  const drawn = icon(name);
  drawn.dataset.mark = name;
  return drawn;
}

export class PoolingAnswers {
  /** @type {StageMessage & PoolingMessage} */
  data;

  /** @type {Record<Board, Answer[]>} */
  cells = { max: [], average: [], global: [] };

  /** @type {Map<string, Guess>} testid → guess */
  guesses = new Map();

  /** What a visitor who guesses has to do next, or did wrong. */
  hint = "";

  /** Whether numbers have to be short to fit their cells. */
  crowded = false;

  /**
   * @param {Record<string, any>} parts the markup's elements by their data-part
   * @param {(stop: number) => void} goTo
   * @param {() => void} redraw
   */
  constructor(parts, goTo, redraw) {
    this.parts = parts;
    this.goTo = goTo;
    this.redraw = redraw;
  }

  /** @param {StageMessage & PoolingMessage} data */
  load(data) {
    this.data = data;
    this.crowded = (data.columns?.output ?? 0) > 5;
  }

  get guessing() {
    return this.data.scene.guess === "on";
  }

  get all() {
    return Object.values(this.cells).flat();
  }

  // ---- cells ----

  /** Make the cells of another grid of stops. */
  build() {
    const { max, columns, texts } = this.data;
    const across = columns?.output ?? 1;
    /** @type {(board: Board) => Answer[]} */
    const board = (name) =>
      max.map((_, stop) => {
        const place = { row: Math.floor(stop / across), column: stop % across };
        const label = texts["guess-cell"].replace("{board}", texts[name]);
        return this.cell(
          name,
          `${place.row}-${place.column}`,
          stop,
          fillIn(label, { row: ordinal(place.row), column: ordinal(place.column) }),
        );
      });
    const global = [this.cell("global", "0-0", max.length - 1, texts["guess-global"])];
    this.cells = { max: board("max"), average: board("average"), global };
  }

  /**
   * @param {Board} board
   * @param {string} place
   * @param {number} stop
   * @param {string} label of the field that takes the guess
   */
  cell(board, place, stop, label) {
    const text = new Text();
    const testid = `${board}-${place}`;
    const element = make("div", { className: "answer", data: { testid }, onclick: () => this.goTo(stop) }, text);
    /** @type {Answer} */
    const answer = { board, stop, testid, element, text };
    if (this.guessing) {
      // A phone's decimal keys have no minus.
      const inputMode = this.data.values.flat().some((value) => value < 0) ? "text" : "decimal";
      const input = make("input", { type: "text", inputMode, autocomplete: "off", placeholder: "?", aria: { label } });
      input.onfocus = () => this.goTo(stop);
      input.onkeydown = (event) => {
        if (event.key === "Enter" && this.guess(answer, input)) this.focusNext();
      };
      input.onchange = () => this.guess(answer, input);
      element.append(input, mark("check"), mark("cross"));
      answer.input = input;
    }
    return answer;
  }

  /** @param {Answer} answer */
  valueOf({ board, stop }) {
    return board === "global" ? this.data.global : this.data[board][stop];
  }

  /**
   * Fill the answers up to the last one reached; the newest one shows once it has landed.
   *
   * @param {number} position
   * @param {number} arrived
   * @param {number} filled the last stop that was reached
   */
  show(position, arrived, filled) {
    const last = this.data.max.length - 1;
    for (const answer of this.all) {
      const { board, element, text, stop, input, testid } = answer;
      const value = this.valueOf(answer);
      const reached = stop <= filled && !(stop === position && arrived < 1);
      const guess = this.guesses.get(testid);
      const open = reached && (!this.guessing || guess !== undefined);
      const shown = open ? this.short(value, board) : "";
      if (text.data !== shown) text.data = shown;
      const wrong = open && guess?.right === false ? guess.text : undefined;
      if (wrong === undefined) delete element.dataset.guess;
      else element.dataset.guess = wrong;
      if (open) element.dataset.value = String(value);
      else delete element.dataset.value;
      element.classList.toggle("here", stop === position && (board !== "global" || position === last));
      element.classList.toggle("right", open && guess?.right === true);
      element.classList.toggle("wrong", wrong !== undefined);
      element.title = wrong === undefined ? "" : fillIn(this.data.texts["guess-wrong"], { guess: wrong });
      if (input) input.hidden = open;
    }
  }

  // ---- numbers ----

  /**
   * Write a number with at most two decimals, and return whether that is all of it. Answers are float32, as in Keras.
   *
   * @param {number} value
   */
  write(value) {
    const scale = Math.max(...this.data.values.flat().map(Math.abs), 1) * 1e-6;
    const decimals = [0, 1].find((digits) => Math.abs(value - Number(value.toFixed(digits))) < scale) ?? 2;
    const exact = Math.abs(value - Number(value.toFixed(decimals))) < scale;
    return { text: writeUnits(Math.round(value * 10 ** decimals), decimals), exact };
  }

  /**
   * Write a number as short as a cell of a crowded board needs it; the line below has all of it.
   *
   * @param {number} value
   * @param {Board} board
   */
  short(value, board) {
    const { text } = this.write(value);
    if (!this.crowded || board === "global" || text.length <= 4) return text;
    const tenths = writeUnits(Math.round(value * 10), 1);
    return tenths.length <= 5 ? tenths : writeUnits(Math.round(value), 0);
  }

  // ---- guessing ----

  forget() {
    this.guesses.clear();
    this.hint = "";
    for (const { input } of this.all) {
      if (!input) continue;
      input.value = "";
      input.removeAttribute("aria-invalid");
    }
  }

  /** @param {number} position */
  hiddenAt(position) {
    return this.all.some(({ stop, testid }) => stop === position && !this.guesses.has(testid));
  }

  /**
   * Return whether the class has to guess or reveal a stop's answers before Play goes on.
   *
   * @param {number} position
   */
  holds(position) {
    if (!this.guessing || !this.hiddenAt(position)) return false;
    this.hint = this.data.texts["guess-held"];
    this.showScore(position);
    return true;
  }

  /**
   * Take what was written into a hidden answer, and return whether it was a number.
   *
   * @param {Answer} answer
   * @param {HTMLInputElement} input
   */
  guess(answer, input) {
    const text = input.value.trim().replace(",", ".").replace(MINUS, "-");
    if (text === "" || this.guesses.has(answer.testid)) return false;
    const valid = Number.isFinite(Number(text));
    input.setAttribute("aria-invalid", String(!valid));
    this.hint = valid ? "" : this.data.texts["guess-refusal"];
    if (valid) {
      // An average may go on for ever: as many decimals as were written have to be right, at least one.
      const value = this.valueOf(answer);
      const decimals = Math.min(text.split(".")[1]?.length ?? 0, 6);
      const rounded = decimals > 0 ? Math.abs(Number(text) - Number(value.toFixed(decimals))) < 1e-9 : false;
      const right = rounded || Math.abs(Number(text) - value) < 1e-3;
      this.guesses.set(answer.testid, { right, text: signed(text) });
    }
    this.redraw();
    return valid;
  }

  focusNext() {
    const open = this.all.filter(({ testid }) => !this.guesses.has(testid));
    open.sort((one, other) => one.stop - other.stop);
    open[0]?.input?.focus();
  }

  /**
   * Show the answers of a stop, which the class may have guessed aloud.
   *
   * @param {number} position
   */
  reveal(position) {
    for (const { stop, testid } of this.all) {
      if (stop === position && !this.guesses.has(testid)) this.guesses.set(testid, { text: "" });
    }
    this.hint = "";
    this.redraw();
  }

  /** @param {number} position */
  showScore(position) {
    const marks = [...this.guesses.values()].filter(({ right }) => right !== undefined);
    const score = marks.length
      ? fillIn(this.data.texts.score, { right: marks.filter(({ right }) => right).length, guesses: marks.length })
      : "";
    write(this.parts.score, this.hint || score || (this.guessing ? this.data.texts["guess-hidden"] : ""));
    this.parts.reveal.disabled = !this.hiddenAt(position);
  }
}
