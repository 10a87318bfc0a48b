// An activation on a feature map. Python sends the map before and after; on the way, every number goes straight from
// one to the other, and the histogram with them.

import { mount } from "../../../browser/board.js";
import { SceneControls } from "../../../browser/controls.js";
import { SharpCanvas } from "../../../browser/canvas.js";
import { cssColour } from "../../../browser/colours.js";
import { FAINTEST, decodeArray, fillIn, ordinal, signed, writeUnits } from "../../../browser/numbers.js";
import { stepWithRoom, ticksBetween } from "../../../browser/ticks.js";
import { StageView } from "../../../player/stage.js";
import { wholePercent } from "./percent.js";

/** @import { Scene } from "../../../browser/controls.js" */
/** @import { StageMessage } from "../../../player/stage.js" */

/**
 * @typedef {object} FeatureMapMessage what Python's payload says
 * @property {[row: number, column: number]} pointed indices of the smallest number, marked until the visitor points elsewhere
 * @property {number} side of the map, in pixels
 * @property {number} steps from the map before to the map after
 * @property {number} topSpeed
 * @property {number} largestBias either way
 * @property {string} before float32 (side, side)
 * @property {string} after float32 (side, side)
 * @property {number} low the smallest number of both maps
 * @property {number} high the largest number of both maps
 * @property {string[]} facts
 */

/** @typedef {{width: number, height: number}} Box where the bars are, in CSS pixels */

const BINS = 72;

/** @extends {SceneControls<StageMessage & FeatureMapMessage>} */
class MapControls extends SceneControls {
  /**
   * @param {ShadowRoot} root
   * @param {Record<string, any>} parts
   * @param {(scene: Scene) => void} emit
   */
  constructor(root, parts, emit) {
    super(root, parts, emit);
    parts.bias.oninput = () => {
      this.showBias(parts.bias.value);
      this.change({ bias: String(parts.bias.valueAsNumber) }, 60);
    };
  }

  /** @param {Scene} scene */
  show(scene) {
    super.show(scene);
    const { bias } = this.parts;
    Object.assign(bias, { min: String(-this.data.largestBias), max: String(this.data.largestBias) });
    if (this.root.activeElement !== bias) bias.value = scene.bias;
    this.showBias(scene.bias);
  }

  /** @param {string} value */
  showBias(value) {
    this.parts["bias-text"].textContent = signed(Number(value).toFixed(1));
  }
}

/** @extends {StageView<StageMessage & FeatureMapMessage>} */
class ActivationMapView extends StageView {
  /** @type {Float32Array} */ before;
  /** @type {Float32Array} */ after;
  /** @type {Float32Array} */ now;
  /** @type {number} */ scale;
  /** @type {number} */ low;
  /** @type {number} */ high;
  /** @type {number[]} */ countBefore;
  /** @type {number} */ fullest;
  /** @type {Box | null} null while the histogram is not on the screen */ box;
  /** @type {ImageData} */ image;

  /** @param {ShadowRoot} root */
  constructor(root) {
    super(root);
    this.controls = new MapControls(root, this.parts, (scene) => this.emit(scene));
    this.histogram = new SharpCanvas(this.parts.histogram, {
      plate: this.parts["histogram-box"],
      resized: () => this.measure(),
    });
    /** @type {number[] | null} row and column that the visitor points at */
    this.pointed = null;
    for (const name of ["before", "after"]) {
      this.listenToPlate(this.parts[`${name}-plate`], (x, y) => {
        this.pointed = [y, x].map((share) =>
          Math.min(Math.max(Math.floor(share * this.data.side), 0), this.data.side - 1),
        );
        this.player.requestDraw();
        return null;
      });
    }
  }

  /** @param {StageMessage & FeatureMapMessage} data */
  load(data) {
    const { imposed } = this.begin(data);
    // The first choice follows the photo: its label names the map.
    this.parts.map.options[0].textContent = data.choices.map[0][1];
    this.before = decodeArray(data.before, Float32Array);
    this.after = decodeArray(data.after, Float32Array);
    this.now = new Float32Array(this.before.length);
    this.scale = Math.max(Math.abs(data.low), Math.abs(data.high), FAINTEST);
    // One column begins at 0: none holds numbers of both signs.
    const width = ((data.high - data.low) * 1.04 + FAINTEST) / (BINS - 1);
    this.low = Math.floor((data.low - 0.02 * (data.high - data.low)) / width) * width;
    this.high = this.low + BINS * width;
    this.countBefore = this.count(this.before);
    // Columns that are piled up on the way are cut off at twice the height of the fullest one before.
    this.fullest = Math.max(...this.countBefore, 1) * 2;
    for (const name of ["before", "after", "histogram"])
      this.parts[name].setAttribute("aria-label", data.texts[`${name}-alt`]);
    for (const name of ["before-window", "after-window"]) {
      Object.assign(this.parts[name].style, { width: `${100 / data.side}%`, height: `${100 / data.side}%` });
    }
    this.paint("before", this.before);
    this.writeList(this.parts.facts, data.facts);
    this.player.configure({
      count: data.steps + 1,
      rowLength: -10,
      texts: data.texts.player,
      topSpeed: data.topSpeed,
      scale: { start: 0, step: 1 },
    });
    this.measure();
    this.end(imposed);
  }

  measure() {
    if (!this.data) return;
    const { histogram } = this;
    this.box = histogram.measure() ? { width: histogram.width, height: histogram.height - 1.6 * histogram.rem } : null;
    this.player.requestDraw();
  }

  /** @type {(name: string, numbers: Float32Array) => void} */
  paint(name, numbers) {
    const { side } = this.data;
    const canvas = this.parts[name];
    if (canvas.width !== side) Object.assign(canvas, { width: side, height: side });
    const context = canvas.getContext("2d");
    this.image ??= context.createImageData(side, side);
    const { data } = this.image;
    const { negative, zero, positive } = this.colours;
    for (let index = 0; index < numbers.length; index += 1) {
      const share = Math.min(Math.abs(numbers[index]) / this.scale, 1);
      const end = numbers[index] < 0 ? negative : positive;
      for (let channel = 0; channel < 3; channel += 1) {
        data[index * 4 + channel] = zero[channel] + (end[channel] - zero[channel]) * share;
      }
      data[index * 4 + 3] = 255;
    }
    context.putImageData(this.image, 0, 0);
  }

  /** @param {Float32Array} numbers */
  count(numbers) {
    const counts = Array.from({ length: BINS }, () => 0);
    const width = (this.high - this.low) / BINS;
    for (const number of numbers) {
      if (number !== 0) counts[Math.min(Math.max(Math.floor((number - this.low) / width), 0), BINS - 1)] += 1;
    }
    return counts;
  }

  /** @param {number} position */
  draw(position) {
    if (!this.box) return;
    const share = position / this.data.steps;
    const { before, after, now } = this;
    for (let index = 0; index < now.length; index += 1)
      now[index] = before[index] + (after[index] - before[index]) * share;
    this.paint("after", now);
    this.drawHistogram(this.count(now));
    const [row, column] = this.pointed ?? this.data.pointed;
    for (const name of ["before-window", "after-window"]) {
      this.parts[name].style.transform = `translate(${column * 100}%, ${row * 100}%)`;
    }
    const index = row * this.data.side + column;
    const place = { row: ordinal(row), column: ordinal(column) };
    this.parts.pointed.textContent = fillIn(this.data.texts.pointed, place);
    for (const [name, numbers] of Object.entries({ "number-before": before, "number-after": after })) {
      this.parts[name].textContent = writeUnits(Math.round(numbers[index] * 1000), 3);
      this.parts[name].dataset.value = numbers[index];
    }
  }

  /** @param {number[]} counts */
  drawHistogram(counts) {
    const { colours, box } = this;
    if (!box) return;
    const context = this.histogram.beginFrame();
    const across = box.width / BINS;
    const heightOf = (/** @type {number} */ count) => Math.min(count / this.fullest, 1) * box.height;
    counts.forEach((count, bin) => {
      const middle = this.low + ((bin + 0.5) / BINS) * (this.high - this.low);
      context.fillStyle = cssColour(middle < 0 ? colours.negative : colours.positive, 0.85);
      context.fillRect(bin * across, box.height - heightOf(count), Math.max(across - 1, 1), heightOf(count));
    });
    this.drawZeros(context, box, heightOf);
    context.beginPath();
    context.moveTo(0, box.height);
    this.countBefore.forEach((count, bin) => {
      context.lineTo(bin * across, box.height - heightOf(count));
      context.lineTo((bin + 1) * across, box.height - heightOf(count));
    });
    context.lineTo(box.width, box.height);
    context.lineWidth = 2;
    context.strokeStyle = cssColour(colours.text);
    context.stroke();
    this.drawScale(context, box);
  }

  /**
   * Draw what is exactly 0 apart from the rest, in neither sign's colour, with its share written beside it.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Box} box
   * @param {(count: number) => number} heightOf a column, in CSS pixels
   */
  drawZeros(context, box, heightOf) {
    const zeros = this.now.reduce((count, number) => count + (number === 0 ? 1 : 0), 0);
    if (zeros === 0) return;
    const { colours } = this;
    const { rem, font } = this.histogram;
    const x = ((0 - this.low) / (this.high - this.low)) * box.width;
    context.fillStyle = cssColour(colours.text, 0.6);
    context.fillRect(x - 0.25 * rem, box.height - heightOf(zeros), 0.5 * rem, heightOf(zeros));
    const text = fillIn(this.data.texts.zeros, { percent: wholePercent(zeros / this.now.length) });
    context.font = `700 ${font}`;
    const width = context.measureText(text).width;
    const left = x + 0.5 * rem + width > box.width ? x - 0.5 * rem - width : x + 0.5 * rem;
    context.fillStyle = cssColour(colours.ground);
    context.fillRect(left - 2, 0, width + 4, 1.3 * rem);
    context.fillStyle = cssColour(colours.text);
    context.textAlign = "left";
    context.textBaseline = "top";
    context.fillText(text, left, 2);
  }

  /** @type {(context: CanvasRenderingContext2D, box: Box) => void} */
  drawScale(context, box) {
    const { colours } = this;
    const { rem, font } = this.histogram;
    const span = this.high - this.low;
    const step = stepWithRoom([0.1, 0.2, 0.5, 1, 2, 5, 10, 20], box.width / span, 2.6 * rem);
    context.font = font;
    context.textAlign = "center";
    context.textBaseline = "top";
    context.fillStyle = cssColour(colours.text);
    for (const tick of ticksBetween(this.low, this.high, step)) {
      const x = ((tick - this.low) / span) * box.width;
      if (x < rem || x > box.width - rem) continue;
      context.fillRect(x - 1, box.height, 2, 0.3 * rem);
      context.fillText(signed(String(tick)), x, box.height + 0.4 * rem);
    }
  }
}

export default mount(ActivationMapView);
