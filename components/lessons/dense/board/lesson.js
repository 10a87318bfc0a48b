// What the sum shows: how much one term counts among all, and who decides.

import { fillIn } from "../../../browser/numbers.js";
import { nameOf } from "./part.js";

/** @import { Sums } from "./sums.js" */

/** A term with a smaller share of all is one of many. */
const SMALL = 0.1;

/**
 * Write a text about some features, or about one.
 *
 * @param {Record<string, string>} texts
 * @param {string} name
 * @param {number} count
 */
export const counted = (texts, name, count) =>
  fillIn(texts[count === 1 ? `${name}-1` : name], { count: count.toLocaleString("en") });

/**
 * Say how much the strongest term is of all, and who decides if the rows that are shown lean to the other side.
 *
 * @param {{mapsLayer: string, x: Float32Array, shown: number[]}} part
 * @param {Sums} sums
 * @param {Record<string, string>} texts
 */
export function lessonOf(part, { terms, strongest, pushes, against, towards, shown, rest, z }, texts) {
  if (!pushes) return "";
  const share = Math.abs(terms[strongest]) / (towards - against);
  const words = fillIn(texts[share < SMALL ? "lesson-many" : "lesson-one"], {
    count: pushes.toLocaleString("en"),
    kind: texts[part.mapsLayer ? "kind" : "kind-plain"],
    name: nameOf(part, strongest, texts),
    percent: (100 * share).toFixed(1),
  });
  const others = part.x.length - part.shown.length;
  if (!others || Math.sign(shown) === Math.sign(z)) return words;
  const decides = Math.sign(shown + rest) === Math.sign(z);
  return `${words} ${decides ? counted(texts, "lesson-rest", others) : texts["lesson-bias"]}`;
}
