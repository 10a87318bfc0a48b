// The loss curve. Python sends losses and slopes at every prediction; the browser looks them up and draws.

import { mount } from "../../../browser/board.js";
import { SceneControls } from "../../../browser/controls.js";
import { CurveChart } from "../../../browser/curve_chart.js";
import { cssColour } from "../../../browser/colours.js";
import { MINUS, decodeArray, fillIn, signed, writeUnits } from "../../../browser/numbers.js";
import { StageView } from "../../../player/stage.js";

/** @import { Colour } from "../../../browser/colours.js" */
/** @import { StageMessage } from "../../../player/stage.js" */

/**
 * @typedef {object} LossCurveMessage what Python's payload says
 * @property {number} count of positions
 * @property {number} start the axis's first input
 * @property {number} step from one input to the next
 * @property {number} low the chart's lower edge
 * @property {number} high the chart's upper edge
 * @property {number} topSpeed
 * @property {number} epsilon the right class's probability below which Keras clips
 * @property {string} least that, written out
 * @property {Record<Name | "p" | "z", string>} numbers float64 (count) each; p is the prediction and z its logit
 * @property {Record<Name, string>} lines how each number is computed
 */

/** @typedef {"crossentropy" | "squared"} Loss */

/** @typedef {Loss | `${Loss}Slope` | `${Loss}Push`} Name a loss, its slope by p, or its slope by the logit */

/** @type {Loss[]} */
const LOSSES = ["crossentropy", "squared"];
/** @type {Name[]} */
const NUMBERS = ["crossentropy", "squared", "crossentropySlope", "squaredSlope", "crossentropyPush", "squaredPush"];

// The charts with tangents: which slope they have, and how far they reach either way.
/** @type {Record<string, {slopes: "Slope" | "Push", reach: number}>} */
const TANGENTS = { probability: { slopes: "Slope", reach: 0.13 }, logit: { slopes: "Push", reach: 2 } };

/** @extends {StageView<StageMessage & LossCurveMessage>} */
class LossCurveView extends StageView {
  /** @type {Record<string, Float64Array>} `numbers` of the message, decoded */ values;

  /** @param {ShadowRoot} root */
  constructor(root) {
    super(root);
    this.controls = new SceneControls(root, this.parts, (scene) => this.emit(scene));
    this.chart = new CurveChart(this.parts.curve, this.parts["curve-plate"], () => this.measure());
    this.listenToPlate(this.parts["curve-plate"], (share) => this.chart.positionAt(share));
  }

  /** @param {StageMessage & LossCurveMessage} data */
  load(data) {
    const was = this.values && this.player.position < this.values.z.length ? this.values.z[this.player.position] : null;
    const { before, imposed } = this.begin(data);
    this.values = Object.fromEntries(
      Object.entries(data.numbers).map(([name, text]) => [name, decodeArray(text, Float64Array)]),
    );
    this.parts.curve.setAttribute("aria-label", data.texts["curve-alt"]);
    for (const name of NUMBERS) this.parts[`${name}-line`].textContent = data.lines[name];
    // What concerns the logit stays away until its chart is asked for; what concerns p, then.
    const overLogit = data.scene.chart === "logit" || data.scene.chart === "push";
    this.parts.z.hidden = !overLogit;
    for (const loss of LOSSES) {
      this.parts[`${loss}Push`].parentElement.hidden = !overLogit;
      this.parts[`${loss}Slope`].parentElement.hidden = overLogit;
    }
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

  /**
   * Return the position of the prediction that is nearest to a logit: another chart has another axis.
   *
   * @param {number} logit
   */
  nearest(logit) {
    const { z } = this.values;
    const bounded = (/** @type {number} */ number) => Math.min(Math.max(number, -40), 40);
    let best = 0;
    for (let position = 1; position < z.length; position += 1) {
      if (Math.abs(bounded(z[position]) - bounded(logit)) < Math.abs(bounded(z[best]) - bounded(logit)))
        best = position;
    }
    return best;
  }

  /**
   * Return what the chart draws of a loss: its values, or on the chart of pushes its slope by the logit.
   *
   * @param {Loss} name
   */
  drawn(name) {
    return this.values[this.data.scene.chart === "push" ? `${name}Push` : name];
  }

  /** @type {(name: Loss) => Colour} */
  colourOf(name) {
    return name === "squared" ? this.colours.soft : this.colours.text;
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

  /**
   * Draw within the axes only: near 0 the loss leaves the chart.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {() => void} paint
   */
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

  /** @param {number} position */
  draw(position) {
    if (!this.chart.frame) return;
    const { chart, data, values, colours } = this;
    const context = chart.beginFrame();
    const x = data.start + position * data.step;
    const inSight = (/** @type {number} */ value) => Math.min(value, data.high);
    this.inside(context, () => {
      const tangent = TANGENTS[data.scene.chart];
      for (const name of tangent ? LOSSES : []) {
        const { slopes, reach } = tangent;
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
        name === "squared" ? colours.soft : colours.window,
        name === "squared" ? 0.4 : 0.5,
      );
    }
    this.write(position);
  }

  /** @param {number} position */
  write(position) {
    const { values, data } = this;
    const [p, z] = [values.p[position], values.z[position]];
    /** @type {Record<string, string>} */
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

  /** @type {(position: number) => string} */
  verdict(position) {
    const { values, data } = this;
    const { texts } = data;
    const p = values.p[position];
    const share = data.scene.label === "1" ? p : 1 - p;
    const overLogit = data.scene.chart === "logit" || data.scene.chart === "push";
    if (share < data.epsilon && !overLogit)
      return fillIn(texts.clipped, { least: data.least, loss: values.crossentropy[position].toFixed(2) });
    const above = this.drawn("crossentropy")[position] > data.high;
    if (share >= 0.9) return texts.right;
    if (share >= 0.5) return texts["leaning-right"];
    if (share >= 0.1) return texts["leaning-wrong"];
    const slopes = overLogit ? "Push" : "Slope";
    const said = fillIn(texts.wrong, {
      letter: overLogit ? "z" : "p",
      one: this.number(values[`crossentropy${slopes}`][position]),
      two: this.number(values[`squared${slopes}`][position]),
    });
    return above ? `${fillIn(texts.above, { value: this.number(values.crossentropy[position]) })} ${said}` : said;
  }

  /** @type {(p: number) => string} a probability in full, also very near 0 or 1 */
  probability(p) {
    return p > 0 && p < 5e-4
      ? this.number(p)
      : p < 1 && p > 1 - 5e-4
        ? `1 ${MINUS} ${this.number(1 - p)}`
        : p.toFixed(3);
  }

  /** @param {number} value */
  number(value) {
    const size = Math.abs(value);
    if (size >= 1e5 || (size > 0 && size < 5e-4)) {
      const [digits, exponent] = value.toExponential(1).split("e");
      const raised = [...String(Number(exponent))].map((sign) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)] ?? "⁻").join("");
      return `${signed(digits)} · 10${raised}`;
    }
    const decimals = size >= 100 ? 1 : 4;
    return writeUnits(Math.round(value * 10 ** decimals), decimals);
  }
}

export default mount(LossCurveView);
