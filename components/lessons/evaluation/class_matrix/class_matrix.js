// The matrix of many classes: cells, the pairs that are confused most, and the photos of the open cell.

import { Edits, View, mount } from "../../../browser/board.js";
import { make } from "../../../browser/dom.js";
import { decodeArray, fillIn } from "../../../browser/numbers.js";
import { makePhotoStrip } from "../../../photo/photo_strip/photo_strip.js";
import { photoSupply } from "../../../photo/photo_strip/photo_supply.js";
import { MatrixGrid, SMALL_FROM } from "./matrix_grid.js";
import { sharesOf, writeShare } from "./shares.js";

/** @import { Scene, SceneMessage } from "../../../browser/controls.js" */
/** @import { PhotoStrip } from "../../../photo/photo_strip/photo_strip.js" */
/** @import { PhotoSupply, PhotoUrls } from "../../../photo/photo_strip/photo_supply.js" */

/**
 * @typedef {object} MatrixMessage what Python's payload says
 * @property {string[]} classes their names
 * @property {string} counts int32 (classes, classes)
 * @property {string} places of the photos that count, int32, in the order of the cells, and in a cell surest first
 * @property {string} percent how sure the network is of its answer to each of them, uint8
 * @property {[is: number, says: number, count: number, share: number][]} pairs that are confused most; the share is of
 *     the class's photos
 * @property {{predicted: number, percent: number} | null} mine the answer to the visitor's own photo
 * @property {number | null} photo the place of the photo that is open
 * @property {string} supply key of the photos' supply
 * @property {Record<string, any>} texts
 */

/** @extends {View<SceneMessage & MatrixMessage>} */
class ClassMatrix extends View {
  /** @type {SceneMessage & MatrixMessage} */ message;
  /** @type {number[]} */ counts;
  /** @type {Int32Array} */ places;
  /** @type {Uint8Array} */ percents;
  /** @type {number[]} */ starts;
  /** @type {Scene} */ scene;
  /** @type {HTMLInputElement[]} */ switches;
  /** @type {HTMLParagraphElement} */ readout;
  /** @type {HTMLParagraphElement} */ scale;
  /** @type {HTMLParagraphElement} */ mine;
  /** @type {HTMLDivElement} */ pick;
  /** @type {HTMLOListElement} */ pairs;
  /** @type {MatrixGrid} */ grid;
  /** @type {PhotoSupply} */ supply;
  /** @type {PhotoStrip} */ strip;
  /** @type {(urls: PhotoUrls) => void} */ listener;
  /** @type {HTMLDivElement} */ photos;
  /** @type {string} what `writeFixed` has written */ fixed;

  /** @param {ShadowRoot} parent */
  constructor(parent) {
    super(parent);
    this.root = /** @type {HTMLElement} */ (parent.querySelector(".class-matrix"));
    this.edits = new Edits((edit, told) => this.setState("scene", { ...this.scene, edit: String(edit), told }), {
      yields: true,
    });
  }

  /** @param {SceneMessage & MatrixMessage} message */
  load(message) {
    this.message = message;
    if (!this.grid) this.build();
    this.counts = Array.from(decodeArray(message.counts, Int32Array));
    this.places = decodeArray(message.places, Int32Array);
    this.percents = decodeArray(message.percent, Uint8Array);
    this.starts = [0];
    this.counts.forEach((count, cell) => this.starts.push(this.starts[cell] + count));
    if (this.edits.take(message)) {
      this.scene = { ...message.scene };
    }
    this.writeFixed();
    this.draw();
    this.root.dataset.ready = String(message.edit);
  }

  // What is made once ---------------------------------------------------------------------------------------------------

  build() {
    const { texts, choices, supply } = this.message;
    this.root.setAttribute("aria-label", texts.region);
    this.switches = [];
    const options = choices.show.map(([value, label]) => {
      const input = make("input", { type: "radio", name: "show", value });
      input.onchange = () => this.change({ show: value });
      this.switches.push(input);
      return make("label", {}, make("span", {}, input, label));
    });
    const segments = make(
      "fieldset",
      { className: "segments" },
      make("legend", { textContent: texts.show }),
      make("div", {}, ...options),
    );
    const legend = make(
      "p",
      { className: "legend-line" },
      make("span", { className: "swatch frame" }),
      texts["legend-right"],
      make("span", { className: "swatch" }),
      texts["legend-wrong"],
    );
    this.readout = make("p", { className: "readout" });
    this.scale = make("p", { className: "scale", textContent: texts["legend-scale"] });
    this.mine = make("p", { className: "mine" });
    this.pick = make("div", { className: "pick" });
    this.pairs = make("ol", { className: "pairs" });
    const left = make("div", { className: "left" });
    const right = make(
      "div",
      { className: "beside" },
      this.readout,
      this.mine,
      this.pick,
      make("h3", { textContent: texts.pairs }),
      this.pairs,
      this.scale,
    );
    const photos = make("div", { className: "photos" });
    this.root.replaceChildren(
      make("div", { className: "top" }, segments, legend),
      make("div", { className: "board" }, left, right),
      photos,
    );
    this.grid = new MatrixGrid(left, {
      onPoint: (cell) => this.read(cell),
      onOpen: (cell, byKey) => this.open(cell, byKey),
    });
    this.supply = photoSupply(supply);
    this.strip = makePhotoStrip(photos, {
      texts: texts.strip,
      onWant: (ids) => this.supply.wish("matrix", ids),
      onOpen: (id) => this.trigger("photo", id),
    });
    this.strip.give(Object.fromEntries(this.supply.urls));
    this.listener = (urls) => this.strip.give(urls);
    this.supply.listeners.add(this.listener);
    photos.onkeydown = (event) => {
      if (event.key === "Escape" && this.opened !== null) this.grid.focus(this.opened);
    };
    this.photos = photos;
  }

  leave() {
    this.supply?.listeners.delete(this.listener);
  }

  /** Write what depends on the network and its photos alone: pairs, the visitor's photo, lists that name small cells. */
  writeFixed() {
    const { classes, pairs, mine, texts } = this.message;
    const key = JSON.stringify([classes, pairs, mine, this.message.counts]);
    if (key === this.fixed) return;
    this.fixed = key;
    this.mine.textContent = mine
      ? fillIn(texts.mine, { predicted: classes[mine.predicted], percent: `${mine.percent}\u00a0%` })
      : "";
    const shares = sharesOf(this.counts, classes.length).row; // as in the cells
    this.pairs.replaceChildren(
      ...pairs.map(([row, column, count]) => {
        const cell = row * classes.length + column;
        const number = {
          photos: this.photosIn(count),
          share: writeShare(shares[cell]),
          true: classes[row],
        };
        const button = make(
          "button",
          { type: "button" },
          make("strong", { textContent: fillIn(texts.pair, { true: classes[row], predicted: classes[column] }) }),
          " ",
          make("span", { textContent: fillIn(texts["pair-count"], number) }),
        );
        button.dataset.cell = String(cell);
        button.onclick = (event) => this.open(cell, event.detail === 0, true);
        return make("li", {}, button);
      }),
    );
    if (!pairs.length) this.pairs.replaceChildren(make("li", { textContent: texts["no-pairs"] }));
    // Cells that are smaller than a finger can also be chosen by name.
    this.pick.hidden = classes.length < SMALL_FROM;
    if (this.pick.hidden) return;
    const list = (/** @type {string} */ label) => {
      const select = make("select", {}, ...classes.map((name, number) => new Option(name, String(number))));
      select.setAttribute("aria-label", label);
      return { select, label: make("label", {}, make("span", { textContent: label }), select) };
    };
    const [is, says] = [list(texts.is), list(texts.says)];
    const button = make("button", { type: "button", className: "tool", textContent: texts.open });
    button.onclick = (event) =>
      this.open(Number(is.select.value) * classes.length + Number(says.select.value), event.detail === 0, true);
    this.pick.replaceChildren(is.label, says.label, button);
  }

  /** @param {number} count */
  photosIn(count) {
    const { texts } = this.message;
    return count === 1 ? texts.photo : fillIn(texts.photos, { number: count.toLocaleString("en") });
  }

  // What the visitor does -----------------------------------------------------------------------------------------------

  /** The cell that is open, row by row from 0, or null. Links call it position, and count from 1. */
  get opened() {
    const cell = Number(this.scene.position) - 1;
    return cell >= 0 && cell < this.counts.length ? cell : null;
  }

  /**
   * Open a cell, or close it when it is pressed again.
   *
   * @param {number} cell
   * @param {boolean} byKey
   * @param {boolean} [always] a list that names a cell never closes it
   */
  open(cell, byKey, always = false) {
    const closes = !always && this.opened === cell;
    this.change({ position: closes ? "0" : String(cell + 1) });
    if (!closes && byKey) this.strip.focus();
  }

  /** @param {Scene} changes */
  change(changes) {
    Object.assign(this.scene, changes);
    this.draw();
    this.edits.add();
  }

  // What is drawn -------------------------------------------------------------------------------------------------------

  draw() {
    const { message, counts, scene } = this;
    const { classes, texts, mine, photo } = message;
    const open = this.opened;
    for (const input of this.switches) input.checked = input.value === scene.show;
    this.grid.load({
      classes,
      counts,
      show: scene.show,
      open,
      starred: mine?.predicted ?? null,
      label: texts.grid,
      texts,
    });
    this.read(this.grid.pointed);
    for (const button of this.pairs.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.cell) === open));
    }
    this.photos.hidden = open === null;
    if (open === null) return;
    const [row, column] = [Math.floor(open / classes.length), open % classes.length];
    const names = { true: classes[row], predicted: classes[column], photos: this.photosIn(counts[open]) };
    const [from, to] = [this.starts[open], this.starts[open + 1]];
    const some = row === column ? texts["strip-right"] : texts["strip-wrong"];
    this.strip.show({
      title: fillIn(counts[open] ? some : texts["strip-empty"], names),
      ids: this.places.subarray(from, to),
      captions: Array.from(this.percents.subarray(from, to), (percent) => fillIn(texts.caption, { percent })),
      current: photo,
    });
  }

  /**
   * Write in words what a cell means; without one, what the visitor can do.
   *
   * @param {number | null} cell
   */
  read(cell) {
    const { classes, texts } = this.message;
    const shown = cell ?? this.opened;
    if (shown === null) {
      this.readout.textContent = texts.hint;
      return;
    }
    const [row, column] = [Math.floor(shown / classes.length), shown % classes.length];
    this.readout.textContent = fillIn(row === column ? texts["read-right"] : texts.read, {
      true: classes[row],
      predicted: classes[column],
      photos: this.photosIn(this.counts[shown]),
      row: this.grid.percent("row", shown),
      column: this.grid.percent("column", shown),
      all: this.grid.percent("all", shown),
    });
  }
}

export default mount(ClassMatrix);
