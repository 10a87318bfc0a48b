// The loss curve. Python sends losses and slopes at every prediction; the browser looks them up and draws.

import { mount } from "../../../browser/board.js";
import { SceneControls } from "../../../browser/controls.js";
import { CurveChart } from "../../../browser/curve_chart.js";
import { cssColour } from "../../../browser/colours.js";
import { MINUS, decodeArray, fillIn, signed, writeUnits } from "../../../browser/numbers.js";
import { StageView } from "../../../player/stage.js";

/** @import { StageMessage } from "../../../player/stage.js" */

/**
 * @typedef {object} LossMessage what Python's payload says
 * @property {number} count of positions
 * @property {number} start
 * @property {number} step
 * @property {number} low
 * @property {number} high
 * @property {number} topSpeed
 * @property {number} epsilon that Keras keeps p away from 0 and 1
 * @property {Record<string, string>} numbers float64 (count) each
 * @property {Record<string, string>} lines how each number is computed
 */

const LOSSES = ["crossentropy", "squared"];
const NUMBERS = ["crossentropy", "squared", "crossentropySlope", "squaredSlope", "crossentropyPush", "squaredPush"];

/** @extends {StageView<StageMessage & LossMessage>} */
class LossCurveView extends StageView {
  /** @type {Record<string, Float64Array>} */ values;

  constructor(root) {
    super(root);
    this.controls = new SceneControls(root, this.parts, (scene) => this.emit(scene));
    this.chart = new CurveChart(this.parts.curve, this.parts["curve-plate"], () => this.measure());
    this.listenToPlate(this.parts["curve-plate"], (share) => this.chart.positionAt(share));
  }

  load(data) {
    const was = this.values && this.player.position < this.values.z.length ? this.values.z[this.player.position] : null;
    const { before, imposed } = this.begin(data);
    this.values = Object.fromEntries(
      Object.entries(data.numbers).map(([name, text]) => [name, decodeArray(text, Float64Array)]),
    );
    this.parts.curve.setAttribute("aria-label", data.texts["curve-alt"]);
    for (const name of NUMBERS) this.parts[`${name}-line`].textContent = data.lines[name];
    this.player.configure({
      count: data.count,
      rowLength: -50,
      texts: data.texts.player,
      topSpeed: data.topSpeed,
      scale: { start: data.start, step: data.step },
    });
    const moved =
      before &&
      !imposed &&
      (before.scene.chart !== data.scene.chart ||
        (data.scene.chart === "tiny" && before.scene.label !== data.scene.label));
    this.measure();
    this.end(imposed);
    if (moved && was !== null) this.player.seek(this.nearest(was));
  }

  /** Another chart has another axis: the prediction stays, as nearly as there is a place for it. */
  nearest(logit) {
    const { z } = this.values;
    const bounded = (number) => Math.min(Math.max(number, -40), 40);
    let best = 0;
    for (let position = 1; position < z.length; position += 1) {
      if (Math.abs(bounded(z[position]) - bounded(logit)) < Math.abs(bounded(z[best]) - bounded(logit)))
        best = position;
    }
    return best;
  }

  /** What the chart draws of a loss: its values, or on the chart of pushes its slope by the logit. */
  drawn(name) {
    return this.values[this.data.scene.chart === "push" ? `${name}Push` : name];
  }

  colourOf(name) {
    return name === "squared" ? this.colours.negative : this.colours.positive;
  }

  measure() {
    if (!this.data) return;
    this.chart.begin(this.data);
    this.chart.paintGround(this.colours, (context) => {
      this.inside(context, () => {
        for (const name of LOSSES) {
          this.chart.trace(context, this.drawn(name), this.colourOf(name), {
            dash: name === "squared" ? [0.55, 0.35] : [],
          });
        }
      });
    });
    this.player.requestDraw();
  }

  /** Draw within the axes only: near 0 the loss leaves the chart. */
  inside(context, paint) {
    const { frame } = this.chart;
    if (!frame) return;
    const { left, right, top, bottom } = frame;
    context.save();
    context.beginPath();
    context.rect(left - 2, top - 2, right - left + 4, bottom - top + 4);
    context.clip();
    paint();
    context.restore();
  }

  draw(position) {
    if (!this.chart.frame) return;
    const { chart, data, values, colours } = this;
    const context = chart.beginFrame();
    const x = data.start + position * data.step;
    const inSight = (value) => Math.min(value, data.high);
    this.inside(context, () => {
      const slopes = { probability: "Slope", logit: "Push" }[data.scene.chart];
      const reach = { probability: 0.13, logit: 2 }[data.scene.chart];
      for (const name of slopes ? LOSSES : []) {
        const [value, slope] = [values[name][position], values[name + slopes][position]];
        context.strokeStyle = cssColour(colours.text);
        context.lineWidth = 2;
        context.beginPath();
        context.moveTo(...chart.place(x - reach, value - reach * slope));
        context.lineTo(...chart.place(x + reach, value + reach * slope));
        context.stroke();
      }
      chart.stem(
        context,
        x,
        LOSSES.map((name) => inSight(this.drawn(name)[position])),
        colours,
      );
    });
    for (const name of LOSSES) {
      const value = this.drawn(name)[position];
      chart.dot(
        context,
        x,
        inSight(value),
        name === "squared" ? colours.negative : colours.window,
        name === "squared" ? 0.4 : 0.5,
      );
    }
    this.write(position);
  }

  write(position) {
    const { values, data } = this;
    const [p, z] = [values.p[position], values.z[position]];
    const written = {
      p: `p = ${this.probability(p)}`,
      z: `z = ${Number.isFinite(z) ? writeUnits(Math.round(z * 100), 2) : signed(z < 0 ? "-∞" : "∞")}`,
    };
    for (const name of ["p", "z", ...NUMBERS]) {
      this.parts[name].textContent = written[name] ?? this.number(values[name][position]);
      this.parts[name].dataset.value = values[name][position];
    }
    this.parts.verdict.textContent = this.verdict(position);
    this.parts.verdict.dataset.label = data.scene.label;
  }

  verdict(position) {
    const { values, data } = this;
    const { texts } = data;
    const p = values.p[position];
    const share = data.scene.label === "1" ? p : 1 - p;
    if (share < data.epsilon && data.scene.chart !== "logit" && data.scene.chart !== "push") return texts.clipped;
    const above = this.drawn("crossentropy")[position] > data.high;
    if (share >= 0.9) return texts.right;
    if (share >= 0.5) return texts["leaning-right"];
    if (share >= 0.1) return texts["leaning-wrong"];
    const said = fillIn(texts.wrong, {
      one: this.number(values.crossentropyPush[position]),
      two: this.number(values.squaredPush[position]),
    });
    return above ? `${fillIn(texts.above, { value: this.number(values.crossentropy[position]) })} ${said}` : said;
  }

  /** A probability in full, also very near 0. */
  probability(p) {
    return p > 0 && p < 5e-4
      ? this.number(p)
      : p < 1 && p > 1 - 5e-4
        ? `1 ${MINUS} ${this.number(1 - p)}`
        : p.toFixed(3);
  }

  number(value) {
    const size = Math.abs(value);
    if (size >= 1e5 || (size > 0 && size < 5e-4)) {
      const [digits, exponent] = value.toExponential(1).split("e");
      const raised = [...String(Number(exponent))].map((sign) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign] ?? "⁻").join("");
      return `${signed(digits)} · 10${raised}`;
    }
    const decimals = size >= 100 ? 1 : 4;
    return writeUnits(Math.round(value * 10 ** decimals), decimals);
  }
}

export default mount(LossCurveView);
