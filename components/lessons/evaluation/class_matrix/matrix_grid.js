// A confusion matrix as a grid of cells: pointed at, walked through with the keys, opened. It counts nothing itself.

import { remSize } from "../../../browser/canvas.js";
import { paint, readColours } from "../../../browser/colours.js";
import { make, write } from "../../../browser/dom.js";
import { fillIn } from "../../../browser/numbers.js";
import { inRows, sharesOf, writeShare } from "./shares.js";

/** @import { Colours } from "../../../browser/colours.js" */

/**
 * @typedef {object} Matrix what the grid shows
 * @property {string[]} classes their names
 * @property {number[]} counts (classes, classes), row by row
 * @property {string} show "counts", "row", "column" or "all"
 * @property {number | null} open the open cell
 * @property {number | null} starred a column with a star
 * @property {string} label of the whole grid
 * @property {Record<string, any>} texts TEXTS in Python
 */

export const SMALL_FROM = 13; // classes from which on cells are smaller than a finger, and their numbers may not fit

export class MatrixGrid {
  /** @type {Matrix} */ data;
  /** @type {number} */ size;
  /** @type {Colours} */ colours;
  /** @type {Record<string, (number | null)[]>} */ shares;
  /** @type {number[]} */ rowTotals;
  /** @type {HTMLElement} */ grid;
  /** @type {{columns: HTMLElement[], rows: HTMLElement[]}} */ heads;
  /** @type {HTMLElement[]} */ cells;

  /** @type {number | null} the cell that the tab key reaches */
  reached = null;

  /** @type {number | null} */
  pointed = null;

  /**
   * @param {Element} parent the grid is put at its end
   * @param {object} told
   * @param {(cell: number | null) => void} told.onPoint a cell is pointed at or has the focus; null: none is any more
   * @param {(cell: number, byKey: boolean) => void} [told.onOpen] a cell was pressed
   */
  constructor(parent, { onPoint, onOpen }) {
    this.told = { onPoint, onOpen };
    this.box = make("div");
    this.box.className = "grid-box";
    parent.append(this.box);
    this.listen();
    this.box.addEventListener("scroll", () => this.tellOfMore(), { passive: true });
    new ResizeObserver(() => this.layOut()).observe(this.box);
  }

  /** @param {Matrix} data */
  load(data) {
    const before = this.data;
    this.data = data;
    this.size = data.classes.length;
    const same = before && before.counts.join() === data.counts.join();
    if (!same) this.computeShares();
    if (!before || before.classes.join("\n") !== data.classes.join("\n")) this.build();
    this.grid.setAttribute("aria-label", data.label);
    this.colours = readColours(this.box);
    this.fill();
    this.layOut();
  }

  computeShares() {
    this.shares = sharesOf(this.data.counts, this.size);
    this.rowTotals = inRows(this.data.counts, this.size).map((row) => row.reduce((sum, count) => sum + count, 0));
  }

  /**
   * Write a cell's share: "12.3 %", or a dash where all counts are 0.
   *
   * @param {string} mode "row", "column" or "all"
   * @param {number} cell
   */
  percent(mode, cell) {
    return writeShare(this.shares[mode][cell]);
  }

  build() {
    /** @type {(tag: "div" | "span", role: string, textContent?: string) => HTMLElement} */
    const part = (tag, role, textContent = "") => make(tag, { aria: { role }, textContent });
    const { classes, texts } = this.data;
    this.grid = part("div", "grid");
    this.grid.className = "grid";
    const head = part("div", "row");
    const corner = part("span", "columnheader");
    corner.className = "corner";
    corner.append(...texts.corner.map((/** @type {string} */ words) => make("span", { textContent: words })));
    this.heads = { columns: classes.map((name) => part("span", "columnheader", name)), rows: [] };
    this.heads.columns.forEach((one, column) => {
      one.className = "column-head";
      one.title = classes[column];
    });
    head.append(corner, ...this.heads.columns);
    this.grid.append(head);
    this.cells = [];
    classes.forEach((name, row) => {
      const line = part("div", "row");
      const title = part("span", "rowheader", name);
      title.className = "row-head";
      title.title = name;
      this.heads.rows.push(title);
      line.append(title);
      classes.forEach((_, column) => {
        const cell = part("div", "gridcell");
        cell.className = row === column ? "cell right" : "cell";
        cell.dataset.cell = String(this.cells.length);
        cell.tabIndex = -1;
        this.cells.push(cell);
        line.append(cell);
      });
      this.grid.append(line);
    });
    this.box.replaceChildren(this.grid);
    this.reached = null;
    this.reach(0);
  }

  /** Write names for screen readers, and colour the cells: the larger a cell's share of its row, the stronger. */
  fill() {
    const { data, size, colours } = this;
    const { classes, counts, texts, starred, open } = data;
    this.cells.forEach((cell, place) => {
      const [row, column] = [Math.floor(place / size), place % size];
      const right = row === column;
      const share = this.rowTotals[row] ? counts[place] / this.rowTotals[row] : 0;
      const full = right ? colours.positive : colours.negative;
      // The square root: on a linear scale, nobody would see one in a hundred.
      const strength = share ? 0.08 + 0.77 * Math.sqrt(share) : 0;
      paint(
        cell,
        colours.ground.map((from, part) => Math.round(from + (full[part] - from) * strength)),
      );
      const photos =
        counts[place] === 1 ? texts.photo : fillIn(texts.photos, { number: counts[place].toLocaleString("en") });
      const words = { true: classes[row], predicted: classes[column], photos, row: this.percent("row", place) };
      cell.setAttribute("aria-label", fillIn(right ? texts["cell-right"] : texts.cell, words));
      if (this.told.onOpen) cell.setAttribute("aria-selected", String(place === open));
    });
    this.heads.columns.forEach((head, column) => {
      const text = column === starred ? `★ ${classes[column]}` : classes[column];
      write(head, text);
      head.classList.toggle("starred", column === starred);
    });
  }

  texts() {
    const { show, counts } = this.data;
    if (show === "counts") return counts.map((count) => count.toLocaleString("en"));
    return counts.map((_, cell) => this.percent(show, cell).replace("\u00a0%", ""));
  }

  /** Make the cells as large as there is room, and show numbers and names where they can be read. */
  layOut() {
    if (!this.grid || !this.box.clientWidth) return;
    const rem = remSize();
    const { size, data } = this;
    const width = this.box.clientWidth / rem - 0.5;
    const longest = Math.max(...data.classes.map((name) => name.length)) * 0.56 + 0.8;
    const small = size >= SMALL_FROM;
    const head = Math.min(Math.max(longest, 3.6), width * 0.34, 11);
    const room = (width - head) / size;
    const tall = (innerHeight / rem) * 0.8;
    const least = small ? 0.5 : 2.75;
    const side = Math.max(least, Math.min(room, small ? tall / size : 1.6 + 22 / size));
    const named = side >= 1.25;
    const wide = named ? side : Math.max(least, Math.min((width - 0.5) / size, tall / size));
    const writings = this.texts();
    const fits = Math.max(...writings.map((text) => text.length)) * 0.58 + 0.3 <= wide;
    const { style } = this.grid;
    style.setProperty("--cell", `${wide}rem`);
    style.setProperty("--high", `${small ? wide : Math.min(wide, size < 5 ? 4 : 2.75)}rem`);
    style.setProperty("--head", named ? `${head}rem` : "0rem");
    this.grid.classList.toggle("nameless", !named);
    this.grid.classList.toggle("upright", longest > wide + (data.starred === null ? 0 : -1));
    this.grid.classList.toggle("fine", wide < 1);
    this.cells.forEach((cell, place) => {
      write(cell, fits ? writings[place] : "");
    });
    this.tellOfMore();
  }

  /** Let the right edge fade out while there are columns beyond it. */
  tellOfMore() {
    const { scrollLeft, scrollWidth, clientWidth } = this.box;
    this.box.classList.toggle("more", scrollLeft + clientWidth < scrollWidth - 2);
  }

  // Pointing, walking, opening ----------------------------------------------------------------------------------------

  listen() {
    const { box } = this;
    const cellOf = (/** @type {Event} */ { target }) =>
      target instanceof HTMLElement && target.dataset.cell !== undefined ? Number(target.dataset.cell) : null;
    box.onpointerover = (event) => this.point(cellOf(event));
    box.onpointerleave = () => this.point(null);
    box.addEventListener("focusin", (event) => {
      const cell = cellOf(event);
      if (cell === null) return;
      this.reach(cell);
      this.point(cell);
    });
    box.addEventListener("focusout", () => this.point(null));
    box.onclick = (event) => {
      const cell = cellOf(event);
      if (cell === null) return;
      this.cells[cell].focus();
      this.told.onOpen?.(cell, false);
    };
    box.onkeydown = (event) => {
      const cell = cellOf(event);
      if (cell === null || event.altKey || event.metaKey) return;
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        this.told.onOpen?.(cell, true);
        return;
      }
      const goal = this.goal(event, cell);
      if (goal === null) return;
      event.preventDefault();
      event.stopPropagation();
      this.focus(goal);
    };
  }

  /**
   * Return the cell to which a key leads, or null where it leads nowhere.
   *
   * @param {KeyboardEvent} event
   * @param {number} cell
   */
  goal({ key, ctrlKey }, cell) {
    const { size } = this;
    const [row, column] = [Math.floor(cell / size), cell % size];
    /** @type {(toRow: number, toColumn: number) => number} */
    const at = (toRow, toColumn) => {
      const inside = (/** @type {number} */ value) => Math.min(Math.max(value, 0), size - 1);
      return inside(toRow) * size + inside(toColumn);
    };
    switch (key) {
      case "ArrowLeft":
        return at(row, column - 1);
      case "ArrowRight":
        return at(row, column + 1);
      case "ArrowUp":
        return at(row - 1, column);
      case "ArrowDown":
        return at(row + 1, column);
      case "Home":
        return at(ctrlKey ? 0 : row, 0);
      case "End":
        return at(ctrlKey ? size : row, size);
      case "PageUp":
        return at(0, column);
      case "PageDown":
        return at(size, column);
      default:
        return null;
    }
  }

  /**
   * Let the tab key reach this cell.
   *
   * @param {number} cell
   */
  reach(cell) {
    if (this.reached !== null) this.cells[this.reached].tabIndex = -1;
    this.reached = cell;
    this.cells[cell].tabIndex = 0;
  }

  /** @param {number} cell */
  focus(cell) {
    this.reach(cell);
    this.cells[cell].focus();
  }

  /** @param {number | null} cell */
  point(cell) {
    if (cell === this.pointed) return;
    this.pointed = cell;
    this.mark(cell);
    this.told.onPoint(cell);
  }

  /**
   * Mark a cell's row and column.
   *
   * @param {number | null} cell
   */
  mark(cell) {
    for (const head of this.box.querySelectorAll(".pointed")) head.classList.remove("pointed");
    if (cell === null) return;
    this.heads.rows[Math.floor(cell / this.size)].classList.add("pointed");
    this.heads.columns[cell % this.size].classList.add("pointed");
    this.cells[cell].classList.add("pointed");
  }
}
