// All terms of the sum in one picture, from those that push to the one side to those that push to the other.

import { sharpen, wiped } from "../../../browser/canvas.js";
import { cssColour } from "../../../browser/colours.js";
import { make } from "../../../browser/dom.js";
import { fillIn } from "../../../browser/numbers.js";

/** @import { Colours } from "../../../browser/colours.js" */
/** @import { Part } from "./part.js" */
/** @import { Sums } from "./sums.js" */

/** @typedef {[other: string, own: string]} Sides what negative and what positive terms push to */

export class TermCurve {
  /** @type {Part} */
  part;

  /** @type {Float64Array} the terms without changes */
  first;

  /** @type {number[]} the inputs whose term is not 0, from the smallest term to the largest */
  order;

  /** The largest |term| without changes, which gets the full height. */
  scale = 1;

  /** @type {[Sums, Colours] | undefined} what was drawn last */
  drawn;

  /**
   * @param {Record<string, string>} texts
   * @param {(feature: number) => void} open shows an input among the rows
   */
  constructor(texts, open) {
    this.texts = texts;
    this.canvas = make("canvas");
    this.canvas.setAttribute("aria-hidden", "true"); // the buttons for pages do the same
    this.canvas.onclick = (event) => {
      const box = this.canvas.getBoundingClientRect();
      const place = Math.floor(((event.clientX - box.left) / box.width) * this.order.length);
      open(this.order[Math.max(Math.min(place, this.order.length - 1), 0)]);
    };
    this.words = make("figcaption");
    this.box = make("figure", { className: "curve" }, this.canvas, this.words);
    new ResizeObserver(() => this.drawn && this.draw(...this.drawn)).observe(this.canvas);
  }

  /**
   * @param {Part} part
   * @param {Sides} sides
   */
  load(part, sides) {
    this.part = part;
    this.first = Float64Array.from(part.x, (value, feature) => value * part.w[feature]);
    // Most features of a wide layer are not found in a photo: their terms would be one long flat line.
    this.order = Array.from(this.first.keys())
      .filter((feature) => this.first[feature] !== 0)
      .toSorted((a, b) => this.first[a] - this.first[b]);
    this.scale = this.first.reduce((most, term) => Math.max(most, Math.abs(term)), 1e-6);
    const names = {
      count: this.order.length.toLocaleString("en"),
      all: part.x.length.toLocaleString("en"),
      against: sides[0],
      for: sides[1],
    };
    this.words.textContent = fillIn(this.order.length < part.x.length ? this.texts["all-but"] : this.texts.all, names);
  }

  /**
   * @param {Sums} sums
   * @param {Colours} colours
   */
  draw(sums, colours) {
    this.drawn = [sums, colours];
    const { canvas, order, part } = this;
    sharpen(canvas);
    const { clientWidth: width, clientHeight: height } = canvas;
    if (!width) return;
    const context = wiped(canvas);
    const [own, other] = part.pets ? [colours.dog, colours.cat] : [colours.positive, colours.negative];
    const shown = new Set(part.shown);
    const room = Math.round(0.16 * height);
    const middle = (height - room) / 2;
    const step = width / order.length;
    order.forEach((feature, place) => {
      const term = sums.terms[feature];
      const long = Math.max(Math.min(term / this.scale, 1), -1) * (middle - 1);
      context.fillStyle = cssColour(term < 0 ? other : own);
      context.fillRect(place * step, middle, Math.max(step * (step > 3 ? 0.8 : 1), 0.5), -long);
      if (!shown.has(feature)) return;
      context.fillStyle = cssColour(colours.text);
      context.fillRect(place * step, height - room + 2, Math.max(step * 0.8, 2), room - 2);
    });
    context.fillStyle = cssColour(colours.text, 0.6);
    context.fillRect(0, Math.round(middle) - 0.5, width, 1);
  }
}
