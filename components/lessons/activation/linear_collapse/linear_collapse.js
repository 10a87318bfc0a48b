// Two linear layers and the one that does the same. All weights have one decimal and x has, too: every number that is
// written is written in full.

import { mount } from "../../../browser/board.js";
import { SceneControls } from "../../../browser/controls.js";
import { CurveChart } from "../../../browser/curve_chart.js";
import { MINUS, decimalsFor, decodeArray, writeUnits } from "../../../browser/numbers.js";
import { StageView } from "../../../player/stage.js";

/** @import { StageMessage } from "../../../player/stage.js" */

/**
 * @typedef {object} CollapseMessage what Python's payload says
 * @property {number} count of positions
 * @property {number} start the first x
 * @property {number} step from one x to the next
 * @property {number} seeds how many draws of the weights there are
 * @property {number} topSpeed
 * @property {number[]} first weights of the first layer, (units)
 * @property {number[]} firstBias (units)
 * @property {number[]} second weights of the second layer, (units)
 * @property {number} secondBias
 * @property {number} weight of the one layer that does the same
 * @property {number} bias of that layer
 * @property {string} hidden float64 (units, count), what the first layer answers
 * @property {string} two float64 (count), what both layers answer
 * @property {string} one float64 (count), what the one layer answers
 * @property {number} low the chart's lower edge
 * @property {number} high the chart's upper edge
 */

/** @extends {StageView<StageMessage & CollapseMessage>} */
class CollapseView extends StageView {
  /** @type {Float64Array} */ two;
  /** @type {Float64Array} */ one;
  /** @type {Float64Array[]} by unit */ hidden;
  /** @type {boolean} */ relu;

  /** @param {ShadowRoot} root */
  constructor(root) {
    super(root);
    this.controls = new SceneControls(root, this.parts, (scene) => this.emit(scene));
    this.chart = new CurveChart(this.parts.chart, this.parts["chart-plate"], () => this.measure());
    this.parts.seed.onclick = () => {
      this.controls.change({ seed: String((Number(this.controls.scene.seed) + 1) % this.data.seeds) });
    };
    this.listenToPlate(this.parts["chart-plate"], (share) => this.chart.positionAt(share));
  }

  /** @param {StageMessage & CollapseMessage} data */
  load(data) {
    const { imposed } = this.begin(data);
    this.two = decodeArray(data.two, Float64Array);
    this.one = decodeArray(data.one, Float64Array);
    const hidden = decodeArray(data.hidden, Float64Array);
    this.hidden = data.first.map((_, unit) => hidden.subarray(unit * data.count, (unit + 1) * data.count));
    this.relu = data.scene.relu === "on";
    this.parts["two-name"].textContent = data.texts[this.relu ? "two-relu" : "two"];
    this.parts.hidden.replaceChildren(...data.first.map(() => document.createElement("li")));
    this.parts.chart.setAttribute("aria-label", data.texts["chart-alt"]);
    this.writeOneLayer();
    this.player.configure({
      count: data.count,
      rowLength: -10,
      texts: data.texts.player,
      topSpeed: data.topSpeed,
      scale: { start: data.start, step: data.step },
    });
    this.measure();
    this.end(imposed);
  }

  measure() {
    if (!this.data) return;
    const { colours } = this;
    this.chart.begin(this.data);
    this.chart.paintGround(colours, (context) => {
      this.chart.traceSigned(context, this.two, colours, 0.45);
      this.chart.trace(context, this.one, colours.text, { width: 0.16, dash: [0.6, 0.5] });
    });
    this.player.requestDraw();
  }

  /** @type {(number: number, decimals?: number) => string} written in full where no decimals are given */
  write(number, decimals = decimalsFor([number])) {
    return writeUnits(Math.round(number * 10 ** decimals), decimals);
  }

  /** @type {(number: number, decimals?: number) => string} in brackets where a sign would follow a dot */
  bracketed(number, decimals) {
    const text = this.write(number, decimals);
    return text.startsWith(MINUS) ? `(${text})` : text;
  }

  /** @type {(number: number, decimals?: number) => string} " + 0.5" or " − 0.5" */
  plus(number, decimals) {
    return number < 0 ? ` ${MINUS} ${this.write(-number, decimals)}` : ` + ${this.write(number, decimals)}`;
  }

  writeOneLayer() {
    const { first, firstBias, second, secondBias, weight, bias } = this.data;
    const products = (/** @type {number[]} */ others) =>
      second.map((v, unit) => `${this.bracketed(v)} · ${this.bracketed(others[unit])}`).join(" + ");
    this.parts["weight-line"].textContent = `Σ v·w = ${products(first)} = ${this.write(weight, 2)}`;
    this.parts["bias-line"].textContent =
      `Σ v·b + c = ${products(firstBias)}${this.plus(secondBias)} = ${this.write(bias, 2)}`;
  }

  /** @param {number} position */
  draw(position) {
    if (!this.chart.frame) return;
    const { data, colours } = this;
    const x = Number((data.start + position * data.step).toFixed(1));
    const [two, one] = [this.two[position], this.one[position]];
    const context = this.chart.beginFrame();
    this.chart.stem(context, x, [two, one], colours);
    this.chart.dot(context, x, two, colours.window, 0.6);
    this.chart.dot(context, x, one, [255, 255, 255], 0.25);
    const subscripts = "₁₂₃";
    data.first.forEach((weight, unit) => {
      const sum = `${this.write(weight)} · ${this.bracketed(x)}${this.plus(data.firstBias[unit])}`;
      const answer = this.write(this.hidden[unit][position], 2);
      this.parts.hidden.children[unit].textContent =
        `h${subscripts[unit]} = ${this.relu ? `max(0, ${sum})` : sum} = ${answer}`;
    });
    const terms = data.second.map(
      (v, unit) => `${this.bracketed(v)} · ${this.bracketed(this.hidden[unit][position], 2)}`,
    );
    this.parts["two-line"].textContent = `y = ${terms.join(" + ")}${this.plus(data.secondBias)}`;
    this.parts["one-line"].textContent =
      `y = ${this.write(data.weight, 2)} · ${this.bracketed(x)}${this.plus(data.bias, 2)} =`;
    for (const [name, number] of Object.entries({ two, one })) {
      this.parts[name].textContent = this.write(number, 3);
      this.parts[name].dataset.value = number;
    }
    const gap = Math.abs(two - one);
    const verdict = this.relu ? (gap < 5e-4 ? data.texts.agree : data.texts.other) : data.texts.same;
    this.parts.verdict.textContent = verdict.replace("{gap}", this.write(gap, 3));
  }
}

export default mount(CollapseView);
