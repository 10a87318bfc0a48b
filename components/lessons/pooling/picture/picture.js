// Pooling on a whole picture: a window moves over it, and both pooled pictures fill in, enlarged back to its size.

import { mount } from "../../../browser/board.js";
import { contextOf } from "../../../browser/canvas.js";
import { SceneControls } from "../../../browser/controls.js";
import { signedColour } from "../../../browser/colours.js";
import { write } from "../../../browser/dom.js";
import { boxesBetween, decodeArray } from "../../../browser/numbers.js";
import { StageView } from "../../../player/stage.js";

/** @import { Colour } from "../../../browser/colours.js" */
/** @import { StageMessage } from "../../../player/stage.js" */

/**
 * @typedef {object} PictureMessage what Python's payload says
 * @property {number} topSpeed most stops a second
 * @property {number} side of the picture in pixels, or in numbers of the map
 * @property {number} channels 1 or 3
 * @property {string} picture uint8 or float32 (side, side, channels)
 * @property {boolean} whole whether it is uint8
 * @property {number} scale the number that gets the full colour
 * @property {string} max float32 (side / size, side / size, channels)
 * @property {string} average likewise
 * @property {Partial<Record<Mode, string>>} shown differences that take the pooled pictures' place, float32
 *     (side, side) or (side / size, side / size); for both modes or none
 * @property {number} shownScale the difference that gets the full colour
 * @property {string[]} facts
 * @property {string} look
 */

/** @typedef {"max" | "average"} Mode */

/** @type {Mode[]} */
const MODES = ["max", "average"];

/** @extends {StageView<StageMessage & PictureMessage>} */
class PoolingPictureView extends StageView {
  /** The window's side, in pixels, and how often it stops along the picture's side. */
  size = 0;
  across = 0;

  /** @type {Record<Mode, Float32Array>} */
  pooled;

  /** The pooled pictures with all stops; those on the page show stops up to `filled`. */
  finished = { max: document.createElement("canvas"), average: document.createElement("canvas") };
  filled = -1;

  /** @param {ShadowRoot} root */
  constructor(root) {
    super(root);
    this.controls = new SceneControls(root, this.parts, (scene) => this.emit(scene));
    for (const name of ["picture", ...MODES]) {
      this.listenToPlate(this.parts[`${name}-plate`], (x, y) => {
        /** @param {number} share */
        const place = (share) => Math.min(Math.max(Math.floor(share * this.across), 0), this.across - 1);
        return place(y) * this.across + place(x);
      });
    }
  }

  /** @param {StageMessage & PictureMessage} data */
  load(data) {
    const before = { place: this.player.position, across: this.across };
    const full = this.data && this.filled >= this.across ** 2 - 1;
    const { imposed } = this.begin(data);
    this.parts["map-choice"].hidden = data.scene.source !== "map";
    this.size = Number(data.scene.size);
    this.across = data.side / this.size;
    this.pooled = { max: decodeArray(data.max, Float32Array), average: decodeArray(data.average, Float32Array) };
    this.paint();
    const { texts, topSpeed } = data;
    const [count, rowLength] = [this.across ** 2, this.across];
    this.player.configure({ count, rowLength, texts: texts.player, topSpeed, paced: true });
    if (imposed) this.imposePlace(data);
    else if (before.across !== this.across) {
      // The window stays where it was on the picture.
      /** @param {number} stop */
      const move = (stop) => Math.min(Math.floor(((stop + 0.5) / before.across) * this.across), this.across - 1);
      const [row, column] = [Math.floor(before.place / before.across), before.place % before.across];
      this.player.position =
        full && before.place === before.across ** 2 - 1 ? this.across ** 2 - 1 : move(row) * this.across + move(column);
      this.player.settle();
    }
    const filled =
      imposed || before.across !== this.across ? (full ? this.across ** 2 - 1 : this.player.position) : this.filled;
    this.restart();
    this.fillTo(filled);
    this.showWords();
    this.end(false);
  }

  // ---- the pictures ----

  /**
   * Return the colour of a picture's numbers: a photo's own, or a map's strength.
   *
   * @param {ArrayLike<number>} numbers (side, side, channels)
   * @param {number} index of the pixel
   * @returns {Colour}
   */
  colourOf(numbers, index) {
    const { channels, whole, scale } = this.data;
    if (channels === 3) return [0, 1, 2].map((channel) => Math.round(numbers[index * 3 + channel]));
    const number = numbers[index];
    return whole ? [number, number, number] : signedColour(this.colours, number, scale);
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {number} side
   * @param {(index: number) => Colour} colourAt
   */
  paintCanvas(canvas, side, colourAt) {
    Object.assign(canvas, { width: side, height: side });
    const context = contextOf(canvas);
    const image = context.createImageData(side, side);
    for (let index = 0; index < side * side; index += 1) image.data.set([...colourAt(index), 255], index * 4);
    context.putImageData(image, 0, 0);
  }

  paint() {
    const { data } = this;
    const numbers = data.whole ? decodeArray(data.picture, Uint8Array) : decodeArray(data.picture, Float32Array);
    this.paintCanvas(this.parts.picture, data.side, (index) => this.colourOf(numbers, index));
    this.parts.picture.setAttribute("aria-label", data.texts["picture-alt"]);
    for (const mode of MODES) {
      const shown = data.shown[mode];
      const distances = shown && decodeArray(shown, Float32Array);
      const side = distances ? Math.sqrt(distances.length) : this.across;
      this.paintCanvas(this.finished[mode], side, (index) =>
        distances
          ? signedColour(this.colours, distances[index], data.shownScale)
          : this.colourOf(this.pooled[mode], index),
      );
      Object.assign(this.parts[mode], { width: side, height: side });
      this.parts[mode].setAttribute("aria-label", data.texts[`${mode}-alt`]);
    }
    this.parts.legend.style.visibility = data.shown.max ? "visible" : "hidden"; // its place stays: nothing jumps
    const scale = data.shownScale;
    this.parts["legend-high"].textContent = scale >= 10 ? scale.toFixed(0) : scale.toPrecision(2);
    for (const name of ["window", "max-window", "average-window"]) {
      Object.assign(this.parts[name].style, { width: `${100 / this.across}%`, height: `${100 / this.across}%` });
    }
  }

  restart() {
    for (const mode of MODES) {
      const canvas = this.parts[mode];
      contextOf(canvas).clearRect(0, 0, canvas.width, canvas.height);
    }
    this.filled = -1;
  }

  /**
   * Copy stops filled + 1 … last from the finished pictures.
   *
   * @param {number} last
   */
  fillTo(last) {
    if (last <= this.filled) return;
    for (const mode of MODES) {
      const block = this.finished[mode].width / this.across;
      const context = contextOf(this.parts[mode]);
      for (const [column, row, columns, rows] of boxesBetween(this.filled + 1, last, this.across)) {
        /** @type {[number, number, number, number]} */
        const box = [column * block, row * block, columns * block, rows * block];
        context.drawImage(this.finished[mode], ...box, ...box);
      }
    }
    this.filled = last;
  }

  // ---- words and numbers ----

  showWords() {
    const { facts, look, side, channels } = this.data;
    this.parts.look.textContent = look;
    this.writeList(this.parts.facts, facts);
    this.parts["picture-shape"].textContent = `${side} \u00d7 ${side} \u00d7 ${channels}`;
  }

  /** @param {number} position */
  draw(position) {
    this.fillTo(position);
    const [row, column] = [Math.floor(position / this.across), position % this.across];
    for (const name of ["window", "max-window", "average-window"]) {
      this.parts[name].style.transform = `translate(${column * 100}%, ${row * 100}%)`;
    }
    const { channels, whole } = this.data;
    for (const mode of MODES) {
      const numbers = Array.from(this.pooled[mode].subarray(position * channels, (position + 1) * channels));
      const decimals = whole ? (mode === "max" ? 0 : 1) : 2;
      const letters = numbers.length > 1 ? this.data.texts.channels : [""];
      const text = numbers
        .map((number, channel) => `${letters[channel]}\u2009${number.toFixed(decimals)}`)
        .join(", ")
        .trim();
      const element = this.parts[`${mode}-here`];
      write(element, text);
      element.dataset.value = numbers.join(" ");
    }
  }
}

export default mount(PoolingPictureView);
