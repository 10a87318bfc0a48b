// A network of 26 neurons on the digit of the digit board. It is computed here; `picture.js` paints it.

import { mount } from "../../../browser/board.js";
import { SharpCanvas, contextOf } from "../../../browser/canvas.js";
import { cssColour, readColours, signedColour } from "../../../browser/colours.js";
import { SceneControls } from "../../../browser/controls.js";
import { write } from "../../../browser/dom.js";
import { MINUS, decodeArray, fillIn, roundToTotal, writeUnits } from "../../../browser/numbers.js";
import { StageView } from "../../../player/stage.js";
import { forward, sumOf } from "./forward.js";
import { drawIdleLines, drawInputs, drawLines, drawNeuron, drawRing, layOut, neuronAt } from "./picture.js";

/** @import { Colours } from "../../../browser/colours.js" */
/** @import { StageMessage } from "../../../player/stage.js" */
/** @import { Network, Signals, Sum } from "./forward.js" */
/** @import { Layout } from "./picture.js" */

/**
 * @typedef {object} DigitNeuronsMessage what Python's payload says
 * @property {number} count of positions: one for each neuron, and one for all of them
 * @property {number} topSpeed
 * @property {number} maximum the most ink of a place
 * @property {number[] | null} counts of ink on the digit board, (64); null where it is empty
 * @property {string[]} kernels float64 of each layer, (inputs, units)
 * @property {number[][]} biases of each layer
 */

const SIDE = 8;
const INPUTS = SIDE * SIDE;
const GLIDE = 1100; // milliseconds in which the light goes through the whole network

/** @type {(value: number, from: number, to: number) => number} how far a value is on the way, 0 to 1 */
const share = (value, from, to) => Math.min(Math.max((value - from) / (to - from), 0), 1);

/** @extends {StageView<StageMessage & DigitNeuronsMessage>} */
class DigitNeuronsView extends StageView {
  /** @type {Network} */ network;
  /** @type {Signals} of the digit, or of no ink at all */ signals;
  /** @type {Sum[]} of every neuron, the hidden ones first */ sums;
  /** @type {string[]} the digits' probabilities in percent, which add up to 100.0 */ percentages;
  /** @type {number} the digit that is read */ best;
  /** @type {Layout | null} */ layout;
  /** @type {Colours} of the picture, which is dark in both themes */ night;
  /** @type {number} the neuron under the pointer, −1 for none */ pointed;

  /** @param {ShadowRoot} root */
  constructor(root) {
    super(root);
    this.controls = new SceneControls(root, this.parts, (scene) => this.emit(scene));
    const { network, plate } = this.parts;
    this.sharp = new SharpCanvas(network, { plate, resized: () => this.measure() });
    this.pointed = -1;
    this.parts.controls.addEventListener("change", () => this.player.requestDraw());
    /** @param {PointerEvent} event */
    const point = (event) => {
      const box = plate.getBoundingClientRect();
      this.look(this.layout ? neuronAt(this.layout, event.clientX - box.left, event.clientY - box.top) : -1);
    };
    plate.onpointermove = plate.onpointerdown = point;
    plate.onpointerleave = (/** @type {PointerEvent} */ event) => {
      if (event.pointerType === "mouse") this.look(-1);
    };
  }

  /**
   * Show a neuron's own lines and sum, whatever plays.
   *
   * @param {number} neuron −1 for none
   */
  look(neuron) {
    if (neuron === this.pointed) return;
    this.pointed = neuron;
    this.player.requestDraw();
  }

  /** @param {StageMessage & DigitNeuronsMessage} data */
  load(data) {
    const { before, imposed } = this.begin(data);
    this.network = { kernels: data.kernels.map((kernel) => decodeArray(kernel, Float64Array)), biases: data.biases };
    this.compute(data);
    this.night = readColours(this.parts.plate);
    this.player.configure({
      count: data.count,
      rowLength: 1,
      texts: data.texts.player,
      topSpeed: data.topSpeed,
      glide: GLIDE,
    });
    this.measure();
    this.end(imposed);
    if (before && String(before.counts) !== String(data.counts)) this.player.depart();
  }

  /** @param {DigitNeuronsMessage} data */
  compute({ counts, maximum, biases }) {
    this.signals = forward(this.network, counts ?? Array.from({ length: INPUTS }, () => 0), maximum);
    const { probabilities } = this.signals;
    this.sums = biases.flat().map((_, neuron) => sumOf(this.network, this.signals, neuron));
    // With no digit nothing is on its way: by their biases alone, neurons would fire that have been shown nothing.
    if (!counts) for (const sum of this.sums) sum.products = sum.weights.map(() => 0);
    this.best = probabilities.indexOf(Math.max(...probabilities));
    const permille = roundToTotal(
      probabilities.map((p) => p * 1000),
      1000,
    );
    this.percentages = permille.map((units) => writeUnits(units, 1));
  }

  measure() {
    if (!this.data || !this.sharp.measure()) return;
    const { width, height, rem } = this.sharp;
    const [hidden, outputs] = this.data.biases.map((biases) => biases.length);
    this.layout = layOut(width, height, rem, hidden, outputs);
    this.player.requestDraw();
  }

  /** @type {(position: number, arrived: number) => void} */
  draw(position, arrived) {
    if (!this.data) return;
    const all = position === this.data.count - 1;
    const looked = this.pointed >= 0 ? this.pointed : all ? -1 : position;
    this.tell(looked);
    if (!this.layout || !this.sharp.ready) return;
    const { layout, night } = this;
    const context = this.sharp.beginFrame();
    // With all of them, the light goes from the inputs through the lines to one layer and the next.
    /** @type {(neuron: number) => number} */
    const grown = (neuron) => {
      if (all) return neuron < layout.hidden ? share(arrived, 0.05, 0.4) : share(arrived, 0.5, 0.85);
      return neuron < position ? 1 : neuron === position ? share(arrived, 0, 0.7) : 0;
    };
    /** @type {(neuron: number) => number} */
    const lit = (neuron) => {
      if (!this.data.counts) return 0;
      if (all) return neuron < layout.hidden ? share(arrived, 0.35, 0.5) : share(arrived, 0.8, 1);
      return neuron < position ? 1 : neuron === position ? share(arrived, 0.6, 1) : 0;
    };
    this.paintLines(context, layout, looked, this.pointed < 0 ? grown : () => 1);
    drawInputs(context, layout, this.signals.inputs);
    layout.neurons.forEach((place, neuron) => {
      drawNeuron(context, place, layout.radius, this.sums[neuron].answer * lit(neuron));
    });
    if (looked >= 0) drawRing(context, night, layout.neurons[looked], layout.radius);
    this.paintNames(context, layout);
    this.paintAnswers(context, layout, lit);
  }

  /**
   * Draw the lines of the neuron that is looked at, or of all.
   *
   * @type {(context: CanvasRenderingContext2D, layout: Layout, looked: number, grown: (neuron: number) => number) => void}
   */
  paintLines(context, layout, looked, grown) {
    const kind = this.controls.scene.lines === "weights" ? "weights" : "products";
    const hidden = layout.neurons.slice(0, layout.hidden);
    const alone = looked >= 0;
    const idle = kind === "products" && !this.data.counts;
    const thin = Math.min(Math.max(this.sharp.width / (45 * this.sharp.rem), 0.4), 1); // small pictures, thin lines
    for (const layer of [0, 1]) {
      const [first, end] = layer ? [layout.hidden, layout.neurons.length] : [0, layout.hidden];
      const sums = this.sums.slice(first, end);
      const scale = Math.max(...sums.flatMap((sum) => sum[kind].map(Math.abs))) || 1;
      sums.forEach((sum, unit) => {
        if (alone && first + unit !== looked) return;
        if (idle) {
          drawIdleLines(context, layer ? hidden : layout.inputs, layout.neurons[first + unit], alone ? 0.7 : 0.1);
          return;
        }
        drawLines(context, this.night, {
          from: layer ? hidden : layout.inputs,
          to: layout.neurons[first + unit],
          values: sum[kind],
          scale,
          width: (alone ? 6 : layer ? 5 : 3) * (alone ? 1 : thin),
          opacity: alone ? 1 : layer ? 0.9 : 0.6,
          grown: grown(first + unit),
        });
      });
    }
  }

  /** @type {(context: CanvasRenderingContext2D, layout: Layout) => void} the layers' names, where there is room */
  paintNames(context, { inputs, neurons, hidden, radius, head }) {
    const { texts } = this.data;
    const names = [texts.inputs, fillIn(texts.hidden, { hidden }), texts.outputs];
    const middles = [(inputs[0][0] + inputs[INPUTS - 1][0]) / 2, neurons[0][0], neurons[hidden][0] + radius];
    const widths = names.map((name) => context.measureText(name).width + this.sharp.rem);
    const near = middles.some((x, at) => at > 0 && x - middles[at - 1] < (widths[at] + widths[at - 1]) / 2);
    if (near) return;
    Object.assign(context, { textAlign: "center", textBaseline: "middle", fillStyle: cssColour(this.night.text) });
    names.forEach((name, at) => context.fillText(name, middles[at], head / 2));
  }

  /** @type {(context: CanvasRenderingContext2D, layout: Layout, lit: (neuron: number) => number) => void} */
  paintAnswers(context, { neurons, hidden, radius }, lit) {
    const { sharp } = this;
    Object.assign(context, { textBaseline: "middle", fillStyle: cssColour(this.night.text) });
    neurons.slice(hidden).forEach(([x, y], digit) => {
      const shown = lit(hidden + digit) > 0.5;
      context.font = shown && digit === this.best ? `700 ${sharp.font}` : sharp.font;
      context.textAlign = "left";
      context.fillText(String(digit), x + radius + 0.6 * sharp.rem, y);
      context.textAlign = "right";
      if (shown) context.fillText(`${this.percentages[digit]} %`, sharp.width - 0.6 * sharp.rem, y);
    });
  }

  /**
   * Say what a neuron computes, or what the whole network does.
   *
   * @param {number} neuron −1 for all
   */
  tell(neuron) {
    const { data, parts } = this;
    const { texts, counts } = data;
    const hidden = data.biases[0].length;
    const read = fillIn(counts ? texts.whole : texts.nothing, { digit: this.best });
    parts.network.setAttribute("aria-label", fillIn(texts["picture-alt"], { hidden, said: read }));
    if (neuron < 0) {
      const count = this.sums.reduce((sum, { weights }) => sum + weights.length + 1, 0).toLocaleString("en");
      write(parts.name, read);
      write(
        parts.said,
        fillIn(counts ? texts["whole-sum"] : texts["nothing-sum"], { share: this.percentages[this.best], count }),
      );
      write(parts.hint, fillIn(texts["whole-pictures"], { hidden }));
      this.paintPictures(this.sums.slice(0, hidden));
      return;
    }
    const kind = neuron < hidden ? "hidden" : "output";
    const sum = this.sums[neuron];
    const [z, bias] = [sum.z, sum.bias].map((number) => Math.round(number * 100));
    write(parts.name, fillIn(texts[`${kind}-name`], { number: neuron + 1, digit: neuron - hidden, hidden }));
    const said = fillIn(texts[`${kind}-sum`], {
      hidden,
      products: writeUnits(z - bias, 2),
      bias: `${bias < 0 ? MINUS : "+"} ${writeUnits(Math.abs(bias), 2)}`,
      z: writeUnits(z, 2),
      answer: kind === "hidden" ? writeUnits(Math.round(sum.answer * 100), 2) : this.percentages[neuron - hidden],
    });
    write(parts.said, counts ? said : texts["nothing-comes"]);
    Object.assign(parts.said.dataset, { z: String(sum.z), answer: String(sum.answer) });
    write(parts.hint, fillIn(texts[`${kind}-pictures`], { hidden }));
    this.paintPictures([sum]);
  }

  /** @type {(sums: Sum[]) => void} the weights of a neuron or of several, and what comes through them */
  paintPictures(sums) {
    const { data, parts } = this;
    parts.pictures.classList.toggle("few", sums[0].weights.length < INPUTS);
    for (const kind of /** @type {const} */ (["weights", "products"]))
      this.paintTerms(
        parts[kind],
        sums.map((sum) => sum[kind]),
        data.texts[kind],
      );
  }

  /**
   * Paint signed numbers, eight in a row; those of several neurons as tiles, four in a row.
   *
   * @type {(canvas: HTMLCanvasElement, terms: number[][], name: string) => void}
   */
  paintTerms(canvas, terms, name) {
    const across = Math.min(terms.length, 4);
    const [wide, high] = [SIDE + 1, terms[0].length / SIDE + 1]; // a tile, and a gap
    const [width, height] = [across * wide - 1, Math.ceil(terms.length / across) * high - 1];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    canvas.setAttribute("aria-label", name);
    const context = contextOf(canvas);
    const scale = Math.max(...terms.flat().map(Math.abs));
    terms.forEach((values, tile) => {
      const [left, top] = [(tile % across) * wide, Math.floor(tile / across) * high];
      values.forEach((value, index) => {
        context.fillStyle = cssColour(signedColour(this.colours, value, scale));
        context.fillRect(left + (index % SIDE), top + Math.floor(index / SIDE), 1, 1);
      });
    });
  }
}

export default mount(DigitNeuronsView);
