// Three programs side by side. Python sends their lines and what they gave; rows that do the same are one row here.

import { mount } from "../../../browser/board.js";
import { SceneControls } from "../../../browser/controls.js";
import { copyText, make } from "../../../browser/dom.js";
import { decodeArray, fillIn, signed } from "../../../browser/numbers.js";
import { StageView } from "../../../player/stage.js";

class ThreeProgramsView extends StageView {
  /** @type {any} */ last;
  /** @type {any} */ names;
  /** @type {any} */ cells;
  /** @type {any} */ values;

  constructor(root) {
    super(root);
    this.controls = new SceneControls(root, this.parts, (scene) => this.emit(scene));
    this.parts.controls.addEventListener("change", () => this.showProgram(this.controls.scene.program));
  }

  load(data) {
    const { imposed } = this.begin(data);
    if (!this.cells) this.build();
    this.showProgram(this.controls.edits.knownTo(data) ? data.shown : this.controls.scene.program);
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
        const cell = make("pre", {
          className: "cell",
          textContent: row.lines[index] || " ",
        });
        cell.dataset.program = program;
        cell.dataset.row = row.name;
        cell.onclick = () => {
          this.player.pause();
          this.player.seek(position);
        };
        // Where a line is longer than its column, it scrolls by keyboard, too.
        new ResizeObserver(() => {
          if (cell.scrollWidth > cell.clientWidth) cell.tabIndex = 0;
          else cell.removeAttribute("tabindex");
        }).observe(cell);
        return cell;
      }),
    );
    this.parts.programs.replaceChildren(...heads, ...this.cells.flat());
    this.values = this.names.map(([program]) => {
      const value = make("div", { className: "value" });
      const canvas = make("canvas");
      canvas.setAttribute("role", "img");
      const words = make("span");
      const number = make("b");
      number.dataset.program = program;
      words.append(make("span"), make("br"), number);
      value.append(canvas, words);
      return { value, canvas, name: words.firstChild, number };
    });
    this.parts.values.replaceChildren(...this.values.map(({ value }) => value));
  }

  /** On a phone only one program is shown. */
  showProgram(program) {
    for (const element of this.parts.programs.children)
      element.classList.toggle("aside", element.dataset.program !== program);
  }

  async copy(button, text) {
    const { texts } = this.data;
    const done = await copyText(text);
    button.textContent = done ? texts.copied : texts.copy;
    setTimeout(() => {
      button.textContent = texts.copy;
    }, 2000);
  }

  draw(position) {
    const { data } = this;
    if (!data || !this.cells) return;
    this.cells.forEach((row, index) => row.forEach((cell) => cell.classList.toggle("now", index === position)));
    // The row that is told about stays in sight, above what is told; but a page that has just opened does not move.
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
      number.dataset.value = numbers[index];
      canvas.hidden = !step;
      if (step) this.paint(canvas, step, index, row.name);
    });
  }

  facts(step) {
    const { texts } = this.data;
    const count = step.shape.reduce((product, size) => product * size, 1);
    const said = step.shape.length > 1 ? texts.shape : count > 1 ? texts.single : texts.one;
    const shape = fillIn(said, { shape: step.shape.join(" × "), count: count.toLocaleString("en") });
    const weights = step.parameters ? fillIn(texts.weights, { weights: step.parameters.toLocaleString("en") }) : "";
    const [row, column] = step.place;
    const place = step.shape.length === 1 ? texts.entry : step.colours === 3 ? texts.pixel : texts.map;
    const where = count === 1 ? texts.probability : fillIn(place, { row, column, map: step.place.at(-1) });
    return `${shape}${weights}. ${this.difference(step.difference)} ${where}`;
  }

  difference(value) {
    const { texts } = this.data;
    return value === 0 ? texts.none : fillIn(texts.largest, { difference: powerOfTen(value) });
  }

  /** Paint one program's map: black is its smallest number, white its largest; the same for all three. */
  paint(canvas, step, index, name) {
    const [height, width] = step.size;
    const { colours } = step;
    step.numbers ??= decodeArray(step.maps, Float32Array);
    if (step.high === undefined) {
      step.low = step.numbers.reduce((low, number) => Math.min(low, number), Infinity);
      step.high = step.numbers.reduce((high, number) => Math.max(high, number), -Infinity);
    }
    Object.assign(canvas, { width, height });
    canvas.setAttribute("aria-label", fillIn(this.data.texts.picture, { name: this.names[index][1], step: name }));
    const context = canvas.getContext("2d");
    const image = context.createImageData(width, height);
    const start = index * width * height * colours;
    for (let pixel = 0; pixel < width * height; pixel += 1) {
      for (let colour = 0; colour < 3; colour += 1) {
        const number = step.numbers[start + pixel * colours + (colours === 3 ? colour : 0)];
        image.data[pixel * 4 + colour] =
          step.high > step.low ? ((number - step.low) / (step.high - step.low)) * 255 : 0;
      }
      image.data[pixel * 4 + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }
}

const spread = (numbers) => Math.max(...numbers) - Math.min(...numbers);

/** Write a small number as 2.4 · 10⁻⁷. */
function powerOfTen(value) {
  const [digits, exponent] = value.toExponential(1).split("e");
  return `${digits} · 10${[...String(Number(exponent))].map((sign) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign] ?? "⁻").join("")}`;
}

export default mount(ThreeProgramsView);
