// Around the overview's maps: the buttons that open a layer or fold a block, and the network's answer.

import { make } from "../../../browser/dom.js";
import { fillIn } from "../../../browser/numbers.js";
import { percent } from "../../../networks/percent.js";

/** @import { Layout, Strip } from "./layout.js" */
/** @import { Column, Top } from "./sheet.js" */

/**
 * Make the buttons above and below the columns, in their places.
 *
 * @param {Column[]} columns
 * @param {Layout} layout
 * @param {Record<string, string>} texts
 * @param {{open: (layer: string, map: number) => void, unfold: (block: string) => void}} does
 */
export function makeHeads(columns, { places }, texts, { open, unfold }) {
  /** @type {HTMLElement[]} */
  const heads = [];
  /** @type {HTMLElement[]} */
  const feet = [];
  for (const [number, column] of columns.entries()) {
    if (column.answer || !column.layer) continue;
    const head = makeHead(column, texts);
    head.disabled = Boolean(column.empty);
    head.onclick = () => open(column.layer, -1);
    heads.push(put(head, places[number].head));
    if (column.empty) continue;
    const buttons = column.behind.map((name) => {
      const button = makeThen(name, texts);
      button.onclick = () => open(name, -1);
      return button;
    });
    if (column.foldable) {
      const fold = makeFold(column, texts);
      fold.onclick = () => unfold(column.folded ? column.block : "");
      buttons.unshift(fold);
    }
    if (buttons.length) feet.push(put(make("div", { className: "foot" }, ...buttons), places[number].foot));
  }
  return { heads, feet };
}

/**
 * @template {HTMLElement} Kind
 * @param {Kind} element
 * @param {Strip} strip
 */
function put(element, { x, y, width }) {
  element.style.cssText = `left: ${x}px; top: ${y}px; width: ${width}px`;
  return element;
}

/**
 * Make the button above a column, which opens its layer.
 *
 * @param {Column} column
 * @param {Record<string, string>} texts
 */
function makeHead({ layer, title, about, short }, texts) {
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
function makeFold({ block, layers, folded }, texts) {
  return make("button", {
    type: "button",
    className: folded ? "fold more" : "fold less",
    textContent: folded ? fillIn(texts.unfold, { layers }) : fillIn(texts.fold, { block }),
    aria: { label: fillIn(folded ? texts["unfold-label"] : texts["fold-label"], { block, layers }) },
  });
}

/**
 * Make the button of a layer that has no column: no map looks other behind it than before.
 *
 * @param {string} name
 * @param {Record<string, string>} texts
 */
function makeThen(name, texts) {
  return make("button", {
    type: "button",
    className: "fold then",
    textContent: fillIn(texts.then, { name }),
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
