// One step of a network. Python sends the map before, the map after and the filter between them; every product and
// every sum on the screen is computed here from those numbers.

import { contextOf } from "../../browser/canvas.js";
import { mount } from "../../browser/board.js";
import { SceneControls } from "../../browser/controls.js";
import { CurveChart } from "../../browser/curve_chart.js";
import { paint, signedColour } from "../../browser/colours.js";
import {
  MINUS,
  boxesBetween,
  decodeArray,
  fillIn,
  ordinal,
  roundToTotal,
  signed,
  writeUnits,
} from "../../browser/numbers.js";
import { StageView } from "../../player/stage.js";

const MOST_CELLS = 81;
const SMALL_CELLS = 25;

/** @import { Component } from "../../browser/numbers.js" */
/** @import { StageMessage } from "../../player/stage.js" */

/**
 * @typedef {object} Step what Python's step_of says
 * @property {string} heading
 * @property {string} words
 * @property {string} refusal why there is no step, and then no numbers either
 * @property {any} texts
 * @property {string} kind convolution, depthwise, activation, pooling or global pooling
 * @property {string} pool maximum or average
 * @property {string} inputTitle
 * @property {string} outputTitle
 * @property {number} side of the map before
 * @property {number} output side of the map after
 * @property {number} size side of the window
 * @property {number} stride
 * @property {number} dilation
 * @property {number} before rows and columns of zeros before the first one
 * @property {string} input float32 (side, side)
 * @property {string} map float32 (output, output)
 * @property {string | null} kernel float32 (size, size)
 * @property {[own: string, rest: string]} parts names of what this map adds, and of all else
 * @property {string} then the activation that follows the sum
 * @property {{start: number, step: number, count: number, low: number, high: number, values: string} | null} curve the
 *     activation, float64 (count)
 */

/** @typedef {{outside: boolean, number: number}} Seen a number under the window */

/** @extends {StageView<StageMessage & Step>} */
class LayerStepView extends StageView {
  /** @type {Float32Array} */
  input;

  /** @type {Float32Array} */
  map;

  /** @type {Float32Array | null} */
  weights;

  /** @type {{cell: HTMLElement, spans: HTMLElement[]}[]} */
  cells;

  inputReach = 0;
  mapReach = 0;
  weightReach = 0;
  decimals = 0;

  /** @param {ShadowRoot} root */
  constructor(root) {
    super(root);
    this.filled = -1;
    this.finished = document.createElement("canvas");
    this.controls = new SceneControls(root, this.parts, (scene) => this.emit(scene));
    this.chart = new CurveChart(this.parts.curve, this.parts["curve-plate"], () => this.measure());
    this.listenToPlate(this.parts["input-plate"], (x, y) => this.positionUnder(x, y, true));
    this.listenToPlate(this.parts["map-plate"], (x, y) => this.positionUnder(x, y, false));
  }

  /** @param {StageMessage & Step} data */
  load(data) {
    // The words come before everything else: a step that cannot be shown has no numbers.
    if (data.refusal) {
      this.parts.heading.textContent = data.heading;
      this.parts.refusal.textContent = data.refusal;
      this.parts.refusal.hidden = false;
      this.parts.shown.hidden = true;
      delete this.stage.dataset.ready;
      return;
    }
    const same = this.data && this.data.heading === data.heading;
    const { imposed } = this.begin(data);
    const { parts } = this;
    parts.refusal.hidden = true;
    parts.shown.hidden = false;
    this.controls.build(); // another map is made from other maps
    this.controls.show(this.controls.scene);
    this.input = decodeArray(data.input, Float32Array);
    this.map = decodeArray(data.map, Float32Array);
    this.weights = data.kernel ? decodeArray(data.kernel, Float32Array) : null;
    this.inputReach = this.reachOf(this.input);
    this.mapReach = this.reachOf(this.map);
    const weightReach = this.weights ? this.reachOf(this.weights) : 0;
    this.weightReach = weightReach;
    this.decimals = this.decimalsOf(this.weights ? weightReach * this.inputReach : this.inputReach);
    parts.heading.textContent = data.heading;
    parts.words.textContent = data.words;
    parts["input-title"].textContent = data.inputTitle;
    parts["map-title"].textContent = data.outputTitle;
    parts["input-shape"].textContent = `${data.side} \u00d7 ${data.side}`;
    parts["map-shape"].textContent = `${data.output} \u00d7 ${data.output}`;
    parts.input.setAttribute("aria-label", data.texts["input-alt"]);
    parts.map.setAttribute("aria-label", data.texts["map-alt"]);
    parts.curve.setAttribute("aria-label", data.texts["curve-alt"]);
    parts["input-row"].hidden = data.choices.input.length < 2;
    this.paint(parts.input, this.input, data.side, this.inputReach);
    this.paint(this.finished, this.map, data.output, this.mapReach);
    Object.assign(parts.map, { width: data.output, height: data.output });
    this.buildCells();
    this.frameWindows();
    this.player.configure({ count: this.map.length, rowLength: data.output, texts: data.texts.player });
    const before = same ? this.filled : -1;
    if (imposed) this.imposePlace(data);
    this.restart();
    this.fillTo(Math.max(before, this.player.position));
    this.measure();
    this.end(false);
  }

  /** @param {Float32Array} numbers */
  reachOf(numbers) {
    return numbers.reduce((most, number) => Math.max(most, Math.abs(number)), 0);
  }

  /**
   * Digits after the point, so that the largest number has three that count.
   *
   * @param {number} most
   */
  decimalsOf(most) {
    return most > 0 ? Math.min(Math.max(2 - Math.floor(Math.log10(most)), 0), 6) : 2;
  }

  /**
   * Paint a map in a canvas of its size.
   *
   * @param {HTMLCanvasElement} canvas
   * @param {Float32Array} numbers
   * @param {number} side
   * @param {number} scale the number that gets the full colour
   */
  paint(canvas, numbers, side, scale) {
    Object.assign(canvas, { width: side, height: side });
    const context = contextOf(canvas);
    const image = context.createImageData(side, side);
    for (let index = 0; index < numbers.length; index += 1)
      image.data.set([...signedColour(this.colours, numbers[index], scale), 255], index * 4);
    context.putImageData(image, 0, 0);
  }

  measure() {
    const { data, parts } = this;
    parts["curve-plate"].hidden = !data?.curve;
    if (!data?.curve) return;
    const values = decodeArray(data.curve.values, Float64Array);
    this.chart.begin(data.curve);
    this.chart.paintGround(this.colours, (context) => this.chart.trace(context, values, this.colours.positive));
    this.player.requestDraw();
  }

  restart() {
    const { map } = this.parts;
    contextOf(map).clearRect(0, 0, map.width, map.height);
    this.filled = -1;
  }

  /**
   * Copy numbers filled + 1 … last from the finished map.
   *
   * @param {number} last
   */
  fillTo(last) {
    if (last <= this.filled) return;
    const context = contextOf(this.parts.map);
    for (const [left, top, width, height] of boxesBetween(this.filled + 1, last, this.data.output))
      context.drawImage(this.finished, left, top, width, height, left, top, width, height);
    this.filled = last;
  }

  // ---- the window ----

  get reach() {
    return (this.data.size - 1) * this.data.dilation + 1;
  }

  frameWindows() {
    const { side, output } = this.data;
    for (const axis of ["width", "height"]) {
      this.parts["input-window"].style[axis] = `${(100 * this.reach) / side}%`;
      this.parts["map-window"].style[axis] = `${100 / output}%`;
    }
  }

  /** Make a cell for each number of the window: the number, and where there is a filter its weight and the product. */
  buildCells() {
    const { size, kind } = this.data;
    const { cells } = this.parts;
    this.cells = [];
    cells.replaceChildren();
    cells.hidden = size * size > MOST_CELLS || kind === "activation";
    cells.classList.toggle("small", size * size >= SMALL_CELLS);
    cells.style.setProperty("--size", size);
    if (cells.hidden) return;
    for (let index = 0; index < size * size; index += 1) {
      const cell = document.createElement("div");
      cell.className = "cell";
      const spans = (this.weights ? ["entry", "weight", "product"] : ["entry"]).map((name) => {
        const span = document.createElement("span");
        span.className = name;
        cell.append(span);
        return span;
      });
      if (this.weights) {
        spans[1].textContent = `\u00d7\u2009${signed(this.weights[index].toFixed(3))}`;
        paint(spans[1], signedColour(this.colours, this.weights[index], this.weightReach * 1.6));
      }
      cells.append(cell);
      this.cells.push({ cell, spans });
    }
  }

  /**
   * The window's numbers at a stop, and where they lie outside the map.
   *
   * @param {number} position
   * @returns {Seen[]}
   */
  windowAt(position) {
    const { size, side, output, stride, dilation, before } = this.data;
    const [row, column] = [Math.floor(position / output), position % output];
    return Array.from({ length: size * size }, (_, index) => {
      const y = row * stride + Math.floor(index / size) * dilation - before;
      const x = column * stride + (index % size) * dilation - before;
      const outside = y < 0 || x < 0 || y >= side || x >= side;
      return { outside, number: outside ? 0 : this.input[y * side + x] };
    });
  }

  /**
   * Return the position that a point of the map before or after belongs to.
   *
   * @param {number} x from 0 to 1
   * @param {number} y from 0 to 1
   * @param {boolean} onInput whether the point lies on the map before
   */
  positionUnder(x, y, onInput) {
    const { side, output, stride, before } = this.data;
    /** @param {number} share */
    const place = (share) => {
      const stop = onInput ? (share * side + before - this.reach / 2) / stride : share * output - 0.5;
      return Math.min(Math.max(Math.round(stop), 0), output - 1);
    };
    return place(y) * output + place(x);
  }

  // ---- one number ----

  /** @param {number} position */
  draw(position) {
    const { data, parts } = this;
    if (!data?.map || position >= this.map.length) return;
    const { output, side, stride, before, kind, texts } = data;
    const [row, column] = [Math.floor(position / output), position % output];
    this.fillTo(position);
    /** @param {number} stop */
    const corner = (stop) => (100 * (stop * stride - before)) / side;
    Object.assign(parts["input-window"].style, { left: `${corner(column)}%`, top: `${corner(row)}%` });
    parts["map-window"].style.transform = `translate(${column * 100}%, ${row * 100}%)`;
    const words = fillIn(texts.place, { row: ordinal(row), column: ordinal(column) });
    parts.place.textContent = words;
    if (!this.player.playing) this.player.parts.position.setAttribute("aria-valuetext", words);
    const seen = this.windowAt(position);
    const value = this.map[position];
    const factor = 10 ** this.decimals;
    /** @param {number} number */
    const write = (number) => writeUnits(Math.round(number * factor), this.decimals);
    if (this.weights) this.drawSum(seen, this.weights, value, factor);
    else this.drawNumbers(seen, value, write);
    const outputUnits = Math.round(value * factor);
    parts.output.textContent = writeUnits(outputUnits, this.decimals);
    parts.output.dataset.value = String(value);
    paint(parts.output, signedColour(this.colours, value, this.mapReach));
    parts.many.hidden = kind === "activation" || !parts.cells.hidden;
    if (!parts.many.hidden) {
      const numbers = seen.filter(({ outside }) => !outside).map(({ number }) => number);
      parts.many.textContent = fillIn(texts.many, {
        count: numbers.length,
        low: write(Math.min(...numbers)),
        high: write(Math.max(...numbers)),
      });
    }
    if (data.curve && this.chart.frame) {
      const context = this.chart.beginFrame();
      const x = seen[0].number;
      this.chart.stem(context, x, [value], this.colours);
      this.chart.dot(context, x, value, this.colours.window, 0.5);
    }
  }

  /**
   * A filter: its products, their sum, and what the other maps and the bias add.
   *
   * @param {Seen[]} seen
   * @param {Float32Array} weights
   * @param {number} value
   * @param {number} factor from numbers to the units that are shown
   */
  drawSum(seen, weights, value, factor) {
    const { parts, data } = this;
    const products = seen.map(({ number }, index) => number * weights[index]);
    const part = products.reduce((sum, product) => sum + product, 0);
    // Rounded once, for display: the products as shown add up to the part, and the parts to the number on the map.
    const partUnits = Math.round(part * factor);
    const units = roundToTotal(
      products.map((product) => product * factor),
      partUnits,
    );
    this.cells.forEach(({ cell, spans }, index) => {
      const { number, outside } = seen[index];
      cell.classList.toggle("outside", outside);
      spans[0].textContent = signed(number.toPrecision(3));
      paint(spans[0], signedColour(this.colours, number, this.inputReach));
      spans[2].textContent = `=\u2009${writeUnits(units[index], this.decimals)}`;
    });
    const linear = data.then === "linear";
    const restUnits = Math.round(value * factor) - partUnits;
    const shown = linear && (data.parts[1] !== "" || restUnits !== 0);
    parts.own.textContent = writeUnits(partUnits, this.decimals);
    parts.own.dataset.value = String(part);
    parts["own-name"].textContent = data.parts[0];
    parts.rest.textContent = writeUnits(Math.abs(restUnits), this.decimals);
    parts.rest.dataset.value = String(value - part);
    parts["rest-name"].textContent = data.parts[1];
    parts["rest-sign"].textContent = restUnits < 0 ? MINUS : "+";
    parts["rest-sign"].hidden = parts["rest-term"].hidden = !shown;
    parts.equals.textContent = linear ? "=" : "\u2192";
  }

  /**
   * Pooling and activations: the numbers of the window and what becomes of them.
   *
   * @param {Seen[]} seen
   * @param {number} value
   * @param {(number: number) => string} write
   */
  drawNumbers(seen, value, write) {
    const { parts, data } = this;
    this.cells.forEach(({ cell, spans }, index) => {
      const { number, outside } = seen[index];
      cell.classList.toggle("outside", outside);
      cell.classList.toggle("strongest", data.pool === "maximum" && !outside && number === value);
      spans[0].textContent = outside ? "\u2013" : write(number);
      paint(spans[0], signedColour(this.colours, number, this.inputReach));
    });
    const activation = data.kind === "activation";
    parts.own.textContent = activation ? write(seen[0].number) : "";
    parts.own.dataset.value = activation ? String(seen[0].number) : "";
    parts["own-name"].textContent = activation
      ? data.inputTitle
      : data.pool === "maximum"
        ? data.texts.max
        : data.texts.average;
    parts["rest-sign"].hidden = parts["rest-term"].hidden = true;
    parts.equals.textContent = activation ? "\u2192" : "=";
  }
}

export default mount(LayerStepView);
