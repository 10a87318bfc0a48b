// The magnified window: one cell for each term of the sum. All terms are written out if they fit; otherwise one plane
// at a time, and large filters as colours.

import { remSize } from "../../../browser/canvas.js";
import { paint, signedColour } from "../../../browser/colours.js";
import { make } from "../../../browser/dom.js";
import { FAINTEST, decimalsFor, fillIn, ordinal, signed, writeUnits } from "../../../browser/numbers.js";
import { makeTerm } from "./term.js";

/** @import { StageMessage } from "../../../player/stage.js" */
/** @import { Colours } from "../../../browser/colours.js" */
/** @import { ConvolutionMessage } from "./slide.js" */

const COMPACT_REM = 27;

/** @type {Record<string, [rows: number, columns: number]>} */
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

export class Magnifier {
  /** @type {StageMessage & ConvolutionMessage} */
  data;

  /** @type {Colours} */
  colours;

  /** @type {Float64Array} (size, size, channels) */
  weights;

  /** What a pixel is divided by. */
  unit = 1;

  /** Digits after the point: of the products and sums, of the weights and of the pixels. */
  decimals = 0;
  weightDecimals = 0;
  pixelDecimals = 0;

  /** Whether a number is too long for the cells of three planes side by side. */
  wide = false;

  /** Whether the cells are colours without digits. */
  colourCells = false;

  /** @type {ReturnType<typeof makeTerm>[]} plane by plane */
  terms = [];

  /** @type {{button: HTMLButtonElement, sum: HTMLElement}[]} each plane's sum; its button shows the plane */
  partials = [];

  /** The plane that is shown where there is room for one, and the cell whose digits are written below the colours. */
  shownPlane = 0;
  pointed = { row: 0, column: 0 };

  /**
   * @param {Record<string, any>} parts the markup's elements by their data-part
   * @param {() => void} redraw
   */
  constructor(parts, redraw) {
    this.parts = parts;
    this.redraw = redraw;
    new ResizeObserver(() => this.arrange()).observe(parts.window);
    this.listen();
  }

  /**
   * Take over a message's filter and how its numbers are written.
   *
   * @param {StageMessage & ConvolutionMessage} data
   * @param {Float64Array} weights
   * @param {Colours} colours
   * @param {boolean} rebuilt whether filter or colours are others than before
   */
  load(data, weights, colours, rebuilt) {
    Object.assign(this, { data, weights, colours });
    const { scene, productScale } = data;
    const unit = scene.pixels === "1" ? 255 : 1;
    if (unit !== this.unit) for (const term of this.terms) term.shade = -1; // write all pixels again: they are other numbers now
    this.unit = unit;
    this.weightDecimals = decimalsFor([...weights]);
    this.pixelDecimals = this.unit === 255 ? 2 : 0;
    this.decimals = scene.pixels === "1" ? 2 : this.weightDecimals === 0 ? 0 : 1;
    const longestProduct = writeUnits(-Math.round(productScale * 10 ** this.decimals), this.decimals).length;
    const longestWeight = Math.max(...Array.from(weights, (weight) => this.writeWeight(weight).length));
    this.wide = longestProduct > 6 || longestWeight > 6;
    if (rebuilt) this.build();
  }

  build() {
    const { size, channels, texts } = this.data;
    const { planes, partials } = this.parts;
    const strongest = Math.max(...this.weights.map(Math.abs), FAINTEST);
    planes.replaceChildren();
    planes.style.setProperty("--size", size);
    this.terms = [];
    this.partials = [];
    this.shownPlane = Math.min(this.shownPlane, channels - 1);
    for (let channel = 0; channel < channels; channel += 1) {
      const plane = make("div", { className: "plane cells" });
      for (let row = 0; row < size; row += 1) {
        for (let column = 0; column < size; column += 1) {
          const weight = this.weights[(row * size + column) * channels + channel];
          const words = signed(this.writeWeight(weight));
          const colour = signedColour(this.colours, weight, strongest * 1.6);
          const term = makeTerm({ channel, row, column, weight }, words, colour);
          term.cell.onpointerenter = term.cell.onclick = () => this.point(row, column);
          plane.append(term.cell);
          this.terms.push(term);
        }
      }
      planes.append(plane);
      const sum = make("b");
      const name = make("span", { textContent: texts["channel-names"][channel] });
      const onclick = () => {
        this.shownPlane = channel;
        this.arrange();
        this.redraw();
      };
      this.partials.push({ button: make("button", { type: "button", onclick }, name, sum), sum });
    }
    partials.replaceChildren(...this.partials.map(({ button }) => button));
    this.pointed = { row: (size - 1) / 2, column: (size - 1) / 2 };
  }

  /** @param {number} weight */
  writeWeight(weight) {
    return weight.toFixed(this.weightDecimals).replace(/^-(0(\.0*)?)$/, "$1");
  }

  /** Choose how the terms are shown: all digits up to 27 terms, else one plane at a time, else colours. */
  arrange() {
    if (!this.data) return;
    const { size, channels } = this.data;
    const compact = this.parts.window.clientWidth < COMPACT_REM * remSize();
    const colours = size > 5;
    const lines = size === 3 && channels === 3 && !compact && !this.wide;
    const onePlane = channels === 3 && !lines;
    const classes = {
      compact,
      colours,
      lines,
      stack: !lines && !colours,
      "one-plane": onePlane,
      grey: channels === 1,
      "size-3": size === 3,
      "size-5": size === 5,
    };
    for (const [name, on] of Object.entries(classes)) this.parts.window.classList.toggle(name, on);
    this.colourCells = colours;
    if (colours) this.parts.planes.tabIndex = 0;
    else this.parts.planes.removeAttribute("tabindex");
    this.parts.pointed.hidden = this.parts["cells-note"].hidden = !colours;
    /** @type {HTMLElement[]} */
    const planes = [...this.parts.planes.children];
    planes.forEach((plane, channel) => plane.classList.toggle("shown", channel === this.shownPlane));
    this.partials.forEach(({ button }, channel) => {
      button.disabled = !onePlane;
      if (onePlane) button.setAttribute("aria-pressed", String(channel === this.shownPlane));
      else button.removeAttribute("aria-pressed");
    });
  }

  /** Colour cells show the digits of one term: the one under the pointer, or the one that the arrow keys reach. */
  listen() {
    const { planes, pointed } = this.parts;
    planes.onkeydown = (/** @type {KeyboardEvent} */ event) => {
      const move = MOVES[event.key];
      if (!move || !this.colourCells) return;
      event.preventDefault(); // the player ignores keys that were handled here
      /** @param {number} place */
      const inside = (place) => Math.min(Math.max(place, 0), this.data.size - 1);
      this.point(inside(this.pointed.row + move[0]), inside(this.pointed.column + move[1]));
    };
    planes.onfocus = () => pointed.setAttribute("aria-live", "polite");
    planes.onblur = () => pointed.removeAttribute("aria-live");
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  point(row, column) {
    this.pointed = { row, column };
    this.redraw();
  }

  /**
   * Show the pixels under the window at a stop, and return their products with the weights, plane by plane.
   *
   * @param {Uint8Array} input (height, width, channels)
   * @param {number} top the window's first row; negative in the zeros above the picture
   * @param {number} left its first column
   * @returns {number[][]}
   */
  multiply(input, top, left) {
    const { height, width, channels, scene } = this.data;
    const dilation = Number(scene.dilation);
    /** @type {number[][]} */
    const products = Array.from({ length: channels }, () => []);
    for (const term of this.terms) {
      const y = top + term.row * dilation;
      const x = left + term.column * dilation;
      const outside = y < 0 || x < 0 || y >= height || x >= width;
      const shade = outside ? 0 : input[(y * width + x) * channels + term.channel];
      const pixel = shade / this.unit;
      const product = pixel * term.weight;
      products[term.channel].push(product);
      Object.assign(term.cell.dataset, { pixel, product });
      if (shade !== term.shade || outside !== term.outside) {
        Object.assign(term, { shade, outside });
        term.pixelText.data = pixel.toFixed(this.pixelDecimals);
        paint(term.pixelSpan, [shade, shade, shade]);
        term.cell.classList.toggle("outside", outside);
      }
    }
    return products;
  }

  /**
   * Show products and each plane's sum, in units of 10^-decimals.
   *
   * @param {number[]} products of all terms
   * @param {number[]} partials
   */
  showProducts(products, partials) {
    this.terms.forEach((term, index) => {
      const product = writeUnits(products[index], this.decimals);
      if (this.colourCells) {
        const number = products[index] / 10 ** this.decimals;
        paint(term.cell, signedColour(this.colours, number, this.data.productScale));
        const { row, column, channel } = term;
        const here = this.pointed.row === row && this.pointed.column === column && channel === this.shownPlane;
        term.cell.classList.toggle("pointed-at", here);
        if (here) {
          const place = fillIn(this.data.texts.cell, { row: ordinal(row), column: ordinal(column) });
          const weight = signed(this.writeWeight(term.weight));
          this.parts.pointed.textContent = `${place} ${term.pixelText.data} \u00d7 ${weight} = ${product}`;
        }
      } else {
        const text = `=\u2009${product}`;
        if (term.productText.data !== text) term.productText.data = text;
      }
    });
    this.partials.forEach(({ sum }, channel) => {
      sum.textContent = writeUnits(partials[channel], this.decimals);
    });
  }
}
