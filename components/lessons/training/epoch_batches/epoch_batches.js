// One epoch as batches passing by: pictures fly out of the heap into the network, the weights move, and the pictures go
// on to those that were seen. Python sends the order of the epoch, and small pictures of the batches nearby.

import { mount } from "../../../browser/board.js";
import { remSize, sharpen, wiped } from "../../../browser/canvas.js";
import { SceneControls } from "../../../browser/controls.js";
import { cssColour, inkOn, paint, mix } from "../../../browser/colours.js";
import { make } from "../../../browser/dom.js";
import { decodeArray, fillIn } from "../../../browser/numbers.js";
import { calm } from "../../../player/player.js";
import { StageView } from "../../../player/stage.js";
import { Pile } from "./pile.js";

const GLIDE = 1200;
/** The part of the way in which the batch before leaves; the new one sets out a little earlier than that. */
const LEAVING = 0.4;
const SETTING_OUT = 0.3;
/** Cells of a heap that are at least so wide, in CSS pixels, show their pictures, if all are here. */
const SMALLEST_PICTURE = 7;
/** Signs of classes are written on cards of at least so many rem, and so many classes are counted below. */
const SMALLEST_SIGNED = 2.2;
const MOST_CLASSES = 12;

const within = (share) => Math.min(Math.max(share, 0), 1);
const smooth = (share) => share * share * (3 - 2 * share);

class EpochBatchesView extends StageView {
  /** @type {Uint16Array} */ order;
  /** @type {Uint32Array} */ ranks;
  /** @type {Uint16Array} */ labels;
  /** @type {boolean} */ asked;
  /** @type {any} */ written;
  /** @type {any} */ classColours;
  /** @type {any} */ sheetUrl;
  /** @type {any} */ image;
  /** @type {number} */ rem;
  /** @type {string} */ font;
  /** @type {{ x: number; y: number; width: number; height: number; }} */ cardsBox;
  /** @type {number} */ pitch;
  /** @type {number} */ cardsLeft;
  /** @type {number} */ cardsTop;

  /** @type {number} */
  columns;

  constructor(root) {
    super(root);
    this.controls = new SceneControls(root, this.parts, (scene) => this.emit(scene));
    this.waiting = new Pile(false);
    this.past = new Pile(true);
    const observer = new ResizeObserver(() => this.arrange());
    for (const name of ["flow", "heap", "cards"]) observer.observe(this.parts[name]);
  }

  load(data) {
    const { before, imposed, recoloured } = this.begin(data);
    if (before?.order !== data.order) {
      this.order = decodeArray(data.order, Uint16Array);
      this.ranks = new Uint32Array(this.order.length);
      this.order.forEach((picture, rank) => (this.ranks[picture] = rank));
    }
    if (before?.labels !== data.labels) this.labels = decodeArray(data.labels, Uint16Array);
    this.asked = false;
    this.written = null;
    this.classColours = this.coloursOfClasses();
    this.takeSheet();
    this.showVocabulary();
    this.parts.picture.setAttribute("aria-label", data.texts.picture);
    this.parts.shown.textContent = data.shown;
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

  /** Nothing to forget: where each picture is follows from the position alone. */
  // ---- pictures and colours ----

  /** Decode the small pictures; until they are here, cards are blank. */
  takeSheet() {
    const url = this.data.sheet?.url ?? "";
    if (url === this.sheetUrl) return;
    this.sheetUrl = url;
    this.image = null;
    if (!url) return;
    const { sheet, first } = this.data;
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
      return own[pet] ?? mix(positive, ground, shade);
    });
  }

  /** Whether the pictures of all batches are here. */
  get complete() {
    return this.data.first === 0 && this.data.end === this.data.steps;
  }

  colourOf(picture) {
    return this.classColours[this.labels[picture]] ?? this.colours.border;
  }

  /** Draw a small picture, if it is here. */
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

  paintCell(context, picture, x, y, side) {
    const large = side / devicePixelRatio >= SMALLEST_PICTURE;
    if (this.complete && large && this.paintPicture(context, picture, x, y, side)) return;
    context.fillStyle = cssColour(this.colourOf(picture));
    context.fillRect(x, y, side, side);
  }

  // ---- places ----

  /** Measure the places of both piles and of the network on the canvas, in pixels of the screen. */
  arrange() {
    if (!this.data) return;
    const { flow, heap, cards, past, picture } = this.parts;
    const origin = flow.getBoundingClientRect();
    if (!origin.width) return;
    const place = (element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { x: left - origin.left, y: top - origin.top, width, height };
    };
    this.rem = remSize();
    this.font = `700 ${this.rem}px ${getComputedStyle(this.stage).fontFamily}`;
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

  cardPlace(number) {
    const margin = Math.max(this.pitch * 0.04, 0.5);
    return {
      x: this.cardsLeft + (number % this.columns) * this.pitch + margin,
      y: this.cardsTop + Math.floor(number / this.columns) * this.pitch + margin,
      side: this.pitch - 2 * margin,
    };
  }

  /** Return the pictures of a batch. */
  batch(number) {
    const { batchSize } = this.data;
    return this.order.subarray(number * batchSize, (number + 1) * batchSize);
  }

  // ---- one position ----

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
    this.write(position, arrived);
  }

  /** Outline the places of a full batch, so that a smaller one is seen to be smaller. */
  drawSlots(context) {
    context.strokeStyle = cssColour(this.colours.border);
    context.lineWidth = 1;
    for (let number = 0; number < Math.min(this.data.batchSize, this.data.count); number += 1) {
      const { x, y, side } = this.cardPlace(number);
      context.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
    }
  }

  drawBetween(context, card, start, end, share) {
    const at = (name) => start[name] + (end[name] - start[name]) * share;
    this.drawCard(context, card, { x: at("x"), y: at("y"), side: at("side") });
  }

  /** Draw a picture with its class: a frame in the class's colour, and its sign where there is room. */
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

  /** Ask Python for the pictures nearby, once, and not while the visitor still hurries past. */
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
      // The answer allows the next question; so does some time without one.
      setTimeout(() => (this.asked = false), now < from || now >= to ? 3000 : 0);
    }, 150);
  }

  // ---- words ----

  write(position, arrived) {
    const there = arrived === 1;
    const key = `${position} ${there}`;
    if (this.written === key) return;
    const moved = there && this.written === `${position} false`;
    this.written = key;
    const { texts, steps, count, batchSize, epochs, epochNumber } = this.data;
    const inside = this.batch(position).length;
    const numbers = { inside, seen: position * batchSize, waiting: count - position * batchSize - inside };
    for (const name of ["waiting", "inside", "seen"]) {
      this.parts[name].textContent = numbers[name].toLocaleString("en");
      this.parts[name].dataset.value = numbers[name];
    }
    const [batch, outside] = [(position + 1).toLocaleString("en"), epochNumber > epochs];
    const update = ((epochNumber - 1) * steps + position + 1).toLocaleString("en");
    const sentence = outside ? texts.outside : there ? texts.moved : texts.coming;
    this.parts.update.textContent = fillIn(sentence, { batch, update, updates: (steps * epochs).toLocaleString("en") });
    this.parts.update.classList.toggle("moved", there && !outside);
    if (moved && !outside && !calm.matches) {
      this.parts.update.animate([{ transform: "scale(1.08)" }, { transform: "none" }], 350);
    }
    this.writeMix(position, numbers, batch);
    const last = position === steps - 1 && there;
    const over = epochNumber < epochs ? fillIn(texts.over, { next: epochNumber + 1 }) : texts.end;
    this.parts.words.textContent = outside ? texts.beyond : last ? over : texts.shuffled;
  }

  /** Say how many of each class are in the batch. */
  writeMix(position, numbers, batch) {
    const { texts, classes, letters, steps } = this.data;
    const counts = classes.map(() => 0);
    for (const picture of this.batch(position)) counts[this.labels[picture]] += 1;
    const told = classes.length > MOST_CLASSES ? MOST_CLASSES : classes.length;
    const faces = classes.slice(0, told).map((name, index) => {
      const sign = make("span", { className: "sign", textContent: letters[index] });
      paint(sign, this.classColours[index]);
      const called = letters[index] === name ? "" : `${name} `;
      return make("span", {}, sign, make("span", { textContent: `${called}× ${counts[index]}` }));
    });
    const more = classes.length > told ? [fillIn(texts.more, { count: classes.length - told })] : [];
    this.parts.batch.textContent = fillIn(texts.batch, { batch });
    this.parts.mixed.replaceChildren(...faces, ...more);
    const spoken = classes.slice(0, told).map((name, index) => `${counts[index]} ${name}`);
    const reached = {
      batch,
      steps,
      waiting: numbers.waiting,
      seen: numbers.seen,
      classes: [...spoken, ...more].join(", "),
    };
    this.player.parts.position.setAttribute("aria-valuetext", fillIn(texts.reached, reached));
  }

  showVocabulary() {
    this.parts.vocabulary.replaceChildren(
      ...this.data.vocabulary.map(({ name, term, formula, value, words }) => {
        const number = make("b", { data: { testid: `batches-${name}` } }, value);
        const line = make("dd", {}, formula ? `${formula} ` : "", number);
        return make("div", {}, make("dt", {}, term), line, make("dd", {}, words));
      }),
    );
  }
}

export default mount(EpochBatchesView);
