// Scores by class: positives upwards, negatives downwards. What lies on the wrong side of the threshold is pale. A bar is
// as high as the square root of its count: a sure network has 300 photos in one bar and 3 in the next, and both matter.

import { SharpCanvas, contextOf } from "../../../browser/canvas.js";
import { cssColour } from "../../../browser/colours.js";
import { writeCount } from "./writing.js";

/** @import { Colour } from "../../../browser/colours.js" */
/** @import { ClassColours, Ink } from "./threshold_board.js" */

/** @typedef {{score: number, text: string}} OwnScore the score of the visitor's photo, and what its flag says */

export const HISTOGRAM_PARTS = 20;
const FLAG = 1.6; // rem that the flag of the visitor's photo is high, with some air
const LEAST_BAR = 3; // CSS pixels of a bar with a photo in it, however many photos the others have

export class ScoreHistogram {
  /** @type {Uint32Array[]} */ bars;
  /** @type {OwnScore | null} */ mine;
  /** @type {number} of the height that is above the axis */ share;
  /** @type {{up: number, down: number}} square roots of the largest counts */ highest;
  /** @type {boolean} whether the flag has a row of its own */ lane;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {() => void} resized
   */
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

  /**
   * Return where a score from 0 to 1 lies on the canvas, in CSS pixels.
   *
   * @param {number} score
   */
  across(score) {
    const { width, rem } = this.plate;
    return 0.75 * rem + score * (width - 1.5 * rem);
  }

  /**
   * Return the score at a place of the canvas.
   *
   * @param {number} x in CSS pixels
   */
  scoreAt(x) {
    const { width, rem } = this.plate;
    return Math.min(Math.max((x - 0.75 * rem) / (width - 1.5 * rem), 0), 1);
  }

  /**
   * @param {Uint32Array[]} bars [negatives, positives]
   * @param {OwnScore | null} mine the visitor's photo
   */
  load(bars, mine) {
    this.bars = bars;
    this.mine = mine;
    const [down, up] = bars.map((counts) => Math.sqrt(Math.max(...counts, 1)));
    this.share = Math.min(Math.max(up / (up + down), 0.3), 0.7);
    this.highest = { up, down };
    // A flag may hang to either side of its pole, and above or below. Where neither is free, it gets a row of its own.
    this.lane = false;
    if (mine && this.ready) this.lane = [false, true].some((right) => this.freeSide(mine, right) === null);
  }

  /** What is left for bars and their counts above and below the axis: [top, bottom], in CSS pixels. */
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
   * @param {ClassColours} colours
   * @param {Pick<Ink, "text" | "ground">} ink
   */
  draw(threshold, colours, { text, ground }) {
    if (!this.ready) return;
    const context = this.plate.beginFrame();
    const { width, height } = this.plate;
    const line = this.across(threshold);
    for (const { from, to, right } of [
      { from: 0, to: line, right: false },
      { from: line, to: width, right: true },
    ]) {
      context.save();
      context.beginPath();
      context.rect(from, 0, to - from, height);
      context.clip();
      this.drawBars(context, 0, colours[0], !right);
      this.drawBars(context, 1, colours[1], right);
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

  /**
   * Visit every bar of a class.
   *
   * @param {number} label
   * @param {(left: number, top: number, width: number, height: number, count: number) => void} visit
   */
  eachBar(label, visit) {
    const [top, bottom] = this.room;
    const scale = Math.min((this.axis - top) / this.highest.up, (bottom - this.axis) / this.highest.down);
    this.bars[label].forEach((count, part) => {
      if (!count) return;
      const tall = Math.max(Math.sqrt(count) * scale, LEAST_BAR);
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

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} label
   * @param {Colour} colour
   * @param {boolean} rightly whether this side of the threshold is the class's
   */
  drawBars(context, label, colour, rightly) {
    context.fillStyle = cssColour(colour, rightly ? 1 : 0.35);
    context.strokeStyle = cssColour(colour);
    context.lineWidth = 2;
    this.eachBar(label, (left, top, width, tall) => {
      context.fillRect(left, top, width, tall);
      if (!rightly && tall > 4) context.strokeRect(left + 1, top + 1, width - 2, tall - 2);
    });
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} label
   */
  writeCounts(context, label) {
    context.textBaseline = label === 1 ? "bottom" : "top";
    this.eachBar(label, (left, top, width, tall, count) => {
      const written = writeCount(count);
      if (context.measureText(written).width > width) return;
      /** @type {[text: string, x: number, y: number]} */
      const place = [written, left + width / 2, label === 1 ? top - 1 : top + tall + 3];
      // The flag's pole may stand behind a number.
      if (this.mine) context.strokeText(...place);
      context.fillText(...place);
    });
  }

  /**
   * Return from where to where the flag reaches, in CSS pixels.
   *
   * @param {OwnScore} mine
   * @param {boolean} right whether it hangs to the right of its pole
   */
  flagAcross(mine, right) {
    const { width, rem } = this.plate;
    const context = contextOf(this.plate.canvas);
    context.font = this.plate.font;
    const wide = context.measureText(mine.text).width + 0.8 * rem;
    const pole = this.across(mine.score);
    const left = Math.min(Math.max(right ? pole : pole - wide, 0), width - wide);
    return [left, left + wide];
  }

  /**
   * Return whether the flag fits above the bars ("up") or below them ("down"), with their counts; null where it does not.
   *
   * @param {OwnScore} mine
   * @param {boolean} right
   */
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

  /**
   * Draw a flag at the visitor's photo. It hangs away from the threshold, and where it covers no number.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {OwnScore} mine
   * @param {boolean} right
   * @param {Pick<Ink, "text" | "ground">} ink
   */
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
