// What moves over the boards, on one canvas: the window, the candidates that light up, the answers that fly and land.

import { contextOf, remSize, sharpen, wiped } from "../../../browser/canvas.js";
import { cssColour, inkOn } from "../../../browser/colours.js";

/** @import { Colours } from "../../../browser/colours.js" */

/** @typedef {{x: number, y: number, width: number, height: number}} Place of an element on the canvas, in CSS pixels */

/** @typedef {{element: HTMLElement, text: string}} Flyer a number, and the cell from which it flies */

/** Shares of a stop's time: by then the window has moved, and the candidates are compared; then the answer flies. */
const MOVED = 0.3;
const COMPARED = 0.65;

/** @param {number} share */
const ease = (share) => share * share * (3 - 2 * share);

/** @type {(from: number, to: number, share: number) => number} */
const between = (from, to, share) => from + (to - from) * share;

/** @type {(arrived: number, begin: number, end: number) => number} */
const part = (arrived, begin, end) => Math.min(Math.max((arrived - begin) / (end - begin), 0), 1);

export class PoolingOverlay {
  /** The page's rem in CSS pixels, and the boards' font. */
  rem = 0;
  font = "";

  /** @type {Map<HTMLElement, Place>} */
  places = new Map();

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {HTMLElement} host holds the boards
   */
  constructor(canvas, host) {
    this.canvas = canvas;
    this.host = host;
    this.context = contextOf(canvas);
  }

  /** Measure again where everything lies, and give the canvas as many pixels as the screen has. */
  measure() {
    const { width, height } = this.canvas.getBoundingClientRect();
    sharpen(this.canvas, width, height);
    this.rem = remSize();
    this.font = getComputedStyle(this.host).fontFamily;
    this.places = new Map();
  }

  /**
   * Return where an element lies.
   *
   * @param {HTMLElement} element
   */
  place(element) {
    let place = this.places.get(element);
    if (!place) {
      const host = this.canvas.getBoundingClientRect();
      const box = element.getBoundingClientRect();
      place = { x: box.left - host.left, y: box.top - host.top, width: box.width, height: box.height };
      this.places.set(element, place);
    }
    return place;
  }

  clear() {
    wiped(this.canvas);
  }

  /**
   * Draw the window on its way.
   *
   * @param {[first: HTMLElement, last: HTMLElement]} before the cells in its corners at the stop before
   * @param {[first: HTMLElement, last: HTMLElement]} now
   * @param {number} arrived
   * @param {Colours} colours
   */
  drawWindow(before, now, arrived, colours) {
    const share = ease(part(arrived, 0, MOVED));
    const [from, to] = [before, now].map(([first, last]) => {
      const [start, end] = [this.place(first), this.place(last)];
      return { x: start.x, y: start.y, width: end.x + end.width - start.x, height: end.y + end.height - start.y };
    });
    const { context } = this;
    /** @param {keyof Place} name */
    const side = (name) => between(from[name], to[name], share);
    /** @type {[number, number, number, number]} */
    const box = [side("x"), side("y"), side("width"), side("height")];
    context.lineJoin = "round";
    context.strokeStyle = "#000";
    context.lineWidth = 9;
    context.strokeRect(...box);
    context.strokeStyle = cssColour(colours.window);
    context.lineWidth = 5;
    context.strokeRect(...box);
  }

  /**
   * Light up the candidates one after another; the largest so far has a solid ring, unless it is to be guessed.
   *
   * @param {{element: HTMLElement, value: number}[]} candidates
   * @param {number} arrived
   * @param {Colours} colours
   * @param {boolean} secret whether it is to be guessed
   */
  drawCandidates(candidates, arrived, colours, secret) {
    const lit = Math.ceil(part(arrived, MOVED, COMPARED) * candidates.length);
    let best = -1;
    for (let index = 0; index < lit; index += 1) {
      if (best < 0 || candidates[index].value > candidates[best].value) best = index;
    }
    const { context } = this;
    candidates.slice(0, lit).forEach(({ element }, index) => {
      const { x, y, width, height } = this.place(element);
      const winner = index === best && !secret;
      context.lineWidth = winner ? 4 : 2;
      context.strokeStyle = cssColour(winner ? colours.positive : colours.text, winner ? 1 : 0.75);
      context.setLineDash(winner ? [] : [5, 4]);
      context.fillStyle = cssColour(winner ? colours.positive : colours.text, winner ? 0.16 : 0.07);
      const inset = 7;
      context.beginPath();
      context.roundRect(x + inset, y + inset, Math.max(width - 2 * inset, 2), Math.max(height - 2 * inset, 2), 5);
      context.fill();
      context.stroke();
    });
    context.setLineDash([]);
  }

  /**
   * Let numbers fly from their cells to an answer's cell.
   *
   * @param {Flyer[]} flyers
   * @param {HTMLElement} target
   * @param {number} arrived
   * @param {Colours} colours
   */
  drawFlight(flyers, target, arrived, colours) {
    const share = part(arrived, COMPARED, 1);
    if (share <= 0 || share >= 1) return;
    const to = this.place(target);
    const { context } = this;
    const size = Math.max(1.15 * this.rem, Math.min(to.height * 0.4, 2 * this.rem));
    context.font = `700 ${size}px ${this.font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const way = ease(share);
    const together = flyers.length > 1 && way > 0.6; // chips that meet: no longer numbers, but their sum
    for (const { element, text: own } of flyers) {
      const from = this.place(element);
      const text = together ? "Σ" : own;
      const x = between(from.x + from.width / 2, to.x + to.width / 2, way);
      const y = between(from.y + from.height / 2, to.y + to.height / 2, way) - Math.sin(way * Math.PI) * 1.5 * this.rem;
      const width = context.measureText(text).width + 0.8 * this.rem;
      context.globalAlpha = flyers.length > 1 ? 1 - 0.5 * way : 1;
      context.fillStyle = cssColour(colours.positive);
      context.beginPath();
      context.roundRect(x - width / 2, y - size * 0.75, width, size * 1.5, size * 0.4);
      context.fill();
      context.fillStyle = inkOn(colours.positive);
      context.fillText(text, x, y);
    }
    context.globalAlpha = 1;
  }
}
