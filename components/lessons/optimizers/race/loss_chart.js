// The loss of every optimizer against the step, on a log axis.

import { SharpCanvas } from "../../../browser/canvas.js";
import { cssColour } from "../../../browser/colours.js";
import { powersBetween, ticksBetween } from "../../../browser/ticks.js";
import { drawMark, strokePath } from "./marks.js";
import { powerOfTen } from "./writing.js";

/** @import { Colours } from "../../../browser/colours.js" */
/** @import { Runner } from "./race.js" */

/** Losses below this share of the first one are drawn at the chart's lower edge. */
const FAINT_SHARE = 1e-8;

export class LossChart extends SharpCanvas {
  /** @type {number} */ low;
  /** @type {number} */ high;
  /** @type {{ left: number; right: number; top: number; bottom: number; }} */ frame;

  /** @type {Colours} */ colours;
  /** @type {number} */ steps;

  /**
   * Paint the ground: the axes.
   *
   * @param {Runner[]} runners
   * @param {number} steps of each run
   * @param {Colours} colours
   * @param {Record<string, string>} texts
   */
  paint(runners, steps, colours, texts) {
    Object.assign(this, { steps, colours });
    if (!this.measure()) return;
    const first = runners[0].run.losses[0];
    const [least, most] = [first * FAINT_SHARE, first * 100];
    let [low, high] = [first, first];
    for (const { run } of runners) {
      for (const loss of run.losses) {
        if (loss < low) low = Math.max(loss, least);
        if (loss > high) high = Math.min(loss, most);
      }
    }
    this.low = Math.floor(Math.log10(Math.max(low, Number.MIN_VALUE)) + 1e-9);
    this.high = Math.max(Math.ceil(Math.log10(Math.max(high, Number.MIN_VALUE)) - 1e-9), this.low + 1);
    const { rem } = this;
    this.frame = { left: 3.2 * rem, right: this.width - 0.9 * rem, top: 2.2 * rem, bottom: this.height - 1.5 * rem };
    this.paintAxes(this.beginGround(), texts);
  }

  /**
   * Return where a loss lies on the canvas, in CSS pixels.
   *
   * @param {number} step
   * @param {number} loss
   * @returns {[x: number, y: number]}
   */
  place(step, loss) {
    const { left, right, top, bottom } = this.frame;
    const up = (Math.log10(Math.max(loss, Number.MIN_VALUE)) - this.low) / (this.high - this.low);
    return [left + (step / this.steps) * (right - left), bottom - Math.min(Math.max(up, 0), 1) * (bottom - top)];
  }

  /**
   * Return the step at a share of the plate's width.
   *
   * @param {number} across from 0 to 1
   */
  stepAt(across) {
    if (!this.ready) return null;
    const { left, right } = this.frame;
    return Math.round(Math.min(Math.max((across * this.width - left) / (right - left), 0), 1) * this.steps);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Record<string, string>} texts
   */
  paintAxes(context, texts) {
    const { frame, colours, rem } = this;
    context.fillStyle = cssColour(colours.text);
    context.strokeStyle = cssColour(colours.text, 0.22);
    context.lineWidth = 1;
    context.textAlign = "right";
    context.textBaseline = "middle";
    const decade = (frame.bottom - frame.top) / (this.high - this.low);
    for (const power of powersBetween(this.low, this.high, decade, 1.5 * rem)) {
      const [, y] = this.place(0, 10 ** power);
      context.beginPath();
      context.moveTo(frame.left, y);
      context.lineTo(frame.right, y);
      context.stroke();
      context.fillText(powerOfTen(power), frame.left - 0.4 * rem, y);
    }
    context.textBaseline = "top";
    context.textAlign = "center";
    for (const step of ticksBetween(0, this.steps, 50)) {
      context.fillText(String(step), this.place(step, 1)[0], frame.bottom + 0.2 * rem);
    }
    // Above the frame, where no curve comes.
    context.textAlign = "left";
    context.fillText(texts["loss-axis"], 0.3 * rem, 0.2 * rem);
  }

  /**
   * Draw the curves up to a position.
   *
   * @param {Runner[]} runners
   * @param {number} position
   * @param {number} arrived how much of the last step is done, from 0 to 1
   * @param {string} chosen the optimizer whose curve lies on top
   */
  draw(runners, position, arrived, chosen) {
    if (!this.ready) return;
    const context = this.beginFrame();
    const { frame, rem } = this;
    const now = Math.max(position - 1 + arrived, 0);
    const [x] = this.place(now, 1);
    context.beginPath();
    context.moveTo(x, frame.top);
    context.lineTo(x, frame.bottom);
    context.lineWidth = 2;
    context.strokeStyle = cssColour(this.colours.text, 0.6);
    context.stroke();
    const ordered = runners.toSorted(
      (one, other) => Number(one.who.name === chosen) - Number(other.who.name === chosen),
    );
    for (const { who, run } of ordered) {
      const last = run.ended === null ? position : Math.min(position, run.ended);
      context.beginPath();
      for (let step = 0; step < last; step += 1) context.lineTo(...this.place(step, run.losses[step]));
      const share = last < position ? 1 : arrived;
      const [from, to] = [
        this.place(Math.max(last - 1, 0), run.losses[Math.max(last - 1, 0)]),
        this.place(last, run.losses[last]),
      ];
      const head = from.map((start, axis) => start + (to[axis] - start) * share);
      context.lineTo(head[0], head[1]);
      strokePath(context, who.colour, (who.name === chosen ? 0.22 : 0.12) * rem);
      drawMark(context, who, head, 0.3 * rem, 2);
    }
  }
}
