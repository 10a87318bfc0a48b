// The photos of the cells: both kinds of mistakes always, and photos that are named right when their cell is chosen.

import { makePhotoStrip } from "../../../photo/photo_strip/photo_strip.js";
import { CELL_NAMES } from "./board_parts.js";
import { writeScore } from "./writing.js";

/** @import { PhotoStrip } from "../../../photo/photo_strip/photo_strip.js" */
/** @import { PhotoSupply, PhotoUrls } from "../../../photo/photo_strip/photo_supply.js" */
/** @import { Cell, Counts, ThresholdFigures } from "./figures.js" */

/** @typedef {"fp" | "fn" | "right"} StripName */

/** @type {(name: string) => name is "fp" | "fn"} */
const isError = (name) => name === "fp" || name === "fn";

const AHEAD = 12; // photos of every cell that are fetched before anybody presses it

export class CellStrips {
  /**
   * @param {Element} parent
   * @param {Record<string, string>} texts of a strip
   * @param {PhotoSupply} supply
   * @param {object} on
   * @param {(photo: number) => void} on.open a photo is pressed
   * @param {(cell: Cell | "") => void} on.leave Escape is pressed
   */
  constructor(parent, texts, supply, { open, leave }) {
    this.supply = supply;
    /** @type {Cell | ""} */
    this.chosen = "";
    /** @type {(name: StripName, rows: number) => PhotoStrip} */
    const strip = (name, rows) =>
      makePhotoStrip(parent, { texts, rows, onWant: (ids) => supply.wish(name, ids), onOpen: open });
    /** @type {Map<StripName, PhotoStrip>} */
    this.strips = new Map([
      ["fp", strip("fp", 1)],
      ["fn", strip("fn", 1)],
      ["right", strip("right", 2)],
    ]);
    for (const [name, { element }] of this.strips) {
      element.onkeydown = (event) => {
        if (event.key === "Escape") leave(this.cellOf(name));
      };
    }
  }

  /**
   * Return the cell whose photos a strip shows, "" for none.
   *
   * @param {StripName} name
   * @returns {Cell | ""}
   */
  cellOf(name) {
    if (name !== "right") return name;
    return isError(this.chosen) ? "" : this.chosen;
  }

  /**
   * Return the strip that shows a cell's photos.
   *
   * @param {Cell} cell
   */
  of(cell) {
    return this.strips.get(isError(cell) ? cell : "right");
  }

  /** @param {PhotoUrls} urls */
  give(urls) {
    for (const strip of this.strips.values()) strip.give(urls);
  }

  forget() {
    for (const strip of this.strips.values()) strip.forget();
  }

  /**
   * @param {ThresholdFigures} figures
   * @param {Counts} counts
   * @param {{chosen: Cell | "", photo: number}} scene the chosen cell, "" for none, and the photo that is open, or -1
   * @param {(cell: Cell) => boolean} covered
   * @param {(cell: Cell) => string} title
   */
  show(figures, counts, { chosen, photo }, covered, title) {
    this.chosen = chosen;
    for (const [name, strip] of this.strips) {
      const cell = this.cellOf(name);
      const hidden = !cell || covered(cell);
      strip.element.hidden = hidden;
      strip.element.dataset.chosen = String(cell !== "" && chosen === cell);
      if (hidden) continue;
      strip.show({
        title: title(cell),
        ids: figures.photosIn(cell, counts),
        captions: (id) => writeScore(figures.all[id]),
        current: photo >= 0 ? photo : null,
      });
    }
    const first = (/** @type {Cell} */ cell) => Array.from(figures.photosIn(cell, counts).subarray(0, AHEAD));
    this.supply.wishAhead(CELL_NAMES.flatMap(first));
  }
}
