// Three programs side by side. Python sends their lines and what they gave; rows that do the same are one row here.

import { mount } from "../../../browser/board.js";
import { contextOf } from "../../../browser/canvas.js";
import { signedColour } from "../../../browser/colours.js";
import { SceneControls } from "../../../browser/controls.js";
import { copyText, make, write } from "../../../browser/dom.js";
import { decodeArray, fillIn, ordinal, signed } from "../../../browser/numbers.js";
import { percent } from "../../../networks/percent.js";
import { StageView } from "../../../player/stage.js";

/** @import { StageMessage } from "../../../player/stage.js" */

/**
 * @typedef {object} ProgramsMessage what Python's payload says; lists go by program, in the order of `names`
 * @property {[program: string, name: string][]} names
 * @property {string} shown the program that is shown where there is room for one only
 * @property {number} topSpeed
 * @property {string} photo as the programs take it, a URL
 * @property {string} waiting what is said in place of numbers that have not come
 * @property {boolean} late whether the visitor may ask for them again
 * @property {Row[]} rows
 * @property {string[]} programs their text
 * @property {number[] | null} answers the probability of a dog; null before the programs have run
 * @property {Record<string, Step>} steps by the name of the row that computes them; none before the programs have run
 */

/**
 * @typedef {object} Row what is done in one step of all programs
 * @property {string} name
 * @property {string} title
 * @property {string} words
 * @property {string[]} lines
 */

/**
 * @typedef {object} Step what came out of a step
 * @property {number[]} shape of the output
 * @property {number} parameters how many weights and biases there are
 * @property {number[]} place of the first program's largest number: an index for each dimension
 * @property {number[]} values the number there
 * @property {number} difference the largest between two programs
 * @property {string} maps float32 (programs, height, width), or (programs, height, width, 3) where `colours` is 3
 * @property {[height: number, width: number]} size of each map
 * @property {number} colours 1 or 3
 */

/** @typedef {{numbers: Float32Array, scale: number}} Maps a step's maps, and their largest number, whatever its sign */

/**
 * @typedef {object} Value the elements of a program's number
 * @property {HTMLElement} value
 * @property {HTMLCanvasElement} canvas
 * @property {HTMLElement} name
 * @property {HTMLElement} number
 */

/** @extends {StageView<StageMessage & ProgramsMessage>} */
class ThreeProgramsView extends StageView {
  /** @type {number | undefined} the row that was drawn last, unless a link leads elsewhere */ last;
  /** @type {[program: string, name: string][]} */ names;
  /** @type {HTMLElement[][]} a row's cells by program */ cells;
  /** @type {Value[]} */ values;
  /** @type {HTMLElement[]} each program's answer, beside the photo */ answers;

  /** @type {WeakMap<Step, Maps>} what is decoded */
  decoded = new WeakMap();

  /** @param {ShadowRoot} root */
  constructor(root) {
    super(root);
    this.controls = new SceneControls(root, this.parts, (scene) => this.emit(scene));
    this.parts.controls.addEventListener("change", () => this.showProgram(this.controls.scene.program));
  }

  /** @param {StageMessage & ProgramsMessage} data */
  load(data) {
    const { imposed } = this.begin(data);
    if (!this.cells) this.build();
    this.showProgram(this.controls.edits.knownTo(data) ? data.shown : this.controls.scene.program);
    this.answer();
    this.player.configure({
      count: data.rows.length,
      rowLength: 1,
      texts: data.texts.player,
      topSpeed: data.topSpeed,
    });
    if (imposed) this.last = undefined;
    this.end(imposed);
  }

  /** Make the grid once: heads, then a cell for each row of each program. */
  build() {
    const { rows, texts, names } = this.data;
    this.names = names;
    const heads = this.names.map(([program, name], index) => {
      const head = make("div", { className: "program-head" });
      head.dataset.program = program;
      const button = make("button", {
        type: "button",
        className: "tool",
        textContent: texts.copy,
      });
      button.setAttribute("aria-label", `${texts.copy}: ${name}`);
      button.onclick = () => this.copy(button, this.data.programs[index]);
      head.append(make("b", { textContent: name }), button);
      return head;
    });
    this.cells = rows.map((row, position) =>
      this.names.map(([program], index) => {
        const cell = make("pre", { className: "cell" }, ...(row.lines[index] || " ").split("\n").map(lineOf));
        cell.dataset.program = program;
        cell.dataset.row = row.name;
        cell.onclick = () => {
          this.player.pause();
          this.player.seek(position);
        };
        return cell;
      }),
    );
    this.parts.programs.replaceChildren(...heads, ...this.cells.flat());
    this.answers = this.names.map(() => make("dd"));
    this.parts.answers.replaceChildren(
      ...this.names.map(([, name], index) => make("div", {}, make("dt", { textContent: name }), this.answers[index])),
    );
    this.values = this.names.map(([program]) => {
      const value = make("div", { className: "value" });
      const canvas = make("canvas");
      canvas.setAttribute("role", "img");
      const name = make("span");
      const number = make("b");
      number.dataset.program = program;
      value.append(canvas, make("span", {}, name, make("br"), number));
      return { value, canvas, name, number };
    });
    this.parts.values.replaceChildren(...this.values.map(({ value }) => value));
  }

  /** Write what the three programs say to the photo, or what is said in its place. */
  answer() {
    const { answers, photo, texts, waiting, late } = this.data;
    const { says, agree, split } = this.parts;
    Object.assign(this.parts.photo, { src: photo, alt: texts["photo-picture"] });
    this.answers.forEach((element, index) => {
      write(element, answers ? answers[index].toFixed(8) : "…");
      element.title = texts.probability;
    });
    split.style.visibility = answers ? "" : "hidden";
    if (!answers) {
      write(says, "");
      write(agree, waiting);
      if (late) agree.append(" ", this.again(texts.again));
      return;
    }
    const dog = answers[0] >= 0.5;
    const sure = dog ? answers[0] : 1 - answers[0];
    write(says, fillIn(texts.says, { name: texts[dog ? "dog" : "cat"], percent: percent(sure) }));
    const apart = spread(answers);
    write(agree, apart ? fillIn(texts.agree, { difference: powerOfTen(apart) }) : texts["agree-none"]);
    split.firstElementChild.style.width = `${100 * (1 - answers[0])}%`;
  }

  /** @type {(words: string) => HTMLElement} a button that asks the engine again */
  again(words) {
    const button = make("button", { type: "button", className: "tool", textContent: words });
    button.onclick = () => this.trigger("again", Date.now());
    return button;
  }

  /**
   * Show one program, where there is no room for three.
   *
   * @param {string} program
   */
  showProgram(program) {
    for (const element of this.parts.programs.children)
      element.classList.toggle("aside", element.dataset.program !== program);
  }

  /** @type {(button: HTMLButtonElement, text: string) => Promise<void>} */
  async copy(button, text) {
    const { texts } = this.data;
    const done = await copyText(text);
    button.textContent = done ? texts.copied : texts.copy;
    setTimeout(() => {
      button.textContent = texts.copy;
    }, 2000);
  }

  /** @param {number} position */
  draw(position) {
    const { data } = this;
    if (!data || !this.cells) return;
    this.cells.forEach((row, index) => row.forEach((cell) => cell.classList.toggle("now", index === position)));
    // The row that the words are about stays in sight; but a page that has just opened does not move.
    if (this.last !== undefined && this.last !== position) {
      const cell = this.cells[position].find((one) => one.offsetParent) ?? this.cells[position][0];
      cell.scrollIntoView({ block: "nearest" });
    }
    this.last = position;
    const row = data.rows[position];
    this.parts.title.textContent = `${row.title}.`;
    this.parts.words.textContent = row.words;
    this.write(row);
  }

  /** @param {Row} row */
  write(row) {
    const { data } = this;
    const { texts, answers } = data;
    const step = data.steps[row.name];
    const numbers = row.name === "answer" ? answers : step?.values;
    this.parts.values.hidden = !numbers;
    if (!answers) this.parts.facts.textContent = texts.waiting;
    else if (row.name === "answer")
      this.parts.facts.textContent = `${this.difference(spread(answers))} ${texts.probability}`;
    else this.parts.facts.textContent = step ? this.facts(step) : texts["no-output"];
    if (!numbers) return;
    this.values.forEach(({ canvas, name, number }, index) => {
      name.textContent = this.names[index][1];
      number.textContent = signed(numbers[index].toPrecision(8));
      number.dataset.value = String(numbers[index]);
      canvas.hidden = !step;
      if (step) this.paint(canvas, step, index, row.name);
    });
  }

  /** @param {Step} step */
  facts(step) {
    const { texts } = this.data;
    const count = step.shape.reduce((product, size) => product * size, 1);
    const said = step.shape.length > 1 ? texts.shape : count > 1 ? texts.single : texts.one;
    const shape = fillIn(said, { shape: step.shape.join(" × "), count: count.toLocaleString("en") });
    const weights = step.parameters ? fillIn(texts.weights, { weights: step.parameters.toLocaleString("en") }) : "";
    const [row, column] = step.place.map(ordinal);
    const place = step.shape.length === 1 ? texts.entry : step.colours === 3 ? texts.pixel : texts.map;
    const where =
      count === 1 ? texts.probability : fillIn(place, { row, column, map: ordinal(step.place[step.place.length - 1]) });
    return `${shape}${weights}. ${this.difference(step.difference)} ${where}`;
  }

  /** @type {(value: number) => string} */
  difference(value) {
    const { texts, answers } = this.data;
    if (value === 0) return texts.none;
    const said = fillIn(texts.largest, { difference: powerOfTen(value) });
    return answers && spread(answers) === 0 ? `${said} ${texts.same}` : said;
  }

  /** @type {(step: Step) => Maps} */
  mapsOf(step) {
    const known = this.decoded.get(step);
    if (known) return known;
    const numbers = decodeArray(step.maps, Float32Array);
    const scale = numbers.reduce((largest, number) => Math.max(largest, Math.abs(number)), 0);
    const maps = { numbers, scale };
    this.decoded.set(step, maps);
    return maps;
  }

  /**
   * Paint one program's map: signed numbers in their colours, the full ones for the largest number of all programs, and
   * a photo in its own.
   *
   * @param {HTMLCanvasElement} canvas
   * @param {Step} step
   * @param {number} index of the program
   * @param {string} name of the step
   */
  paint(canvas, step, index, name) {
    const [height, width] = step.size;
    const { colours } = step;
    const { numbers, scale } = this.mapsOf(step);
    Object.assign(canvas, { width, height });
    canvas.setAttribute("aria-label", fillIn(this.data.texts.picture, { name: this.names[index][1], step: name }));
    const context = contextOf(canvas);
    const image = context.createImageData(width, height);
    const start = index * width * height * colours;
    const white = scale > 1 ? 255 : 1; // a photo's pixels, as they come or scaled
    for (let pixel = 0; pixel < width * height; pixel += 1) {
      const at = start + pixel * colours;
      const colour =
        colours === 3
          ? Array.from(numbers.subarray(at, at + 3), (number) => (number / white) * 255)
          : signedColour(this.colours, numbers[at], scale);
      image.data.set([...colour, 255], pixel * 4);
    }
    context.putImageData(image, 0, 0);
  }
}

/** @type {(text: string) => HTMLElement} a line of code, which goes on further to the right where it is too long */
function lineOf(text) {
  const line = make("span", { textContent: text });
  line.style.setProperty("--indent", String(text.length - text.trimStart().length + 2));
  return line;
}

const spread = (/** @type {number[]} */ numbers) => Math.max(...numbers) - Math.min(...numbers);

/** @type {(value: number) => string} a small number as 2.4 · 10⁻⁷ */
function powerOfTen(value) {
  const [digits, exponent] = value.toExponential(1).split("e");
  return `${digits} · 10${[...String(Number(exponent))].map((sign) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)] ?? "⁻").join("")}`;
}

export default mount(ThreeProgramsView);
