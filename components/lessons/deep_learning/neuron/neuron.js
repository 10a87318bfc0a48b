// One artificial neuron. Everything is computed here, at once while something is dragged; inputs have two decimals and
// weights one, so that every product and the sum are written in full.

import { mount } from "../../../browser/board.js";
import { SceneControls } from "../../../browser/controls.js";
import { CurveChart } from "../../../browser/curve_chart.js";
import { decodeArray, fillIn, writeUnits } from "../../../browser/numbers.js";
import { StageView } from "../../../player/stage.js";

/** @import { StageMessage } from "../../../player/stage.js" */

/**
 * @typedef {object} NeuronMessage what Python's payload says
 * @property {number} count of positions
 * @property {number} topSpeed
 * @property {number} limit the largest weight and bias, either way
 * @property {string} activation
 * @property {{start: number, step: number, count: number, low: number, high: number}} chart where
 *     the curve is drawn: the first sum, from one to the next, and the values at the edges
 * @property {string} curve float64 (chart.count), the activation of every sum
 */

/**
 * @typedef {object} Row an input's elements, or the bias's
 * @property {HTMLElement} name
 * @property {HTMLElement} bar
 * @property {HTMLElement} product
 * @property {HTMLInputElement[]} sliders
 * @property {HTMLInputElement[]} numbers
 */

/** @type {Record<string, (z: number) => number>} */
const ACTIVATE = {
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  relu: (z) => Math.max(z, 0),
  tanh: (z) => Math.tanh(z),
  linear: (z) => z,
};
const INPUTS = [1, 2, 3];

/** @extends {StageView<StageMessage & NeuronMessage>} */
class NeuronView extends StageView {
  /** @type {Float64Array} */ curve;

  /** @param {ShadowRoot} root */
  constructor(root) {
    super(root);
    this.controls = new SceneControls(root, this.parts, (scene) => this.emit(scene));
    this.chart = new CurveChart(this.parts.chart, this.parts["chart-plate"], () => this.measure());
    this.rows = Array.from(root.querySelectorAll("[data-row]"), rowOf);
    this.sliders = Object.fromEntries(
      this.rows.flatMap(({ sliders }) => sliders.map((slider) => [String(slider.dataset.slider), slider])),
    );
    for (const [name, slider] of Object.entries(this.sliders)) {
      slider.oninput = () => {
        if (name === "x1") {
          this.setFirst(slider.valueAsNumber);
          return;
        }
        const number = /** @type {HTMLInputElement} */ (root.querySelector(`[name="${name}"]`));
        number.value = slider.value;
        this.controls.change({ [name]: slider.value }, 250);
        this.player.requestDraw();
      };
    }
    const { x1 } = this.parts;
    x1.oninput = () => this.setFirst(x1.valueAsNumber);
    x1.onblur = () => this.player.requestDraw();
    // A number that is typed, and a radio button: shown at once, whatever the server does.
    this.parts.controls.addEventListener("input", () => this.player.requestDraw());
    this.parts.controls.addEventListener("change", () => this.player.requestDraw());
  }

  /**
   * Set the first input: it is the player's position, in hundredths.
   *
   * @param {number} value not a number where the field holds none
   */
  setFirst(value) {
    if (!Number.isFinite(value)) return;
    this.player.pause();
    this.player.seek(Math.round(value * 100));
  }

  /** @param {StageMessage & NeuronMessage} data */
  load(data) {
    const { imposed } = this.begin(data);
    this.curve = decodeArray(data.curve, Float64Array);
    this.parts.chart.setAttribute("aria-label", data.texts["chart-alt"]);
    /** @type {Record<string, string>} */
    const kinds = { x: data.texts.input, w: data.texts.weight, b: data.texts.bias };
    for (const { name, sliders, numbers } of this.rows) {
      for (const slider of sliders)
        slider.setAttribute("aria-label", `${name.textContent}: ${kinds[String(slider.dataset.slider)[0]]}`);
      for (const input of numbers)
        input.setAttribute(
          "aria-label",
          `${name.textContent}: ${kinds[(input.name || String(input.dataset.part))[0]]}, as a number`,
        );
    }
    this.player.configure({
      count: data.count,
      rowLength: -10,
      texts: data.texts.player,
      topSpeed: data.topSpeed,
      scale: { start: 0, step: 0.01 },
    });
    this.measure();
    this.end(imposed);
  }

  measure() {
    if (!this.data) return;
    this.chart.begin(this.data.chart);
    this.chart.paintGround(this.colours, (context) => this.chart.traceSigned(context, this.curve, this.colours, 0.3));
    this.player.requestDraw();
  }

  /** @param {number} position */
  draw(position) {
    const { data } = this;
    if (!data) return;
    const { scene } = this.controls;
    const { texts, limit } = data;
    const x = [position, ...["x2", "x3"].map((name) => Math.round(Number(scene[name]) * 100))];
    const w = INPUTS.map((index) => Math.round(Number(scene[`w${index}`]) * 10));
    const b = Math.round(Number(scene.b) * 10);
    for (const [name, slider] of Object.entries(this.sliders)) {
      if (name !== "x1" && this.root.activeElement !== slider) slider.value = scene[name];
    }
    this.sliders.x1.value = String(position / 100);
    if (this.root.activeElement !== this.parts.x1) this.parts.x1.value = String(position / 100);
    // Thousandths, exactly.
    const terms = [...INPUTS.map((_, index) => x[index] * w[index]), b * 100];
    const sum = terms.reduce((total, term) => total + term, 0);
    terms.forEach((term, index) => this.showTerm(this.rows[index], term, limit));
    const written = terms.map((term) => (term < 0 ? `(${writeUnits(term, 3)})` : writeUnits(term, 3))).join(" + ");
    this.parts.sum.textContent = fillIn(texts.sum, { terms: written, sum: writeUnits(sum, 3) });
    this.parts.sum.dataset.value = sum / 1000;
    this.showAnswer(sum / 1000, scene.activation);
  }

  /** @type {(row: Row, term: number, limit: number) => void} the term in thousandths */
  showTerm({ bar, product }, term, limit) {
    const share = Math.max(Math.min(term / (limit * 1000), 1), -1);
    bar.style.transform = `scaleX(${share})`;
    bar.style.background = `var(--${term < 0 ? "negative" : "positive"})`;
    product.textContent = writeUnits(term, 3);
  }

  /** @type {(z: number, activation: string) => void} */
  showAnswer(z, activation) {
    const { data, colours, chart } = this;
    const { texts } = data;
    const answer = ACTIVATE[activation](z);
    const [, name] = data.choices.activation.find(([value]) => value === activation) ?? [activation, activation];
    this.parts.answer.textContent = fillIn(texts.answer, {
      name: activation === "linear" ? "" : name,
      answer: writeUnits(Math.round(answer * 1e4), 4),
    });
    this.parts.answer.dataset.value = answer;
    this.parts.verdict.textContent = this.verdict(answer, activation);
    if (!chart.frame || activation !== data.activation) return; // the curve of the new activation is on its way
    const context = chart.beginFrame();
    const { start, high, low } = data.chart;
    const shown = [Math.min(Math.max(z, start), -start), Math.min(Math.max(answer, low), high)];
    chart.stem(context, shown[0], [shown[1]], colours);
    chart.dot(context, shown[0], shown[1], colours.window, 0.5);
    if (Math.abs(z) > -start) this.parts.verdict.textContent += ` ${texts.outside}`;
  }

  /** @type {(answer: number, activation: string) => string} */
  verdict(answer, activation) {
    const { texts } = this.data;
    if (activation === "linear") return texts.plain;
    if (activation === "relu") return answer > 0 ? texts.on : texts.off;
    const share = activation === "tanh" ? (answer + 1) / 2 : answer;
    return share > 0.55 ? texts.sure : share < 0.45 ? texts.against : texts.unsure;
  }
}

/** @type {(row: Element) => Row} */
function rowOf(row) {
  /** @type {(selector: string) => any} */
  const part = (selector) => row.querySelector(selector);
  /** @type {(selector: string) => HTMLInputElement[]} */
  const inputs = (selector) => Array.from(row.querySelectorAll(selector));
  return {
    name: part(".name"),
    bar: part("i"),
    product: part(".product"),
    sliders: inputs("[data-slider]"),
    numbers: inputs('[type="number"]'),
  };
}

export default mount(NeuronView);
