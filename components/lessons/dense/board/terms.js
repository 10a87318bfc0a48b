// The terms that are shown: for each its map, its input, its weight, a bar that can be dragged, and whether it counts.

import { make } from "../../../browser/dom.js";
import { MINUS, fillIn } from "../../../browser/numbers.js";
import { paintMap, reach, stepsOf } from "../../../networks/paint.js";
import { drawBar, makeTrack, writeNumber, writeRounded } from "./bars.js";
import { nameOf } from "./part.js";

/** @import { Colours } from "../../../browser/colours.js" */
/** @import { Part } from "./part.js" */
/** @import { Changes, Sums } from "./sums.js" */

/**
 * @typedef {object} TermActs what a visitor does to a term
 * @property {(feature: number, silent: boolean) => void} silence
 * @property {(feature: number, weight: number) => void} move
 * @property {(feature: number) => void} look
 */

const STEPS = 200;

export class TermRows {
  /** @type {Part} */
  part;

  /** @type {Float64Array} all terms without changes */
  first;

  /** The term whose bar takes the full half width. */
  scale = 1;

  /** @type {ReturnType<TermRows["row"]>[]} */
  rows = [];

  /** @type {[Sums, Changes, number[], number, null]} what was drawn last */
  drawn;

  /**
   * @param {Record<string, string>} texts
   * @param {TermActs} acts
   */
  constructor(texts, acts) {
    this.texts = texts;
    this.acts = acts;
    this.list = make("div", { className: "rows" });
    this.list.setAttribute("role", "list");
    this.ends = make("span", { className: "ends" });
    this.axis = make("div", { className: "term axis" }, this.ends);
    this.axis.setAttribute("aria-hidden", "true");
  }

  /**
   * Make the rows of a page of terms.
   *
   * @param {Part} part
   * @param {Colours} colours
   */
  load(part, colours) {
    this.part = part;
    const size = part.width * part.height;
    const first = Float64Array.from(part.x, (value, feature) => value * part.w[feature]);
    this.first = first;
    // Room to make a term half as large again by dragging.
    const largest = Math.max(...part.shown.map((feature) => Math.abs(first[feature])));
    this.scale = Number((1.5 * largest).toPrecision(2)) || 1;
    this.rows = part.shown.map((feature, place) =>
      this.row(feature, part.maps.subarray(place * size, (place + 1) * size), colours),
    );
    this.ends.replaceChildren(
      ...[`${MINUS}${this.scale}`, "0", `+${this.scale}`].map((textContent) => make("span", { textContent })),
    );
    this.list.replaceChildren(...this.rows.map(({ element }) => element));
  }

  /** @param {number} feature */
  name(feature) {
    return nameOf(this.part, feature, this.texts);
  }

  /**
   * @param {number} feature
   * @param {Float32Array} map
   * @param {Colours} colours
   */
  row(feature, map, colours) {
    const { texts, acts, part } = this;
    const name = this.name(feature);
    const on = make("input", { type: "checkbox" });
    on.setAttribute("aria-label", fillIn(texts["takes-part"], { name }));
    on.onchange = () => acts.silence(feature, !on.checked);
    const look = make("button", { type: "button", className: "thumb" });
    look.setAttribute("aria-label", fillIn(texts.look, { name }));
    look.onclick = () => acts.look(feature);
    look.classList.toggle("empty", !part.mapsLayer);
    if (part.mapsLayer) {
      const { steps, low, high } = stepsOf(map);
      look.append(
        paintMap(
          make("canvas"),
          steps,
          { width: part.width, height: part.height, low, high, scale: reach(low, high) },
          colours,
        ),
      );
    }
    const weight = make("input", { type: "number", className: "field", step: "0.01", min: "-10", max: "10" });
    weight.setAttribute("aria-label", fillIn(texts.weight, { name }));
    weight.oninput = () => {
      if (Number.isFinite(weight.valueAsNumber)) acts.move(feature, Math.max(Math.min(weight.valueAsNumber, 10), -10));
    };
    weight.onblur = () => this.draw(...this.drawn);
    const bar = makeTrack();
    const range = make("input", {
      type: "range",
      min: String(-this.scale),
      max: String(this.scale),
      step: String((2 * this.scale) / STEPS),
    });
    range.setAttribute("aria-label", fillIn(texts.drag, { name }));
    const dead = part.x[feature] === 0;
    range.disabled = dead;
    if (dead) bar.track.title = texts.dead;
    range.oninput = () => acts.move(feature, Math.max(Math.min(Number(range.value) / part.x[feature], 10), -10));
    bar.track.append(range);
    const value = make("b", { className: "value" });
    value.dataset.testid = `term-${feature}`;
    const element = make(
      "div",
      { className: "term" },
      on,
      look,
      make("span", { className: "name", textContent: name }),
      make("span", { className: "x", textContent: writeNumber(part.x[feature]) }),
      weight,
      bar.track,
      value,
    );
    element.setAttribute("role", "listitem");
    element.dataset.feature = String(feature);
    return { feature, element, on, look, weight, bar, range, value };
  }

  /**
   * Show what the terms are now.
   *
   * @param {Sums} sums
   * @param {Changes} changes
   * @param {number[]} units the shown terms in ten-thousandths
   * @param {number} looked the input that is shown large
   * @param {Element | null} active has the focus: what is being typed is not overwritten
   */
  draw(sums, changes, units, looked, active) {
    this.drawn = [sums, changes, units, looked, null];
    this.rows.forEach(({ feature, element, on, look, weight, bar, range, value }, place) => {
      const term = sums.terms[feature];
      const silent = changes.silent.has(feature);
      const own = changes.moved.get(feature) ?? this.part.w[feature];
      on.checked = !silent;
      element.classList.toggle("silent", silent);
      element.classList.toggle("changed", silent || changes.moved.has(feature));
      element.classList.toggle("looked", feature === looked);
      look.setAttribute("aria-pressed", String(feature === looked));
      if (weight !== active) weight.value = String(Number(own.toPrecision(4)));
      weight.disabled = silent;
      range.disabled = silent || this.part.x[feature] === 0;
      if (range !== active) range.value = String(term);
      range.setAttribute(
        "aria-valuetext",
        fillIn(this.texts["drag-value"], { weight: writeNumber(own), term: writeNumber(term) }),
      );
      drawBar(bar, term, this.scale, this.first[feature]);
      value.textContent = writeRounded(units[place]);
      value.dataset.value = String(term);
    });
  }
}
