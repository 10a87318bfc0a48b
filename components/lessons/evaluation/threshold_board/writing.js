// How the board writes its numbers, and what it calls its classes.

import { fillIn } from "../../../browser/numbers.js";

/** @import { Cell } from "./figures.js" */

/**
 * Write the names of the two classes into a text, and more.
 *
 * @param {string} text
 * @param {[negative: string, positive: string]} classes
 * @param {Record<string, string | number>} [more]
 */
export const named = (text, [negative, positive], more = {}) => fillIn(text, { negative, positive, ...more });

/**
 * Return the class of a cell's photos, and what the network calls them.
 *
 * @param {Cell} cell
 * @param {[negative: string, positive: string]} classes
 * @returns {[is: string, says: string]}
 */
export const namesOf = (cell, [negative, positive]) => [
  cell === "fn" || cell === "tp" ? positive : negative,
  cell === "fp" || cell === "tp" ? positive : negative,
];

/**
 * Write a threshold: one to four decimals, more only where it would look like 0 or 1 without being it.
 *
 * @param {number} threshold
 */
export function writeThreshold(threshold) {
  for (let decimals = 1; decimals <= 12; decimals += 1) {
    const text = threshold.toFixed(decimals);
    const number = Number(text);
    if (
      number === threshold ||
      (decimals >= 4 && (number === 1) === (threshold === 1) && (number === 0) === (threshold === 0))
    )
      return text;
  }
  return String(threshold);
}

/**
 * Write a score with two decimals; "<0.01" and ">0.99" for what would look like 0 or 1.
 *
 * @param {number} score
 */
export function writeScore(score) {
  const text = score.toFixed(2);
  if (text === "1.00" && score < 1) return ">0.99";
  return text === "0.00" && score > 0 ? "<0.01" : text;
}

/** @param {number} number */
export const writeCount = (number) => number.toLocaleString("en");

/**
 * Write a cost: whole, or with up to two decimals.
 *
 * @param {number} cost
 */
export const writeAmount = (cost) => cost.toLocaleString("en", { maximumFractionDigits: 2 });

/**
 * Write one of the figures with three decimals, a dash where it is 0 / 0.
 *
 * @param {number | null} figure
 */
export const writeFigure = (figure) => (figure === null ? "–" : figure.toFixed(3));
