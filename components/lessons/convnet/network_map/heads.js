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
export function makeHead({ layer, title, about, sizes, answer, picture }, texts) {
  return make(
    "button",
    {
      type: "button",
      className: "head",
      title: about,
      disabled: answer || picture,
      data: { layer },
      aria: { label: fillIn(texts.head, { name: layer, about }) },
    },
    make("b", { textContent: title }),
    ...sizes.map((textContent) => make("span", { textContent })),
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
    className: "fold",
    textContent: folded ? fillIn(texts.unfold, { layers }) : texts.fold,
    aria: { label: fillIn(folded ? texts["unfold-label"] : texts["fold-label"], { block, layers }) },
  });
}

/**
 * Make what a network answers: its first class large, the others in a list.
 *
 * @param {Top} top
 */
export function makeAnswer([[first, share, firstKind], ...others]) {
  /** @type {(value: number, label: string, kind: string) => HTMLElement} */
  const bar = (value, label, kind) => make("meter", { min: 0, max: 1, value, className: kind, aria: { label } });
  const head = make(
    "div",
    { data: { probability: String(share) } },
    make("div", { className: "first", textContent: first }),
    make("div", { className: "share", textContent: `${percent(share)}\u00a0%` }),
    bar(share, first, firstKind),
  );
  const list = others.map(([name, probability, kind]) =>
    make(
      "li",
      {},
      make("span", { textContent: `${name} ${percent(probability)}\u00a0%` }),
      bar(probability, name, kind),
    ),
  );
  return [head, make("ul", {}, ...list)];
}
