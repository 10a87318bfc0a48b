// The activation curve. Python sends value and slope at every input; the browser looks them up and draws.

import { mount } from "../../../browser/board.js";
import { SceneControls } from "../../../browser/controls.js";
import { CurveChart } from "../../../browser/curve_chart.js";
import { cssColour } from "../../../browser/colours.js";
import { make, write } from "../../../browser/dom.js";
import { decodeArray, fillIn, roundToTotal, signed, writeUnits } from "../../../browser/numbers.js";
import { StageView } from "../../../player/stage.js";

/** @import { Scene } from "../../../browser/controls.js" */
/** @import { StageMessage } from "../../../player/stage.js" */

/**
 * @typedef {object} CurveMessage what Python's payload says
 * @property {number} count of positions
 * @property {number} start the first x
 * @property {number} step from one x to the next
 * @property {number} topSpeed
 * @property {string} values float64 (outputs, count)
 * @property {string} slopes float64 (count)
 * @property {string | null} part float64 (count), the number in the middle of the calculation, where there is one
 * @property {number} low the chart's lower edge
 * @property {number} high the chart's upper edge
 * @property {string} formula MathML
 * @property {string[]} valueLines for x ≤ 0 and for x > 0
 * @property {string[]} slopeLines for x ≤ 0 and for x > 0
 * @property {string[]} facts
 * @property {number[]} others the inputs beside x
 */

class CurveControls extends SceneControls {
  /** @param {Scene} scene */
  show(scene) {
    super.show(scene);
    for (const name of ["second", "third"]) this.parts[`${name}-choice`].hidden = scene.activation !== "softmax";
  }
}

/** @extends {StageView<StageMessage & CurveMessage>} */
class ActivationCurveView extends StageView {
  /** @type {Float64Array[]} */ values;
  /** @type {Float64Array} */ slopes;
  /** @type {Float64Array | null} */ middle;
  /** @type {{bar: HTMLElement, text: HTMLElement}[] | null} softmax's bars */ shares;

  /** @param {ShadowRoot} root */
  constructor(root) {
    super(root);
    this.traced = -1;
    this.controls = new CurveControls(root, this.parts, (scene) => this.emit(scene));
    this.chart = new CurveChart(this.parts.curve, this.parts["curve-plate"], () => this.measure());
    this.listenToPlate(this.parts["curve-plate"], (share) => this.chart.positionAt(share));
  }

  /** @param {StageMessage & CurveMessage} data */
  load(data) {
    const { imposed } = this.begin(data);
    const values = decodeArray(data.values, Float64Array);
    const outputs = values.length / data.count;
    this.values = Array.from({ length: outputs }, (_, output) =>
      values.subarray(output * data.count, (output + 1) * data.count),
    );
    this.slopes = decodeArray(data.slopes, Float64Array);
    this.middle = data.part === null ? null : decodeArray(data.part, Float64Array);
    this.parts.formula.innerHTML = `<math display="block">${data.formula}</math>`;
    this.writeList(this.parts.facts, data.facts);
    this.buildShares();
    this.parts.curve.setAttribute("aria-label", data.texts["curve-alt"]);
    this.player.configure({
      count: data.count,
      rowLength: -100,
      texts: data.texts.player,
      topSpeed: data.topSpeed,
      scale: { start: data.start, step: data.step },
    });
    this.traced = data.count - 1;
    this.measure();
    this.end(imposed);
  }

  /** Play draws the derivative anew, from the left to where x is. */
  restart() {
    this.traced = -1;
  }

  measure() {
    if (!this.data) return;
    this.chart.begin(this.data);
    this.chart.paintGround(this.colours, (context) => this.chart.traceSigned(context, this.values[0], this.colours));
    this.player.requestDraw();
  }

  // ---- one input ----

  /** @param {number} position */
  draw(position) {
    if (!this.chart.frame) return;
    const { chart, data, colours } = this;
    this.traced = Math.max(this.traced, position);
    const context = chart.beginFrame();
    chart.trace(context, this.slopes, colours.text, { dash: [0.55, 0.35], last: this.traced, jump: 0.5 });
    const x = data.start + position * data.step;
    const [value, slope] = [this.values[0][position], this.slopes[position]];
    // The tangent: it rises by the slope on each step of 1 to the right.
    const reach = 1.4;
    context.strokeStyle = cssColour(colours.text);
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(...chart.place(x - reach, value - reach * slope));
    context.lineTo(...chart.place(x + reach, value + reach * slope));
    context.stroke();
    chart.stem(context, x, [value], colours);
    chart.dot(context, x, value, colours.window, 0.55);
    chart.dot(context, x, slope, colours.text, 0.4);
    this.write(x, position, value, slope);
  }

  /** @type {(x: number, position: number, value: number, slope: number) => void} */
  write(x, position, value, slope) {
    const { valueLines, slopeLines, others } = this.data;
    const above = Number(x.toFixed(2)) > 0 ? 1 : 0;
    const four = (/** @type {number} */ number) => writeUnits(Math.round(number * 1e4), 4);
    const middle = this.middle ? this.middle[position] : 0;
    const numbers = {
      x: writeUnits(Math.round(x * 100), 2),
      y: four(value),
      slope: four(slope),
      inside: x < 0 ? `(${writeUnits(Math.round(x * 100), 2)})` : writeUnits(Math.round(x * 100), 2),
      part: middle >= 100 ? middle.toFixed(1) : middle.toFixed(4),
      second: signed(String(others[0])),
      third: signed(String(others[1])),
    };
    this.set(this.parts.value, numbers.y, value);
    this.set(this.parts.slope, numbers.slope, slope);
    writePowers(this.parts["value-line"], fillIn(valueLines[above], numbers));
    this.set(this.parts["slope-line"], fillIn(slopeLines[above], numbers));
    if (!this.shares) return;
    const permille = roundToTotal(
      this.values.map((outputs) => outputs[position] * 1000),
      1000,
    );
    this.shares.forEach(({ bar, text }, output) => {
      bar.style.transform = `scaleX(${this.values[output][position]})`;
      text.textContent = `${(permille[output] / 10).toFixed(1)}\u00a0%`;
    });
  }

  /** @type {(element: HTMLElement, text: string, value?: number) => void} */
  set(element, text, value) {
    write(element, text);
    if (value !== undefined) element.dataset.value = String(value);
  }

  /** Make a bar for each of softmax's answers. */
  buildShares() {
    this.parts.shares.hidden = this.values.length === 1;
    this.shares = this.values.length === 1 ? null : [];
    this.parts.shares.replaceChildren();
    this.shares &&= this.values.map((_, output) => {
      const line = document.createElement("div");
      line.className = "share";
      const [name, bar, text] = ["span", "i", "b"].map((tag) => document.createElement(tag));
      name.textContent = `f${"₁₂₃"[output]}${output ? ` (x${"₁₂₃"[output]} = ${signed(String(this.data.others[output - 1]))})` : ""}`;
      line.append(name, bar, text);
      this.parts.shares.append(line);
      return { bar, text };
    });
  }
}

/**
 * Write a text in which a number after ^ is a power.
 *
 * @param {HTMLElement} element
 * @param {string} text
 */
function writePowers(element, text) {
  if (element.dataset.written === text) return;
  element.dataset.written = text;
  const pieces = text.split(/\^(\u2212?[\d.]+)/);
  element.replaceChildren(...pieces.map((part, place) => (place % 2 ? make("sup", { textContent: part }) : part)));
}

export default mount(ActivationCurveView);
