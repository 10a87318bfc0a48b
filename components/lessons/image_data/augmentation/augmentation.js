// A photo under six sliders: changed by exactly their amounts, and nine times by amounts that chance draws up to them.

import { mount } from "../../../browser/board.js";
import { SceneControls } from "../../../browser/controls.js";
import { make } from "../../../browser/dom.js";
import { decodeArray, fillIn } from "../../../browser/numbers.js";
import { StageView } from "../../../player/stage.js";
import { augmented, drawnAmounts, isAtWork } from "./keras_layers.js";

const ACROSS = 3;
const GAP = 4; // pixels between two of the nine
const CANVASES = ["before", "exact", "nine"];

class AugmentationView extends StageView {
  /** @type {Float32Array} */ pixels;
  /** @type {Float32Array} */ smallPixels;

  /** @type {Float64Array} */
  random;

  constructor(root) {
    super(root);
    this.controls = new SceneControls(root, this.parts, (scene) => this.emit(scene));
    this.sliders = [];
    this.drawn = {}; // what stands on the canvases by now
    this.parts.controls.addEventListener("input", () => this.data && this.player.requestDraw());
    this.parts.reset.onclick = () => this.setAll(() => "0", "off");
    this.parts.usual.onclick = () => this.setAll(({ usual }) => usual, "on");
  }

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
    this.drawn.nine = null; // a canvas whose size is set is empty
    this.end(imposed);
  }

  /** The photo changes at once; a new draw fills nothing in. */
  // ---- sliders ----

  build() {
    const { sliders, texts } = this.data;
    this.sliders = sliders.map(({ name, label, limit, above, below, usual }) => {
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
      return { name, range, number, meaning, above, below, usual };
    });
    this.controls.show(this.controls.scene); // the number fields are new
  }

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

  amounts() {
    const { scene } = this.controls;
    return {
      ...Object.fromEntries(this.sliders.map(({ name }) => [name, Number(scene[name])])),
      flip: scene.flip === "on",
    };
  }

  // ---- what moves ----

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

  paint(canvas, pictures, side, across) {
    if (across === 1 && canvas.width !== side) Object.assign(canvas, { width: side, height: side });
    const context = canvas.getContext("2d");
    pictures.forEach((pixels, place) => {
      const image = context.createImageData(side, side);
      for (let pixel = 0; pixel < side * side; pixel += 1) {
        for (let channel = 0; channel < 3; channel += 1) image.data[pixel * 4 + channel] = pixels[pixel * 3 + channel];
        image.data[pixel * 4 + 3] = 255;
      }
      context.putImageData(image, (place % across) * (side + GAP), Math.floor(place / across) * (side + GAP));
    });
  }

  writePixel(changed) {
    const { side, texts } = this.data;
    const middle = Math.floor(side / 2);
    const at = (middle * side + middle) * 3;
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

  writeLines(amounts) {
    const { exactLines, randomLines, texts } = this.data;
    const { across, down } = amounts;
    const numbers = { across, down, "across-size": Math.abs(across), "down-size": Math.abs(down) };
    const fill = (lines) => {
      const names = Object.keys(lines);
      const within = names.slice(names.indexOf("begin"), names.indexOf("end"));
      const isWritten = (name) =>
        name === "begin" || name === "end" ? within.some((layer) => isAtWork(layer, amounts)) : isAtWork(name, amounts);
      const written = names.filter(isWritten).map((name) => {
        const values = { ...numbers, amount: amounts[name], size: Math.abs(amounts[name]) };
        return lines[name].replaceAll(/\{([\w-]+)\}/g, (_, word) => values[word]);
      });
      return written.length ? [lines.kind, ...written].join("\n") : texts.nothing;
    };
    this.parts["exact-lines"].textContent = fill(exactLines);
    this.parts["random-lines"].textContent = fill(randomLines);
  }
}

export default mount(AugmentationView);
