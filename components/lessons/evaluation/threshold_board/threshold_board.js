// The board of the threshold: everything that one number decides is drawn anew at every move, without asking the server.

import { Edits, View, mount } from "../../../browser/board.js";
import { carriedMessage, onCarried } from "../../../browser/carrier.js";
import { cssColour, readColours } from "../../../browser/colours.js";
import { write } from "../../../browser/dom.js";
import { fillIn } from "../../../browser/numbers.js";
import { photoSupply } from "../../../photo/photo_strip/photo_supply.js";
import { CELL_NAMES, makeBoardParts, nameClasses } from "./board_parts.js";
import { CellStrips, ERROR_CELLS } from "./cell_strips.js";
import { CoveredCells } from "./covered_cells.js";
import { RateCurve } from "./curve.js";
import { writeAmount, writeCount, writeFigure, writeScore, writeThreshold } from "./drawing.js";
import { ThresholdFigures, costOf, figuresOf, keptMask } from "./figures.js";
import { PhotoFilm } from "./film.js";
import { CellFlights, calmly } from "./flights.js";
import { HISTOGRAM_PARTS, ScoreHistogram } from "./histogram.js";
import { decodeScores } from "./scores.js";
import { holdThreshold } from "./threshold_handle.js";

/** @import { Colour, Colours } from "../../../browser/colours.js" */
/** @import { PhotoSupply } from "../../../photo/photo_strip/photo_supply.js" */

/** @import { Scene } from "../../../browser/controls.js" */

const SETTLED_MS = 350;

class ThresholdBoard extends View {
  /** @type {any} */ message;
  /** @type {any} */ scene;
  /** @type {Colours} */ colours;
  /** @type {any} */ sent;
  /** @type {any} */ parts;
  /** @type {CoveredCells} */ covers;
  /** @type {ScoreHistogram} */ histogram;
  /** @type {RateCurve} */ precisionRecall;
  /** @type {RateCurve} */ roc;
  /** @type {PhotoFilm} */ film;
  /** @type {CellFlights} */ flights;
  /** @type {PhotoSupply} */ supply;
  /** @type {CellStrips} */ strips;
  /** @type {(urls: any) => void} */ give;
  /** @type {() => void} */ forget;
  /** @type {any} */ included;
  /** @type {any} */ pair;
  /** @type {{ text: Colour; ground: Colour; negative: Colour; }} */ ink;
  /** @type {any} */ least;
  /** @type {any} */ counts;

  /** @type {Uint8Array} */ labels;
  /** @type {Float64Array} */ ranks;
  /** @type {any} */ fixed;
  /** @type {string} */ fixedFor;
  /** @type {number} */ belowBefore;
  /** @type {any} */ includedBefore;
  /** @type {any} */ sentBefore;

  constructor(parent) {
    super(parent);
    this.root = parent.querySelector(".threshold-board");
    this.edits = new Edits((edit) => this.setState("scene", { ...this.scene, edit: String(edit) }), { yields: true });
    this.figures = null; // none while the scores of what the message is about are on their way
  }

  // What Python sends ---------------------------------------------------------------------------------------------------

  load(message) {
    const before = this.message;
    this.message = message;
    if (!this.parts) this.build();
    nameClasses(this.parts, message);
    if (this.edits.take(message)) this.scene = { ...message.scene };
    if (before?.subject !== message.subject) this.covers.reset();
    this.colours = readColours(this.root);
    this.takeScores();
    this.refresh();
  }

  /** Take the scores that belong to the message. Until they are there, nothing is shown: it would be another network's. */
  takeScores() {
    const sent = carriedMessage(`${this.message.key}-scores`);
    if (sent?.subject !== this.message.subject) {
      Object.assign(this, { sent: null, figures: null });
    } else if (sent !== this.sent) {
      this.sent = sent;
      const { labels, scores, ranks } = decodeScores(sent);
      Object.assign(this, { labels, ranks, figures: new ThresholdFigures(labels, scores), included: "" });
      this.film.forget();
      this.strips.forget();
      if (this.supply.subject === sent.subject) this.give(Object.fromEntries(this.supply.urls));
    }
    this.root.setAttribute("aria-busy", String(this.figures === null));
  }

  // What is made once ---------------------------------------------------------------------------------------------------

  build() {
    const { message, root } = this;
    const parts = makeBoardParts(root, message, {
      change: (changes, later) => this.change(changes, later ? SETTLED_MS : 0),
      press: (cell, byKey) => this.press(cell, byKey),
      cover: (covered) => {
        this.covers.reset();
        this.change({ cover: covered ? "on" : "off" });
      },
      go: () => this.least && this.change({ threshold: String(this.least.threshold) }),
    });
    this.parts = parts;
    this.covers = new CoveredCells(parts);
    const again = () => this.refresh();
    this.histogram = new ScoreHistogram(parts.histogram, again);
    this.precisionRecall = new RateCurve(parts.precisionRecall.canvas, again);
    this.roc = new RateCurve(parts.roc.canvas, again);
    this.film = new PhotoFilm(parts.film, { resized: again, wants: (ids) => this.supply.wish("film", ids) });
    const buttons = new Map([...parts.cells].map(([name, { button }]) => [name, button]));
    this.flights = new CellFlights(parts.air, buttons);
    this.makeStrips();
    this.listen();
  }

  makeStrips() {
    this.supply = photoSupply(this.message.supply);
    this.strips = new CellStrips(this.parts.photos, this.message.texts.strip, this.supply, {
      open: (photo) => this.change({ photo: String(photo) }),
      leave: (cell) => this.parts.cells.get(cell)?.button.focus(),
    });
    this.give = (urls) => {
      this.strips.give(urls);
      this.film.give(urls);
    };
    this.supply.listeners.add(this.give);
    const forget = onCarried((id) => {
      if (id !== `${this.message.key}-scores`) return;
      this.takeScores();
      this.refresh();
    });
    this.forget = () => {
      this.supply.listeners.delete(this.give);
      forget();
    };
  }

  leave() {
    this.forget?.();
  }

  listen() {
    holdThreshold(this.parts, {
      now: () => this.threshold,
      figures: () => this.figures,
      scoreAt: (x) => (this.histogram.ready ? this.histogram.scoreAt(x) : null),
      move: (threshold) => this.moveTo(threshold),
    });
    this.parts.film.onclick = (event) => {
      const photo = this.film.photoAt(event.offsetX);
      if (photo !== null) this.change({ photo: String(photo) });
    };
  }

  // What the visitor does -----------------------------------------------------------------------------------------------

  get threshold() {
    return Number(this.scene.threshold);
  }

  moveTo(threshold) {
    const kept = Math.min(Math.max(threshold, 0), 1);
    if (kept !== this.threshold) this.change({ threshold: String(kept) }, SETTLED_MS);
  }

  /** Change the scene here at once and tell Python, now or when the visitor has come to rest. */
  change(changes, wait = 0) {
    Object.assign(this.scene, changes);
    if (this.figures) this.refresh();
    this.edits.add(wait);
  }

  press(cell, byKey) {
    if (this.covered(cell)) {
      this.ask(cell);
      return;
    }
    const closes = this.scene.cell === cell;
    this.change({ cell: closes ? "" : cell });
    if (closes) return;
    const strip = this.strips.of(cell);
    if (!strip) return;
    if (byKey) strip.focus();
    strip.element.scrollIntoView({ block: "nearest", behavior: calmly.matches ? "auto" : "smooth" });
  }

  covered(cell) {
    return this.covers.has(cell, this.scene);
  }

  /** Ask for a guess before a cell is uncovered. */
  ask(cell) {
    const { texts } = this.message;
    const [is, says] = this.namesOf(cell);
    const count = () => this.counts[cell];
    this.covers.ask(cell, fillIn(texts.guess, { is, says }), texts, count, () => {
      this.refresh();
      this.parts.cells.get(cell).button.focus();
    });
  }

  // What is drawn -------------------------------------------------------------------------------------------------------

  named(text, more = {}) {
    const [negative, positive] = this.message.classes;
    return fillIn(text, { negative, positive, ...more });
  }

  namesOf(cell) {
    const [negative, positive] = this.message.classes;
    return [cell === "fn" || cell === "tp" ? positive : negative, cell === "fp" || cell === "tp" ? positive : negative];
  }

  /** Draw everything: what depends on the photos that count, then what depends on the threshold. */
  refresh() {
    const { message, scene, parts, colours } = this;
    if (!this.figures) return;
    const shares = { positives: Number(scene.positives), negatives: Number(scene.negatives) };
    const included = JSON.stringify([shares, message.aside]);
    if (included !== this.included) {
      this.included = included;
      this.figures.include(keptMask(this.labels, this.ranks, shares, message.aside));
    }
    for (const input of this.root.querySelectorAll("[data-choice] input")) {
      input.checked = scene[input.closest("[data-choice]").dataset.choice] === input.value;
    }
    const active = this.root.getRootNode().activeElement;
    for (const name of ["missed", "alarm", "positives", "negatives"]) {
      if (parts[name] !== active) parts[name].value = scene[name];
    }
    parts.cover.checked = scene.cover === "on";
    this.pair = message.palette.map((name) => colours[name]);
    this.ink = { text: colours.text, ground: colours.ground, negative: colours.negative };
    for (const [label, name] of ["--negative-class", "--positive-class"].entries()) {
      this.root.style.setProperty(name, cssColour(this.pair[label]));
    }
    this.drawFixed();
    this.move();
    this.root.dataset.ready = String(message.edit);
  }

  /** What stays when the threshold moves: bars, curves, areas, costs, shares. */
  drawFixed() {
    const { message, scene, parts, figures } = this;
    const { texts, classes } = message;
    const plates = [this.precisionRecall, this.roc, this.histogram, this.film].map(
      ({ plate: { ready, width, height, rem } }) => ready && [width, height, rem],
    );
    const { missed, alarm } = scene;
    const state = JSON.stringify([this.included, missed, alarm, classes, message.mine, this.pair, this.ink, plates]);
    if (state === this.fixed && this.sent === this.fixedFor) return;
    [this.fixed, this.fixedFor] = [state, this.sent];
    const mine =
      message.mine === null
        ? null
        : { score: message.mine, text: fillIn(texts.mine, { score: writeScore(message.mine) }) };
    this.histogram.load(figures.histogram(HISTOGRAM_PARTS), mine);
    for (const curve of [this.precisionRecall, this.roc]) {
      curve.load(figures, curve === this.roc, this.colours.positive, this.ink, texts);
    }
    this.film.load(figures.photos, this.labels);
    const { averagePrecision, area } = figures.makeCurves();
    const writeArea = (part, value, text, missing) => {
      part.textContent = value === null ? this.named(missing) : fillIn(text, { value: value.toFixed(4) });
      part.dataset.value = String(value);
    };
    writeArea(parts.precisionRecall.area, averagePrecision, texts["average-precision"], texts["no-average-precision"]);
    writeArea(parts.roc.area, area, texts.area, texts["no-area"]);
    this.least = figures.cheapest(Number(missed), Number(alarm));
    for (const [label, name, count] of [
      [0, "negatives", figures.negatives],
      [1, "positives", figures.positives],
    ]) {
      const words = { name: classes[label], percent: scene[name], count: writeCount(count) };
      parts[`${name}Words`].textContent = fillIn(texts.kept, words);
    }
    const more = figures.positives > figures.negatives ? 1 : 0;
    const { majority } = figuresOf(figures.countsAt(1));
    const words = { name: classes[more], value: writeFigure(majority) };
    parts.majority.textContent = majority === null ? "" : fillIn(texts.majority, words);
    parts.majority.dataset.value = String(majority);
  }

  /** What the threshold decides. This runs with every move. */
  move() {
    const { figures, parts, message, threshold } = this;
    const { texts } = message;
    const below = figures.below(threshold);
    const counts = figures.countsBelow(below);
    this.fly(below);
    this.counts = counts;
    const written = writeThreshold(threshold);
    if (this.histogram.ready) {
      this.histogram.draw(threshold, this.pair, this.ink);
      parts.handle.style.transform = `translateX(${this.histogram.across(threshold)}px)`;
      parts.handle.style.setProperty("--axis", `${this.histogram.axis}px`);
    }
    if (this.film.plate.ready) this.film.show(below, this.pair, this.ink);
    this.precisionRecall.draw(counts);
    this.roc.draw(counts);
    write(parts.value, fillIn(texts.threshold, { threshold: written }));
    parts.value.dataset.value = String(threshold);
    parts.handle.setAttribute("aria-valuenow", String(threshold));
    const all = counts.tn + counts.fp + counts.fn + counts.tp;
    const words = { threshold: written, called: writeCount(counts.tp + counts.fp), all: writeCount(all) };
    parts.handle.setAttribute("aria-valuetext", this.named(texts.value, words));
    this.writeCells(counts, all);
    this.writeMetrics(counts, all);
    this.writeCost(counts);
    this.showStrips(counts);
    this.writeMine();
  }

  /** In which column of the matrix the visitor's photo lands; of which class it is, nobody here knows. */
  writeMine() {
    const { message, parts, threshold } = this;
    const { mine, classes, texts } = message;
    const called = mine === null ? -1 : Number(mine > threshold);
    for (const label of [0, 1]) parts.heads[label].dataset.mine = String(called === label);
    for (const [name, { button }] of parts.cells) {
      button.dataset.mine = String(called === Number(name === "fp" || name === "tp"));
    }
    const words = mine === null ? "" : fillIn(texts["mine-words"], { score: writeScore(mine), name: classes[called] });
    write(parts.mine, words);
  }

  /** Photos that have crossed the threshold since it was drawn last. */
  fly(below) {
    const { figures } = this;
    const before = this.belowBefore;
    const same = this.includedBefore === this.included && this.sentBefore === this.sent;
    [this.belowBefore, this.includedBefore, this.sentBefore] = [below, this.included, this.sent];
    if (!same || before === undefined || before === below || this.scene.cover === "on") return;
    const raised = below > before;
    const { photos } = figures;
    const crossed = raised
      ? photos.slice(Math.max(before, below - 40), below).toReversed()
      : photos.slice(below, Math.min(before, below + 40));
    this.flights.fly(
      crossed,
      (photo) => this.labels[photo],
      raised,
      (photo) => this.supply.urls.get(photo),
    );
  }

  writeCells(counts, all) {
    const { scene, parts } = this;
    const { texts } = this.message;
    const { tn, fp, fn, tp } = counts;
    const wholes = {
      row: { tn: tn + fp, fp: tn + fp, fn: fn + tp, tp: fn + tp },
      column: { tn: tn + fn, fn: tn + fn, fp: fp + tp, tp: fp + tp },
      all: { tn: all, fp: all, fn: all, tp: all },
    }[scene.percent];
    for (const [name, { button, count, percent }] of parts.cells) {
      const covered = this.covered(name);
      const share = wholes[name] ? `${((100 * counts[name]) / wholes[name]).toFixed(1)} %` : "–";
      write(count, covered ? "?" : writeCount(counts[name]));
      write(percent, covered ? "" : share);
      const [is, says] = this.namesOf(name);
      const label = fillIn(covered ? texts.covered : texts.cell, {
        is,
        says,
        count: writeCount(counts[name]),
        percent: share,
      });
      if (button.getAttribute("aria-label") !== label) button.setAttribute("aria-label", label);
      button.setAttribute("aria-pressed", String(scene.cell === name));
      button.dataset.value = covered ? "" : String(counts[name]);
    }
  }

  writeMetrics(counts, all) {
    const { message, parts, figures } = this;
    const values = figuresOf(counts);
    // While a cell is covered, no figure may tell what lies in it.
    const hidden = CELL_NAMES.some((name) => this.covered(name));
    const numbers = { ...counts, positives: figures.positives, negatives: figures.negatives, all };
    const written = Object.fromEntries(Object.entries(numbers).map(([name, count]) => [name, writeCount(count)]));
    for (const [place, [name, , formula, missing]] of message.metrics.entries()) {
      const row = parts.metrics[place];
      const value = values[name];
      write(row.value, hidden ? "?" : writeFigure(value));
      row.value.dataset.value = hidden ? "" : String(value);
      write(row.formula, hidden ? "" : value === null ? this.named(missing) : fillIn(formula, written));
    }
  }

  writeCost({ fn, fp }) {
    const { scene, parts, least } = this;
    const { texts } = this.message;
    const [missed, alarm] = [Number(scene.missed), Number(scene.alarm)];
    const hidden = ERROR_CELLS.some((name) => this.covered(name));
    const cost = costOf({ fp, fn }, missed, alarm);
    const numbers = {
      fn: writeCount(fn),
      fp: writeCount(fp),
      missed: writeAmount(missed),
      alarm: writeAmount(alarm),
      cost: writeAmount(cost),
      least: writeAmount(least.cost),
      threshold: writeThreshold(least.threshold),
    };
    write(parts.cost, hidden ? "" : fillIn(texts.cost, numbers));
    parts.cost.dataset.value = hidden ? "" : String(cost);
    parts.go.disabled = hidden || least.threshold === this.threshold;
  }

  showStrips(counts) {
    const { scene, message } = this;
    const title = (cell) => this.named(message.texts[`strip-${cell}`], { count: writeCount(counts[cell]) });
    const shown = { chosen: scene.cell, photo: Number(scene.photo) };
    this.strips.show(this.figures, counts, shown, (cell) => this.covered(cell), title);
  }
}

export default mount(ThresholdBoard);
