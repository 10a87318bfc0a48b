// The overview: every column of the network with its maps, real numbers of the photo, and the edges between them.

import { remSize, sharpen, wiped } from "../../../browser/canvas.js";
import { cssColour } from "../../../browser/colours.js";
import { make } from "../../../browser/dom.js";
import { decodeArray, fillIn } from "../../../browser/numbers.js";
import { curve, drawEdges, edgesInto, entryOf, exitOf } from "./edges.js";
import { PAIR_GAP, layOut, mapAt } from "./layout.js";
import { paintMap, reach } from "../../../networks/paint.js";

/** @import { Colours } from "../../../browser/colours.js" */
/** @import { Scene } from "../../../browser/controls.js" */

const WAVE_MS = 2600;
const AROUND = 19; // rem: what stands above and below the picture on a screen

/** Draw a frame in the accent's colour that is seen on light and on dark. */
function frame(context, { x, y, width, height, out }, accent) {
  for (const [style, wide] of [
    ["#000", 6],
    [accent, 3],
  ]) {
    context.strokeStyle = style;
    context.lineWidth = wide;
    context.strokeRect(x - out, y - out, width + 2 * out, height + 2 * out);
  }
}

export class Overview {
  /** @type {boolean} */ keyed;
  /** @type {Map<any, any>} */ painted;
  /** @type {{ places: object[]; side: number; width: number; height: number; single: boolean; head: number; }} */ layout;
  /** @type {number} */ rem;
  /** @type {any} */ single;
  /** @type {any} */ pointed;
  /** @type {number} */ frame;

  /** @type {any} */ sheet;
  /** @type {any[]} */ columns;
  /** @type {Scene} */ scene;
  /** @type {Colours} */ colours;
  /** @type {Record<string, string>} */ texts;

  /** @param {{open: Function, unfold: Function, point: Function}} does what a visitor's acts lead to */
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
    this.focused = null;
    this.column = 0;
    this.arrived = Infinity;
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

  /** Take the columns of a network and its maps. */
  load(sheet, scene, colours, texts) {
    const other = sheet !== this.sheet;
    Object.assign(this, { sheet, scene, colours, texts, columns: sheet.columns });
    if (other) {
      this.focused = null;
      for (const column of this.columns) {
        column.from ??= column.inputs
          .map((name) => this.columns.findIndex(({ layer }) => layer === name))
          .filter((place) => place >= 0);
        for (const one of [column, column.beside]) if (one) one.steps ??= decodeArray(one.thumbs, Uint8Array);
      }
      this.column = Math.min(this.column, this.columns.length - 1);
    }
    this.box.dataset.maps = String(
      this.columns.reduce((count, column) => count + (column.answer ? 0 : column.shown.length), 0),
    );
    this.painted = new Map(); // of another sheet, scale or theme
    this.draw();
  }

  /** The largest |number| that gets the full colour in a map. */
  scaleOf(column, numbers, row) {
    if (column.picture) return 255;
    // What stands side by side is compared: a layer has one scale in both networks.
    const layer = Math.max(column.reach, column.beside?.reach ?? 0);
    // Alone, a number has no shape to show: the numbers of a vector are always compared with each other.
    if (column.width * column.height === 1 && this.scene.scale === "map") return layer;
    if (this.scene.scale === "map") return reach(numbers.low[row], numbers.high[row]);
    return this.scene.scale === "layer" ? layer : this.sheet.reach;
  }

  mapCanvas(number, row, beside = false) {
    const key = `${number} ${row} ${beside}`;
    if (!this.painted.has(key)) {
      const column = this.columns[number];
      const numbers = beside ? column.beside : column;
      const { width, height } = numbers;
      const steps = numbers.steps.subarray(row * width * height, (row + 1) * width * height);
      const about = {
        width,
        height,
        low: numbers.low[row],
        high: numbers.high[row],
        scale: this.scaleOf(column, numbers, row),
        grey: column.picture,
      };
      this.painted.set(key, paintMap(make("canvas"), steps, about, this.colours));
    }
    return this.painted.get(key);
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
      if (!places[number] || number > this.arrived) continue;
      for (const [row, at] of places[number].rows.entries()) {
        if (column.answer) continue;
        const { side } = places[number];
        for (const beside of column.beside ? [false, true] : [false]) {
          const x = at.x + (beside ? side + PAIR_GAP : 0);
          context.drawImage(this.mapCanvas(number, row, beside), x, at.y, side, side);
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
    if (!at || !this.layout.places[at.column]) return;
    const { places, single } = this.layout;
    const accent = cssColour(this.colours.window);
    if (!single) {
      const touches = (source, other, column, row) =>
        (column === at.column && row === at.row) || (source === at.column && other === at.row);
      // A dark rim makes the yellow line readable on light and on dark.
      for (const { style, wide } of [
        { style: "#000", wide: 4.5 },
        { style: accent, wide: 2.5 },
      ]) {
        context.lineWidth = wide;
        context.strokeStyle = style;
        context.beginPath();
        for (const number of this.columns.keys()) {
          for (const [source, other, row] of edgesInto(this.columns, number)) {
            if (touches(source, other, number, row))
              curve(context, exitOf(places[source], other), entryOf(this.columns[number], places[number], row));
          }
        }
        context.stroke();
      }
    }
    if (this.columns[at.column].answer) return;
    const { x, y } = places[at.column].rows[at.row];
    const { side, wide } = places[at.column];
    frame(context, { x, y, width: wide, height: side, out: 2 }, accent);
    this.drawField(context, at, accent);
  }

  /** Frame on the photo what the number at the pointed place of a map can have seen. */
  drawField(context, at, accent) {
    const { field, grid, picture } = this.columns[at.column];
    const photo = this.columns.findIndex((column) => column.picture);
    const place = this.layout.places[photo];
    if (picture || !place) return;
    const { side: whole } = this.sheet;
    const span = (share, count) => {
      if (!field) return [0, 1];
      const number = Math.min(Math.floor((share ?? 0.5) * count), count - 1);
      const start = field.start + number * field.step;
      return [Math.max(start, 0) / whole, Math.min(start + field.size, whole) / whole];
    };
    const [top, bottom] = span(at.y, grid[0]);
    const [left, right] = span(at.x, grid[1]);
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
    const { places, single, height } = this.layout;
    const { texts } = this;
    const heads = [];
    const folds = [];
    for (const [number, column] of this.columns.entries()) {
      const place = places[number];
      if (!place) continue;
      const head = make(
        "button",
        { type: "button", className: "head", title: column.about },
        make("b", { textContent: column.title }),
        ...column.sizes.map((text) => make("span", { textContent: text })),
      );
      head.dataset.layer = column.layer;
      head.setAttribute("aria-label", fillIn(texts.head, { name: column.layer, about: column.about }));
      head.disabled = column.answer || column.picture;
      head.style.cssText = `left: ${place.left}px; width: ${place.across}px; height: ${this.layout.head - 0.5 * this.rem}px`;
      head.onclick = () => this.does.open(column.layer, -1);
      heads.push(head);
      if (!column.foldable) continue;
      const fold = make("button", {
        type: "button",
        className: "fold",
        textContent: column.folded ? fillIn(texts.unfold, { layers: column.layers }) : texts.fold,
      });
      fold.setAttribute(
        "aria-label",
        fillIn(column.folded ? texts["unfold-label"] : texts["fold-label"], {
          block: column.block,
          layers: column.layers,
        }),
      );
      const wide = Math.min(place.across - 4, 6 * this.rem);
      fold.style.cssText = `left: ${place.left + (place.across - wide) / 2}px; width: ${wide}px; top: ${height - 2 * this.rem}px`;
      fold.onclick = () => this.does.unfold(column.folded ? column.block : "");
      folds.push(fold);
    }
    this.heads.replaceChildren(...heads);
    this.folds.replaceChildren(...folds);
    this.top.setAttribute("aria-label", texts.picture);
    this.top.setAttribute("role", "application");
    this.single = single;
  }

  drawAnswer() {
    const number = this.columns.findIndex(({ answer }) => answer);
    const place = this.layout.places[number];
    this.answer.hidden = !place || this.arrived < number;
    if (!place) return;
    const percent = (p) => `${(100 * p).toFixed(1)} %`;
    const bar = (p, name) => {
      const meter = make("meter", { min: 0, max: 1, value: p });
      meter.setAttribute("aria-label", name);
      return meter;
    };
    const answer = ([[first, share], ...others]) => {
      const head = make(
        "div",
        {},
        make("div", { className: "first", textContent: first }),
        make("div", { className: "share", textContent: percent(share) }),
        bar(share, first),
      );
      head.dataset.probability = String(share);
      return [
        head,
        make(
          "ul",
          {},
          ...others.map(([name, p]) =>
            make("li", {}, make("span", { textContent: `${name} ${percent(p)}` }), bar(p, name)),
          ),
        ),
      ];
    };
    const { top, beside } = this.sheet;
    const second = beside
      ? [make("div", { className: "beside", textContent: beside.title }), ...answer(beside.top)]
      : [];
    this.answer.replaceChildren(...answer(top), ...second);
    const inset = this.layout.single ? 0 : 4;
    this.answer.style.cssText = `left: ${place.left + 0.8 * this.rem + inset}px; width: ${place.across - inset}px; top: ${place.y}px; height: ${place.tall}px`;
  }

  // What the visitor does -----------------------------------------------------------------------------------------------

  open({ column, row }) {
    const { layer, shown, picture, answer } = this.columns[column];
    if (!picture && !answer) this.does.open(layer, shown[row]);
  }

  point(at) {
    const same = at?.column === this.pointed?.column && at?.row === this.pointed?.row;
    const still = same && at?.x === this.pointed?.x && at?.y === this.pointed?.y;
    this.pointed = at;
    if (at && this.keyed) this.focused = at;
    if (still) return;
    if (this.layout) this.drawTop();
    if (same) return;
    this.does.point(
      at && !this.columns[at.column].answer
        ? { ...this.columns[at.column], channel: this.columns[at.column].shown[at.row], row: at.row }
        : null,
    );
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.focused ?? { column: 0, row: 0 };
    const moves = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
      Home: [-Infinity, 0],
      End: [Infinity, 0],
    };
    if (event.key === "Enter" || event.key === " ") this.open(at);
    else if (event.key in moves) {
      const [across, down] = moves[event.key];
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

  /** A narrow screen shows this column. */
  show(column) {
    this.column = Math.min(Math.max(column, 0), this.columns.length - 1);
    this.draw();
  }

  bring(column) {
    const place = this.layout.places[column];
    const { scrollLeft, clientWidth } = this.scroller;
    if (place.left < scrollLeft) this.scroller.scrollLeft = place.left;
    else if (place.left + place.across > scrollLeft + clientWidth)
      this.scroller.scrollLeft = place.left + place.across - clientWidth;
  }

  /** Let the photo run through: column after column appears, as the network computes them one after the other. */
  run(done) {
    cancelAnimationFrame(this.frame);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches || this.layout.single) {
      done();
      return;
    }
    const begin = performance.now();
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
