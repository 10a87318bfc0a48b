// A photo is numbers: a loupe over the chosen pixel, the three planes, and the array as NumPy prints it there.

import { mount } from "../../../browser/board.js";
import { contextOf, remSize, sharpen, wiped } from "../../../browser/canvas.js";
import { SceneControls } from "../../../browser/controls.js";
import { cssColour, inkOn } from "../../../browser/colours.js";
import { decodeArray, fillIn } from "../../../browser/numbers.js";
import { StageView } from "../../../player/stage.js";
import { numpyText } from "./numpy_text.js";

/** @import { Place, StageMessage } from "../../../player/stage.js" */

/**
 * @typedef {object} InspectorMessage what Python's payload says
 * @property {number} topSpeed
 * @property {string} digest of the photo
 * @property {number} start the pixel at which the loupe lies before one is chosen
 * @property {number} height
 * @property {number} width
 * @property {string} pixels uint8 (height, width, 3)
 * @property {string[]} facts
 */

const PLANES = ["red", "green", "blue"];
const FRAMES = ["photo", "red", "green", "blue"];
const REACH = 4; // pixels between the chosen one and the loupe's edge
const ACROSS = 2 * REACH + 1;
const PRINTED = 3; // rows and columns of the print

/** @extends {StageView<StageMessage & InspectorMessage>} */
class PixelInspectorView extends StageView {
  /** @type {Uint8Array} */ pixels;

  /** @param {ShadowRoot} root */
  constructor(root) {
    super(root);
    /** @type {number | null} the pixel under a mouse that has not pressed yet */
    this.peek = null;
    this.controls = new SceneControls(root, this.parts, (scene) => this.emit(scene));
    for (const name of FRAMES) {
      /** @type {HTMLElement} */
      const plate = this.parts[`${name}-plate`];
      this.listenToPlate(plate, (x, y) => this.pixelAt(x, y));
      plate.addEventListener("pointermove", (event) => this.look(event, plate));
      plate.addEventListener("pointerleave", () => this.look(null, plate));
    }
    this.listenToPlate(this.parts["loupe-plate"], (x, y) => this.neighbourAt(x, y));
    new ResizeObserver(() => this.data && this.player.requestDraw()).observe(this.parts["loupe-plate"]);
  }

  /** @param {StageMessage & InspectorMessage} data */
  load(data) {
    const { before, imposed, recoloured } = this.begin(data);
    const { texts, topSpeed, width, height } = data;
    const fresh = before?.digest !== data.digest;
    if (fresh) {
      this.pixels = decodeArray(data.pixels, Uint8Array);
      this.stage.style.setProperty("--aspect", String(width / height));
      this.paintPlane(this.parts.photo, (at, channel) => this.pixels[at + channel]);
      this.parts.photo.setAttribute("aria-label", texts["photo-alt"]);
      this.parts.loupe.setAttribute("aria-label", texts["loupe-alt"]);
    }
    if (fresh || recoloured || before.scene.planes !== data.scene.planes) this.paintPlanes();
    this.peek = null;
    this.parts.shape.textContent = `${height} \u00d7 ${width} \u00d7 3`;
    this.writeList(this.parts.facts, data.facts);
    this.player.configure({ count: width * height, rowLength: width, texts: texts.player, topSpeed });
    this.end(imposed);
  }

  /** @param {Place} place */
  imposePlace({ position, speed }) {
    super.imposePlace({ position: position < 0 ? this.data.start : position, speed });
  }

  // ---- pictures that stay ----

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {(at: number, channel: number) => number} shade gets the index of the pixel's first number
   */
  paintPlane(canvas, shade) {
    const { width, height } = this.data;
    Object.assign(canvas, { width, height });
    const context = contextOf(canvas);
    const image = context.createImageData(width, height);
    for (let index = 0; index < width * height; index += 1) {
      for (let channel = 0; channel < 3; channel += 1) image.data[index * 4 + channel] = shade(index * 3, channel);
      image.data[index * 4 + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }

  paintPlanes() {
    const tinted = this.data.scene.planes === "tinted";
    for (const name of PLANES) {
      const plane = PLANES.indexOf(name);
      this.paintPlane(this.parts[name], (at, channel) => (tinted && channel !== plane ? 0 : this.pixels[at + plane]));
      this.parts[name].setAttribute("aria-label", this.data.texts[`${name}-alt`]);
    }
  }

  // ---- pointing ----

  /** @type {(x: number, y: number) => number} the pixel's number, of a point from 0 to 1 */
  pixelAt(x, y) {
    const { width, height } = this.data;
    /** @type {(share: number, count: number) => number} */
    const place = (share, count) => Math.min(Math.max(Math.floor(share * count), 0), count - 1);
    return place(y, height) * width + place(x, width);
  }

  /** @type {(x: number, y: number) => number | null} the pixel in the loupe at a point from 0 to 1; null outside the photo */
  neighbourAt(x, y) {
    const { width, height } = this.data;
    const place = (/** @type {number} */ share) =>
      Math.min(Math.max(Math.floor(share * ACROSS), 0), ACROSS - 1) - REACH;
    const row = Math.floor(this.player.position / width) + place(y);
    const column = (this.player.position % width) + place(x);
    return row < 0 || column < 0 || row >= height || column >= width ? null : row * width + column;
  }

  /**
   * Show the pixel under a mouse over the picture in the loupe; without one, the chosen pixel.
   *
   * @param {PointerEvent | null} event
   * @param {HTMLElement} plate
   */
  look(event, plate) {
    let peek = null;
    if (this.data && event && event.pointerType !== "touch" && !event.buttons && !this.player.playing) {
      const box = plate.getBoundingClientRect();
      peek = this.pixelAt((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    }
    if (peek === this.peek) return;
    this.peek = peek;
    this.player.requestDraw();
  }

  // ---- what moves ----

  /** @param {number} position */
  draw(position) {
    const { width, height, texts } = this.data;
    const at = this.peek ?? position;
    this.player.show(at);
    const [row, column] = [Math.floor(at / width), at % width];
    const colour = Array.from(this.pixels.subarray(at * 3, at * 3 + 3));
    for (const name of FRAMES) {
      Object.assign(this.parts[`${name}-frame`].style, {
        width: `${(100 * ACROSS) / width}%`,
        height: `${(100 * ACROSS) / height}%`,
        transform: `translate(${(100 * (column - REACH)) / ACROSS}%, ${(100 * (row - REACH)) / ACROSS}%)`,
      });
    }
    this.drawLoupe(row, column);
    this.parts.place.textContent = fillIn(texts.place, { row, column });
    for (const name of PLANES) this.parts[`${name}-number`].textContent = String(colour[PLANES.indexOf(name)]);
    this.parts.swatch.style.background = cssColour(colour);
    this.parts.hex.textContent = `#${colour
      .map((value) => value.toString(16).padStart(2, "0"))
      .join("")
      .toUpperCase()}`;
    const corner = { top: row, bottom: row + PRINTED, left: column, right: column + PRINTED };
    this.parts.code.textContent = fillIn(texts.code, corner);
    this.parts.printed.textContent = numpyText(this.pixels, height, width, row, column, PRINTED);
    const bytes = { first: (at * 3).toLocaleString("en"), last: (at * 3 + 2).toLocaleString("en") };
    this.parts.offset.textContent = fillIn(texts.offset, bytes);
  }

  /** @type {(row: number, column: number) => void} */
  drawLoupe(row, column) {
    const { width, height, scene, choices } = this.data;
    const canvas = this.parts.loupe;
    const side = this.parts["loupe-plate"].clientWidth;
    if (!side) return;
    sharpen(canvas, side, side);
    const context = wiped(canvas);
    const cell = side / ACROSS;
    context.font = `${Math.max(remSize(), cell * 0.42)}px ${getComputedStyle(this.stage).fontFamily}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const channel = choices.numbers.findIndex(([name]) => name === scene.numbers);
    for (let down = 0; down < ACROSS; down += 1) {
      for (let across = 0; across < ACROSS; across += 1) {
        const [y, x] = [row - REACH + down, column - REACH + across];
        if (y < 0 || x < 0 || y >= height || x >= width) continue;
        const at = (y * width + x) * 3;
        const colour = Array.from(this.pixels.subarray(at, at + 3));
        context.fillStyle = cssColour(colour);
        context.fillRect(across * cell, down * cell, cell + 0.5, cell + 0.5);
        context.fillStyle = inkOn(colour);
        context.fillText(String(colour[channel]), (across + 0.5) * cell, (down + 0.54) * cell);
      }
    }
    for (const { line, colour } of [
      { line: 7, colour: "#000" },
      { line: 3, colour: cssColour(this.colours.window) },
    ]) {
      context.lineWidth = line;
      context.strokeStyle = colour;
      context.strokeRect(REACH * cell, REACH * cell, cell, cell);
    }
  }
}

export default mount(PixelInspectorView);
