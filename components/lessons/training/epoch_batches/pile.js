// All pictures of the training part as one block of cells, each picture in its place of the dataset: the heap that
// waits, or what was seen. Cells are painted once; which of them are here is a mask over them.

import { contextOf, sharpen, wiped } from "../../../browser/canvas.js";
import { mix } from "../../../browser/colours.js";

/** @import { Colour, Colours } from "../../../browser/colours.js" */

/** @typedef {{x: number, y: number, width: number, height: number}} Box in CSS pixels */

/** @typedef {{x: number, y: number, side: number}} Square in CSS pixels */

/** @typedef {(context: CanvasRenderingContext2D, picture: number, x: number, y: number, side: number) => void} PaintCell */

/** How much of the text's colour is in the colour of a picture that is not here; the key's style sheet says the same. */
const GONE = 0.09;

/** Round a place to whole pixels of the screen: between them, neighbouring cells would run into each other. */
const whole = (/** @type {number} */ place) => Math.round(place * devicePixelRatio) / devicePixelRatio;

/** All sizes and places are in CSS pixels. */
export class Pile {
  /** @type {number} */ count;
  /** @type {number} of a cell with its gap */ side;
  /** @type {number} between two cells */ gap;
  /** @type {number} */ columns;
  /** @type {number} */ rows;
  /** @type {ImageData} */ bits;
  /** @type {number} */ left;
  /** @type {number} */ top;

  /** @param {boolean} past whether it holds what was seen; else what waits */
  constructor(past) {
    this.past = past;
    this.cells = document.createElement("canvas");
    this.mask = document.createElement("canvas");
  }

  /**
   * Paint all cells.
   *
   * @param {Box} box the place on the picture
   * @param {number} count pictures
   * @param {PaintCell} paintCell
   */
  arrange(box, count, paintCell) {
    this.count = count;
    // The largest cells that all fit in; whole pixels of the screen, so that all are alike.
    const [across, down] = [box.width * devicePixelRatio, box.height * devicePixelRatio];
    let side = Math.max(Math.floor(Math.sqrt((across * down) / count)), 1);
    while (side > 1 && Math.floor(across / side) * Math.floor(down / side) < count) side -= 1;
    this.columns = Math.max(Math.floor(across / side), 1);
    this.rows = Math.ceil(count / this.columns);
    this.side = side / devicePixelRatio;
    this.gap = side >= 5 ? Math.max(Math.round(side / 12), 1) / devicePixelRatio : 0;
    sharpen(this.cells, this.width, this.height);
    this.mask.width = this.columns;
    this.mask.height = this.rows;
    this.bits = new ImageData(this.columns, this.rows);
    const context = wiped(this.cells);
    for (let picture = 0; picture < count; picture += 1) {
      const [x, y] = this.corner(picture);
      paintCell(context, picture, x, y, this.side - this.gap);
    }
    this.left = whole(box.x + (box.width - this.width) / 2);
    this.top = whole(box.y);
  }

  get width() {
    return this.columns * this.side;
  }

  get height() {
    return this.rows * this.side;
  }

  /**
   * Return where a picture's cell begins in the pile.
   *
   * @param {number} picture
   */
  corner(picture) {
    return [(picture % this.columns) * this.side, Math.floor(picture / this.columns) * this.side];
  }

  /**
   * Return where a picture lies.
   *
   * @param {number} picture
   * @returns {Square}
   */
  place(picture) {
    const [x, y] = this.corner(picture);
    return { x: this.left + x, y: this.top + y, side: this.side - this.gap };
  }

  /**
   * Draw the pile: pictures of ranks below `from` have been seen, those below `to` are in the network, the others wait.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {{ranks: ArrayLike<number>, from: number, to: number, colours: Colours}} state `ranks`: of each picture, its
   *     place in the order of the epoch
   */
  draw(context, { ranks, from, to, colours }) {
    const mask = new Uint32Array(this.bits.data.buffer);
    /** @param {Colour} colour */
    const opaque = ([red, green, blue]) => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
    const [now, gone] = [opaque(colours.text), opaque(mix(colours.ground, colours.text, GONE))];
    for (let picture = 0; picture < this.count; picture += 1) {
      const rank = ranks[picture];
      if (rank >= from && rank < to) mask[picture] = this.past ? gone : now;
      else mask[picture] = rank < from === this.past ? 0 : gone;
    }
    contextOf(this.mask).putImageData(this.bits, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.cells, this.left, this.top, this.width, this.height);
    context.drawImage(this.mask, this.left, this.top, this.width, this.height);
  }
}
