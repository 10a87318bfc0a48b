// The digit board. The browser draws strokes; Python makes 8 × 8 counts of them and asks the network.

import { contextOf } from "../../../browser/canvas.js";
import { Edits, View, mount } from "../../../browser/board.js";
import { inkOn } from "../../../browser/colours.js";
import { make } from "../../../browser/dom.js";
import { fillIn, roundToTotal } from "../../../browser/numbers.js";

const SIDE = 8;
const FULL = 16;
const PAUSE = 350; // milliseconds after a stroke: a digit may have more than one

class DigitBoard extends View {
  /** @type {boolean} */ stroking;
  /** @type {[x: number, y: number]} */ last;
  /** @type {boolean} */ fresh;
  /** @type {any} */ data;
  /** @type {boolean} */ shown;

  constructor(parent) {
    super(parent);
    this.part = (name) => parent.querySelector(name);
    this.paper = this.part(".paper");
    this.pen = contextOf(this.paper);
    this.cells = Array.from({ length: SIDE * SIDE }, () => make("span"));
    this.part(".seen").replaceChildren(...this.cells);
    this.bars = Array.from({ length: 10 }, (_, digit) => this.bar(digit));
    this.part(".bars").replaceChildren(...this.bars.map(({ row }) => row));
    this.said = null; // what Python was told, until it answers
    this.edits = new Edits((edit) => this.trigger("drawn", { ...(this.said ?? this.answered()), edit }));
    this.wipe();
    this.listen();
  }

  bar(digit) {
    const fill = make("i");
    const share = make("span", { className: "share" });
    const label = make("span", { className: "digit", textContent: String(digit) });
    const row = make("li", {}, label, make("span", { className: "track" }, fill), share);
    return { row, fill, share };
  }

  /** Strokes: every pointer, with a pen of a tenth of the paper's width. */
  listen() {
    const { paper } = this;
    /** @type {(event: PointerEvent) => [x: number, y: number]} */
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
    this.part(".clear").onclick = () => {
      this.wipe();
      this.say({ taken: -1 });
    };
  }

  /** @type {(from: [x: number, y: number], to: [x: number, y: number]) => void} */
  stroke(from, to) {
    const { pen, paper } = this;
    Object.assign(pen, { lineWidth: paper.width / 10, lineCap: "round", lineJoin: "round", strokeStyle: "#000" });
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(...to);
    pen.stroke();
    this.fresh = false;
    // What was read is not of this drawing any more.
    if (this.shown) this.showNothing("");
  }

  wipe() {
    this.pen.fillStyle = "#fff";
    this.pen.fillRect(0, 0, this.paper.width, this.paper.height);
    this.fresh = true;
  }

  /** The drawing as Python takes it: one byte a pixel, 255 where there is ink. */
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

  /** Tell Python, and wait for the answer to just this. */
  say(said) {
    this.said = said;
    this.edits.add();
  }

  /** What a server that knows nothing has to be told of the board as Python last answered. */
  answered() {
    const { counts, taken } = this.data;
    return taken >= 0 || !counts ? { taken } : { drawing: this.encoded() };
  }

  load(data) {
    if (!this.edits.take(data)) return;
    this.said = null;
    const before = this.data;
    this.data = data;
    const { texts } = data;
    /** @type {NodeListOf<HTMLElement>} */
    const worded = this.parent.querySelectorAll("[data-text]");
    for (const element of worded) element.textContent = texts[String(element.dataset.text)];
    this.paper.setAttribute("aria-label", texts.draw);
    this.part(".samples").setAttribute("aria-label", texts.take);
    if (!before) this.offer(data.samples);
    /** @type {NodeListOf<HTMLButtonElement>} */
    const samples = this.parent.querySelectorAll(".samples button");
    for (const button of samples)
      button.setAttribute("aria-pressed", String(Number(button.dataset.digit) === data.taken));
    // What was drawn stays on the paper; what a button or a link brought comes there now.
    if (data.counts && (data.taken >= 0 || data.epoch !== before?.epoch)) this.copyToPaper(data.counts);
    if (data.counts) this.showCounts(data);
    else this.showNothing(data.problem || texts.nothing);
    this.part(".digit-board").dataset.ready = data.probabilities ? "answered" : "waiting";
  }

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

  copyToPaper(counts) {
    this.wipe();
    paintCounts(this.pen, counts, this.paper.width / SIDE);
  }

  showCounts({ counts, probabilities, taken, texts }) {
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
    this.part(".origin").textContent = taken >= 0 ? fillIn(texts.taken, { digit: taken }) : "";
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
      share.dataset.value = probabilities ? p : "";
      row.classList.toggle("first", digit === best);
    });
    const said = !probabilities
      ? texts.waiting
      : fillIn(probabilities[best] > 0.6 ? texts.sure : texts.unsure, { digit: best });
    this.part(".verdict").textContent = said;
  }

  showNothing(words) {
    this.shown = false;
    for (const cell of this.cells) {
      cell.textContent = "";
      cell.style.background = "#fff";
    }
    this.part(".seen").setAttribute("aria-label", this.data.texts.seen);
    this.part(".origin").textContent = "";
    for (const { row, fill, share } of this.bars) {
      fill.style.transform = "scaleX(0)";
      share.textContent = "–";
      share.dataset.value = "";
      row.classList.remove("first");
    }
    this.part(".verdict").textContent = words;
  }
}

/** Paint counts of ink: white is none, black is full. */
function paintCounts(context, counts, size) {
  counts.forEach((count, index) => {
    const grey = Math.round(255 * (1 - count / FULL));
    context.fillStyle = `rgb(${grey} ${grey} ${grey})`;
    context.fillRect((index % SIDE) * size, Math.floor(index / SIDE) * size, size, size);
  });
}

export default mount(DigitBoard);
