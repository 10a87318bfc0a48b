// Global average pooling: one map after another leaves the sheet, is averaged in ever larger squares and lands in the
// vector as one number. Python sends maps and means once; the browser averages colours and moves them.

import { mount } from "../../../browser/board.js";
import { SceneControls } from "../../../browser/controls.js";
import { contextOf, remSize, sharpen, wiped } from "../../../browser/canvas.js";
import { cssColour, signedColour } from "../../../browser/colours.js";
import { decodeArray, fillIn, ordinal, writeUnits } from "../../../browser/numbers.js";
import { StageView } from "../../../player/stage.js";

/** @import { StageMessage } from "../../../player/stage.js" */

/**
 * @typedef {object} GlobalPoolingMessage what Python's payload says
 * @property {number} shownSide pixels a side of a map as it is sent
 * @property {string} maps uint8 (maps, shownSide, shownSide), 255 for `largest`
 * @property {string} means float32, one of each map
 * @property {number} largest the number that gets the full colour
 * @property {number} tallest the mean whose bar takes the full height
 * @property {string} mapShape
 * @property {string} count how many numbers a map has, with its formula
 * @property {number} topSpeed most maps a second
 * @property {{flatten: HeadCost, pooling: HeadCost, times: string, thin: boolean}} comparison of the two heads: how many
 *     times as many parameters Flatten needs, and whether the other bar is too thin to be seen
 */

/** @typedef {{formula: string, parameters: number, share: number}} HeadCost what a head costs; `share` of the longest bar */

/** @typedef {{x: number, y: number, width: number, height: number}} Box on the canvas, in CSS pixels */

/**
 * @typedef {object} Tile a map as it is drawn
 * @property {HTMLCanvasElement[]} coarser the map, and mosaics of it with ever larger squares
 * @property {string} colour of its mean
 */

const PER_ROW = 8;

/** Milliseconds from one map to the next. */
const GLIDE = 900;

/** The part of the way in which a map is averaged before it flies. */
const AVERAGING = 0.5;

/** @type {("flatten" | "pooling")[]} */
const HEADS = ["flatten", "pooling"];

/** @type {(start: number, end: number, share: number) => number} */
const between = (start, end, share) => start + (end - start) * share;

/** @param {number} share */
const eased = (share) => share * share * (3 - 2 * share);

/** @extends {StageView<StageMessage & GlobalPoolingMessage>} */
class GlobalPoolingView extends StageView {
  /** @type {Float32Array} */
  means;

  /** @type {Tile[]} */
  tiles;

  /** @type {number | null} the map that the words are about */
  written = null;

  /** The page's rem in CSS pixels, and the numbers' font. */
  rem = 0;
  font = "";

  /** The vector: how wide the names of its lines are, how many means stand in a row, and how high a row is. */
  words = 0;
  columns = PER_ROW;
  rowHeight = 0;

  /** @type {Box} */
  sheetBox;

  /** @type {Box} */
  vectorBox;

  /** @param {ShadowRoot} root */
  constructor(root) {
    super(root);
    this.controls = new SceneControls(root, this.parts, (scene) => this.emit(scene));
    this.listenToPlate(this.parts.sheet, (x, y) => {
      /** @type {(share: number, count: number) => number} */
      const at = (share, count) => Math.min(Math.max(Math.floor(share * count), 0), count - 1);
      return at(y, this.means.length / PER_ROW) * PER_ROW + at(x, PER_ROW);
    });
    this.listenToPlate(this.parts.vector, (x, y) => this.meanUnder(x, y));
    const observer = new ResizeObserver(() => this.arrange());
    for (const name of ["controls", "sheet", "vector"]) observer.observe(this.parts[name]);
  }

  /** @param {StageMessage & GlobalPoolingMessage} data */
  load(data) {
    const { before, imposed, recoloured } = this.begin(data);
    const sameMaps = before?.maps === data.maps;
    this.means = decodeArray(data.means, Float32Array);
    if (!sameMaps || recoloured) this.paintTiles();
    this.parts.picture.setAttribute("aria-label", data.texts.picture);
    this.parts["map-shape"].textContent = data.mapShape;
    this.parts.top.textContent = fillIn(data.texts.top, { largest: data.largest });
    this.written = null;
    this.showHead();
    this.player.configure({
      count: this.means.length,
      rowLength: PER_ROW,
      texts: data.texts.player,
      topSpeed: data.topSpeed,
      glide: GLIDE,
    });
    this.arrange();
    this.end(imposed);
  }

  // ---- the maps ----

  /** Paint every map once; drawing copies them. */
  paintTiles() {
    const { shownSide, largest } = this.data;
    const bytes = decodeArray(this.data.maps, Uint8Array);
    const area = shownSide * shownSide;
    const palette = Array.from({ length: 256 }, (_, byte) => signedColour(this.colours, byte, 255));
    this.tiles = Array.from(this.means, (mean, number) => {
      const canvas = this.canvas(shownSide);
      const picture = new ImageData(shownSide, shownSide);
      for (let pixel = 0; pixel < area; pixel += 1) {
        picture.data.set(palette[bytes[number * area + pixel]], pixel * 4);
        picture.data[pixel * 4 + 3] = 255;
      }
      contextOf(canvas).putImageData(picture, 0, 0);
      return { coarser: [canvas], colour: cssColour(signedColour(this.colours, mean, largest)) };
    });
  }

  /** @param {number} side */
  canvas(side) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side;
    return canvas;
  }

  /**
   * Return a map and its coarser mosaics, each pixel of which is the mean colour of 2 × 2 pixels of the one before.
   *
   * @param {number} number of the map
   */
  mosaics(number) {
    const { coarser } = this.tiles[number];
    let coarsest = coarser[coarser.length - 1];
    while (coarsest.width % 2 === 0) {
      const mosaic = this.canvas(coarsest.width / 2);
      contextOf(mosaic).drawImage(coarsest, 0, 0, mosaic.width, mosaic.width);
      coarser.push(mosaic);
      coarsest = mosaic;
    }
    return coarser;
  }

  // ---- places ----

  /** Measure where sheet and vector lie on the canvas. */
  arrange() {
    if (!this.data) return;
    const { controls, sheet, vector, picture } = this.parts;
    const rem = remSize();
    this.rem = rem;
    this.font = `${rem}px ${getComputedStyle(this.stage).fontFamily}`;
    const count = this.means.length;
    // A mean is written with three digits, which take two rem; the words of the rows need three more.
    const width = vector.clientWidth;
    this.words = width >= (count * 2.05 + 3) * rem ? 3 * rem : 0;
    this.columns = this.words ? count : width >= (count / 2) * 2.2 * rem ? count / 2 : PER_ROW;
    this.rowHeight = (this.columns === count ? 8 : 5.4) * rem;
    vector.style.height = `${(count / this.columns) * this.rowHeight}px`;
    const origin = controls.getBoundingClientRect();
    /**
     * @param {HTMLElement} element
     * @returns {Box}
     */
    const place = (element) => {
      const box = element.getBoundingClientRect();
      return { x: box.left - origin.left, y: box.top - origin.top, width: box.width, height: box.height };
    };
    this.sheetBox = place(sheet);
    this.vectorBox = place(vector);
    const size = { width: origin.width, height: this.vectorBox.y + this.vectorBox.height };
    Object.assign(picture.style, { width: `${size.width}px`, height: `${size.height}px` });
    sharpen(picture, size.width, size.height);
    this.player.requestDraw();
  }

  /**
   * @param {number} number of the map
   * @returns {Box}
   */
  tileBox(number) {
    const { x, y, width, height } = this.sheetBox;
    const pitch = { x: width / PER_ROW, y: height / (this.means.length / PER_ROW) };
    const gap = Math.max(0.06 * pitch.x, 3);
    return {
      x: x + (number % PER_ROW) * pitch.x + gap / 2,
      y: y + Math.floor(number / PER_ROW) * pitch.y + gap / 2,
      width: pitch.x - gap,
      height: pitch.y - gap,
    };
  }

  /**
   * Return a mean's column: its bar's ground, the full height above it, and the two lines of text below.
   *
   * @param {number} number of the map
   */
  column(number) {
    const pitch = (this.vectorBox.width - this.words) / this.columns;
    const top = this.vectorBox.y + Math.floor(number / this.columns) * this.rowHeight;
    const x = this.vectorBox.x + this.words + (number % this.columns) * pitch;
    const bottom = top + this.rowHeight - 2.75 * this.rem;
    return {
      x,
      width: pitch,
      top: top + 0.25 * this.rem,
      bottom,
      mean: bottom + 0.75 * this.rem,
      map: bottom + 1.95 * this.rem,
    };
  }

  /**
   * @param {number} number of the map
   * @returns {Box}
   */
  barBox(number) {
    const { x, width, top, bottom } = this.column(number);
    const height = Math.max((this.means[number] / this.data.tallest) * (bottom - top), 2);
    return { x: x + width * 0.14, y: bottom - height, width: width * 0.72, height };
  }

  /**
   * Return the map whose mean is nearest to a point of the vector.
   *
   * @param {number} x from 0 to 1
   * @param {number} y from 0 to 1
   */
  meanUnder(x, y) {
    const { width, height } = this.vectorBox;
    const column = Math.floor((x * width - this.words) / ((width - this.words) / this.columns));
    const row = Math.floor((y * height) / this.rowHeight);
    /** @type {(value: number, count: number) => number} */
    const inside = (value, count) => Math.min(Math.max(value, 0), count - 1);
    return inside(row, this.means.length / this.columns) * this.columns + inside(column, this.columns);
  }

  // ---- one position ----

  /**
   * @param {number} position
   * @param {number} arrived
   */
  draw(position, arrived) {
    if (!this.sheetBox) return;
    const context = wiped(this.parts.picture);
    this.drawSheet(context);
    this.drawVector(context, arrived < 1 ? position : position + 1);
    this.frame(context, this.tileBox(position));
    this.frameColumn(context, position);
    if (arrived < 1) this.drawFlight(context, position, arrived);
    this.write(position);
  }

  /** @param {CanvasRenderingContext2D} context */
  drawSheet(context) {
    context.strokeStyle = cssColour(this.colours.border);
    context.lineWidth = 1;
    this.means.forEach((_mean, number) => {
      const { x, y, width, height } = this.tileBox(number);
      // Large pixels stay squares; small ones are smoothed, or their sizes would differ.
      context.imageSmoothingEnabled = width < 2 * this.data.shownSide;
      context.drawImage(this.tiles[number].coarser[0], x, y, width, height);
      context.strokeRect(x, y, width, height);
    });
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} filled how many means are there
   */
  drawVector(context, filled) {
    const { texts } = this.data;
    context.font = this.font;
    context.textBaseline = "middle";
    this.means.forEach((mean, number) => {
      const column = this.column(number);
      const bar = this.barBox(number);
      context.strokeStyle = cssColour(this.colours.border);
      context.setLineDash(number < filled ? [] : [3, 3]);
      context.lineWidth = 1;
      context.strokeRect(bar.x, column.top, bar.width, column.bottom - column.top);
      context.setLineDash([]);
      context.textAlign = "center";
      context.fillStyle = cssColour(this.colours.text);
      context.fillText(String(ordinal(number)), column.x + column.width / 2, column.map);
      if (number >= filled) return;
      context.fillText(this.hundredths(mean), column.x + column.width / 2, column.mean);
      context.fillStyle = this.tiles[number].colour;
      context.fillRect(bar.x, bar.y, bar.width, bar.height);
      context.strokeStyle = cssColour(this.colours.text);
      context.strokeRect(bar.x, bar.y, bar.width, bar.height);
    });
    if (!this.words) return;
    context.textAlign = "left";
    context.fillStyle = cssColour(this.colours.text);
    const { mean, map } = this.column(0);
    context.fillText(texts["row-mean"], this.vectorBox.x, mean);
    context.fillText(texts["row-map"], this.vectorBox.x, map);
  }

  /**
   * Draw the map on its way: first averaged where it lies, in ever larger squares, then flying as one colour.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {number} number of the map
   * @param {number} arrived
   */
  drawFlight(context, number, arrived) {
    const tile = this.tileBox(number);
    const bar = this.barBox(number);
    const averaging = Math.min(arrived / AVERAGING, 1);
    const flying = eased(Math.max((arrived - AVERAGING) / (1 - AVERAGING), 0));
    const swell = 1 + 0.5 * eased(averaging) * (1 - flying);
    const width = between(tile.width, bar.width, flying) * swell;
    const height = between(tile.height, bar.height, flying) * swell;
    const centre = {
      x: between(tile.x + tile.width / 2, bar.x + bar.width / 2, flying),
      y: between(tile.y + tile.height / 2, bar.y + bar.height / 2, flying),
    };
    // At the edge of the sheet it grows inwards, away from the controls above.
    const start = Math.max(centre.x - width / 2, this.sheetBox.x);
    const box = {
      x: between(Math.min(start, this.sheetBox.x + this.sheetBox.width - width), centre.x - width / 2, flying),
      y: Math.max(centre.y - height / 2, this.sheetBox.y),
      width,
      height,
    };
    const steps = this.mosaics(number);
    const step = Math.floor(averaging * (steps.length + 0.999));
    if (step < steps.length) {
      context.imageSmoothingEnabled = false;
      context.drawImage(steps[step], box.x, box.y, width, height);
    } else {
      context.fillStyle = this.tiles[number].colour;
      context.fillRect(box.x, box.y, width, height);
    }
    this.frame(context, box);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} number of the map
   */
  frameColumn(context, number) {
    const { x, width, top, bottom } = this.column(number);
    this.frame(context, { x: x + width * 0.14, y: top, width: width * 0.72, height: bottom - top });
  }

  /**
   * Frame in the window's colour, edged in black, so that it is seen on light and on dark.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Box} box
   */
  frame(context, { x, y, width, height }) {
    context.strokeStyle = "#000";
    context.lineWidth = 6;
    context.strokeRect(x, y, width, height);
    context.strokeStyle = cssColour(this.colours.window);
    context.lineWidth = 3;
    context.strokeRect(x, y, width, height);
  }

  // ---- words ----

  /** @param {number} mean */
  hundredths(mean) {
    return writeUnits(Math.round(mean * 100), 2);
  }

  /** @param {number} position */
  write(position) {
    if (this.written === position) return;
    this.written = position;
    const { texts, count } = this.data;
    const mean = this.means[position];
    /** @type {(map: number, value: number) => string} */
    const reached = (map, value) =>
      fillIn(texts.reached, { map: ordinal(map), mean: writeUnits(Math.round(value * 1000), 3) });
    this.parts.sentence.textContent = fillIn(texts.sentence, { map: ordinal(position), count });
    this.parts.number.textContent = writeUnits(Math.round(mean * 1000), 3);
    this.parts.number.dataset.value = mean;
    // The mean of numbers that are never negative is 0 only where all of them are.
    this.parts.silent.textContent = mean === 0 ? texts.silent : "";
    this.player.parts.position.setAttribute("aria-valuetext", reached(position, mean));
    const means = Array.from(this.means.subarray(0, position + 1), (value, map) => reached(map, value));
    this.parts.reached.textContent = means.join(", ");
  }

  showHead() {
    const { comparison, texts } = this.data;
    for (const name of HEADS) {
      const { formula, parameters, share } = comparison[name];
      this.parts[`${name}-formula`].textContent = `${formula} =`;
      this.parts[`${name}-parameters`].textContent = parameters.toLocaleString("en");
      this.parts[`${name}-parameters`].dataset.value = parameters;
      this.parts[`${name}-bar`].style.width = `${share * 100}%`;
    }
    this.parts.times.textContent = fillIn(texts.times, { times: comparison.times });
    this.parts.scale.textContent = comparison.thin ? `${texts.scale} ${texts.thin}` : texts.scale;
  }
}

export default mount(GlobalPoolingView);
