// The overview's maps as small pictures, each painted once.

import { make } from "../../../browser/dom.js";
import { paintMap, reach } from "../../../networks/paint.js";

/** @import { Colours } from "../../../browser/colours.js" */
/** @import { Column, Pictures, Sheet } from "./sheet.js" */

export class PaintedMaps {
  /** @type {Map<string, HTMLCanvasElement>} */
  canvases = new Map();

  /**
   * @param {Sheet} sheet
   * @param {string} scale whose largest number gets the full colour: "map", "layer" or "all"
   * @param {Colours} colours
   */
  constructor(sheet, scale, colours) {
    this.sheet = sheet;
    this.scale = scale;
    this.colours = colours;
  }

  /**
   * Return the largest |number| that gets the full colour in a map.
   *
   * @param {Column} column
   * @param {Pictures} numbers the column's, or those that stand beside them
   * @param {number} row
   */
  scaleOf(column, numbers, row) {
    if (column.picture) return 255;
    // Maps side by side are compared, so a layer has one scale in both networks.
    const layer = Math.max(column.reach, column.beside?.reach ?? 0);
    // A single number shows no shape: the numbers of a vector are always compared with each other.
    if (column.width * column.height === 1 && this.scale === "map") return layer;
    if (this.scale === "map") return reach(numbers.low[row], numbers.high[row]);
    return this.scale === "layer" ? layer : this.sheet.reach;
  }

  /**
   * Return the picture of a map.
   *
   * @param {string} key of its own
   * @param {Column} column
   * @param {Pictures} numbers the column's, or those that stand beside them
   * @param {number} row
   */
  picture(key, column, numbers, row) {
    const known = this.canvases.get(key);
    if (known) return known;
    const { width, height } = numbers;
    const steps = numbers.steps.subarray(row * width * height, (row + 1) * width * height);
    const [low, high, scale] = [numbers.low[row], numbers.high[row], this.scaleOf(column, numbers, row)];
    const about = { width, height, low, high, scale, grey: column.picture };
    const canvas = paintMap(make("canvas"), steps, about, this.colours);
    this.canvases.set(key, canvas);
    return canvas;
  }
}
