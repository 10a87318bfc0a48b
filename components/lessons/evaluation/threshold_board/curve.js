// The precision-recall curve over lines of equal F1, or the ROC curve over its diagonal, and the threshold's point on it.

import { SharpCanvas } from "../../../browser/canvas.js";
import { cssColour } from "../../../browser/colours.js";
import { fillIn } from "../../../browser/numbers.js";
import { equalF1, figuresOf } from "./figures.js";

/** @import { Colour } from "../../../browser/colours.js" */
/** @import { Counts, ThresholdFigures } from "./figures.js" */
/** @import { Ink } from "./threshold_board.js" */

const EQUAL_F1 = [0.2, 0.4, 0.6, 0.8];

/** @type {{value: number, align: CanvasTextAlign}[]} numbers at the axis from left to right */
const ALONG = [
  { value: 0, align: "left" },
  { value: 0.5, align: "center" },
  { value: 1, align: "right" },
];

/** @type {{value: number, baseline: CanvasTextBaseline}[]} numbers at the axis from below */
const UPWARD = [
  { value: 0, baseline: "bottom" },
  { value: 0.5, baseline: "middle" },
  { value: 1, baseline: "top" },
];

export class RateCurve {
  /** @type {ThresholdFigures} */
  figures;

  /** @type {boolean} */
  roc;

  /** @type {Record<string, string>} */
  texts;

  /** @type {Colour} */
  colour;

  /** @type {Ink} */
  ink;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {() => void} resized
   */
  constructor(canvas, resized) {
    this.plate = new SharpCanvas(canvas, {
      resized: () => {
        this.plate.measure();
        this.painted = false;
        resized();
      },
    });
    this.painted = false;
  }

  /**
   * @param {ThresholdFigures} figures
   * @param {boolean} roc which curve
   * @param {Colour} colour
   * @param {Ink} ink
   * @param {Record<string, string>} texts
   */
  load(figures, roc, colour, ink, texts) {
    Object.assign(this, { figures, roc, colour, ink, texts, painted: false });
  }

  /**
   * Return where a point lies on the canvas, in CSS pixels.
   *
   * @param {number} x
   * @param {number} y
   * @returns {[x: number, y: number]}
   */
  place(x, y) {
    const { width, height, rem } = this.plate;
    const [left, right, top, bottom] = [3.1 * rem, width - 0.9 * rem, 0.8 * rem, height - 2.7 * rem];
    return [left + x * (right - left), bottom - y * (bottom - top)];
  }

  /** @param {Counts} counts */
  draw(counts) {
    const { plate } = this;
    if (!plate.ready) return;
    if (!this.painted) this.paint();
    const context = plate.beginFrame();
    const { recall, precision, specificity } = figuresOf(counts);
    // Where nothing is called positive, precision is 0 / 0 and the curve ends at 1 by convention: a ring, not a point.
    const [x, y] = this.roc ? [specificity === null ? null : 1 - specificity, recall] : [recall, precision ?? 1];
    if (x === null || y === null) return;
    context.beginPath();
    context.arc(...this.place(x, y), 0.6 * plate.rem, 0, 7);
    context.fillStyle = cssColour(this.ink.negative);
    if (this.roc || precision !== null) context.fill();
    context.strokeStyle = cssColour(this.ink.text);
    context.lineWidth = 3;
    context.stroke();
  }

  paint() {
    const { rem } = this.plate;
    const context = this.plate.beginGround();
    this.painted = true;
    this.paintAxes(context, rem);
    const points = this.roc ? this.figures.rocCorners() : this.figures.precisionRecallCorners();
    if (!points.length) return;
    context.beginPath();
    for (const [x, y] of points) context.lineTo(...this.place(x, y));
    context.strokeStyle = cssColour(this.colour);
    context.lineWidth = 0.25 * rem;
    context.lineJoin = "round";
    context.stroke();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} rem
   */
  paintAxes(context, rem) {
    const { texts, ink } = this;
    /** @type {(points: number[][], colour: string, width: number) => void} */
    const line = (points, colour, width) => {
      context.beginPath();
      for (const [x, y] of points) context.lineTo(...this.place(x, y));
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke();
    };
    context.fillStyle = cssColour(ink.text);
    const faint = cssColour(ink.text, 0.35);
    if (this.roc) {
      context.setLineDash([6, 5]);
      line(
        [
          [0, 0],
          [1, 1],
        ],
        faint,
        2,
      );
      context.setLineDash([]);
    } else {
      context.textAlign = "right";
      context.textBaseline = "middle";
      for (const f1 of EQUAL_F1) {
        line(equalF1(f1), faint, 1.5);
      }
      const least = EQUAL_F1[0];
      for (const f1 of EQUAL_F1) {
        const [x, y] = this.place(1, f1 / (2 - f1));
        context.fillText(f1 === least ? fillIn(texts["equal-f1"], { f1 }) : String(f1), x - 0.3 * rem, y - 0.6 * rem);
      }
    }
    const [left, bottom] = this.place(0, 0);
    const [right, top] = this.place(1, 1);
    context.strokeStyle = cssColour(ink.text);
    context.lineWidth = 1.5;
    context.strokeRect(left, top, right - left, bottom - top);
    context.textBaseline = "top";
    for (const { value, align } of ALONG) {
      const [x] = this.place(value, 0);
      context.textAlign = align;
      context.fillText(String(value), x, bottom + 0.2 * rem);
    }
    context.textAlign = "center";
    context.fillText(this.roc ? texts["false-alarms"] : texts.recall, (left + right) / 2, bottom + 1.4 * rem);
    context.textAlign = "right";
    for (const { value, baseline } of UPWARD) {
      const [, y] = this.place(0, value);
      context.textBaseline = baseline;
      context.fillText(String(value), left - 0.3 * rem, y);
    }
    context.save();
    context.translate(0.7 * rem, (top + bottom) / 2);
    context.rotate(-Math.PI / 2);
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(this.roc ? texts.recall : texts.precision, 0, 0);
    context.restore();
  }
}
