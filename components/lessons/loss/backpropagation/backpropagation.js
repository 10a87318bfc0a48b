// Backpropagation, step by step. `gradients.js` computes, `picture.js` paints; here both meet the player.

import { mount } from "../../../browser/board.js";
import { SharpCanvas } from "../../../browser/canvas.js";
import { SceneControls } from "../../../browser/controls.js";
import { write } from "../../../browser/dom.js";
import { MINUS, fillIn, writeUnits } from "../../../browser/numbers.js";
import { StageView } from "../../../player/stage.js";
import { backward, forward, stepped } from "./gradients.js";
import { drawLine, drawNode, drawPulse, drawTags, drawTagsOn, layOut } from "./picture.js";

/** @import { StageMessage } from "../../../player/stage.js" */
/** @import { Colour } from "../../../browser/colours.js" */
/** @import { Backward, Forward, Network } from "./gradients.js" */
/** @import { Layout, Pen, Point } from "./picture.js" */

/**
 * @typedef {object} BackpropagationMessage what Python's payload says
 * @property {number} count of steps
 * @property {number} topSpeed
 * @property {number} limit the largest of the dragged weights, either way
 * @property {{name: string, title: string, lines: string[]}[]} steps with {numbers}
 * @property {Network} network
 */

/** @typedef {{network: Network, label: number, rate: number, there: Forward, back: Backward, next: Network, again: Forward}} Run */

/** @typedef {{from: Point, to: Point, weight: number, slope: number, moved: number, last: boolean, tag: number}} Line */

const GLIDE = 1400; // milliseconds on the way to a step

/** @type {(number: number) => string} */
const four = (number) => writeUnits(Math.round(number * 1e4), 4);

/** @type {(number: number) => string} a weight that was set, or one that training has moved */
const short = (number) =>
  Math.abs(number * 10 - Math.round(number * 10)) < 1e-9 ? number.toFixed(1).replace("-", MINUS) : four(number);

/** @extends {StageView<StageMessage & BackpropagationMessage>} */
class BackpropagationView extends StageView {
  /** @type {Layout | null} */ layout = null;

  /** @param {ShadowRoot} root */
  constructor(root) {
    super(root);
    this.controls = new SceneControls(root, this.parts, (scene) => this.emit(scene));
    const { network, plate } = this.parts;
    this.sharp = new SharpCanvas(network, { plate, resized: () => this.measure() });
    /** @type {NodeListOf<HTMLInputElement>} */
    this.sliders = root.querySelectorAll("[data-slider]");
    for (const slider of this.sliders) {
      slider.oninput = () => {
        this.controls.change({ [String(slider.dataset.slider)]: slider.value }, 250);
        this.player.requestDraw();
      };
    }
    this.parts.controls.addEventListener("change", () => this.player.requestDraw());
  }

  /** @param {StageMessage & BackpropagationMessage} data */
  load(data) {
    const { imposed } = this.begin(data);
    for (const slider of this.sliders) Object.assign(slider, { min: String(-data.limit), max: String(data.limit) });
    this.player.configure({
      count: data.count,
      rowLength: 1,
      texts: data.texts.player,
      topSpeed: data.topSpeed,
      slowest: 0.2,
      glide: GLIDE,
    });
    this.measure();
    this.end(imposed);
  }

  measure() {
    if (!this.data || !this.sharp.measure()) return;
    this.layout = layOut(this.sharp.width, this.sharp.height, this.sharp.rem);
    this.player.requestDraw();
  }

  /** @returns {Run} everything, with what the visitor has set */
  compute() {
    const { scene } = this.controls;
    const { inputs, kernel, bias, readOut, readOutBias } = this.data.network;
    const [[, second], row] = kernel;
    const network = {
      inputs,
      kernel: [[Number(scene.w), second], row],
      bias,
      readOut: [Number(scene.v), readOut[1]],
      readOutBias,
    };
    const [label, rate] = [Number(scene.label), Number(scene.rate)];
    const there = forward(network, label);
    const back = backward(network, there, label);
    const next = stepped(network, back, rate);
    return { network, label, rate, there, back, next, again: forward(next, label) };
  }

  /** @type {(position: number, arrived: number) => void} */
  draw(position, arrived) {
    if (!this.data) return;
    const { data, parts } = this;
    const { scene } = this.controls;
    for (const slider of this.sliders) {
      const name = String(slider.dataset.slider);
      if (this.root.activeElement !== slider) slider.value = scene[name];
      write(parts[`${name}-value`], short(Number(scene[name])));
    }
    const run = this.compute();
    const step = data.steps[position];
    const values = this.numbers(run);
    const lines = step.lines.map((line) => fillIn(line, values));
    write(parts.title, step.title);
    if (parts.lines.textContent !== lines.join("")) this.writeList(parts.lines, lines);
    for (const [name, value] of Object.entries({
      loss: run.there.loss,
      next: run.again.loss,
      slope: run.back.kernel[0][0],
    }))
      parts.lines.dataset[name] = String(value);
    const { "picture-alt": alternative } = data.texts;
    parts.network.setAttribute("aria-label", fillIn(alternative, { title: step.title, lines: lines.join(" ") }));
    if (this.layout) this.paint(run, position, arrived, this.layout);
  }

  /** @type {(run: Run) => Record<string, string>} the numbers of the steps' lines */
  numbers({ network, label, rate, there, back, next, again }) {
    const { texts } = this.data;
    /** @type {Record<string, string>} */
    const written = {
      x1: short(network.inputs[0]),
      x2: short(network.inputs[1]),
      c: short(network.readOutBias),
      z: four(there.end),
      p: four(there.p),
      loss: four(there.loss),
      dz: four(back.end),
      pn: four(again.p),
      lossn: four(again.loss),
      y: String(label),
      rate: String(rate),
      formula: label === 1 ? texts.one : texts.zero,
      verdict: again.loss < there.loss ? texts.fell : texts.rose,
      w11n: four(next.kernel[0][0]),
      v1n: four(next.readOut[0]),
    };
    for (const unit of [0, 1]) {
      const number = unit + 1;
      Object.assign(written, {
        [`b${number}`]: short(network.bias[unit]),
        [`z${number}`]: four(there.z[unit]),
        [`h${number}`]: four(there.h[unit]),
        [`v${number}`]: short(network.readOut[unit]),
        [`dv${number}`]: four(back.readOut[unit]),
        [`dh${number}`]: four(back.h[unit]),
        [`s${number}`]: four(back.slopes[unit]),
        [`dz${number}`]: four(back.z[unit]),
      });
      for (const input of [0, 1]) {
        written[`w${input + 1}${number}`] = short(network.kernel[input][unit]);
        written[`dw${input + 1}${number}`] = four(back.kernel[input][unit]);
      }
    }
    for (const [name, text] of Object.entries(written))
      written[`${name}_`] = text.startsWith(MINUS) ? `(${text})` : text;
    return written;
  }

  /** @type {(run: Run, layout: Layout) => Line[]} the hidden layer's lines, then the output's */
  lines({ network, back, next }, { inputs, hidden, output }) {
    const first = inputs.flatMap((from, input) =>
      hidden.map((to, unit) => ({
        from,
        to,
        weight: network.kernel[input][unit],
        slope: back.kernel[input][unit],
        moved: next.kernel[input][unit],
        last: false,
        tag: input === unit ? 0.6 : 0.3,
      })),
    );
    const last = hidden.map((from, unit) => ({
      from,
      to: output,
      weight: network.readOut[unit],
      slope: back.readOut[unit],
      moved: next.readOut[unit],
      last: true,
      tag: 0.5,
    }));
    return [...first, ...last];
  }

  /** @type {(run: Run, position: number, arrived: number, layout: Layout) => void} */
  paint(run, position, arrived, layout) {
    const { colours, data, sharp } = this;
    const { steps } = data;
    /** @type {(name: string) => boolean} whether a step is done; the one that is being taken shows its numbers at its end */
    const done = (name) => {
      const place = steps.findIndex((step) => step.name === name);
      return position > place || (position === place && arrived > 0.7);
    };
    /** @type {Pen} */
    const pen = { context: sharp.beginFrame(), colours, rem: sharp.rem, font: sharp.font };
    const lines = this.lines(run, layout);
    const moved = done("update");
    const shown = done("again") ? run.again : run.there;
    for (const line of lines) drawLine(pen, line.from, line.to, moved ? line.moved : line.weight);
    drawLine(pen, layout.output, layout.loss, 0.3);
    this.paintPulses(pen, lines, layout, steps[position].name, arrived);
    const { inputs, hidden, output, loss, radius } = layout;
    inputs.forEach((place, unit) => drawNode(pen, place, layout, `x${"₁₂"[unit]}`, short(run.network.inputs[unit])));
    hidden.forEach((place, unit) =>
      drawNode(pen, place, layout, `h${"₁₂"[unit]}`, done("hidden") ? four(shown.h[unit]) : ""),
    );
    drawNode(pen, output, layout, "p", done("output") ? four(shown.p) : "");
    drawNode(pen, loss, layout, "L", done("loss") ? four(shown.loss) : "");
    for (const line of lines) {
      const tags = [{ text: moved ? four(line.moved) : short(line.weight), ground: colours.zero }];
      if (!moved && done(line.last ? "last" : "first")) tags.push(this.slope(line.slope));
      drawTagsOn(pen, line.from, line.to, line.tag, tags);
    }
    if (moved) return;
    /** @type {(place: Point) => Point} */
    const under = ([x, y]) => [x, y + radius + 0.9 * sharp.rem];
    if (done("end")) drawTags(pen, under(output), [this.slope(run.back.end)]);
    hidden.forEach((place, unit) => {
      if (!done("through")) return;
      drawTags(pen, under(place), [this.slope(done("sigmoid") ? run.back.z[unit] : run.back.h[unit])]);
    });
  }

  /** @type {(slope: number) => {text: string, ground: Colour}} */
  slope(slope) {
    return { text: four(slope), ground: this.colours.window };
  }

  /** @type {(pen: Pen, lines: Line[], layout: Layout, name: string, arrived: number) => void} what goes forward or back */
  paintPulses(pen, lines, { output, loss }, name, arrived) {
    if (arrived >= 1) return;
    const { positive, window } = this.colours;
    for (const { from, to, last } of lines) {
      if (name === (last ? "output" : "hidden")) drawPulse(pen, from, to, arrived, positive);
      if (name === "again") drawPulse(pen, from, to, arrived, positive);
      if (last ? name === "last" || name === "through" : name === "first") drawPulse(pen, to, from, arrived, window);
    }
    if (name === "loss" || name === "again") drawPulse(pen, output, loss, arrived, positive);
    if (name === "end") drawPulse(pen, loss, output, arrived, window);
  }
}

export default mount(BackpropagationView);
