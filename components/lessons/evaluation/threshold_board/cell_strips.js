// The photos of the cells: both kinds of mistakes always, and photos that are named right when their cell is chosen.

import { makePhotoStrip } from "../../../photo/photo_strip/photo_strip.js";
import { CELL_NAMES } from "./board_parts.js";
import { writeScore } from "./drawing.js";

export const ERROR_CELLS = ["fp", "fn"];
const AHEAD = 12; // photos of every cell that are fetched before anybody presses it

export class CellStrips {
  /**
   * @param {Element} parent
   * @param {object} texts of a strip
   * @param {ReturnType<typeof import("../../../photo/photo_strip/photo_supply.js").photoSupply>} supply
   * @param {{open: (photo: number) => void, leave: (cell: string) => void}} on a photo is pressed; Escape is
   */
  constructor(parent, texts, supply, { open, leave }) {
    this.supply = supply;
    this.chosen = "";
    const strip = (name, rows) =>
      makePhotoStrip(parent, { texts, rows, onWant: (ids) => supply.wish(name, ids), onOpen: open });
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

  cellOf(name) {
    if (name !== "right") return name;
    return ERROR_CELLS.includes(this.chosen) ? "" : this.chosen;
  }

  /** The strip that shows a cell's photos. */
  of(cell) {
    return this.strips.get(ERROR_CELLS.includes(cell) ? cell : "right");
  }

  give(urls) {
    for (const strip of this.strips.values()) strip.give(urls);
  }

  forget() {
    for (const strip of this.strips.values()) strip.forget();
  }

  /**
   * @param {import("./figures.js").ThresholdFigures} figures
   * @param {object} counts of the four cells
   * @param {{chosen: string, photo: number}} scene the chosen cell, "" for none, and the photo that is open, or -1
   * @param {(cell: string) => boolean} covered
   * @param {(cell: string) => string} title
   */
  show(figures, counts, { chosen, photo }, covered, title) {
    this.chosen = chosen;
    for (const [name, strip] of this.strips) {
      const cell = this.cellOf(name);
      strip.element.hidden = !cell || covered(cell);
      strip.element.dataset.chosen = String(cell !== "" && chosen === cell);
      if (strip.element.hidden) continue;
      strip.show({
        title: title(cell),
        ids: figures.photosIn(cell, counts),
        captions: (id) => writeScore(figures.all[id]),
        current: photo >= 0 ? photo : null,
      });
    }
    const first = (cell) => Array.from(figures.photosIn(cell, counts).subarray(0, AHEAD));
    this.supply.wishAhead(CELL_NAMES.flatMap(first));
  }
}
