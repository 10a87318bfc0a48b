// The pooling boards. Python sends the grid and all answers; what moves is drawn here from them.

import { mount } from "../../../browser/board.js";
import { write } from "../../../browser/dom.js";
import { MINUS, fillIn, signed, writeUnits } from "../../../browser/numbers.js";
import { StageView } from "../../../player/stage.js";
import { PoolingControls } from "./controls.js";
import { PoolingOverlay } from "./overlay.js";

const BOARDS = ["max", "average"];
const GLIDE_MS = 1500;

class PoolingView extends StageView {
  /** @type {any} */ hint;
  /** @type {({ element: HTMLSpanElement; row?: undefined; column?: undefined; } | { element: HTMLInputElement; row: number; column: number; })[][]} */ cells;
  /** @type {Record<string, any>} */ answers;
  /** @type {boolean} */ crowded;

  constructor(root) {
    super(root);
    this.filled = -1;
    this.guesses = new Map();
    this.overlay = new PoolingOverlay(this.parts.overlay, this.parts.boards);
    new ResizeObserver(() => this.measure()).observe(this.parts.boards);
    this.controls = new PoolingControls(
      root,
      this.parts,
      (scene) => this.emit(scene),
      (event, value) => this.trigger(event, value),
    );
    this.parts.controls.addEventListener("change", ({ target }) => {
      if (target.name === "side") this.controls.resize(Number(target.value));
    });
    this.parts.reveal.onclick = () => this.reveal(this.player.position);
  }

  // ---- data ----

  load(data) {
    const shapeOf = ({ rows, columns, values, scene, step }) =>
      JSON.stringify([rows, columns, values.length, values[0].length, scene.size, step, scene.guess]);
    const { before, imposed } = this.begin(data);
    const reshaped = !before || shapeOf(data) !== shapeOf(before);
    const changed = reshaped || JSON.stringify(data.values) !== JSON.stringify(before.values);
    /** @type {NodeListOf<HTMLElement>} */
    const labelled = this.root.querySelectorAll("[data-label]");
    for (const board of labelled) {
      board.setAttribute("aria-label", data.texts[String(board.dataset.label)]);
    }
    this.parts.input.setAttribute("aria-label", data.texts.input);
    if (reshaped) this.build();
    if (changed) this.forget();
    this.showNumbers();
    this.showFacts();
    this.player.configure({
      count: this.count,
      rowLength: data.columns?.output ?? 1,
      texts: data.texts.player,
      topSpeed: data.topSpeed,
      slowest: data.slowest,
      glide: GLIDE_MS,
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

  get guessing() {
    return this.data.scene.guess === "on";
  }

  restart() {
    this.filled = 0;
    this.forget();
  }

  forget() {
    this.guesses.clear();
    this.hint = "";
    for (const { input } of Object.values(this.answers).flat()) {
      if (!input) continue;
      input.value = "";
      input.removeAttribute("aria-invalid");
    }
  }

  /** In a class, everybody answers first: Play waits until this stop's answers are guessed or revealed. */
  holds(position) {
    if (!this.guessing || !this.hiddenAt(position)) return false;
    this.hint = this.data.texts["guess-held"];
    this.showScore();
    return true;
  }

  hiddenAt(position) {
    return Object.values(this.answers)
      .flat()
      .some(({ stop, testid }) => stop === position && !this.guesses.has(testid));
  }

  // ---- the boards' cells ----

  build() {
    const { values, rows, columns, texts } = this.data;
    const frame = { rows: { before: 0, after: 0, ...rows }, columns: { before: 0, after: 0, ...columns } };
    const height = values.length + frame.rows.before + frame.rows.after;
    const width = values[0].length + frame.columns.before + frame.columns.after;
    // All cells that a window can cover, row by row: inputs, and outside the grid what is left out.
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
    this.fillGrid(
      this.parts.input,
      this.cells.flat().map(({ element }) => element),
      height,
      width,
    );
    this.answers = {};
    for (const board of BOARDS) {
      const across = columns?.output ?? 1;
      this.answers[board] = this.data[board].map((_, index) => {
        const place = { row: Math.floor(index / across), column: index % across };
        const label = texts["guess-cell"].replace("{board}", texts[board]);
        return this.answerCell(`${board}-${place.row}-${place.column}`, index, fillIn(label, place));
      });
      this.fillGrid(
        this.parts[board],
        this.answers[board].map(({ element }) => element),
        rows?.output ?? 1,
        across,
      );
      this.parts[`${board}-shape`].textContent = rows ? `${rows.output} \u00d7 ${columns.output}` : "";
    }
    this.answers.global = [this.answerCell("global-0-0", this.count - 1, texts["guess-global"])];
    this.fillGrid(this.parts.global, [this.answers.global[0].element], 1, 1);
    this.parts["global-shape"].textContent = "1 \u00d7 1";
    this.parts["input-shape"].textContent = `${values.length} \u00d7 ${values[0].length}`;
    this.markUnread();
  }

  fillGrid(grid, elements, rows, columns) {
    grid.style.setProperty("--rows", rows);
    grid.style.setProperty("--columns", columns);
    grid.replaceChildren(...elements);
  }

  inputCell(row, column) {
    const input = document.createElement("input");
    input.type = "text";
    input.inputMode = "text";
    input.autocomplete = "off";
    input.setAttribute("aria-label", fillIn(this.data.texts.cell, { row, column }));
    input.oninput = () => {
      const number = this.readNumber(input.value);
      input.setAttribute("aria-invalid", String(number === null));
      this.controls.say(number === null ? this.data.texts["cell-refusal"] : "");
      if (number !== null) this.controls.changeCell(row, column, number);
    };
    input.onfocus = () => input.select();
    input.onkeydown = (event) => this.walk(event, row, column);
    input.onblur = () => {
      this.controls.say("");
      this.showNumbers(input);
    };
    return input;
  }

  /** Arrow keys and Enter lead from cell to cell, as in a spreadsheet; left and right only where no digit is crossed. */
  walk(event, row, column) {
    const { selectionStart, selectionEnd, value } = event.target;
    const whole = selectionStart === 0 && selectionEnd === value.length;
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

  readNumber(text) {
    const trimmed = text.trim().replace(",", ".").replace(MINUS, "-");
    const number = Number(trimmed);
    const valid =
      trimmed !== "" && Number.isFinite(number) && Math.abs(number) <= 999 && Number(number.toFixed(1)) === number;
    return valid ? number : null;
  }

  answerCell(testid, stop, label) {
    const element = document.createElement("div");
    element.className = "answer";
    element.dataset.testid = testid;
    element.onclick = () => this.goTo(stop);
    const text = document.createTextNode("");
    element.append(text);
    const answer = { element, text, stop, testid };
    if (this.guessing) {
      answer.input = document.createElement("input");
      // A phone's decimal keys have no minus.
      const inputMode = this.data.values.flat().some((value) => value < 0) ? "text" : "decimal";
      Object.assign(answer.input, { type: "text", inputMode, autocomplete: "off", placeholder: "?" });
      answer.input.setAttribute("aria-label", label);
      answer.input.onfocus = () => this.goTo(stop);
      answer.input.onkeydown = (event) => {
        if (event.key === "Enter" && this.guess(answer)) this.focusNext();
      };
      answer.input.onchange = () => this.guess(answer);
      element.append(answer.input);
    }
    return answer;
  }

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

  /** Return the cells of the window at a stop: rows of cells, also those outside the grid. */
  windowCells(stop) {
    const { columns, step, scene } = this.data;
    const size = Number(scene.size);
    const [top, left] = [Math.floor(stop / columns.output) * step, (stop % columns.output) * step];
    return this.cells.slice(top, top + size).map((row) => row.slice(left, left + size));
  }

  // ---- numbers ----

  showNumbers(left) {
    for (const { element, row, column } of this.cells.flat()) {
      if (row === undefined || (element === this.root.activeElement && element !== left)) continue;
      const text = signed(String(this.data.values[row][column]));
      if (element instanceof HTMLInputElement && element.value !== text) element.value = text;
      element.removeAttribute("aria-invalid");
    }
  }

  /** Return a number with at most two decimals, and whether that is all of it. Answers are float32, as in Keras. */
  write(value) {
    const scale = Math.max(...this.data.values.flat().map(Math.abs), 1) * 1e-6;
    const decimals = [0, 1].find((digits) => Math.abs(value - Number(value.toFixed(digits))) < scale) ?? 2;
    const exact = Math.abs(value - Number(value.toFixed(decimals))) < scale;
    return { text: writeUnits(Math.round(value * 10 ** decimals), decimals), exact };
  }

  /** Return a number as short as a cell of a crowded board needs it; the line below has all of it. */
  short(value, testid) {
    const { text } = this.write(value);
    if (!this.crowded || testid.startsWith("global") || text.length <= 4) return text;
    return writeUnits(Math.round(value * 10), 1).length <= 5
      ? writeUnits(Math.round(value * 10), 1)
      : writeUnits(Math.round(value), 0);
  }

  valueOf(answer) {
    const [board] = answer.testid.split("-");
    return board === "global" ? this.data.global : this.data[board][answer.stop];
  }

  /** Fill the answers up to the last one reached; the one on its way shows when it has landed. */
  showAnswers(position, arrived) {
    const last = this.count - 1;
    for (const answer of Object.values(this.answers).flat()) {
      const { element, text, stop, input, testid } = answer;
      const reached = stop <= this.filled && !(stop === position && arrived < 1);
      const guess = this.guesses.get(testid);
      const open = reached && (!this.guessing || guess !== undefined);
      const shown = open ? this.short(this.valueOf(answer), testid) : "";
      if (text.data !== shown) text.data = shown;
      if (open && guess?.right === false) element.dataset.guess = guess.text;
      else delete element.dataset.guess;
      if (open) element.dataset.value = this.valueOf(answer);
      else delete element.dataset.value;
      element.classList.toggle("here", stop === position && (testid !== "global-0-0" || position === last));
      element.classList.toggle("right", open && guess?.right === true);
      element.classList.toggle("wrong", open && guess?.right === false);
      element.title =
        open && guess?.right === false ? fillIn(this.data.texts["guess-wrong"], { guess: guess.text }) : "";
      if (input) input.hidden = open;
    }
  }

  showTerms(position, arrived) {
    const { texts, values } = this.data;
    const terms = this.windowCells(position)
      .flat()
      .filter((cell) => cell.row !== undefined);
    const numbers = terms.map(({ row, column }) => values[row][column]);
    this.writeTerms("max", numbers, this.answers.max[position], arrived, numbers.length > 9);
    this.writeTerms("average", numbers, this.answers.average[position], arrived, numbers.length > 9);
    const all = values.flat();
    this.writeTerms("global", all, this.answers.global[0], arrived, false);
    if (this.player.playing) return;
    const { columns } = this.data;
    const place = { row: Math.floor(position / columns.output), column: position % columns.output };
    this.player.parts.position.setAttribute("aria-valuetext", fillIn(texts.cell, place));
  }

  writeTerms(board, numbers, answer, arrived, many) {
    const { texts } = this.data;
    const known = answer.element.dataset.value !== undefined;
    const single = numbers.length === 1 && board === "average";
    const kind = known ? (many ? "many" : single ? "single" : "terms") : "hidden";
    const sum = numbers.reduce((total, number) => total + number, 0);
    const { text, exact } = this.write(this.valueOf(answer));
    const line = fillIn(texts[`${board}-${kind}`], {
      terms:
        numbers.length > 9
          ? "\u2026"
          : numbers
              .map((number) => signed(String(number)))
              .join(board === "max" ? ", " : " + ")
              .replaceAll("+ \u2212", "\u2212 "),
      count: numbers.length,
      sum: this.write(sum).text,
      equals: exact ? "=" : "\u2248",
      answer: text,
    });
    const paragraph = this.parts[`${board}-terms`];
    write(paragraph, line);
  }

  showFacts() {
    const { facts, reach, refusal } = this.data;
    this.writeList(this.parts.facts, facts);
    this.parts.reach.textContent = reach;
    this.parts.refusal.hidden = !refusal;
    this.parts.refusal.textContent = refusal ?? "";
    this.parts.boards.classList.toggle("impossible", Boolean(refusal));
    this.parts.guessing.hidden = !this.guessing || Boolean(refusal);
    // Numbers that do not fit their cells otherwise: wider cells, shorter averages.
    const longest = Math.max(...this.data.values.flat().map((value) => String(value).length));
    this.crowded = (this.data.columns?.output ?? 0) > 5;
    this.parts.boards.classList.toggle("crowded", this.crowded);
    this.parts.boards.classList.toggle("long", longest > 3 && this.data.values[0].length > 5);
  }

  // ---- guessing ----

  /** Take what was written into a hidden answer, and return whether it was a number. */
  guess(answer) {
    const text = answer.input.value.trim().replace(",", ".").replace(MINUS, "-");
    if (text === "" || this.guesses.has(answer.testid)) return false;
    const valid = Number.isFinite(Number(text));
    answer.input.setAttribute("aria-invalid", String(!valid));
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
    const open = Object.values(this.answers)
      .flat()
      .filter(({ testid }) => !this.guesses.has(testid));
    open.sort((one, other) => one.stop - other.stop);
    open[0]?.input.focus();
  }

  /** Show the answers of a stop, guessed aloud or not. */
  reveal(stop) {
    for (const answer of Object.values(this.answers).flat()) {
      if (answer.stop === stop && !this.guesses.has(answer.testid)) this.guesses.set(answer.testid, {});
    }
    this.hint = "";
    this.redraw();
  }

  redraw() {
    this.filled = Math.max(this.filled, this.player.position);
    this.player.requestDraw();
  }

  showScore() {
    const marks = [...this.guesses.values()].filter(({ right }) => right !== undefined);
    const score = marks.length
      ? fillIn(this.data.texts.score, { right: marks.filter(({ right }) => right).length, guesses: marks.length })
      : "";
    const text = this.hint || score || (this.guessing ? this.data.texts["guess-hidden"] : "");
    write(this.parts.score, text);
    this.parts.reveal.disabled = !this.hiddenAt(this.player.position);
  }

  // ---- one position ----

  measure() {
    if (!this.data) return;
    this.overlay.measure();
    this.player.requestDraw();
    if (this.count === 0) this.overlay.clear();
  }

  draw(position, arrived = 1) {
    this.filled = Math.max(this.filled, position);
    this.showAnswers(position, arrived);
    this.showTerms(position, arrived);
    this.showScore();
    const window = this.windowCells(position);
    const before = this.windowCells(Math.max(position - 1, 0));
    const corners = (rows) => [rows[0][0].element, rows.at(-1).at(-1).element];
    const { values } = this.data;
    const terms = window
      .flat()
      .filter((cell) => cell.row !== undefined)
      .map((cell) => ({
        element: cell.element,
        value: values[cell.row][cell.column],
        text: signed(String(values[cell.row][cell.column])),
      }));
    this.overlay.clear();
    const secret = this.guessing && !this.guesses.has(this.answers.max[position].testid);
    this.overlay.drawCandidates(terms, arrived, this.colours, secret);
    this.overlay.drawWindow(corners(before), corners(window), arrived, this.colours);
    if (this.guessing) return;
    const winner = terms.reduce((best, term) => (term.value > best.value ? term : best));
    this.overlay.drawFlight([winner], this.answers.max[position].element, arrived, this.colours);
    this.overlay.drawFlight(terms, this.answers.average[position].element, arrived, this.colours);
    if (position < this.count - 1) return;
    const all = this.cells
      .flat()
      .filter((cell) => cell.row !== undefined)
      .map(({ element, row, column }) => ({
        element,
        text: signed(String(values[row][column])),
      }));
    this.overlay.drawFlight(all, this.answers.global[0].element, arrived, this.colours);
  }
}

export default mount(PoolingView);
