// All pictures of the training part as one block of cells, each picture in its place of the dataset: the heap that
// waits, or what was seen. Cells are painted once; which of them are here is a mask over them.

import { contextOf } from "../../../browser/canvas.js";
import { mix } from "../../../browser/colours.js";

/** How much of the text's colour is in the colour of a picture that is not here; the key's style sheet says the same. */
const GONE = 0.09;

/** @import { Colour, Colours } from "../../../browser/colours.js" */

export class Pile {
  /** @type {number} */ count;
  /** @type {number} */ side;
  /** @type {number} */ columns;
  /** @type {number} */ rows;
  /** @type {number} */ gap;
  /** @type {ImageData} */ bits;
  /** @type {number} */ width;
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
   * @param {object} box the place on the picture, in CSS pixels
   * @param {number} count pictures
   * @param {(context: object, picture: number, x: number, y: number, side: number) => void} paintCell
   */
  arrange(box, count, paintCell) {
    this.count = count;
    const { width, height } = { width: box.width * devicePixelRatio, height: box.height * devicePixelRatio };
    // The largest cells that all fit in; whole pixels of the screen, so that all are alike.
    this.side = Math.max(Math.floor(Math.sqrt((width * height) / count)), 1);
    const fitting = () => Math.floor(width / this.side) * Math.floor(height / this.side);
    while (this.side > 1 && fitting() < count) this.side -= 1;
    this.columns = Math.max(Math.floor(width / this.side), 1);
    this.rows = Math.ceil(count / this.columns);
    this.gap = this.side >= 5 ? Math.max(Math.round(this.side / 12), 1) : 0;
    this.cells.width = this.columns * this.side;
    this.cells.height = this.rows * this.side;
    this.mask.width = this.columns;
    this.mask.height = this.rows;
    this.bits = new ImageData(this.columns, this.rows);
    const context = contextOf(this.cells);
    for (let picture = 0; picture < count; picture += 1) {
      const [x, y] = this.corner(picture);
      paintCell(context, picture, x, y, this.side - this.gap);
    }
    this.width = this.cells.width / devicePixelRatio;
    // On whole pixels, too: else neighbours would run into each other.
    const whole = (place) => Math.round(place * devicePixelRatio) / devicePixelRatio;
    this.left = whole(box.x + (box.width - this.width) / 2);
    this.top = whole(box.y);
  }

  corner(picture) {
    return [(picture % this.columns) * this.side, Math.floor(picture / this.columns) * this.side];
  }

  /** Return where a picture lies, in CSS pixels. */
  place(picture) {
    const [x, y] = this.corner(picture).map((pixels) => pixels / devicePixelRatio);
    return { x: this.left + x, y: this.top + y, side: (this.side - this.gap) / devicePixelRatio };
  }

  /**
   * Draw it: pictures of ranks below `from` have been seen, those below `to` are in the network, the others wait.
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
    const height = this.cells.height / devicePixelRatio;
    context.imageSmoothingEnabled = false;
    context.drawImage(this.cells, this.left, this.top, this.width, height);
    context.drawImage(this.mask, this.left, this.top, this.width, height);
  }
}
