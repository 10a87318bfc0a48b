// What the board writes in words and numbers: cells, figures, areas, costs, the visitor's photo. While a cell is covered,
// nothing may show what lies in it.

import { write } from "../../../browser/dom.js";
import { fillIn } from "../../../browser/numbers.js";
import { sharesOf, writeShare } from "../class_matrix/shares.js";
import { CELL_NAMES } from "./board_parts.js";
import { figuresOf } from "./figures.js";
import { named, namesOf, writeCount, writeFigure, writeScore, writeThreshold } from "./writing.js";

/** @import { Scene } from "../../../browser/controls.js" */
/** @import { BoardParts } from "./board_parts.js" */
/** @import { CoveredCells } from "./covered_cells.js" */
/** @import { Counts, ThresholdFigures } from "./figures.js" */
/** @import { ThresholdMessage } from "./threshold_board.js" */

export class Readouts {
  /** @type {ThresholdMessage} */ message;
  /** @type {Scene} */ scene;

  /**
   * @param {BoardParts} parts
   * @param {CoveredCells} covers
   */
  constructor(parts, covers) {
    this.parts = parts;
    this.covers = covers;
  }

  /**
   * @param {ThresholdMessage} message
   * @param {Scene} scene
   */
  load(message, scene) {
    Object.assign(this, { message, scene });
  }

  /**
   * Write what stays when the threshold moves: areas, shares, the largest class.
   *
   * @param {ThresholdFigures} figures
   */
  writeFixed(figures) {
    const { parts, message, scene } = this;
    const { texts, classes } = message;
    const { averagePrecision, area } = figures.makeCurves();
    this.writeArea(parts.precisionRecall.area, averagePrecision, "average-precision");
    this.writeArea(parts.roc.area, area, "area");
    for (const [label, name] of /** @type {const} */ (["negatives", "positives"]).entries()) {
      const words = { name: classes[label], percent: scene[name], count: writeCount(figures[name]) };
      parts.inputs[name].words.textContent = fillIn(texts[figures[name] === 1 ? "kept-one" : "kept"], words);
    }
    const more = figures.positives > figures.negatives ? 1 : 0;
    const { majority } = figuresOf(figures.countsAt(1));
    const words = { name: classes[more], value: writeFigure(majority) };
    parts.majority.textContent = majority === null ? "" : fillIn(texts.majority, words);
    parts.majority.dataset.value = String(majority);
  }

  /**
   * @param {HTMLElement} part
   * @param {number | null} value
   * @param {string} name of the text; "no-…" is what stands there without a value
   */
  writeArea(part, value, name) {
    const { texts, classes } = this.message;
    part.textContent =
      value === null ? named(texts[`no-${name}`], classes) : fillIn(texts[name], { value: value.toFixed(4) });
    part.dataset.value = String(value);
  }

  /**
   * Write what the threshold decides. This runs with every move.
   *
   * @param {number} threshold
   * @param {Counts} counts
   */
  write(threshold, counts) {
    const all = counts.tn + counts.fp + counts.fn + counts.tp;
    this.writeThreshold(threshold, counts, all);
    this.writeCells(counts);
    this.writeFigures(counts, all);
    this.writeCost(threshold);
    this.writeMine(threshold);
  }

  /**
   * @param {number} threshold
   * @param {Counts} counts
   * @param {number} all photos
   */
  writeThreshold(threshold, counts, all) {
    const { value, handle } = this.parts;
    const { texts, classes } = this.message;
    const written = writeThreshold(threshold);
    write(value, fillIn(texts.threshold, { threshold: written }));
    value.dataset.value = String(threshold);
    handle.setAttribute("aria-valuenow", String(threshold));
    const words = { threshold: written, called: writeCount(counts.tp + counts.fp), all: writeCount(all) };
    handle.setAttribute("aria-valuetext", named(texts.value, classes, words));
  }

  /**
   * @param {Counts} counts
   */
  writeCells(counts) {
    const { scene, parts } = this;
    const { texts, classes } = this.message;
    // Rounded as in the matrix of many classes, so that what stands side by side adds up to 100 %.
    const shares = sharesOf([counts.tn, counts.fp, counts.fn, counts.tp], 2)[scene.percent];
    for (const [name, { button, count, percent }] of parts.cells) {
      const covered = this.covers.has(name, scene);
      const share = writeShare(shares[CELL_NAMES.indexOf(name)]);
      write(count, covered ? "?" : writeCount(counts[name]));
      write(percent, covered ? "" : share);
      const [is, says] = namesOf(name, classes);
      const words = { is, says, count: writeCount(counts[name]), percent: share };
      const label = fillIn(covered ? texts.covered : texts.cell, words);
      if (button.getAttribute("aria-label") !== label) button.setAttribute("aria-label", label);
      button.setAttribute("aria-pressed", String(scene.cell === name));
      button.dataset.value = covered ? "" : String(counts[name]);
    }
  }

  /**
   * @param {Counts} counts
   * @param {number} all photos
   */
  writeFigures(counts, all) {
    const { message, parts, scene } = this;
    const values = figuresOf(counts);
    const hidden = CELL_NAMES.some((name) => this.covers.has(name, scene));
    const numbers = { ...counts, positives: counts.tp + counts.fn, negatives: counts.tn + counts.fp, all };
    const written = Object.fromEntries(Object.entries(numbers).map(([name, count]) => [name, writeCount(count)]));
    for (const [place, [name, , formula, missing]] of message.metrics.entries()) {
      const row = parts.figures[place];
      const value = values[name];
      write(row.figure, hidden ? "?" : writeFigure(value));
      row.figure.dataset.value = hidden ? "" : String(value);
      const words = value === null ? named(missing, message.classes) : fillIn(formula, written);
      write(row.formula, hidden ? "" : words);
    }
  }

  /** @param {number} threshold */
  writeCost(threshold) {
    const { scene, parts, covers, message } = this;
    const hidden = covers.has("fp", scene) || covers.has("fn", scene);
    parts.prices.write(threshold, message, hidden);
    parts.go.disabled = hidden || parts.prices.least.threshold === threshold;
  }

  /**
   * Write what the network calls the visitor's photo, and in which column of the matrix that is. Nobody here knows of
   * which class it is.
   *
   * @param {number} threshold
   */
  writeMine(threshold) {
    const { parts } = this;
    const { mine, classes, texts } = this.message;
    const called = mine === null ? -1 : Number(mine > threshold);
    for (const label of [0, 1]) parts.heads[label].dataset.mine = String(called === label);
    for (const [name, { button }] of parts.cells) {
      button.dataset.mine = String(called === Number(name === "fp" || name === "tp"));
    }
    const words = mine === null ? "" : fillIn(texts["mine-words"], { score: writeScore(mine), name: classes[called] });
    write(parts.mine, words);
    write(parts.caution, mine === null ? "" : this.message.caution);
  }
}
