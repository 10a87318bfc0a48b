// One epoch as batches passing by: pictures fly out of the heap into the network, the weights move, and the pictures go
// on to those that were seen. Python sends the order of the epoch, and small pictures of the batches nearby.

import { mount } from "../../../browser/board.js";
import { remSize, sharpen, wiped } from "../../../browser/canvas.js";
import { SceneControls } from "../../../browser/controls.js";
import { cssColour, inkOn, mix } from "../../../browser/colours.js";
import { decodeArray } from "../../../browser/numbers.js";
import { StageView } from "../../../player/stage.js";
import { BatchWords } from "./batch_words.js";
import { Pile } from "./pile.js";

/** @import { Colour } from "../../../browser/colours.js" */
/** @import { StageMessage } from "../../../player/stage.js" */
/** @import { Box, PaintCell, Square } from "./pile.js" */

/**
 * @typedef {object} PictureSheet small pictures side by side in one file
 * @property {string} url of its data
 * @property {number} side pixels a side of a picture
 * @property {number} columns pictures in a row
 * @property {boolean} exact whether every pixel is as the dataset has it, and may be drawn as a square
 */

/** @typedef {{name: string, term: string, formula: string, value: string, words: string}} Term of a training, explained */

/**
 * @typedef {object} EpochMessage what Python's payload says; batches are counted from 0
 * @property {number} count pictures
 * @property {number} steps batches in the epoch
 * @property {number} batchSize pictures in a batch
 * @property {number} epochs of the run
 * @property {number} epochNumber from 1
 * @property {string} order uint16 (count): the pictures' numbers as this epoch takes them
 * @property {string} labels uint16 (count): the class of each picture
 * @property {string[]} classes their names
 * @property {("cat" | "dog" | null)[]} pets which of the classes are pets
 * @property {string[]} letters a short sign for each class
 * @property {PictureSheet | null} sheet the pictures of the batches `first` to `end` − 1, in the epoch's order
 * @property {number} first
 * @property {number} end
 * @property {number} low from this batch on, no other pictures are needed
 * @property {number} high as far as before this batch
 * @property {Term[]} vocabulary
 * @property {string} shown which pictures are here
 * @property {number} topSpeed batches a second
 */

const GLIDE = 1200;
/** The share of the animation in which the batch before leaves; the new one sets out a little before its end. */
const LEAVING = 0.4;
const SETTING_OUT = 0.3;
/** Cells of a heap that are at least so wide, in CSS pixels, show their pictures, if all are here. */
const SMALLEST_PICTURE = 7;
/** Signs of classes are written on cards of at least so many rem. */
const SMALLEST_SIGNED = 2.2;

const within = (/** @type {number} */ share) => Math.min(Math.max(share, 0), 1);
const smooth = (/** @type {number} */ share) => share * share * (3 - 2 * share);

/** @extends {StageView<StageMessage & EpochMessage>} */
class EpochBatchesView extends StageView {
  /** @type {Uint16Array} */ order;
  /** @type {Uint32Array} each picture's place in the order */ ranks;
  /** @type {Uint16Array} */ labels;
  /** @type {boolean} whether Python is being asked for pictures */ asked;
  /** @type {Colour[]} */ classColours;
  /** @type {string} */ sheetUrl;
  /** @type {(PictureSheet & {image: HTMLImageElement, first: number}) | null} */ image;
  /** @type {number} */ rem;
  /** @type {string} */ font;
  /** @type {Box} */ cardsBox;
  /** @type {number} from one card to the next, in CSS pixels */ pitch;
  /** @type {number} */ cardsLeft;
  /** @type {number} */ cardsTop;

  /** @type {number} */
  columns;

  /** @param {ShadowRoot} root */
  constructor(root) {
    super(root);
    this.words = new BatchWords(this.parts, this.player.parts.position);
    this.controls = new SceneControls(root, this.parts, (scene) => this.emit(scene));
    this.waiting = new Pile(false);
    this.past = new Pile(true);
    const observer = new ResizeObserver(() => this.arrange());
    for (const name of ["flow", "heap", "cards"]) observer.observe(this.parts[name]);
  }

  /** @param {StageMessage & EpochMessage} data */
  load(data) {
    const { before, imposed, recoloured } = this.begin(data);
    if (before?.order !== data.order) {
      this.order = decodeArray(data.order, Uint16Array);
      this.ranks = new Uint32Array(this.order.length);
      this.order.forEach((picture, rank) => (this.ranks[picture] = rank));
    }
    if (before?.labels !== data.labels) this.labels = decodeArray(data.labels, Uint16Array);
    this.asked = false;
    this.classColours = this.coloursOfClasses();
    this.takeSheet();
    this.words.load(data, this.labels, this.classColours);
    this.parts.picture.setAttribute("aria-label", data.texts.picture);
    this.player.configure({
      count: data.steps,
      rowLength: 10,
      texts: data.texts.player,
      topSpeed: data.topSpeed,
      glide: GLIDE,
    });
    const same = before && before.order === data.order && before.labels === data.labels && !recoloured;
    if (!same || !data.sheet !== !before.sheet) this.arrange();
    this.end(imposed);
  }

  // ---- pictures and colours ----

  /** Decode the small pictures; until they are here, cards are blank. */
  takeSheet() {
    const { sheet, first } = this.data;
    const url = sheet?.url ?? "";
    if (url === this.sheetUrl) return;
    this.sheetUrl = url;
    this.image = null;
    if (!sheet) return;
    const image = new Image();
    image.onload = () => {
      if (url !== this.sheetUrl) return;
      this.image = { image, first, ...sheet };
      // A heap shows its pictures only where all are here; else it is as it was, and only the cards change.
      if (this.complete) this.arrange();
      else this.player.requestDraw();
    };
    image.src = url;
  }

  /** Cats and dogs have their colours through the whole course; other classes are shades of one. */
  coloursOfClasses() {
    const { pets } = this.data;
    const { cat, dog, positive, ground } = this.colours;
    const own = { cat, dog };
    return pets.map((pet, index) => {
      const shade = pets.length > 1 ? (index / (pets.length - 1)) * 0.7 : 0;
      return pet ? own[pet] : mix(positive, ground, shade);
    });
  }

  /** Whether the pictures of all batches are here. */
  get complete() {
    return this.data.first === 0 && this.data.end === this.data.steps;
  }

  /** @param {number} picture */
  colourOf(picture) {
    return this.classColours[this.labels[picture]] ?? this.colours.border;
  }

  /**
   * Draw a small picture, if it is here. Returns whether it is.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {number} picture
   * @param {number} x
   * @param {number} y
   * @param {number} side
   */
  paintPicture(context, picture, x, y, side) {
    if (!this.image) return false;
    const { image, first, columns, exact, side: small } = this.image;
    const place = this.ranks[picture] - first * this.data.batchSize;
    const here = place >= 0 && this.ranks[picture] < this.data.end * this.data.batchSize;
    if (!here) return false;
    context.imageSmoothingEnabled = !exact || side < small;
    const [column, row] = [place % columns, Math.floor(place / columns)];
    context.drawImage(image, column * small, row * small, small, small, x, y, side, side);
    return true;
  }

  /** @type {PaintCell} */
  paintCell(context, picture, x, y, side) {
    const large = side >= SMALLEST_PICTURE;
    if (this.complete && large && this.paintPicture(context, picture, x, y, side)) return;
    context.fillStyle = cssColour(this.colourOf(picture));
    context.fillRect(x, y, side, side);
  }

  // ---- places ----

  /** Measure the places of both piles and of the network on the canvas, in CSS pixels. */
  arrange() {
    if (!this.data) return;
    const { flow, heap, cards, past, picture } = this.parts;
    const origin = flow.getBoundingClientRect();
    if (!origin.width) return;
    const place = (/** @type {HTMLElement} */ element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { x: left - origin.left, y: top - origin.top, width, height };
    };
    this.rem = remSize();
    this.font = `700 ${this.rem}px ${getComputedStyle(this.stage).fontFamily}`;
    /** @type {PaintCell} */
    const paintCell = (...cell) => this.paintCell(...cell);
    this.waiting.arrange(place(heap), this.data.count, paintCell);
    this.past.arrange(place(past), this.data.count, paintCell);
    const margin = 0.25 * this.rem;
    const { x, y, width, height } = place(cards);
    this.cardsBox = { x: x + margin, y: y + margin, width: width - 2 * margin, height: height - 2 * margin };
    this.arrangeCards();
    sharpen(picture, origin.width, origin.height);
    // Exactly the pixels of the screen: stretched by a fraction, cells would run into each other.
    for (const side of ["width", "height"]) picture.style[side] = `${picture[side] / devicePixelRatio}px`;
    this.player.requestDraw();
  }

  /** Find the number of columns with which the cards of a full batch are largest. */
  arrangeCards() {
    const { width, height } = this.cardsBox;
    const count = Math.min(this.data.batchSize, this.data.count);
    this.pitch = 0;
    for (let columns = 1; columns <= count; columns += 1) {
      const pitch = Math.min(width / columns, height / Math.ceil(count / columns), 9 * this.rem);
      if (pitch > this.pitch) Object.assign(this, { pitch, columns });
    }
    this.cardsLeft = this.cardsBox.x + (width - this.columns * this.pitch) / 2;
    this.cardsTop = this.cardsBox.y + (height - Math.ceil(count / this.columns) * this.pitch) / 2;
  }

  /**
   * Return where a card of the batch lies.
   *
   * @param {number} number of the card, from 0
   * @returns {Square}
   */
  cardPlace(number) {
    const margin = Math.max(this.pitch * 0.04, 0.5);
    return {
      x: this.cardsLeft + (number % this.columns) * this.pitch + margin,
      y: this.cardsTop + Math.floor(number / this.columns) * this.pitch + margin,
      side: this.pitch - 2 * margin,
    };
  }

  /**
   * Return the pictures of a batch.
   *
   * @param {number} number
   */
  batch(number) {
    const { batchSize } = this.data;
    return this.order.subarray(number * batchSize, (number + 1) * batchSize);
  }

  // ---- one position ----

  /**
   * @param {number} position
   * @param {number} arrived
   */
  draw(position, arrived) {
    if (!this.cardsBox || !this.ranks) return;
    this.askFor(position);
    const { batchSize } = this.data;
    const context = wiped(this.parts.picture);
    this.drawSlots(context);
    const leaving = arrived < 1 && position > 0 && arrived < LEAVING;
    const [from, to] = [position * batchSize, (position + 1) * batchSize];
    const shared = { ranks: this.ranks, colours: this.colours };
    this.waiting.draw(context, { ...shared, from, to });
    this.past.draw(context, { ...shared, from: leaving ? from - batchSize : from, to });
    if (leaving) {
      const share = smooth(within(arrived / LEAVING));
      this.batch(position - 1).forEach((card, number) =>
        this.drawBetween(context, card, this.cardPlace(number), this.past.place(card), share),
      );
    }
    const start = position > 0 ? SETTING_OUT : 0;
    const share = arrived < 1 ? smooth(within((arrived - start) / (1 - start))) : 1;
    if (share > 0) {
      this.batch(position).forEach((card, number) =>
        this.drawBetween(context, card, this.waiting.place(card), this.cardPlace(number), share),
      );
    }
    this.words.write(position, arrived, this.batch(position));
  }

  /**
   * Outline the places of a full batch, so that a smaller one is seen to be smaller.
   *
   * @param {CanvasRenderingContext2D} context
   */
  drawSlots(context) {
    context.strokeStyle = cssColour(this.colours.border);
    context.lineWidth = 1;
    for (let number = 0; number < Math.min(this.data.batchSize, this.data.count); number += 1) {
      const { x, y, side } = this.cardPlace(number);
      context.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
    }
  }

  /**
   * Draw a picture on its way.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {number} card the picture
   * @param {Square} start
   * @param {Square} end
   * @param {number} share of the way, from 0 to 1
   */
  drawBetween(context, card, start, end, share) {
    const at = (/** @type {keyof Square} */ name) => start[name] + (end[name] - start[name]) * share;
    this.drawCard(context, card, { x: at("x"), y: at("y"), side: at("side") });
  }

  /**
   * Draw a picture with its class: a frame in the class's colour, and its sign where there is room.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {number} card the picture
   * @param {Square} place
   */
  drawCard(context, card, { x, y, side }) {
    const colour = this.colourOf(card);
    const frame = Math.min(Math.max(side * 0.05, 1.5), side / 4);
    context.fillStyle = cssColour(colour);
    context.fillRect(x, y, side, side);
    const inner = side - 2 * frame;
    if (!this.paintPicture(context, card, x + frame, y + frame, inner)) {
      context.fillStyle = cssColour(mix(colour, this.colours.ground, 0.7));
      context.fillRect(x + frame, y + frame, inner, inner);
    }
    if (side < SMALLEST_SIGNED * this.rem) return;
    const sign = this.data.letters[this.labels[card]] ?? "?";
    context.font = this.font;
    const width = Math.max(context.measureText(sign).width + 0.4 * this.rem, 1.3 * this.rem);
    const height = 1.25 * this.rem;
    context.fillStyle = cssColour(colour);
    context.fillRect(x, y + side - height, width, height);
    context.fillStyle = inkOn(colour);
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(sign, x + width / 2, y + side - height / 2 + 0.05 * this.rem);
  }

  /**
   * Ask Python for the pictures nearby, once, and not while the visitor goes on past them.
   *
   * @param {number} position
   */
  askFor(position) {
    const { low, high } = this.data;
    const enough = position >= low && position < high;
    if (enough || this.asked) return;
    this.asked = true;
    setTimeout(() => {
      if (!this.stage.isConnected) return;
      const { low: from, high: to } = this.data;
      const now = this.player.position;
      if (now < from || now >= to) this.trigger("near", now);
      // After an answer, or some time without one, pictures may be asked for again.
      setTimeout(() => (this.asked = false), now < from || now >= to ? 3000 : 0);
    }, 150);
  }
}

export default mount(EpochBatchesView);
