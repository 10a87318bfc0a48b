// Two matrices side by side, and the photos that one network names right and the other wrong.

import { View, mount } from "../../../browser/board.js";
import { make } from "../../../browser/dom.js";
import { decodeArray, fillIn } from "../../../browser/numbers.js";
import { makePhotoStrip } from "../../../photo/photo_strip/photo_strip.js";
import { photoSupply } from "../../../photo/photo_strip/photo_supply.js";
import { MatrixGrid } from "../class_matrix/matrix_grid.js";

/** @import { PhotoStrip } from "../../../photo/photo_strip/photo_strip.js" */
/** @import { PhotoSupply, PhotoUrls } from "../../../photo/photo_strip/photo_supply.js" */

/**
 * @typedef {object} ChangedPhotos that one network names right and the other wrong
 * @property {string} places int32
 * @property {string} answers the wrong ones, uint8
 * @property {string} percent how sure the network is of them, uint8
 */

/**
 * @typedef {object} ComparedMessage what Python's payload says
 * @property {[first: string, second: string]} titles of the networks
 * @property {string[]} classes their names
 * @property {string[]} verdict sentences
 * @property {[first: string, second: string]} counts int32 (classes, classes) each
 * @property {ChangedPhotos} lost that only the first network names right
 * @property {ChangedPhotos} won that only the second network names right
 * @property {number | null} photo the place of the photo that is open
 * @property {string} supply key of the photos' supply
 * @property {Record<string, any>} texts
 */

/** @extends {View<ComparedMessage>} */
class ComparedNetworks extends View {
  /** @type {HTMLDivElement} */ verdict;
  /** @type {HTMLParagraphElement} */ readout;
  /** @type {PhotoSupply} */ supply;
  /** @type {HTMLElement[]} */ headings;
  /** @type {MatrixGrid[]} */ grids;
  /** @type {PhotoStrip[]} */ strips;
  /** @type {(urls: PhotoUrls) => void} */ listener;
  /** @type {ComparedMessage} */ message;
  /** @type {number[][]} */ counts;

  /** @param {ShadowRoot} parent */
  constructor(parent) {
    super(parent);
    this.root = /** @type {HTMLElement} */ (parent.querySelector(".compared-networks"));
  }

  build() {
    const { texts, supply } = this.message;
    this.root.setAttribute("aria-label", texts.region);
    this.verdict = make("div", { className: "verdict" });
    this.readout = make("p", { className: "readout" });
    this.supply = photoSupply(supply);
    this.headings = [];
    this.grids = [];
    const pair = make("div", { className: "pair" });
    for (const side of [0, 1]) {
      const heading = make("h3");
      const figure = make("div", { className: "side" }, heading);
      this.headings.push(heading);
      this.grids.push(new MatrixGrid(figure, { onPoint: (cell) => this.point(side, cell) }));
      pair.append(figure);
    }
    const changed = make("div", { className: "changed" });
    this.strips = ["lost", "won"].map((name) =>
      makePhotoStrip(changed, {
        texts: texts.strip,
        onWant: (ids) => this.supply.wish(name, ids),
        onOpen: (id) => this.trigger("photo", id),
      }),
    );
    changed.append(make("p", {}, texts.captions));
    this.listener = (urls) => this.strips.forEach((strip) => strip.give(urls));
    this.listener(Object.fromEntries(this.supply.urls));
    this.supply.listeners.add(this.listener);
    this.root.replaceChildren(this.verdict, pair, this.readout, changed);
  }

  leave() {
    this.supply?.listeners.delete(this.listener);
  }

  /** @param {ComparedMessage} message */
  load(message) {
    this.message = message;
    if (!this.grids) this.build();
    const { texts, titles, classes, photo } = message;
    this.counts = message.counts.map((counts) => Array.from(decodeArray(counts, Int32Array)));
    this.verdict.replaceChildren(...message.verdict.map((sentence) => make("p", { textContent: sentence })));
    this.grids.forEach((grid, side) => {
      const title = titles[side];
      this.headings[side].textContent = title;
      const label = fillIn(texts.grid, { title });
      grid.load({
        classes,
        counts: this.counts[side],
        show: "counts",
        open: null,
        starred: null,
        label,
        texts: texts.matrix,
      });
    });
    [message.lost, message.won].forEach((changed, side) => {
      const places = decodeArray(changed.places, Int32Array);
      const answers = decodeArray(changed.answers, Uint8Array);
      const percents = decodeArray(changed.percent, Uint8Array);
      const number = places.length.toLocaleString("en");
      const photos = places.length === 1 ? texts.photo : fillIn(texts.photos, { number });
      this.strips[side].show({
        title: fillIn(side ? texts.won : texts.lost, { photos, one: titles[0], other: titles[1] }),
        ids: places,
        captions: Array.from(answers, (answer, place) =>
          fillIn(texts.caption, { answer: classes[answer], percent: percents[place] }),
        ),
        current: photo,
      });
    });
    this.read(null);
    this.root.dataset.ready = "1";
  }

  /**
   * What is pointed at in one matrix is marked in the other, too.
   *
   * @param {number} side 0 or 1
   * @param {number | null} cell
   */
  point(side, cell) {
    this.grids[1 - side].mark(cell);
    this.read(cell);
  }

  /** @param {number | null} cell */
  read(cell) {
    const { classes, texts, titles } = this.message;
    if (cell === null) {
      this.readout.textContent = texts.hint;
      return;
    }
    const photos = (/** @type {number} */ count) =>
      count === 1 ? texts.photo : fillIn(texts.photos, { number: count.toLocaleString("en") });
    this.readout.textContent = fillIn(texts.read, {
      true: classes[Math.floor(cell / classes.length)],
      predicted: classes[cell % classes.length],
      first: photos(this.counts[0][cell]),
      second: photos(this.counts[1][cell]),
      one: titles[0],
      other: titles[1],
    });
  }
}

export default mount(ComparedNetworks);
