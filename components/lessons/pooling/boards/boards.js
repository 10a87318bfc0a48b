// The pooling boards. Python sends the grid and all answers; what moves is drawn here from them.

import { mount } from "../../../browser/board.js";
import { write } from "../../../browser/dom.js";
import { MINUS, fillIn, ordinal, signed } from "../../../browser/numbers.js";
import { StageView } from "../../../player/stage.js";
import { PoolingAnswers } from "./answers.js";
import { PoolingControls } from "./controls.js";
import { PoolingOverlay } from "./overlay.js";

/** @import { StageMessage } from "../../../player/stage.js" */
/** @import { Answer, Board } from "./answers.js" */

/**
 * @typedef {object} PoolingMessage what Python's payload says
 * @property {number[][]} values the grid, row by row
 * @property {number[]} max the largest number at each stop, row by row; none where no window fits
 * @property {number[]} average the mean at each stop
 * @property {number} global the mean of the grid
 * @property {Axis | null} rows where the window stops from top to bottom; null where none fits
 * @property {Axis | null} columns where it stops from left to right
 * @property {number} step cells from one stop to the next
 * @property {number} topSpeed most stops a second
 * @property {number} slowest fewest stops a second
 * @property {string[]} facts
 * @property {string} reach what is dashed and what is hatched
 * @property {string} [refusal] why no window fits
 * @property {{count: number, taken: boolean, problem: string, readings: string[][]}} pasted how many grids were pasted or
 *   explained, and what is to be said of the last one
 */

/** @typedef {{output: number, before: number, after: number}} Axis stops along it, and cells that hang over at its ends */

/**
 * @typedef {{element: HTMLInputElement, row: number, column: number}
 *   | {element: HTMLElement, row?: undefined, column?: undefined}} Cell what a window can cover: a number of the grid, or
 *   a place outside of it
 */

/** @type {("max" | "average")[]} */
const BOARDS = ["max", "average"];

/** Milliseconds from one stop to the next. */
const GLIDE = 1500;

/** @extends {StageView<StageMessage & PoolingMessage>} */
class PoolingView extends StageView {
  /** @type {Cell[][]} */
  cells;

  /** The last stop that was reached. */
  filled = -1;

  /** @param {ShadowRoot} root */
  constructor(root) {
    super(root);
    this.answers = new PoolingAnswers(
      this.parts,
      (stop) => this.goTo(stop),
      () => this.redraw(),
    );
    this.overlay = new PoolingOverlay(this.parts.overlay, this.parts.boards);
    new ResizeObserver(() => this.measure()).observe(this.parts.boards);
    this.controls = new PoolingControls(
      root,
      this.parts,
      (scene) => this.emit(scene),
      (event, value) => this.trigger(event, value),
    );
    this.parts.controls.addEventListener("change", (/** @type {{target: HTMLInputElement}} */ { target }) => {
      if (target.name === "side") this.controls.resize(Number(target.value));
    });
    this.parts.reveal.onclick = () => this.answers.reveal(this.player.position);
  }

  // ---- data ----

  /** @param {StageMessage & PoolingMessage} data */
  load(data) {
    /** @param {StageMessage & PoolingMessage} message */
    const shapeOf = ({ rows, columns, values, scene, step }) =>
      JSON.stringify([rows, columns, values.length, values[0].length, scene.size, step, scene.guess]);
    const { before, imposed } = this.begin(data);
    this.answers.load(data);
    const reshaped = !before || shapeOf(data) !== shapeOf(before);
    const changed = reshaped || JSON.stringify(data.values) !== JSON.stringify(before.values);
    /** @type {NodeListOf<HTMLElement>} */
    const labelled = this.root.querySelectorAll("[data-label]");
    for (const board of labelled) {
      board.setAttribute("aria-label", data.texts[String(board.dataset.label)]);
    }
    this.parts.input.setAttribute("aria-label", data.texts.input);
    if (reshaped) this.build();
    if (changed) this.answers.forget();
    this.showNumbers();
    this.showFacts();
    this.player.configure({
      count: this.count,
      rowLength: this.across,
      texts: data.texts.player,
      topSpeed: data.topSpeed,
      slowest: data.slowest,
      glide: GLIDE,
    });
    if (imposed) this.imposePlace(data);
    else if (reshaped) {
      this.player.position = 0;
      this.player.settle();
    }
    if (imposed || reshaped) this.filled = this.player.position;
    this.measure();
    this.end(false);
  }

  get count() {
    return this.data.max.length;
  }

  /** How many stops a row has. */
  get across() {
    return this.data.columns?.output ?? 1;
  }

  restart() {
    this.filled = 0;
    this.answers.forget();
  }

  /**
   * When the class guesses first, Play waits until this stop's answers are guessed or revealed.
   *
   * @param {number} position
   */
  holds(position) {
    return this.answers.holds(position);
  }

  // ---- the boards' cells ----

  build() {
    const { values, rows, columns } = this.data;
    const frame = { rows: { before: 0, after: 0, ...rows }, columns: { before: 0, after: 0, ...columns } };
    const height = values.length + frame.rows.before + frame.rows.after;
    const width = values[0].length + frame.columns.before + frame.columns.after;
    // All cells that a window can cover, row by row: the grid's, and around it those that padding adds.
    this.cells = Array.from({ length: height }, (_, y) =>
      Array.from({ length: width }, (_, x) => {
        const [row, column] = [y - frame.rows.before, x - frame.columns.before];
        if (values[row]?.[column] === undefined) {
          const ghost = document.createElement("span");
          ghost.className = "outside";
          return { element: ghost };
        }
        return { element: this.inputCell(row, column), row, column };
      }),
    );
    /** @param {{element: HTMLElement}[]} cells */
    const elementsOf = (cells) => cells.map(({ element }) => element);
    this.fillGrid(this.parts.input, elementsOf(this.cells.flat()), height, width);
    this.answers.build();
    const { cells } = this.answers;
    for (const board of BOARDS) {
      this.fillGrid(this.parts[board], elementsOf(cells[board]), rows?.output ?? 1, this.across);
      this.parts[`${board}-shape`].textContent = rows ? `${rows.output} \u00d7 ${this.across}` : "";
    }
    this.fillGrid(this.parts.global, elementsOf(cells.global), 1, 1);
    this.parts["global-shape"].textContent = "1 \u00d7 1";
    this.parts["input-shape"].textContent = `${values.length} \u00d7 ${values[0].length}`;
    this.markUnread();
  }

  /**
   * @param {HTMLElement} grid
   * @param {HTMLElement[]} elements
   * @param {number} rows
   * @param {number} columns
   */
  fillGrid(grid, elements, rows, columns) {
    grid.style.setProperty("--rows", String(rows));
    grid.style.setProperty("--columns", String(columns));
    grid.replaceChildren(...elements);
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  inputCell(row, column) {
    const input = document.createElement("input");
    input.type = "text";
    input.inputMode = "text";
    input.autocomplete = "off";
    input.setAttribute("aria-label", fillIn(this.data.texts.cell, { row: ordinal(row), column: ordinal(column) }));
    input.oninput = () => {
      const number = this.readNumber(input.value);
      input.setAttribute("aria-invalid", String(number === null));
      this.controls.say(number === null ? this.data.texts["cell-refusal"] : "");
      if (number !== null) this.controls.changeCell(row, column, number);
    };
    input.onfocus = () => input.select();
    input.onkeydown = (event) => this.walk(event, input, row, column);
    input.onblur = () => {
      this.controls.say("");
      this.showNumbers(input);
    };
    return input;
  }

  /**
   * Arrow keys and Enter lead from cell to cell, as in a spreadsheet; left and right only from the end of a number.
   *
   * @param {KeyboardEvent} event
   * @param {HTMLInputElement} input
   * @param {number} row
   * @param {number} column
   */
  walk(event, { selectionStart, selectionEnd, value }, row, column) {
    const whole = selectionStart === 0 && selectionEnd === value.length;
    /** @type {Record<string, [rows: number, columns: number]>} */
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0] };
    if (whole || selectionStart === 0) moves.ArrowLeft = [0, -1];
    if (whole || selectionEnd === value.length) moves.ArrowRight = [0, 1];
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    this.cells
      .flat()
      .find((cell) => cell.row === row + move[0] && cell.column === column + move[1])
      ?.element.focus();
  }

  /**
   * Read a number from −999 to 999 with at most one decimal; null where the text is none.
   *
   * @param {string} text
   */
  readNumber(text) {
    const trimmed = text.trim().replace(",", ".").replace(MINUS, "-");
    const number = Number(trimmed);
    const valid =
      trimmed !== "" && Number.isFinite(number) && Math.abs(number) <= 999 && Number(number.toFixed(1)) === number;
    return valid ? number : null;
  }

  /** @param {number} stop */
  goTo(stop) {
    this.player.pause();
    if (this.player.position !== stop) this.player.seek(stop);
  }

  markUnread() {
    if (this.count === 0) return;
    const read = new Set();
    for (let stop = 0; stop < this.count; stop += 1) for (const cell of this.windowCells(stop).flat()) read.add(cell);
    for (const cell of this.cells.flat()) {
      cell.element.classList.toggle("unread", cell.row !== undefined && !read.has(cell));
    }
  }

  /**
   * Return the cells of the window at a stop: rows of cells, also those outside the grid.
   *
   * @param {number} stop
   */
  windowCells(stop) {
    const { step, scene } = this.data;
    const size = Number(scene.size);
    const [top, left] = [Math.floor(stop / this.across) * step, (stop % this.across) * step];
    return this.cells.slice(top, top + size).map((row) => row.slice(left, left + size));
  }

  // ---- numbers ----

  /** @param {HTMLInputElement} [left] has the focus still, but is being left */
  showNumbers(left) {
    for (const { element, row, column } of this.cells.flat()) {
      if (row === undefined || (element === this.root.activeElement && element !== left)) continue;
      const text = signed(String(this.data.values[row][column]));
      if (element instanceof HTMLInputElement && element.value !== text) element.value = text;
      element.removeAttribute("aria-invalid");
    }
  }

  /** @param {number} position */
  showTerms(position) {
    const { values, texts } = this.data;
    const { max, average, global } = this.answers.cells;
    const numbers = this.windowCells(position)
      .flat()
      .filter((cell) => cell.row !== undefined)
      .map(({ row, column }) => values[row][column]);
    this.writeTerms(max[position], numbers, numbers.length > 9);
    this.writeTerms(average[position], numbers, numbers.length > 9);
    this.writeTerms(global[0], values.flat(), false);
    if (this.player.playing) return;
    const place = { row: ordinal(Math.floor(position / this.across)), column: ordinal(position % this.across) };
    this.player.parts.position.setAttribute("aria-valuetext", fillIn(texts.cell, place));
  }

  /**
   * Write how an answer is computed.
   *
   * @param {Answer} answer
   * @param {number[]} numbers under the window
   * @param {boolean} many whether they are too many to be written
   */
  writeTerms(answer, numbers, many) {
    const { board, element } = answer;
    const known = element.dataset.value !== undefined;
    const single = numbers.length === 1 && board === "average";
    const kind = known ? (many ? "many" : single ? "single" : "terms") : "hidden";
    const sum = numbers.reduce((total, number) => total + number, 0);
    const { text, exact } = this.answers.write(this.answers.valueOf(answer));
    const line = fillIn(this.data.texts[`${board}-${kind}`], {
      terms:
        numbers.length > 9
          ? "\u2026"
          : numbers
              .map((number) => signed(String(number)))
              .join(board === "max" ? ", " : " + ")
              .replaceAll("+ \u2212", "\u2212 "),
      count: numbers.length,
      sum: this.answers.write(sum).text,
      equals: exact ? "=" : "\u2248",
      answer: text,
    });
    write(this.parts[`${board}-terms`], line);
  }

  showFacts() {
    const { facts, reach, refusal } = this.data;
    this.writeList(this.parts.facts, facts);
    this.parts.reach.textContent = reach;
    this.parts.refusal.hidden = !refusal;
    this.parts.refusal.textContent = refusal ?? "";
    this.parts.boards.classList.toggle("impossible", Boolean(refusal));
    this.parts.guessing.hidden = !this.answers.guessing || Boolean(refusal);
    // Long numbers need wider cells, and many cells shorter averages.
    const longest = Math.max(...this.data.values.flat().map((value) => String(value).length));
    this.parts.boards.classList.toggle("crowded", this.answers.crowded);
    this.parts.boards.classList.toggle("long", longest > 3 && this.data.values[0].length > 5);
  }

  // ---- one position ----

  redraw() {
    this.filled = Math.max(this.filled, this.player.position);
    this.player.requestDraw();
  }

  measure() {
    if (!this.data) return;
    this.overlay.measure();
    this.player.requestDraw();
    if (this.count === 0) this.overlay.clear();
  }

  /**
   * @param {number} position
   * @param {number} arrived
   */
  draw(position, arrived = 1) {
    this.filled = Math.max(this.filled, position);
    this.answers.show(position, arrived, this.filled);
    this.showTerms(position);
    this.answers.showScore(position);
    const window = this.windowCells(position);
    const before = this.windowCells(Math.max(position - 1, 0));
    /** @type {(rows: Cell[][]) => [first: HTMLElement, last: HTMLElement]} */
    const corners = (rows) => {
      const cells = rows.flat();
      return [cells[0].element, cells[cells.length - 1].element];
    };
    const { values } = this.data;
    /** @param {Cell[]} cells */
    const termsOf = (cells) =>
      cells
        .filter((cell) => cell.row !== undefined)
        .map(({ element, row, column }) => {
          const value = values[row][column];
          return { element, value, text: signed(String(value)) };
        });
    const terms = termsOf(window.flat());
    const { guessing, guesses, cells } = this.answers;
    const [max, average] = [cells.max[position], cells.average[position]];
    this.overlay.clear();
    this.overlay.drawCandidates(terms, arrived, this.colours, guessing && !guesses.has(max.testid));
    this.overlay.drawWindow(corners(before), corners(window), arrived, this.colours);
    if (guessing) return;
    const winner = terms.reduce((best, term) => (term.value > best.value ? term : best));
    this.overlay.drawFlight([winner], max.element, arrived, this.colours);
    this.overlay.drawFlight(terms, average.element, arrived, this.colours);
    if (position < this.count - 1) return;
    this.overlay.drawFlight(termsOf(this.cells.flat()), cells.global[0].element, arrived, this.colours);
  }
}

export default mount(PoolingView);
