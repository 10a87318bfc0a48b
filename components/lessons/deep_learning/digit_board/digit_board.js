// The digit board. The browser draws strokes; Python makes 8 × 8 counts of them and asks the network.

import { contextOf } from "../../../browser/canvas.js";
import { Edits, View, mount } from "../../../browser/board.js";
import { inkOn } from "../../../browser/colours.js";
import { make } from "../../../browser/dom.js";
import { fillIn, roundToTotal } from "../../../browser/numbers.js";

/** @import { SceneMessage } from "../../../browser/controls.js" */

/**
 * @typedef {object} DigitMessage what Python's payload says
 * @property {Record<string, string>} texts
 * @property {number} side of the drawing that Python takes, in pixels
 * @property {number} taken the digit of the data that is shown; −1 for a drawing or an empty board
 * @property {number[] | null} counts of ink, 0 to 16, (8, 8) row by row; null for an empty board
 * @property {number[] | null} probabilities of the digits 0 to 9; null before the network has answered
 * @property {string} problem why the last drawing could not be read, or ""
 * @property {number[][]} samples counts of ink of a digit of each class
 */

/** @typedef {DigitMessage & Omit<SceneMessage, "choices"> & {epoch: number}} Message */

/** @typedef {{taken: number} | {drawing: string}} Said what Python is told of the board; see `changed` there */

/** @typedef {[x: number, y: number]} Point on the paper, in its pixels */

const SIDE = 8;
const FULL = 16;
const PAUSE = 350; // milliseconds after a stroke: a digit may have more than one

/** @extends {View<Message>} */
class DigitBoard extends View {
  /** @type {boolean} whether a stroke is being drawn */ stroking;
  /** @type {Point} the stroke's end so far */ last;
  /** @type {boolean} whether nothing is drawn since the paper was wiped */ fresh;
  /** @type {Message} the message that is shown */ data;
  /** @type {boolean} whether counts are shown */ shown;

  /** @param {ShadowRoot} parent */
  constructor(parent) {
    super(parent);
    /** @type {(selector: string) => any} */
    this.part = (selector) => parent.querySelector(selector);
    /** @type {HTMLCanvasElement} */
    this.paper = this.part(".paper");
    this.pen = contextOf(this.paper);
    this.cells = Array.from({ length: SIDE * SIDE }, () => make("span"));
    this.part(".seen").replaceChildren(...this.cells);
    this.bars = Array.from({ length: 10 }, (_, digit) => this.bar(digit));
    this.part(".bars").replaceChildren(...this.bars.map(({ row }) => row));
    /** @type {Said | null} what Python was told, until it answers */
    this.said = null;
    this.edits = new Edits((edit) => this.trigger("drawn", { ...(this.said ?? this.answered()), edit }));
    this.wipe();
    this.listen();
  }

  /** @param {number} digit */
  bar(digit) {
    const fill = make("i");
    const share = make("span", { className: "share" });
    const label = make("span", { className: "digit", textContent: String(digit) });
    const row = make("li", {}, label, make("span", { className: "track" }, fill), share);
    return { row, fill, share };
  }

  /** Let every pointer draw. */
  listen() {
    const { paper } = this;
    /** @type {(event: PointerEvent) => Point} */
    const point = (event) => {
      const box = paper.getBoundingClientRect();
      return [
        ((event.clientX - box.left) / box.width) * paper.width,
        ((event.clientY - box.top) / box.height) * paper.height,
      ];
    };
    paper.onpointerdown = (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      paper.setPointerCapture(event.pointerId);
      // A new drawing begins on clean paper where a digit of the data was shown.
      if (this.fresh) this.wipe();
      this.stroking = true;
      this.edits.begin();
      this.last = point(event);
      this.stroke(this.last, this.last);
    };
    paper.onpointermove = (event) => {
      if (!this.stroking) return;
      const events = event.getCoalescedEvents?.() ?? [];
      for (const one of events.length ? events : [event]) {
        const next = point(one);
        this.stroke(this.last, next);
        this.last = next;
      }
    };
    paper.onpointerup = paper.onpointercancel = () => {
      if (!this.stroking) return;
      this.stroking = false;
      this.said = { drawing: this.encoded() };
      this.edits.tell(PAUSE);
    };
    this.part(".below .tool").onclick = () => {
      this.wipe();
      this.say({ taken: -1 });
    };
  }

  /** @type {(from: Point, to: Point) => void} */
  stroke(from, to) {
    const { pen, paper } = this;
    Object.assign(pen, { lineWidth: paper.width / 10, lineCap: "round", lineJoin: "round", strokeStyle: "#000" });
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(...to);
    pen.stroke();
    this.fresh = false;
    // What was read was not this drawing.
    if (this.shown) this.showNothing("");
  }

  wipe() {
    this.pen.fillStyle = "#fff";
    this.pen.fillRect(0, 0, this.paper.width, this.paper.height);
    this.fresh = true;
  }

  /** Return the drawing as Python takes it, in base64: one byte a pixel, 255 where there is ink. */
  encoded() {
    const { side } = this.data;
    const small = make("canvas", { width: side, height: side });
    const context = contextOf(small);
    context.drawImage(this.paper, 0, 0, side, side);
    const { data } = context.getImageData(0, 0, side, side);
    let text = "";
    for (let pixel = 0; pixel < side * side; pixel += 1) text += String.fromCharCode(255 - data[pixel * 4]);
    return btoa(text);
  }

  /**
   * Tell Python, and show no message that does not answer just this.
   *
   * @param {Said} said
   */
  say(said) {
    this.said = said;
    this.edits.add();
  }

  /**
   * Return what a server that knows nothing has to be told of the board as Python last answered.
   *
   * @returns {Said}
   */
  answered() {
    const { counts, taken } = this.data;
    return taken >= 0 || !counts ? { taken } : { drawing: this.encoded() };
  }

  /** @param {Message} data */
  load(data) {
    if (!this.edits.take(data)) return;
    this.said = null;
    const before = this.data;
    this.data = data;
    const { texts } = data;
    /** @type {NodeListOf<HTMLElement>} */
    const worded = this.parent.querySelectorAll("[data-text]");
    for (const element of worded) element.textContent = texts[String(element.dataset.text)];
    this.paper.setAttribute("aria-label", texts.paper);
    this.part(".samples").setAttribute("aria-label", texts.take);
    if (!before) this.offer(data.samples);
    /** @type {NodeListOf<HTMLButtonElement>} */
    const samples = this.parent.querySelectorAll(".samples button");
    for (const button of samples)
      button.setAttribute("aria-pressed", String(Number(button.dataset.digit) === data.taken));
    // What was drawn stays on the paper; what a button or a link brought comes there now.
    if (data.counts && (data.taken >= 0 || data.epoch !== before?.epoch)) this.copyToPaper(data.counts);
    if (data.counts) this.showCounts(data.counts, data);
    else this.showNothing(data.problem || texts.nothing);
    this.part(".digit-board").dataset.ready = data.probabilities ? "answered" : "waiting";
  }

  /** @param {number[][]} samples */
  offer(samples) {
    for (const [digit, counts] of samples.entries()) {
      const button = make("button", { type: "button", className: "tool" });
      button.dataset.digit = String(digit);
      button.setAttribute("aria-label", fillIn(this.data.texts.taken, { digit }));
      const canvas = make("canvas", { width: SIDE, height: SIDE });
      paintCounts(contextOf(canvas), counts, 1);
      button.append(canvas);
      button.onclick = () => this.say({ taken: digit });
      this.part(".samples").append(button);
    }
  }

  /** @param {number[]} counts */
  copyToPaper(counts) {
    this.wipe();
    paintCounts(this.pen, counts, this.paper.width / SIDE);
  }

  /** @type {(counts: number[], message: Message) => void} */
  showCounts(counts, { probabilities, texts }) {
    this.shown = true;
    this.part(".seen").setAttribute("aria-label", `${texts.seen}: ${counts.join(" ")}`);
    counts.forEach((count, index) => {
      const grey = Math.round(255 * (1 - count / FULL));
      Object.assign(this.cells[index].style, {
        background: `rgb(${grey} ${grey} ${grey})`,
        color: inkOn([grey, grey, grey]),
      });
      this.cells[index].textContent = String(count);
    });
    const best = probabilities ? probabilities.indexOf(Math.max(...probabilities)) : -1;
    const permille = probabilities
      ? roundToTotal(
          probabilities.map((share) => share * 1000),
          1000,
        )
      : null;
    this.bars.forEach(({ row, fill, share }, digit) => {
      const p = probabilities?.[digit] ?? 0;
      fill.style.transform = `scaleX(${p})`;
      share.textContent = permille ? `${(permille[digit] / 10).toFixed(1)} %` : "–";
      share.dataset.value = probabilities ? String(p) : "";
      row.classList.toggle("first", digit === best);
    });
    const said = !probabilities
      ? texts.waiting
      : fillIn(probabilities[best] > 0.6 ? texts.sure : texts.unsure, { digit: best });
    this.part(".verdict").textContent = said;
  }

  /** @param {string} words */
  showNothing(words) {
    this.shown = false;
    for (const cell of this.cells) {
      cell.textContent = "";
      cell.style.background = "#fff";
    }
    this.part(".seen").setAttribute("aria-label", this.data.texts.seen);
    for (const { row, fill, share } of this.bars) {
      fill.style.transform = "scaleX(0)";
      share.textContent = "–";
      share.dataset.value = "";
      row.classList.remove("first");
    }
    this.part(".verdict").textContent = words;
  }
}

/**
 * Paint counts of ink: white is none, black is full.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} counts
 * @param {number} size of one count's square, in the canvas's pixels
 */
function paintCounts(context, counts, size) {
  counts.forEach((count, index) => {
    const grey = Math.round(255 * (1 - count / FULL));
    context.fillStyle = `rgb(${grey} ${grey} ${grey})`;
    context.fillRect((index % SIDE) * size, Math.floor(index / SIDE) * size, size, size);
  });
}

export default mount(DigitBoard);
