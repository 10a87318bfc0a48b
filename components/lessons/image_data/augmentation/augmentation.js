// A photo under six sliders: changed by exactly their amounts, and nine times by random amounts up to them.

import { mount } from "../../../browser/board.js";
import { contextOf } from "../../../browser/canvas.js";
import { SceneControls } from "../../../browser/controls.js";
import { make } from "../../../browser/dom.js";
import { decodeArray, fillIn } from "../../../browser/numbers.js";
import { StageView } from "../../../player/stage.js";
import { augmented, drawnAmounts, isAtWork } from "./keras_layers.js";

/** @import { StageMessage } from "../../../player/stage.js" */
/** @import { Amounts } from "./keras_layers.js" */

/** @typedef {Exclude<keyof Amounts, "flip">} Amount */

/**
 * @typedef {object} SentSlider one amount's slider
 * @property {Amount} name
 * @property {string} label
 * @property {number} limit how far it goes, either way
 * @property {string} above what its number means above 0
 * @property {string} below what its number means below 0
 * @property {string} usual the amount with which the course's convnet was trained
 */

/**
 * @typedef {object} AugmentationMessage what Python's payload says
 * @property {number} slowest
 * @property {number} topSpeed
 * @property {string} digest of the photo
 * @property {number} side of the picture that is changed exactly, in pixels
 * @property {string} pixels uint8 (side, side, 3)
 * @property {number} smallSide of each of the nine pictures, in pixels
 * @property {string} smallPixels uint8 (smallSide, smallSide, 3)
 * @property {number} draws how many there are
 * @property {number} nine pictures in one draw
 * @property {string} random float64 (draws · nine, 7), from 0 to 1
 * @property {SentSlider[]} sliders
 * @property {Record<string, string>} exactLines by layer; `kind`, `begin` and `end` stand around them
 * @property {Record<string, string>} randomLines by layer, as in training
 */

/** @typedef {SentSlider & {range: HTMLInputElement, number: HTMLInputElement, meaning: HTMLElement}} Slider */

const ACROSS = 3;
const GAP = 4; // pixels between two of the nine
const CANVASES = ["before", "exact", "nine"];

/** @extends {StageView<StageMessage & AugmentationMessage>} */
class AugmentationView extends StageView {
  /** @type {Float32Array} */ pixels;
  /** @type {Float32Array} */ smallPixels;
  /** @type {Float64Array} */ random;

  /** @param {ShadowRoot} root */
  constructor(root) {
    super(root);
    this.controls = new SceneControls(root, this.parts, (scene) => this.emit(scene));
    /** @type {Slider[]} */
    this.sliders = [];
    /** @type {{exact?: string, nine?: string}} what stands on the canvases by now */
    this.drawn = {};
    this.parts.controls.addEventListener("input", () => this.data && this.player.requestDraw());
    this.parts.reset.onclick = () => this.setAll(() => "0", "off");
    this.parts.usual.onclick = () => this.setAll(({ usual }) => usual, "on");
  }

  /** @param {StageMessage & AugmentationMessage} data */
  load(data) {
    const { before, imposed } = this.begin(data);
    const { texts, side, smallSide, draws, slowest, topSpeed } = data;
    if (before?.digest !== data.digest) {
      this.pixels = Float32Array.from(decodeArray(data.pixels, Uint8Array));
      this.smallPixels = Float32Array.from(decodeArray(data.smallPixels, Uint8Array));
      this.random ??= decodeArray(data.random, Float64Array);
      this.drawn = {};
      this.paint(this.parts.before, [this.pixels], side, 1);
    }
    if (!this.sliders.length) this.build();
    this.show();
    this.parts.sliders.setAttribute("aria-label", texts.amounts);
    for (const name of CANVASES) this.parts[name].setAttribute("aria-label", texts[`${name}-alt`]);
    this.player.configure({ count: draws, rowLength: 1, texts: texts.player, slowest, topSpeed });
    this.parts.nine.width = ACROSS * smallSide + (ACROSS - 1) * GAP;
    this.parts.nine.height = this.parts.nine.width;
    delete this.drawn.nine; // a canvas whose size is set is empty
    this.end(imposed);
  }

  // ---- sliders ----

  build() {
    const { sliders, texts } = this.data;
    this.sliders = sliders.map((slider) => {
      const { name, label, limit } = slider;
      const step = limit > 1 ? 1 : 0.01;
      const range = make("input", { type: "range", id: `augmentation-${name}`, min: -limit, max: limit, step });
      const number = make("input", { type: "number", name, min: -limit, max: limit, step });
      number.setAttribute("aria-label", fillIn(texts.amount, { name: label }));
      const meaning = make("span");
      const row = make("div", { className: "slider" });
      row.append(make("label", { htmlFor: range.id, textContent: label }), range, number, meaning);
      this.parts.sliders.append(row);
      range.oninput = () => {
        number.value = range.value;
        this.controls.change({ [name]: range.value }, 250);
      };
      number.oninput = () => {
        if (!Number.isFinite(number.valueAsNumber)) return;
        const value = Math.min(Math.max(number.valueAsNumber, -limit), limit);
        this.controls.change({ [name]: String(value) }, 250);
      };
      number.onblur = () => {
        number.value = this.controls.scene[name];
      };
      return { ...slider, range, number, meaning };
    });
    this.controls.show(this.controls.scene); // the number fields are new
  }

  /** @type {(amount: (slider: Slider) => string, flip: string) => void} */
  setAll(amount, flip) {
    const changes = Object.fromEntries(this.sliders.map((slider) => [slider.name, amount(slider)]));
    this.controls.change({ ...changes, flip });
    this.controls.show(this.controls.scene);
    this.show();
    this.player.requestDraw();
  }

  show() {
    for (const { name, range } of this.sliders) {
      if (this.root.activeElement !== range) range.value = this.controls.scene[name];
    }
  }

  /** @returns {Amounts} */
  amounts() {
    const { flip, rotation, zoom, across, down, contrast, brightness } = this.controls.scene;
    return {
      flip: flip === "on",
      rotation: Number(rotation),
      zoom: Number(zoom),
      across: Number(across),
      down: Number(down),
      contrast: Number(contrast),
      brightness: Number(brightness),
    };
  }

  // ---- what moves ----

  /** @param {number} position */
  draw(position) {
    if (!this.data || !this.sliders.length) return;
    const { side, smallSide, nine, texts } = this.data;
    const amounts = this.amounts();
    const key = JSON.stringify(amounts);
    if (this.drawn.exact !== key) {
      this.drawn.exact = key;
      const changed = augmented(this.pixels, side, amounts);
      this.paint(this.parts.exact, [changed], side, 1);
      this.writePixel(changed);
      this.writeLines(amounts);
      for (const { name, meaning, above, below } of this.sliders)
        meaning.textContent = amounts[name] ? (amounts[name] > 0 ? above : below) : "";
    }
    if (this.drawn.nine === `${position} ${key}`) return;
    this.drawn.nine = `${position} ${key}`;
    const wide = this.random.length / (this.data.draws * nine);
    const pictures = Array.from({ length: nine }, (_, place) => {
      const begin = (position * nine + place) * wide;
      return augmented(this.smallPixels, smallSide, drawnAmounts(amounts, this.random.subarray(begin, begin + wide)));
    });
    this.paint(this.parts.nine, pictures, smallSide, ACROSS);
    this.parts.epochs.textContent = fillIn(texts.nine, { first: position * nine + 1, last: (position + 1) * nine });
  }

  /** @type {(canvas: HTMLCanvasElement, pictures: Float32Array[], side: number, across: number) => void} */
  paint(canvas, pictures, side, across) {
    if (across === 1 && canvas.width !== side) Object.assign(canvas, { width: side, height: side });
    const context = contextOf(canvas);
    pictures.forEach((pixels, place) => {
      const image = context.createImageData(side, side);
      for (let pixel = 0; pixel < side * side; pixel += 1) {
        for (let channel = 0; channel < 3; channel += 1) image.data[pixel * 4 + channel] = pixels[pixel * 3 + channel];
        image.data[pixel * 4 + 3] = 255;
      }
      context.putImageData(image, (place % across) * (side + GAP), Math.floor(place / across) * (side + GAP));
    });
  }

  /** @param {Float32Array} changed */
  writePixel(changed) {
    const { side, texts } = this.data;
    const middle = Math.floor(side / 2);
    const at = (middle * side + middle) * 3;
    /** @type {(pixels: Float32Array, decimals: number) => string} */
    const write = (pixels, decimals) =>
      `[${[0, 1, 2].map((channel) => pixels[at + channel].toFixed(decimals)).join(", ")}]`;
    this.parts.pixel.textContent = fillIn(texts.pixel, {
      row: middle,
      column: middle,
      before: write(this.pixels, 0),
      after: write(changed, 1),
    });
    this.parts.pixel.dataset.value = [...changed.subarray(at, at + 3)].join(" ");
  }

  /** @param {Amounts} amounts */
  writeLines(amounts) {
    const { exactLines, randomLines, texts } = this.data;
    const { across, down } = amounts;
    /** @type {Record<string, number | boolean>} */
    const byLayer = amounts;
    const numbers = { across, down, "across-size": Math.abs(across), "down-size": Math.abs(down) };
    /** @param {Record<string, string>} lines */
    const fill = (lines) => {
      const names = Object.keys(lines);
      const within = names.slice(names.indexOf("begin"), names.indexOf("end"));
      /** @param {string} name */
      const isWritten = (name) =>
        name === "begin" || name === "end" ? within.some((layer) => isAtWork(layer, amounts)) : isAtWork(name, amounts);
      const written = names.filter(isWritten).map((name) => {
        /** @type {Record<string, number | boolean>} */
        const values = { ...numbers, amount: byLayer[name], size: Math.abs(Number(byLayer[name])) };
        return lines[name].replaceAll(/\{([\w-]+)\}/g, (_, word) => String(values[word]));
      });
      return written.length ? [lines.kind, ...written].join("\n") : texts.nothing;
    };
    this.parts["exact-lines"].textContent = fill(exactLines);
    this.parts["random-lines"].textContent = fill(randomLines);
  }
}

export default mount(AugmentationView);
