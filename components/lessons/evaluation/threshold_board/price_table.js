// What mistakes cost: now, at the threshold that is cheapest where it was chosen, and what that one costs on photos that
// had no say. Choosing and paying on the same photos flatters.

import { make, write } from "../../../browser/dom.js";
import { fillIn } from "../../../browser/numbers.js";
import { costOf } from "./figures.js";
import { writeAmount, writeCount, writeThreshold } from "./writing.js";

/** @import { Least, ThresholdFigures } from "./figures.js" */
/** @import { ThresholdMessage } from "./threshold_board.js" */

/**
 * @typedef {object} Prices what the threshold costs; `test` is null where only the board's photos are known
 * @property {ThresholdFigures} chosen the photos on which the threshold is chosen
 * @property {ThresholdFigures | null} test the photos that had no say
 * @property {number} missed
 * @property {number} alarm
 */

/** @typedef {"now" | "chosen" | "late"} PriceRow */

/** @type {PriceRow[]} */
const ROWS = ["now", "chosen", "late"];

export class PriceTable {
  /** @type {Prices} */ prices;
  /** @type {Least} the cheapest threshold where it is chosen */ least;
  /** @type {Least | null} the cheapest one on the test photos, which nobody could know */ late;

  /** @param {HTMLElement} go is put beside the cheapest threshold */
  constructor(go) {
    this.heads = ["threshold", "chosen", "test"].map(() => make("th", { scope: "col" }));
    this.rows = new Map(
      ROWS.map((name) => {
        const cells = ["threshold", "chosen", "test"].map((column) =>
          make(
            "td",
            { data: { testid: `price-${name}-${column}` } },
            ...(column === "threshold" ? [] : [make("span", { className: "sum" }), make("b")]),
          ),
        );
        const label = make("th", { scope: "row" });
        const last = make("td", {}, ...(name === "chosen" ? [go] : []));
        return [name, { label, cells, element: make("tr", {}, label, ...cells, last) }];
      }),
    );
    const head = make("tr", {}, make("td"), ...this.heads, make("td"));
    const rows = [...this.rows.values()].map(({ element }) => element);
    this.element = make("table", { className: "prices" }, make("thead", {}, head), make("tbody", {}, ...rows));
    this.words = make("p", { data: { testid: "price-words" } });
  }

  /**
   * Work out what stays when the threshold moves.
   *
   * @param {Prices} prices
   */
  load(prices) {
    const { chosen, test, missed, alarm } = prices;
    this.prices = prices;
    this.least = chosen.cheapest(missed, alarm);
    this.late = test?.cheapest(missed, alarm) ?? null;
  }

  /**
   * Write the table. This runs with every move.
   *
   * @param {number} threshold
   * @param {ThresholdMessage} message
   * @param {boolean} hidden whether nothing may be read, because a cell is covered
   */
  write(threshold, { texts, note }, hidden) {
    const { chosen, test } = this.prices;
    const sizes = [chosen, test].map((figures) => figures?.photos.length ?? 0);
    const each = test !== null && sizes[0] !== sizes[1];
    const parts = test ? [texts.validation, texts.test] : [texts["these-photos"], ""];
    write(this.heads[0], texts["price-threshold"]);
    for (const place of [0, 1]) {
      const words = { part: parts[place], count: writeCount(sizes[place]) };
      write(this.heads[place + 1], fillIn(texts["price-on"], words));
      this.heads[place + 1].hidden = place === 1 && !test;
    }
    for (const [name, { label, cells, element }] of this.rows) {
      element.hidden = name === "late" && !test;
      cells[2].hidden = !test;
      write(label, fillIn(texts[`price-${name}`], { part: name === "late" ? parts[1] : parts[0] }));
      const at = name === "now" ? threshold : name === "chosen" ? this.least.threshold : this.late?.threshold;
      write(cells[0], hidden || at === undefined ? "" : writeThreshold(at));
      this.writeCost(cells[1], hidden || name === "late" ? null : chosen, at, each);
      this.writeCost(cells[2], hidden ? null : test, at, each);
    }
    write(this.words, hidden ? "" : `${this.lesson(texts, each)} ${note}`.trim());
  }

  /**
   * @param {Record<string, string>} texts
   * @param {boolean} each whether costs are compared per 100 photos
   */
  lesson(texts, each) {
    const { chosen, test } = this.prices;
    if (!test) return texts["price-alone"];
    const [first, second] = [chosen, test].map((figures) => this.amount(figures, this.least.threshold, each));
    const words = { chosen: writeAmount(first), price: writeAmount(second) };
    return fillIn(each ? texts["price-words-each"] : texts["price-words"], words);
  }

  /**
   * Write a cost into a cell: the sum, for which a phone has no room, and its result.
   *
   * @param {HTMLElement} cell
   * @param {ThresholdFigures | null} figures null for an empty cell
   * @param {number | undefined} threshold
   * @param {boolean} each
   */
  writeCost(cell, figures, threshold, each) {
    const parts = /** @type {[HTMLElement, HTMLElement]} */ ([...cell.children]);
    if (!figures || threshold === undefined) {
      cell.dataset.value = "";
      for (const part of parts) write(part, "");
      return;
    }
    const { missed, alarm } = this.prices;
    const { fn, fp } = figures.countsAt(threshold);
    const cost = costOf({ fp, fn }, missed, alarm);
    cell.dataset.value = String(cost);
    const [missing, alarming] = [fn, fp].map(writeCount);
    write(parts[0], `${missing} × ${writeAmount(missed)} + ${alarming} × ${writeAmount(alarm)} = `);
    const per = each ? ` (${writeAmount(this.amount(figures, threshold, true))} / 100)` : "";
    write(parts[1], `${writeAmount(cost)}${per}`);
  }

  /**
   * Return what a threshold costs, for every 100 photos where `each`.
   *
   * @param {ThresholdFigures} figures
   * @param {number} threshold
   * @param {boolean} each
   */
  amount(figures, threshold, each) {
    const cost = costOf(figures.countsAt(threshold), this.prices.missed, this.prices.alarm);
    return each ? (100 * cost) / Math.max(figures.photos.length, 1) : cost;
  }
}
