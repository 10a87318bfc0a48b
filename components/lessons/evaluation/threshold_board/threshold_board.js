// The board of the threshold: all that one number decides is drawn again with every move, without the server.

import { Edits, View, mount } from "../../../browser/board.js";
import { carriedMessage, onCarried } from "../../../browser/carrier.js";
import { cssColour, readColours } from "../../../browser/colours.js";
import { fillIn } from "../../../browser/numbers.js";
import { photoSupply } from "../../../photo/photo_strip/photo_supply.js";
import { makeBoardParts, nameClasses, showPhotos, showScene } from "./board_parts.js";
import { CellStrips } from "./cell_strips.js";
import { CoveredCells } from "./covered_cells.js";
import { RateCurve } from "./curve.js";
import { ThresholdFigures, keptMask } from "./figures.js";
import { PhotoFilm } from "./film.js";
import { CellFlights, calmly } from "./flights.js";
import { HISTOGRAM_PARTS, ScoreHistogram } from "./histogram.js";
import { Readouts } from "./readouts.js";
import { decodeScores } from "./scores.js";
import { holdThreshold } from "./threshold_handle.js";
import { named, namesOf, writeCount, writeScore } from "./writing.js";

/** @import { Colour, Colours } from "../../../browser/colours.js" */
/** @import { Scene, SceneMessage } from "../../../browser/controls.js" */
/** @import { PhotoSupply, PhotoUrls } from "../../../photo/photo_strip/photo_supply.js" */
/** @import { BoardParts } from "./board_parts.js" */
/** @import { Cell, Counts, Figures } from "./figures.js" */
/** @import { ScoreMessage } from "./scores.js" */

/**
 * @typedef {object} ThresholdMessage what Python's payload says
 * @property {[negative: string, positive: string]} classes their names
 * @property {[negative: keyof Colours, positive: keyof Colours]} palette the theme's colours for them
 * @property {number | null} mine the score of the visitor's own photo, from 0 to 1
 * @property {number[]} aside places of the photos that do not count
 * @property {string} key of the component; the scores are carried as `${key}-scores`
 * @property {string} supply key of the photos' supply
 * @property {string} subject what is judged, as a digest
 * @property {"validation" | "test" | ""} part of the dataset that these photos are; "" for neither
 * @property {boolean} other whether the scores of the other one of the two parts come as `${key}-other-scores`
 * @property {string} caution what is to be said beside the score of the visitor's photo, or ""
 * @property {string} story what mistakes cost whom
 * @property {string} note what is to be said about the two parts, or ""
 * @property {[name: keyof Figures, label: string, formula: string, missing: string][]} metrics `missing` is what is
 *     written instead of 0 / 0
 * @property {Record<string, any>} texts
 */

/** @typedef {[negative: Colour, positive: Colour]} ClassColours */

/** @typedef {Pick<Colours, "text" | "ground" | "negative">} Ink */

const SETTLED_MS = 350;

/** @extends {View<SceneMessage & ThresholdMessage>} */
class ThresholdBoard extends View {
  /** @type {SceneMessage & ThresholdMessage} */ message;
  /** @type {Scene} */ scene;
  /** @type {Colours} */ colours;
  /** @type {ScoreMessage | null} */ sent;
  /** @type {BoardParts} */ parts;
  /** @type {Readouts} */ readouts;
  /** @type {CoveredCells} */ covers;
  /** @type {ScoreHistogram} */ histogram;
  /** @type {RateCurve} */ precisionRecall;
  /** @type {RateCurve} */ roc;
  /** @type {PhotoFilm} */ film;
  /** @type {CellFlights} */ flights;
  /** @type {PhotoSupply} */ supply;
  /** @type {CellStrips} */ strips;
  /** @type {(urls: PhotoUrls) => void} */ give;
  /** @type {() => void} */ forget;
  /** @type {string} which photos count */ included;
  /** @type {ClassColours} */ pair;
  /** @type {Ink} */ ink;
  /** @type {Counts} */ counts;

  /** @type {Uint8Array} */ labels;
  /** @type {Int32Array} */ ranks;

  /** What `drawFixed` drew, and of which scores. */
  /** @type {string} */ fixed;
  /** @type {ScoreMessage | null} */ fixedFor;

  /** What `fly` saw last. */
  /** @type {number | undefined} */ belowBefore;
  /** @type {string} */ includedBefore;
  /** @type {ScoreMessage | null} */ sentBefore;

  /** @type {ThresholdFigures | null} none while the scores of what the message is about are on their way */
  figures = null;

  /** @type {ThresholdFigures | null} the other part's: a threshold is chosen on one and paid for on the other */
  other = null;

  /** @type {ScoreMessage | null} what `other` was made of */
  otherSent = null;

  /** @type {Uint8Array} the other part's */ otherLabels;
  /** @type {Int32Array} the other part's */ otherRanks;

  /** @param {ShadowRoot} parent */
  constructor(parent) {
    super(parent);
    this.root = /** @type {HTMLElement} */ (parent.querySelector(".threshold-board"));
    this.edits = new Edits((edit, told) => this.setState("scene", { ...this.scene, edit: String(edit), told }), {
      yields: true,
    });
  }

  // What Python sends ---------------------------------------------------------------------------------------------------

  /** @param {SceneMessage & ThresholdMessage} message */
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
    /** @type {ScoreMessage | undefined} */
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
    this.takeOtherScores();
    this.root.setAttribute("aria-busy", String(this.figures === null));
  }

  takeOtherScores() {
    const { key, subject } = this.message;
    /** @type {ScoreMessage | undefined} */
    const sent = this.message.other ? carriedMessage(`${key}-other-scores`) : undefined;
    if (sent?.subject !== subject) {
      Object.assign(this, { otherSent: null, other: null });
    } else if (sent !== this.otherSent) {
      const { labels, scores, ranks } = decodeScores(sent);
      const other = new ThresholdFigures(labels, scores);
      Object.assign(this, { otherSent: sent, otherLabels: labels, otherRanks: ranks, other, included: "" });
    }
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
      go: () => parts.prices.least && this.change({ threshold: String(parts.prices.least.threshold) }),
    });
    this.parts = parts;
    this.covers = new CoveredCells(parts);
    this.readouts = new Readouts(parts, this.covers);
    const again = () => this.refresh();
    this.histogram = new ScoreHistogram(parts.histogram, again);
    this.precisionRecall = new RateCurve(parts.precisionRecall.canvas, again);
    this.roc = new RateCurve(parts.roc.canvas, again);
    this.film = new PhotoFilm(parts.film, { resized: again, wants: (ids) => this.supply.wish("film", ids) });
    /** @type {Map<Cell, HTMLElement>} */
    const buttons = new Map([...parts.cells].map(([name, { button }]) => [name, button]));
    this.flights = new CellFlights(parts.air, buttons);
    this.makeStrips();
    this.listen();
  }

  makeStrips() {
    this.supply = photoSupply(this.message.supply);
    this.strips = new CellStrips(this.parts.photos, this.message.texts.strip, this.supply, {
      open: (photo) => this.open(photo),
      leave: (cell) => cell && this.parts.cells.get(cell)?.button.focus(),
    });
    this.give = (urls) => {
      this.strips.give(urls);
      this.film.give(urls);
    };
    this.supply.listeners.add(this.give);
    const forget = onCarried((id) => {
      if (![`${this.message.key}-scores`, `${this.message.key}-other-scores`].includes(id)) return;
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
      if (photo !== null) this.open(photo);
    };
  }

  // What the visitor does -----------------------------------------------------------------------------------------------

  get threshold() {
    return Number(this.scene.threshold);
  }

  /** @param {number} threshold */
  moveTo(threshold) {
    const kept = Math.min(Math.max(threshold, 0), 1);
    if (kept !== this.threshold) this.change({ threshold: String(kept) }, SETTLED_MS);
  }

  /**
   * Change the scene here at once and tell Python, now or when the visitor has come to rest.
   *
   * @param {Scene} changes
   * @param {number} [wait] milliseconds
   */
  change(changes, wait = 0) {
    Object.assign(this.scene, changes);
    if (this.figures) this.refresh();
    this.edits.add(wait);
  }

  /**
   * @param {Cell} cell
   * @param {boolean} byKey
   */
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

  /** @param {Cell} cell */
  covered(cell) {
    return this.covers.has(cell, this.scene);
  }

  /**
   * Ask for a guess before a cell is uncovered.
   *
   * @param {Cell} cell
   */
  ask(cell) {
    const { texts, classes } = this.message;
    const [is, says] = namesOf(cell, classes);
    const count = () => this.counts[cell];
    this.covers.ask(cell, fillIn(texts.guess, { is, says }), texts, count, () => {
      this.refresh();
      this.parts.cells.get(cell)?.button.focus();
    });
  }

  /** @param {number} photo */
  open(photo) {
    this.change({ photo: String(photo) });
    if (photo >= 0) showPhotos(this.parts);
  }

  // What is drawn -------------------------------------------------------------------------------------------------------

  /** Draw everything: what depends on the photos that count, then what depends on the threshold. */
  refresh() {
    const { message, scene, parts, colours, figures } = this;
    if (!figures) return;
    const shares = { positives: Number(scene.positives), negatives: Number(scene.negatives) };
    const included = JSON.stringify([shares, message.aside, this.other !== null]);
    if (included !== this.included) {
      this.included = included;
      figures.include(keptMask(this.labels, this.ranks, shares, message.aside));
      this.other?.include(keptMask(this.otherLabels, this.otherRanks, shares, []));
    }
    showScene(parts, scene, this.parent.activeElement);
    this.readouts.load(message, scene);
    const [negative, positive] = message.palette;
    this.pair = [colours[negative], colours[positive]];
    this.ink = { text: colours.text, ground: colours.ground, negative: colours.negative };
    for (const [label, name] of ["--negative-class", "--positive-class"].entries()) {
      this.root.style.setProperty(name, cssColour(this.pair[label]));
    }
    this.drawFixed(figures);
    this.move(figures);
    this.root.dataset.ready = String(message.edit);
  }

  /**
   * Draw what stays when the threshold moves: bars, curves, areas, costs, shares.
   *
   * @param {ThresholdFigures} figures
   */
  drawFixed(figures) {
    const { message, scene, parts } = this;
    const { texts, classes } = message;
    const plates = [this.precisionRecall, this.roc, this.histogram, this.film].map(
      ({ plate: { ready, width, height, rem } }) => ready && [width, height, rem],
    );
    const { missed, alarm } = scene;
    const { mine: own, part } = message;
    const state = JSON.stringify([this.included, missed, alarm, classes, own, part, this.pair, this.ink, plates]);
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
    const roles = message.part === "test" && this.other ? [this.other, figures] : [figures, this.other];
    parts.prices.load({
      chosen: /** @type {ThresholdFigures} */ (roles[0]),
      test: roles[1],
      missed: Number(missed),
      alarm: Number(alarm),
    });
    this.readouts.writeFixed(figures);
  }

  /**
   * Draw what the threshold decides. This runs with every move.
   *
   * @param {ThresholdFigures} figures
   */
  move(figures) {
    const { parts, threshold } = this;
    const below = figures.below(threshold);
    const counts = figures.countsBelow(below);
    this.fly(below, figures);
    this.counts = counts;
    if (this.histogram.ready) {
      this.histogram.draw(threshold, this.pair, this.ink);
      parts.handle.style.transform = `translateX(${this.histogram.across(threshold)}px)`;
      parts.handle.style.setProperty("--axis", `${this.histogram.axis}px`);
    }
    if (this.film.plate.ready) this.film.show(below, this.pair, this.ink);
    this.precisionRecall.draw(counts);
    this.roc.draw(counts);
    this.readouts.write(threshold, counts);
    this.showStrips(figures, counts);
  }

  /**
   * Let photos fly that have crossed the threshold since it was drawn last.
   *
   * @param {number} below
   * @param {ThresholdFigures} figures
   */
  fly(below, figures) {
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

  /**
   * @param {ThresholdFigures} figures
   * @param {Counts} counts
   */
  showStrips(figures, counts) {
    const { scene } = this;
    const { texts, classes } = this.message;
    const title = (/** @type {Cell} */ cell) =>
      named(texts[`strip-${cell}`], classes, { count: writeCount(counts[cell]) });
    const chosen = /** @type {Cell | ""} */ (scene.cell);
    this.strips.show(figures, counts, { chosen, photo: Number(scene.photo) }, (cell) => this.covered(cell), title);
  }
}

export default mount(ThresholdBoard);
