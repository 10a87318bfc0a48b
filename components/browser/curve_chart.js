// Curves over x on a canvas: axes and curves that rest are painted once, what moves is drawn over them.

import { SharpCanvas } from "./canvas.js";
import { cssColour } from "./colours.js";
import { signed } from "./numbers.js";
import { stepWithRoom, ticksBetween } from "./ticks.js";

/** @import { Colour, Colours } from "./colours.js" */

/** @typedef {[x: number, y: number]} Point */

/** @typedef {{width: number, left: number, right: number, top: number, bottom: number}} Frame where curves are, in CSS pixels */

const STEPS = [0.25, 0.5, 1, 2, 5, 10, 20, 50];

export class CurveChart extends SharpCanvas {
  /** The first input, and from one input to the next. */
  start = 0;
  step = 1;
  count = 0;

  /** The values at the lower and the upper edge. */
  low = 0;
  high = 1;

  /** @type {Frame | null} null while the plate is not on the screen */
  frame = null;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {HTMLElement} plate holds the canvas
   * @param {() => void} resized called when the plate has another size
   */
  constructor(canvas, plate, resized) {
    super(canvas, { plate, resized });
    this.frame = null;
  }

  /**
   * Take over what is drawn (inputs `start`, `start + step`, …, values `low` to `high`) and measure the plate.
   *
   * @param {{start: number, step: number, count: number, low: number, high: number}} curve
   */
  begin({ start, step, count, low, high }) {
    Object.assign(this, { start, step, count, low, high });
    this.frame = null;
    if (!this.measure()) return;
    const { width, height, rem } = this;
    this.frame = { width, left: 3.2 * rem, right: width - 0.8 * rem, top: 0.6 * rem, bottom: height - 1.8 * rem };
  }

  get end() {
    return this.start + (this.count - 1) * this.step;
  }

  /**
   * Return where a point lies on the canvas, in CSS pixels.
   *
   * @param {number} x
   * @param {number} y
   * @returns {Point}
   */
  place(x, y) {
    const { left, right, top, bottom } = /** @type {Frame} */ (this.frame);
    const across = (x - this.start) / (this.end - this.start);
    const up = (y - this.low) / (this.high - this.low);
    return [left + across * (right - left), bottom - up * (bottom - top)];
  }

  /**
   * Return the position whose x lies at a share of the plate's width, or null before anything is drawn.
   *
   * @param {number} share
   */
  positionAt(share) {
    if (!this.frame) return null;
    const across = (share * this.frame.width - this.frame.left) / (this.frame.right - this.frame.left);
    return Math.round(Math.min(Math.max(across, 0), 1) * (this.count - 1));
  }

  /**
   * Paint what rests: lines and numbers of the axes, and over them what `paintCurves` paints.
   *
   * @param {Colours} colours
   * @param {(context: CanvasRenderingContext2D) => void} paintCurves
   */
  paintGround(colours, paintCurves) {
    const { frame, rem } = this;
    if (!frame) return;
    const context = this.beginGround();
    /** @type {(low: number, high: number, pixels: number, room: number) => number[]} */
    const ticks = (low, high, pixels, room) =>
      ticksBetween(low, high, stepWithRoom(STEPS, pixels / (high - low), room));
    /** @type {(zero: boolean, from: Point, to: Point) => void} */
    const line = (zero, from, to) => {
      context.lineWidth = zero ? 2 : 1;
      context.strokeStyle = cssColour(zero ? colours.text : colours.border, zero ? 1 : 0.35);
      context.beginPath();
      context.moveTo(...from);
      context.lineTo(...to);
      context.stroke();
    };
    context.fillStyle = cssColour(colours.text);
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const tick of ticks(this.low, this.high, frame.bottom - frame.top, 2.2 * rem)) {
      const [, y] = this.place(0, tick);
      line(tick === 0, [frame.left, y], [frame.right, y]);
      context.fillText(signed(String(tick)), frame.left - 0.4 * rem, y);
    }
    context.textAlign = "center";
    context.textBaseline = "top";
    for (const tick of ticks(this.start, this.end, frame.right - frame.left, 3 * rem)) {
      const [x] = this.place(tick, 0);
      line(tick === 0, [x, frame.top], [x, frame.bottom]);
      context.fillText(signed(String(tick)), x, frame.bottom + 0.3 * rem);
    }
    paintCurves(context);
  }

  /**
   * Draw a curve through a number for each position up to `last`; widths and dashes are in rem. Where it jumps by more
   * than `jump` from one position to the next, it is broken: there are no numbers in between.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {ArrayLike<number>} numbers
   * @param {Colour} colour
   * @param {{width?: number, dash?: number[], last?: number, jump?: number}} [line]
   */
  trace(context, numbers, colour, { width = 0.22, dash = [], last = this.count - 1, jump = Infinity } = {}) {
    context.beginPath();
    for (let position = 0; position <= last; position += 1) {
      const point = this.place(this.start + position * this.step, numbers[position]);
      if (Math.abs(numbers[position] - numbers[position - 1]) > jump) context.moveTo(...point);
      else context.lineTo(...point);
    }
    context.lineWidth = width * this.rem;
    context.lineJoin = "round";
    context.strokeStyle = cssColour(colour);
    context.setLineDash(dash.map((length) => length * this.rem));
    context.stroke();
    context.setLineDash([]);
  }

  /**
   * Draw a curve in the colours of signed numbers: one above 0, the other below.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {ArrayLike<number>} numbers
   * @param {Colours} colours
   * @param {number} [width] in rem
   */
  traceSigned(context, numbers, { positive, negative }, width = 0.22) {
    const edge = this.place(this.start, 0)[1] + (width * this.rem) / 2; // a line at 0 is not one below it
    for (const { colour, top, bottom } of [
      { colour: positive, top: 0, bottom: edge },
      { colour: negative, top: edge, bottom: this.height },
    ]) {
      context.save();
      context.beginPath();
      context.rect(0, top, this.width, Math.max(bottom - top, 0));
      context.clip();
      this.trace(context, numbers, colour, { width });
      context.restore();
    }
  }

  /**
   * Draw a dotted line at x from the axis through these values.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {number} x
   * @param {number[]} values
   * @param {Colours} colours
   */
  stem(context, x, values, colours) {
    context.strokeStyle = cssColour(colours.text);
    context.lineWidth = 2;
    context.setLineDash([2, 4]);
    context.beginPath();
    context.moveTo(...this.place(x, Math.max(Math.min(0, ...values), this.low)));
    context.lineTo(...this.place(x, Math.max(0, ...values)));
    context.stroke();
    context.setLineDash([]);
  }

  /**
   * Draw a dot with a rim.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {number} x
   * @param {number} y
   * @param {Colour} colour
   * @param {number} size its radius in rem
   */
  dot(context, x, y, colour, size) {
    context.beginPath();
    context.arc(...this.place(x, y), size * this.rem, 0, 7);
    context.fillStyle = cssColour(colour);
    context.fill();
    context.lineWidth = 3;
    context.strokeStyle = "#000";
    context.stroke();
  }
}
