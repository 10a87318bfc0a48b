// Scores by class: positives upwards, negatives downwards. What lies on the wrong side of the threshold is pale.

import { SharpCanvas, contextOf } from "../../../browser/canvas.js";
import { cssColour } from "../../../browser/colours.js";
import { writeCount } from "./drawing.js";

export const HISTOGRAM_PARTS = 20;
const FLAG = 1.6; // rem that the flag of the visitor's photo is high, with some air
const LEAST_BAR = 3; // CSS pixels of a bar with a photo in it, however many photos the others have

export class ScoreHistogram {
  /** @type {Uint32Array<ArrayBufferLike>[]} */ bars;
  /** @type {{ score: number; text: string; } | null} */ mine;
  /** @type {number} */ share;
  /** @type {{ up: number; down: number; }} */ highest;
  /** @type {boolean} */ lane;

  constructor(canvas, resized) {
    this.plate = new SharpCanvas(canvas, {
      resized: () => {
        this.plate.measure();
        resized();
      },
    });
  }

  get ready() {
    return this.plate.ready;
  }

  /** Where a score from 0 to 1 lies on the canvas, in CSS pixels, and the other way. */
  across(score) {
    const { width, rem } = this.plate;
    return 0.75 * rem + score * (width - 1.5 * rem);
  }

  scoreAt(x) {
    const { width, rem } = this.plate;
    return Math.min(Math.max((x - 0.75 * rem) / (width - 1.5 * rem), 0), 1);
  }

  /**
   * @param {Uint32Array[]} bars [negatives, positives]
   * @param {{score: number, text: string} | null} mine the visitor's photo
   */
  load(bars, mine) {
    this.bars = bars;
    this.mine = mine;
    const [down, up] = bars.map((counts) => Math.max(...counts, 1));
    this.share = Math.min(Math.max(up / (up + down), 0.3), 0.7);
    this.highest = { up, down };
    // A flag may hang to either side of its pole, and above or below. Where neither is free, it gets a row of its own.
    this.lane = false;
    if (mine && this.ready) this.lane = [false, true].some((right) => this.freeSide(mine, right) === null);
  }

  /** What is left for bars and their counts above and below the axis: [first pixel, last pixel]. */
  get room() {
    const { height, rem } = this.plate;
    return [(this.lane ? 1.3 + FLAG : 1.3) * rem, height - 1.3 * rem];
  }

  get axis() {
    const [top, bottom] = this.room;
    return top + (bottom - top) * this.share;
  }

  /**
   * @param {number} threshold
   * @param {number[][]} colours of the negative and of the positive class
   */
  draw(threshold, colours, { text, ground }) {
    if (!this.ready) return;
    const context = this.plate.beginFrame();
    const { width, height } = this.plate;
    const line = this.across(threshold);
    for (const [from, to, right] of [
      [0, line, 0],
      [line, width, 1],
    ]) {
      context.save();
      context.beginPath();
      context.rect(from, 0, to - from, height);
      context.clip();
      this.drawBars(context, 0, colours[0], right === 0);
      this.drawBars(context, 1, colours[1], right === 1);
      context.restore();
    }
    if (this.mine) this.drawFlag(context, this.mine, this.mine.score > threshold, { text, ground });
    context.fillStyle = cssColour(text);
    context.textAlign = "center";
    context.strokeStyle = cssColour(ground);
    context.lineWidth = 4;
    for (const label of [0, 1]) this.writeCounts(context, label);
    context.fillRect(this.across(0), this.axis - 1, this.across(1) - this.across(0), 2);
  }

  /** Call visit(left, top, width, height, count) for every bar of a class. */
  eachBar(label, visit) {
    const [top, bottom] = this.room;
    const scale = Math.min((this.axis - top) / this.highest.up, (bottom - this.axis) / this.highest.down);
    this.bars[label].forEach((count, part) => {
      if (!count) return;
      const tall = Math.max(count * scale, LEAST_BAR);
      const left = this.across(part / HISTOGRAM_PARTS) + 1;
      visit(
        left,
        label === 1 ? this.axis - tall : this.axis,
        this.across((part + 1) / HISTOGRAM_PARTS) - left - 1,
        tall,
        count,
      );
    });
  }

  drawBars(context, label, colour, rightly) {
    context.fillStyle = cssColour(colour, rightly ? 1 : 0.35);
    context.strokeStyle = cssColour(colour);
    context.lineWidth = 2;
    this.eachBar(label, (left, top, width, tall) => {
      context.fillRect(left, top, width, tall);
      if (!rightly && tall > 4) context.strokeRect(left + 1, top + 1, width - 2, tall - 2);
    });
  }

  writeCounts(context, label) {
    context.textBaseline = label === 1 ? "bottom" : "top";
    this.eachBar(label, (left, top, width, tall, count) => {
      const written = writeCount(count);
      if (context.measureText(written).width > width) return;
      const place = [written, left + width / 2, label === 1 ? top - 1 : top + tall + 3];
      // The flag's pole may stand behind a number.
      if (this.mine) context.strokeText(...place);
      context.fillText(...place);
    });
  }

  /** From where to where the flag reaches, in CSS pixels. */
  flagAcross(mine, right) {
    const { width, rem } = this.plate;
    const context = contextOf(this.plate.canvas);
    context.font = this.plate.font;
    const wide = context.measureText(mine.text).width + 0.8 * rem;
    const pole = this.across(mine.score);
    const left = Math.min(Math.max(right ? pole : pole - wide, 0), width - wide);
    return [left, left + wide];
  }

  /** Whether the flag fits above the bars ("up") or below them ("down"), with their counts; null where it fits nowhere. */
  freeSide(mine, right) {
    const { height, rem } = this.plate;
    const [from, to] = this.flagAcross(mine, right);
    const free = [height - this.axis, this.axis];
    for (const label of [0, 1]) {
      this.eachBar(label, (left, top, width, tall) => {
        if (left > to || left + width < from) return;
        free[label] = Math.min(free[label], label === 1 ? top - 1.3 * rem : height - top - tall - 1.3 * rem);
      });
    }
    if (Math.max(...free) < FLAG * rem) return null;
    return free[1] >= FLAG * rem ? "up" : "down";
  }

  /** A flag at the visitor's photo. It hangs away from the threshold, and where it covers no number. */
  drawFlag(context, mine, right, { text, ground }) {
    const { height, rem } = this.plate;
    const pole = this.across(mine.score);
    const up = this.lane || this.freeSide(mine, right) === "up";
    const [left, end] = this.flagAcross(mine, right);
    const top = up ? 0 : height - 1.5 * rem;
    context.fillStyle = cssColour(text);
    context.fillRect(pole - 1.5, up ? 0 : this.axis, 3, up ? this.axis : height - this.axis);
    context.fillRect(left, top, end - left, 1.5 * rem);
    context.fillStyle = cssColour(ground);
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(mine.text, (left + end) / 2, top + 0.78 * rem);
  }
}
