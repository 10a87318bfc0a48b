// One term of the window's sum: a pixel, its weight and their product, and the cell that shows them.

import { paint } from "../../../browser/colours.js";
import { make } from "../../../browser/dom.js";

/** @import { Colour } from "../../../browser/colours.js" */

/**
 * Make a term; its pixel and its product are still to be written.
 *
 * @param {{channel: number, row: number, column: number, weight: number}} place in the filter
 * @param {string} words the weight as it is written
 * @param {Colour} colour of the weight
 */
export function makeTerm(place, words, colour) {
  const { channel, row, column, weight } = place;
  const [pixelText, productText] = [new Text(), new Text()];
  const pixelSpan = make("span", { className: "pixel" }, pixelText);
  const weightSpan = make("span", { className: "weight" }, `\u00d7\u2009${words}`);
  const productSpan = make("span", { className: "product" }, productText);
  paint(weightSpan, colour);
  const data = { testid: `conv-term-${channel}-${row}-${column}`, weight: String(weight) };
  const cell = make("div", { className: "cell", data }, pixelSpan, weightSpan, productSpan);
  // What was shown last: no pixel is as dark as -1.
  return { ...place, cell, pixelSpan, pixelText, productSpan, productText, shade: -1, outside: false };
}
