// The overview: every column of the network with its maps, real numbers of the photo, and the edges between them.

import { remSize } from "../../../browser/canvas.js";
import { cssColour } from "../../../browser/colours.js";
import { make } from "../../../browser/dom.js";
import { drawEdges } from "./edges.js";
import { makeAnswer, makeHeads } from "./heads.js";
import { PAIR_GAP, layOut, mapAfter, mapAt } from "./layout.js";
import { PaintedMaps } from "./painted_maps.js";
import { Plates } from "./plates.js";
import { drawPointed } from "./pointing.js";
import { fadeEdges, snapped, topOf } from "./scrolling.js";
import { columnsOf, outlineOf } from "./sheet.js";
import { runWave } from "./wave.js";

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

/** @typedef {{scale: string, colours: Colours, texts: Record<string, string>, photo: string}} Look `photo`: a URL */

const BELOW = 2.6; // rem: a line below the picture that is seen with it
const LOWEST = 24; // rem: a picture is not made lower than this for a screen that is

export class Overview {
  /** @type {Sheet | null} what is shown; null for an outline */
  sheet = null;

  /** @type {Column[]} */
  columns = [];

  /** @type {Colours} */
  colours;

  /** @type {Record<string, string>} */
  texts;

  /** @type {Layout} */
  layout;

  /** @type {PaintedMaps | null} */
  painted = null;

  /** The page's rem in CSS pixels. */
  rem = 0;

  /** @type {Spot | null} the map that is pointed at */
  pointed = null;

  /** @type {Spot | null} the map that the keys have reached */
  focused = null;

  /** Whether the picture has the focus by a key. */
  keyed = false;

  /** Whether the photo is running through. */
  running = false;

  /** Ends the run. */
  endRun = () => {};

  /**
   * @param {HTMLElement} parent
   * @param {Acts} does
   */
  constructor(parent, does) {
    this.does = does;
    this.plates = new Plates();
    this.base = make("canvas");
    this.top = make("canvas", { tabIndex: 0 });
    this.photo = make("img", { className: "photo", alt: "" });
    this.heads = make("div");
    this.folds = make("div");
    this.answer = make("div", { className: "answer" });
    this.box = make("div", { className: "overview" }, this.base, this.photo, this.top, this.heads, this.folds);
    this.scroller = make("div", { className: "scroller" }, this.box, this.answer);
    parent.append(this.scroller);
    this.scroller.onscroll = () => {
      fadeEdges(this.scroller);
      if (!this.keyed) this.point(null); // the pointer is on another map now
    };
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
    this.observer = new ResizeObserver(() => this.columns.length && this.draw());
    this.observer.observe(this.scroller);
    this.unsnap = () => {};
  }

  leave() {
    this.endRun();
    this.observer.disconnect();
    this.unsnap();
  }

  /**
   * Take the columns of a network and its maps.
   *
   * @param {Sheet} sheet
   * @param {Look} look whose largest number gets the full colour (`scale`): "map", "layer" or "all"
   */
  load(sheet, look) {
    const { scale, colours } = look;
    const other = sheet !== this.sheet;
    const came = this.sheet?.subject !== sheet.subject;
    if (other) {
      this.endRun();
      this.sheet = sheet;
      this.columns = columnsOf(sheet);
      this.box.dataset.maps = String(this.columns.reduce((count, { shown }) => count + shown.length, 0));
      this.focused = null;
      this.point(null);
    }
    const painted = this.painted;
    if (other || painted?.scale !== scale || painted.colours !== colours)
      this.painted = new PaintedMaps(sheet, scale, colours);
    this.take(look);
    if (came) {
      this.showAnswer(false);
      requestAnimationFrame(() => this.showAnswer(!this.running));
    }
  }

  /**
   * Show the photo and the outline of a network whose maps have not come yet.
   *
   * @param {Look & {known: boolean, rows: number}} look `known`: whether its columns are those that were shown
   */
  outline(look) {
    this.endRun();
    this.columns = outlineOf(look.known ? this.columns : [], look.rows);
    this.sheet = null;
    this.painted = null;
    this.focused = null;
    this.point(null);
    this.take(look);
  }

  /** @param {Look} look */
  take({ colours, texts, photo }) {
    Object.assign(this, { colours, texts });
    if (this.photo.src !== photo) this.photo.src = photo;
    this.photo.hidden = !photo;
    this.draw();
  }

  // What is drawn -------------------------------------------------------------------------------------------------------

  draw() {
    const width = this.scroller.clientWidth;
    if (!width) return;
    this.endRun();
    const rem = (this.rem = remSize());
    const height = Math.max(innerHeight - topOf(this.scroller) - BELOW * rem, LOWEST * rem);
    this.layout = layOut(this.columns, { width, height, rem, pairs: Boolean(this.sheet?.beside) });
    this.scroller.classList.toggle("upright", this.layout.upright);
    this.unsnap();
    this.unsnap = this.layout.upright ? snapped(this.scroller) : () => {};
    this.box.style.width = `${this.layout.width}px`;
    this.box.style.height = `${this.layout.height}px`;
    for (const canvas of [this.base, this.top]) this.plates.size(canvas, this.layout);
    this.drawHeads();
    this.drawPhoto();
    this.drawAnswer();
    this.drawBase();
    this.drawTop();
    fadeEdges(this.scroller);
  }

  /**
   * Return a canvas's pen, in CSS pixels, after it was wiped.
   *
   * @param {HTMLCanvasElement} canvas
   */
  context(canvas) {
    return this.plates.wiped(canvas);
  }

  /** @param {number} [last] column that is drawn; all without it */
  drawBase(last = this.columns.length - 1) {
    this.context(this.base);
    // All edges first: those that pass by a column run behind its maps.
    for (let number = 0; number <= last; number += 1) this.drawEdges(this.base, number);
    const context = this.plates.pen(this.base);
    for (let number = 0; number <= last; number += 1) this.drawMaps(context, number);
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {number} number
   */
  drawColumn(canvas, number) {
    this.drawEdges(canvas, number);
    this.drawMaps(this.plates.pen(canvas), number);
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {number} number
   */
  drawEdges(canvas, number) {
    drawEdges(this.plates.pen(canvas), this.columns, this.layout, number, cssColour(this.colours.text, 0.16));
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} number of the column
   * @param {number} [opacity]
   */
  drawMaps(context, number, opacity = 1) {
    const column = this.columns[number];
    const { side, rows } = this.layout.places[number];
    if (column.answer || column.picture) return;
    context.globalAlpha = opacity;
    for (const [row, at] of rows.entries()) {
      for (const [twin, numbers] of (column.beside ? [column, column.beside] : [column]).entries()) {
        const x = at.x + twin * (side + PAIR_GAP);
        if (column.empty || !this.painted) {
          context.fillStyle = cssColour(this.colours.text, 0.07);
          context.fillRect(x, at.y, side, side);
          continue;
        }
        context.drawImage(this.painted.picture(`${number} ${row} ${twin}`, column, numbers, row), x, at.y, side, side);
        context.strokeStyle = cssColour(this.colours.text, 0.4);
        context.lineWidth = 1;
        context.strokeRect(x + 0.5, at.y + 0.5, side - 1, side - 1);
      }
    }
    context.globalAlpha = 1;
  }

  drawTop() {
    if (!this.layout || this.running) return;
    const context = this.context(this.top);
    if (this.pointed && this.sheet) drawPointed(context, { ...this, sheet: this.sheet }, this.pointed);
  }

  drawHeads() {
    const { heads, feet } = makeHeads(this.columns, this.layout, this.texts, this.does);
    this.heads.replaceChildren(...heads);
    this.folds.replaceChildren(...feet);
    this.top.setAttribute("aria-label", this.texts.picture);
    this.top.setAttribute("role", "application");
  }

  drawPhoto() {
    const place = this.layout.places[this.columns.findIndex(({ picture }) => picture)];
    this.photo.style.cssText = `left: ${place.x}px; top: ${place.y}px; width: ${place.side}px; height: ${place.side}px`;
  }

  drawAnswer() {
    const place = this.layout.places[this.columns.findIndex(({ answer }) => answer)];
    const sheet = this.sheet;
    this.answer.hidden = !place || !sheet;
    if (!place || !sheet) return;
    const second = sheet.beside
      ? [make("p", { className: "beside", textContent: sheet.beside.title }), ...makeAnswer(sheet.beside.top)]
      : [];
    this.answer.replaceChildren(...makeAnswer(sheet.top), ...second);
    this.answer.style.cssText = this.layout.upright
      ? ""
      : `left: ${place.x}px; width: ${place.wide}px; top: ${place.y}px; height: ${place.tall}px`;
  }

  /**
   * Let the answer appear, and its bars grow; or take it away.
   *
   * @param {boolean} shown
   */
  showAnswer(shown) {
    this.answer.classList.toggle("coming", !shown);
  }

  // What the visitor does -----------------------------------------------------------------------------------------------

  /** @param {Spot} spot */
  open({ column, row }) {
    const { layer, shown, picture, answer, empty } = this.columns[column];
    if (empty || answer || this.running) return;
    this.does.open(layer, picture ? -1 : shown[row]);
  }

  /**
   * Return where a map stands in the overview; null where it is not shown.
   *
   * @param {string} layer
   * @param {number} map
   * @returns {Spot | null}
   */
  spotOf(layer, map) {
    const column = this.columns.findIndex((one) => one.layer === layer && !one.picture && !one.answer);
    const row = this.columns[column]?.shown.indexOf(map) ?? -1;
    return row < 0 ? null : { column, row };
  }

  /**
   * Return the picture of a map that is shown, and where it stands on the screen; null where it is not shown.
   *
   * @param {string} layer
   * @param {number} map
   */
  thumbnail(layer, map) {
    const at = this.spotOf(layer, map);
    if (!at || !this.painted || !this.layout) return null;
    const column = this.columns[at.column];
    const { rows, side } = this.layout.places[at.column];
    const { left, top } = this.box.getBoundingClientRect();
    const box = new DOMRect(left + rows[at.row].x, top + rows[at.row].y, side, side);
    return { picture: this.painted.picture(`${at.column} ${at.row} 0`, column, column, at.row), box };
  }

  /**
   * Give the keys a map to go on from.
   *
   * @param {Spot | null} at
   */
  focus(at) {
    if (at) this.focused = at;
    this.top.focus({ preventScroll: true });
    if (at) this.bring(at.column);
  }

  /** @param {Spot | null} at */
  point(at) {
    const same = at?.column === this.pointed?.column && at?.row === this.pointed?.row;
    const still = same && at?.x === this.pointed?.x && at?.y === this.pointed?.y;
    this.pointed = at;
    if (at && this.keyed) this.focused = at;
    if (still) return;
    this.drawTop();
    if (same) return;
    const column = at && this.columns[at.column];
    const told = column && !column.answer && !column.empty;
    this.does.point(told ? { ...column, channel: column.shown[at.row], row: at.row } : null);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.focused ?? { column: 0, row: 0 };
    const to = mapAfter(this.columns, this.layout, at, event.key);
    if (to) {
      this.keyed = true;
      this.focused = to;
      this.point(to);
      this.bring(to.column);
    } else if (event.key === "Enter" || event.key === " ") this.open(at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * Scroll to a column.
   *
   * @param {number} column
   */
  bring(column) {
    const place = this.layout.places[column];
    if (!place) return;
    if (this.layout.upright) {
      this.heads.children[column]?.scrollIntoView({ block: "nearest", behavior: this.running ? "smooth" : "auto" });
      return;
    }
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
    this.endRun();
    this.endRun = runWave(this, done);
  }
}
