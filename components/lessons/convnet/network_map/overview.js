// The overview: every column of the network with its maps, real numbers of the photo, and the edges between them.

import { remSize, sharpen, wiped } from "../../../browser/canvas.js";
import { cssColour } from "../../../browser/colours.js";
import { make } from "../../../browser/dom.js";
import { addEdge, drawEdges, edgesInto } from "./edges.js";
import { makeAnswer, makeFold, makeHead } from "./heads.js";
import { PAIR_GAP, layOut, mapAt } from "./layout.js";
import { PaintedMaps } from "./painted_maps.js";
import { columnsOf } from "./sheet.js";

/** @import { Colours } from "../../../browser/colours.js" */
/** @import { Layout, Spot } from "./layout.js" */
/** @import { Column, Sheet } from "./sheet.js" */

/** @typedef {Column & {channel: number, row: number}} Pointed a column, and which of its maps is pointed at */

/**
 * @typedef {object} Acts what a visitor's acts lead to
 * @property {(layer: string, map: number) => void} open a layer with all its maps (−1), or one map
 * @property {(block: string) => void} unfold a block, "" to fold all
 * @property {(at: Pointed | null) => void} point at a map, or at none
 */

const WAVE_MS = 2600;
const AROUND = 19; // rem: what stands above and below the picture on a screen

/** @type {Record<string, [across: number, down: number]>} */
const MOVES = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  Home: [-Infinity, 0],
  End: [Infinity, 0],
};

/**
 * Draw a frame in the accent's colour that is seen on light and on dark.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {{x: number, y: number, width: number, height: number, out: number}} box `out`: how far outside of it
 * @param {string} accent
 */
function frame(context, { x, y, width, height, out }, accent) {
  for (const { style, wide } of [
    { style: "#000", wide: 6 },
    { style: accent, wide: 3 },
  ]) {
    context.strokeStyle = style;
    context.lineWidth = wide;
    context.strokeRect(x - out, y - out, width + 2 * out, height + 2 * out);
  }
}

export class Overview {
  /** @type {Sheet} */
  sheet;

  /** @type {Column[]} */
  columns;

  /** @type {Colours} */
  colours;

  /** @type {Record<string, string>} */
  texts;

  /** @type {Layout} */
  layout;

  /** @type {PaintedMaps} */
  painted;

  /** The page's rem in CSS pixels. */
  rem = 0;

  /** @type {Spot | null} the map that is pointed at */
  pointed = null;

  /** @type {Spot | null} the map that the keys have reached */
  focused = null;

  /** Whether the picture has the focus by a key. */
  keyed = false;

  /** The column that a narrow screen shows. */
  column = 0;

  /** The last column that is shown while the photo runs through. */
  arrived = Infinity;

  /** The animation's next frame. */
  frame = 0;

  /**
   * @param {HTMLElement} parent
   * @param {Acts} does
   */
  constructor(parent, does) {
    this.does = does;
    this.base = make("canvas");
    this.top = make("canvas", { tabIndex: 0 });
    this.heads = make("div");
    this.folds = make("div");
    this.answer = make("div", { className: "answer" });
    this.box = make("div", { className: "overview" }, this.base, this.top, this.heads, this.folds, this.answer);
    this.scroller = make("div", { className: "scroller" }, this.box);
    parent.append(this.scroller);
    this.top.onpointermove = (event) => this.point(mapAt(this.layout, event.offsetX, event.offsetY));
    this.top.onpointerleave = () => this.point(this.keyed ? this.focused : null);
    this.top.onclick = (event) => {
      const at = mapAt(this.layout, event.offsetX, event.offsetY);
      if (at) this.open(at);
    };
    this.top.onkeydown = (event) => this.key(event);
    this.top.onfocus = () => {
      if (!this.top.matches(":focus-visible")) return;
      this.keyed = true;
      this.point(this.focused ?? { column: Math.min(1, this.columns.length - 1), row: 0 });
    };
    this.top.onblur = () => {
      this.keyed = false;
      this.point(null);
    };
    new ResizeObserver(() => this.columns && this.draw()).observe(this.scroller);
  }

  /**
   * Take the columns of a network and its maps.
   *
   * @param {Sheet} sheet
   * @param {string} scale whose largest number gets the full colour: "map", "layer" or "all"
   * @param {Colours} colours
   * @param {Record<string, string>} texts
   */
  load(sheet, scale, colours, texts) {
    const other = sheet !== this.sheet;
    Object.assign(this, { sheet, colours, texts });
    if (other) {
      this.focused = null;
      this.columns = columnsOf(sheet);
      this.column = Math.min(this.column, this.columns.length - 1);
    }
    this.box.dataset.maps = String(
      this.columns.reduce((count, column) => count + (column.answer ? 0 : column.shown.length), 0),
    );
    this.painted = new PaintedMaps(sheet, scale, colours); // sheet, scale or theme may be others than before
    this.draw();
  }

  // What is drawn -------------------------------------------------------------------------------------------------------

  draw() {
    const rem = remSize();
    const width = this.scroller.clientWidth;
    if (!width) return;
    const height = Math.max(innerHeight - AROUND * rem, 24 * rem);
    this.layout = layOut(this.columns, { width, height, rem, pairs: Boolean(this.sheet.beside) }, this.column);
    this.rem = rem;
    this.box.style.width = `${this.layout.width}px`;
    this.box.style.height = `${this.layout.height}px`;
    for (const canvas of [this.base, this.top]) {
      sharpen(canvas, this.layout.width, this.layout.height);
      canvas.style.width = `${this.layout.width}px`;
      canvas.style.height = `${this.layout.height}px`;
    }
    this.drawHeads();
    this.drawAnswer();
    this.drawBase();
    this.drawTop();
  }

  /** @param {HTMLCanvasElement} canvas */
  context(canvas) {
    const context = wiped(canvas);
    context.imageSmoothingEnabled = false;
    return context;
  }

  drawBase() {
    const context = this.context(this.base);
    const { places, single } = this.layout;
    const ink = cssColour(this.colours.text, 0.16);
    if (!single) drawEdges(context, this.columns, this.layout, { ink, arrived: this.arrived });
    for (const [number, column] of this.columns.entries()) {
      const place = places[number];
      if (!place || column.answer || number > this.arrived) continue;
      const { side } = place;
      for (const [row, at] of place.rows.entries()) {
        for (const [twin, numbers] of (column.beside ? [column, column.beside] : [column]).entries()) {
          const x = at.x + twin * (side + PAIR_GAP);
          context.drawImage(
            this.painted.picture(`${number} ${row} ${twin}`, column, numbers, row),
            x,
            at.y,
            side,
            side,
          );
          context.strokeStyle = cssColour(this.colours.text, 0.4);
          context.lineWidth = 1;
          context.strokeRect(x + 0.5, at.y + 0.5, side - 1, side - 1);
        }
      }
    }
  }

  drawTop() {
    const context = this.context(this.top);
    const at = this.pointed;
    const place = at && this.layout.places[at.column];
    if (!place) return;
    const accent = cssColour(this.colours.window);
    if (!this.layout.single) {
      // A dark rim makes the yellow line readable on light and on dark.
      for (const { style, wide } of [
        { style: "#000", wide: 4.5 },
        { style: accent, wide: 2.5 },
      ]) {
        context.lineWidth = wide;
        context.strokeStyle = style;
        context.beginPath();
        for (const number of this.columns.keys()) {
          for (const edge of edgesInto(this.columns, number)) {
            const { from, other, to, row } = edge;
            if ((to === at.column && row === at.row) || (from === at.column && other === at.row))
              addEdge(context, this.columns, this.layout, edge);
          }
        }
        context.stroke();
      }
    }
    if (this.columns[at.column].answer) return;
    const { x, y } = place.rows[at.row];
    frame(context, { x, y, width: place.wide, height: place.side, out: 2 }, accent);
    this.drawField(context, at, accent);
  }

  /**
   * Frame on the photo what the number at the pointed place of a map can have seen.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Spot} at
   * @param {string} accent
   */
  drawField(context, at, accent) {
    const { field, grid, picture } = this.columns[at.column];
    const photo = this.columns.findIndex((column) => column.picture);
    const place = this.layout.places[photo];
    if (picture || !place) return;
    const { side: whole } = this.sheet;
    /** @type {(count: number, share?: number) => [start: number, end: number]} */
    const span = (count, share = 0.5) => {
      if (!field) return [0, 1];
      const number = Math.min(Math.floor(share * count), count - 1);
      const start = field.start + number * field.step;
      return [Math.max(start, 0) / whole, Math.min(start + field.size, whole) / whole];
    };
    const [top, bottom] = span(grid[0], at.y);
    const [left, right] = span(grid[1], at.x);
    for (const { x, y } of place.rows) {
      const box = {
        x: x + left * place.side,
        y: y + top * place.side,
        width: (right - left) * place.side,
        height: (bottom - top) * place.side,
        out: 0,
      };
      frame(context, box, accent);
    }
  }

  drawHeads() {
    const { places, height, head: above } = this.layout;
    const { texts } = this;
    const heads = [];
    const folds = [];
    for (const [number, column] of this.columns.entries()) {
      const place = places[number];
      if (!place) continue;
      const head = makeHead(column, texts);
      head.style.cssText = `left: ${place.left}px; width: ${place.across}px; height: ${above - 0.5 * this.rem}px`;
      head.onclick = () => this.does.open(column.layer, -1);
      heads.push(head);
      if (!column.foldable) continue;
      const fold = makeFold(column, texts);
      const wide = Math.min(place.across - 4, 6 * this.rem);
      fold.style.cssText = `left: ${place.left + (place.across - wide) / 2}px; width: ${wide}px; top: ${height - 2 * this.rem}px`;
      fold.onclick = () => this.does.unfold(column.folded ? column.block : "");
      folds.push(fold);
    }
    this.heads.replaceChildren(...heads);
    this.folds.replaceChildren(...folds);
    this.top.setAttribute("aria-label", texts.picture);
    this.top.setAttribute("role", "application");
  }

  drawAnswer() {
    const number = this.columns.findIndex(({ answer }) => answer);
    const place = this.layout.places[number];
    this.answer.hidden = !place || this.arrived < number;
    if (!place) return;
    const { top, beside } = this.sheet;
    const second = beside
      ? [make("div", { className: "beside", textContent: beside.title }), ...makeAnswer(beside.top)]
      : [];
    this.answer.replaceChildren(...makeAnswer(top), ...second);
    const inset = this.layout.single ? 0 : 4;
    this.answer.style.cssText = `left: ${place.left + 0.8 * this.rem + inset}px; width: ${place.across - inset}px; top: ${place.y}px; height: ${place.tall}px`;
  }

  // What the visitor does -----------------------------------------------------------------------------------------------

  /** @param {Spot} spot */
  open({ column, row }) {
    const { layer, shown, picture, answer } = this.columns[column];
    if (!picture && !answer) this.does.open(layer, shown[row]);
  }

  /** @param {Spot | null} at */
  point(at) {
    const same = at?.column === this.pointed?.column && at?.row === this.pointed?.row;
    const still = same && at?.x === this.pointed?.x && at?.y === this.pointed?.y;
    this.pointed = at;
    if (at && this.keyed) this.focused = at;
    if (still) return;
    if (this.layout) this.drawTop();
    if (same) return;
    const column = at && this.columns[at.column];
    this.does.point(column && !column.answer ? { ...column, channel: column.shown[at.row], row: at.row } : null);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.focused ?? { column: 0, row: 0 };
    if (event.key === "Enter" || event.key === " ") this.open(at);
    else if (event.key in MOVES) {
      const [across, down] = MOVES[event.key];
      const last = this.columns.length - 1;
      const column = Math.min(Math.max(at.column + across, 0), last);
      const rows = this.columns[column].answer ? 1 : this.columns[column].shown.length;
      const to = { column, row: Math.min(Math.max(at.row + down, 0), rows - 1) };
      if (this.layout.single && column !== this.column) this.show(column);
      this.keyed = true;
      this.focused = to;
      this.point(to);
      this.bring(to.column);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * Show a column on a narrow screen.
   *
   * @param {number} column
   */
  show(column) {
    this.column = Math.min(Math.max(column, 0), this.columns.length - 1);
    this.draw();
  }

  /**
   * Scroll to a column.
   *
   * @param {number} column
   */
  bring(column) {
    const place = this.layout.places[column];
    if (!place) return;
    const { scrollLeft, clientWidth } = this.scroller;
    if (place.left < scrollLeft) this.scroller.scrollLeft = place.left;
    else if (place.left + place.across > scrollLeft + clientWidth)
      this.scroller.scrollLeft = place.left + place.across - clientWidth;
  }

  /**
   * Let the photo run through: column after column appears, as the network computes them one after the other.
   *
   * @param {() => void} done
   */
  run(done) {
    cancelAnimationFrame(this.frame);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches || this.layout.single) {
      done();
      return;
    }
    const begin = performance.now();
    /** @param {number} now */
    const tick = (now) => {
      const share = (now - begin) / WAVE_MS;
      this.arrived = share >= 1 ? Infinity : Math.floor(share * this.columns.length);
      this.drawBase();
      this.answer.hidden = this.arrived < this.columns.length - 1;
      if (share < 1) this.frame = requestAnimationFrame(tick);
      else done();
    };
    this.frame = requestAnimationFrame(tick);
  }
}
