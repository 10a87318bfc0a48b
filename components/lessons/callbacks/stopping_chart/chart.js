// The picture of the stopping chart: two curves, the best epoch, the stop, and the saved epochs as marks on the axis.

import { SharpCanvas } from "../../../browser/canvas.js";
import { cssColour } from "../../../browser/colours.js";
import { stepWithRoom, ticksBetween } from "../../../browser/ticks.js";

/** @import { Colour, Colours } from "../../../browser/colours.js" */
/** @import { Stop } from "./rule.js" */

/** @typedef {[x: number, y: number]} Point */

/** @typedef {{left: number, right: number, top: number, bottom: number, count: number}} Frame where `count` epochs are drawn */

/**
 * @typedef {object} RunPicture what is drawn; epochs are counted from 0
 * @property {number[]} training one number an epoch
 * @property {number[]} validation
 * @property {number[][]} others the validation's numbers in runs with other seeds
 * @property {number[]} watched the one of the two that is monitored
 * @property {boolean} percent whether the numbers are shares
 * @property {number} position the epoch that has just ended
 * @property {Stop} stop of the whole run
 * @property {Stop} sofar of the epochs up to the position
 * @property {number[]} saved the epochs with a file
 */

// Of a share or a loss, and of epochs.
const VALUE_STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 1000, 10000];
const EPOCH_STEPS = [1, 2, 5, 10, 20, 50, 100];

export class RunChart extends SharpCanvas {
  /** @type {CanvasRenderingContext2D} */ context;
  /** @type {Colours} */ colours;
  /** @type {number} */ low;
  /** @type {number} */ high;
  /** @type {Frame} */ frame;

  /**
   * Return the epoch, from 0, at a share of the canvas's width.
   *
   * @param {number} share
   */
  epochAt(share) {
    const { left, right, count } = this.frame;
    const across = (share * this.width - left) / (right - left);
    return Math.round(Math.min(Math.max(across, 0), 1) * (count - 1));
  }

  /**
   * @param {RunPicture} picture
   * @param {Colours} colours
   * @param {Record<string, string>} texts
   */
  draw({ training, validation, others, watched, percent, position, stop, sofar, saved }, colours, texts) {
    if (!this.measure()) return;
    const { width, height, rem } = this;
    const context = this.beginFrame();
    const all = [...training, ...validation, ...others.flat()];
    const [least, most] = [Math.min(...all), Math.max(...all)];
    const margin = (most - least || 1) * 0.06;
    const low = Math.max(0, least - margin);
    const high = percent ? Math.min(1, most + margin) : most + margin;
    const count = training.length;
    const frame = { left: 3.4 * rem, right: width - 0.9 * rem, top: 3.2 * rem, bottom: height - 3.2 * rem, count };
    Object.assign(this, { context, colours, frame, low, high });
    this.drawAxes(percent, texts);
    this.drawKey(texts, stop.last < count - 1, others.length > 0);
    for (const numbers of others) this.trace(numbers, 0, numbers.length - 1, colours.validation, 0.45, [], 0.08);
    for (const { numbers, colour, dash } of [
      { numbers: training, colour: colours.training, dash: [] },
      { numbers: validation, colour: colours.validation, dash: [0.5, 0.3] },
    ]) {
      this.trace(numbers, 0, count - 1, colour, 0.3, dash);
      this.trace(numbers, 0, position, colour, 1, dash);
      this.dot(position, numbers[position], colour, 0.3);
    }
    this.drawStop(stop, texts);
    this.drawBest(sofar.best, watched[sofar.best], stop.last, texts);
    const half = Math.min(0.45 * rem, Math.max(0.2 * rem, ((frame.right - frame.left) / frame.count) * 0.4));
    for (const epoch of saved) this.triangle(this.place(epoch, 0)[0], frame.bottom + 0.3 * rem, half);
  }

  /**
   * Return where a number lies on the canvas, in CSS pixels.
   *
   * @param {number} epoch
   * @param {number} value
   * @returns {Point}
   */
  place(epoch, value) {
    const { left, right, top, bottom, count } = this.frame;
    return [
      left + (epoch / Math.max(count - 1, 1)) * (right - left),
      bottom - ((value - this.low) / (this.high - this.low || 1)) * (bottom - top),
    ];
  }

  /**
   * @param {boolean} percent
   * @param {Record<string, string>} texts
   */
  drawAxes(percent, texts) {
    const { context, rem, colours, frame, low, high } = this;
    context.lineWidth = 1;
    context.setLineDash([]);
    context.fillStyle = cssColour(colours.text);
    context.textBaseline = "middle";
    context.textAlign = "right";
    const step = stepWithRoom(VALUE_STEPS, (frame.bottom - frame.top) / (high - low), 2 * rem);
    const decimals = Math.max(0, -Math.floor(Math.log10(step * (percent ? 100 : 1)) + 1e-9));
    for (const tick of ticksBetween(low, high, step)) {
      const [, y] = this.place(0, tick);
      context.strokeStyle = cssColour(colours.border, 0.5);
      this.line([
        [frame.left, y],
        [frame.right, y],
      ]);
      const number = tick * (percent ? 100 : 1);
      context.fillText(`${number.toFixed(decimals)}${percent ? "\u00a0%" : ""}`, frame.left - 0.4 * rem, y);
    }
    context.strokeStyle = cssColour(colours.text);
    this.line([
      [frame.left, frame.bottom],
      [frame.right, frame.bottom],
    ]);
    context.textBaseline = "top";
    context.textAlign = "center";
    const below = frame.bottom + 1.5 * rem;
    const gap = stepWithRoom(EPOCH_STEPS, (frame.right - frame.left) / frame.count, 2.4 * rem);
    for (const epoch of ticksBetween(gap, frame.count, gap)) {
      context.fillText(String(epoch), this.place(epoch - 1, low)[0], below);
    }
    context.textAlign = "left";
    context.fillText(texts.epoch, 0, below, frame.left - 0.2 * rem);
  }

  /**
   * Write above the picture what the lines are, each with a piece of its line.
   *
   * @param {Record<string, string>} texts
   * @param {boolean} shortened whether some epochs are never trained
   * @param {boolean} beside whether other seeds are drawn
   */
  drawKey(texts, shortened, beside) {
    const { context, rem, colours } = this;
    context.textBaseline = "middle";
    context.textAlign = "left";
    let x = 0;
    const y = 0.7 * rem;
    for (const { name, colour, dash } of [
      { name: texts.training, colour: colours.training, dash: [] },
      { name: texts.validation, colour: colours.validation, dash: [0.5, 0.3] },
    ]) {
      context.strokeStyle = cssColour(colour);
      context.lineWidth = 0.2 * rem;
      context.setLineDash(dash.map((length) => length * rem));
      this.line([
        [x, y],
        [x + 2.1 * rem, y],
      ]);
      context.fillStyle = cssColour(colours.text);
      context.fillText(name, x + 2.5 * rem, y);
      x += 3.2 * rem + context.measureText(name).width;
    }
    context.setLineDash([]);
    this.triangle(x + 0.45 * rem, y - 0.4 * rem, 0.45 * rem);
    x += 1.2 * rem;
    context.fillText(texts["saved-mark"], x, y);
    x += 0.9 * rem + context.measureText(texts["saved-mark"]).width;
    for (const words of [...(shortened ? [texts.untrained] : []), ...(beside ? [texts.others] : [])]) {
      const room = context.measureText(words).width;
      if (x + room < this.width) context.fillText(words, x, y);
      x += 0.9 * rem + room;
    }
  }

  /**
   * @param {Stop} stop
   * @param {Record<string, string>} texts
   */
  drawStop({ last, stopped }, texts) {
    if (!stopped) return;
    const { context, rem, colours, frame } = this;
    this.upright(last, cssColour(colours.text), [], 0.16);
    this.label(`${texts["stop-line"]}: ${last + 1}`, this.place(last, 0)[0], frame.top - 0.3 * rem, frame);
    context.setLineDash([]);
  }

  /**
   * @param {number} best epoch
   * @param {number} value at it
   * @param {number} last epoch
   * @param {Record<string, string>} texts
   */
  drawBest(best, value, last, texts) {
    const { context, rem, colours, frame } = this;
    const [x, y] = this.place(best, value);
    this.upright(best, cssColour(colours.text, 0.8), [0.15, 0.25], 0.1);
    context.beginPath();
    context.arc(x, y, 0.55 * rem, 0, 7);
    context.lineWidth = 0.16 * rem;
    context.strokeStyle = cssColour(colours.text);
    context.setLineDash([]);
    context.stroke();
    // The two labels stand side by side where there is room; else the best epoch's is lower.
    const apart = Math.abs(this.place(last, 0)[0] - x) > 6.5 * rem;
    this.label(`${texts["best-mark"]}: ${best + 1}`, x, frame.top + (apart ? -0.3 : 0.9) * rem, frame);
  }

  /**
   * @param {string} text
   * @param {number} x
   * @param {number} bottom
   * @param {Frame} frame
   */
  label(text, x, bottom, frame) {
    const { context, rem, colours } = this;
    const half = context.measureText(text).width / 2;
    context.textAlign = "center";
    context.textBaseline = "bottom";
    context.lineJoin = "round";
    context.lineWidth = 0.35 * rem;
    context.strokeStyle = cssColour(colours.ground);
    context.fillStyle = cssColour(colours.text);
    const middle = Math.min(Math.max(x, half), frame.right + 0.9 * rem - half);
    context.strokeText(text, middle, bottom);
    context.fillText(text, middle, bottom);
  }

  /**
   * Draw a curve from one epoch to another.
   *
   * @param {number[]} numbers
   * @param {number} first
   * @param {number} last
   * @param {Colour} colour
   * @param {number} opacity
   * @param {number[]} dash in rem
   * @param {number} [width] in rem
   */
  trace(numbers, first, last, colour, opacity, dash, width = 0.2) {
    const { context, rem } = this;
    context.strokeStyle = cssColour(colour, opacity);
    context.lineWidth = width * rem;
    context.lineJoin = "round";
    context.setLineDash(dash.map((length) => length * rem));
    this.line(numbers.slice(first, last + 1).map((value, index) => this.place(first + index, value)));
    context.setLineDash([]);
  }

  /**
   * Draw a line up from an epoch.
   *
   * @param {number} epoch
   * @param {string} colour
   * @param {number[]} dash in rem
   * @param {number} width in rem
   */
  upright(epoch, colour, dash, width) {
    const { context, rem, frame } = this;
    const [x] = this.place(epoch, 0);
    context.strokeStyle = colour;
    context.lineWidth = width * rem;
    context.setLineDash(dash.map((length) => length * rem));
    this.line([
      [x, frame.top - 0.2 * rem],
      [x, frame.bottom],
    ]);
    context.setLineDash([]);
  }

  /**
   * @param {number} epoch
   * @param {number} value
   * @param {Colour} colour
   * @param {number} size its radius in rem
   */
  dot(epoch, value, colour, size) {
    const { context, rem } = this;
    context.fillStyle = cssColour(colour);
    context.beginPath();
    const [x, y] = this.place(epoch, value);
    context.arc(x, y, size * rem, 0, 7);
    context.fill();
  }

  /**
   * Draw the mark of a file that was saved.
   *
   * @param {number} x of its tip
   * @param {number} y of its tip
   * @param {number} half of its width
   */
  triangle(x, y, half) {
    const { context, rem, colours } = this;
    context.fillStyle = cssColour(colours.text);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + half, y + 0.8 * rem);
    context.lineTo(x - half, y + 0.8 * rem);
    context.fill();
  }

  /** @param {Point[]} points */
  line(points) {
    this.context.beginPath();
    for (const [x, y] of points) this.context.lineTo(x, y);
    this.context.stroke();
  }
}
