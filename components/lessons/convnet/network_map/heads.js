// Around the overview's maps: the buttons that open a layer or fold a block, and the network's answer.

import { make } from "../../../browser/dom.js";
import { fillIn } from "../../../browser/numbers.js";
import { percent } from "../../../networks/percent.js";

/** @import { Column, Top } from "./sheet.js" */

/**
 * Make the button above a column, which opens its layer.
 *
 * @param {Column} column
 * @param {Record<string, string>} texts
 */
export function makeHead({ layer, title, about, short }, texts) {
  return make(
    "button",
    {
      type: "button",
      className: "head",
      title: about,
      data: { layer },
      aria: { label: fillIn(texts.head, { name: layer, about }) },
    },
    make("b", { textContent: title }),
    make("span", { textContent: short }),
  );
}

/**
 * Make the button below a block, which unfolds it or folds it again.
 *
 * @param {Column} column
 * @param {Record<string, string>} texts
 */
export function makeFold({ block, layers, folded }, texts) {
  return make("button", {
    type: "button",
    className: folded ? "fold more" : "fold less",
    textContent: folded ? fillIn(texts.unfold, { layers }) : texts.fold,
    aria: { label: fillIn(folded ? texts["unfold-label"] : texts["fold-label"], { block, layers }) },
  });
}

/**
 * Make the button of a layer that has no column: no map looks other behind it than before.
 *
 * @param {string} name
 * @param {Record<string, string>} texts
 */
export function makeThen(name, texts) {
  return make("button", {
    type: "button",
    className: "fold then",
    textContent: name,
    data: { layer: name },
    aria: { label: fillIn(texts["then-label"], { name }) },
  });
}

/**
 * Make what a network answers: its first class large, the others in a list.
 *
 * @param {Top} top
 */
export function makeAnswer([[first, share, firstKind], ...others]) {
  /** @type {(value: number, label: string, kind: string) => HTMLElement} */
  const bar = (value, label, kind) => {
    const filled = make("i");
    filled.style.setProperty("--share", String(value));
    return make(
      "div",
      {
        className: `bar ${kind}`,
        aria: { role: "meter", label, valuemin: "0", valuemax: "1", valuenow: String(value) },
      },
      filled,
    );
  };
  /** @param {number} value */
  const written = (value) => `${percent(value)}\u00a0%`;
  const head = make(
    "div",
    { className: "likeliest", data: { probability: String(share) } },
    make("p", { className: "first" }, make("b", { textContent: first }), ` ${written(share)}`),
    bar(share, first, firstKind),
  );
  const list = others.map(([name, probability, kind]) =>
    make("li", {}, make("span", { textContent: `${name} ${written(probability)}` }), bar(probability, name, kind)),
  );
  return [head, make("ul", {}, ...list)];
}
