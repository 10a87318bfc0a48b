// How the race writes its numbers: with four significant digits, and sums that add up as they are shown.

import { MINUS, writeUnits } from "../../../browser/numbers.js";

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const raised = (/** @type {number} */ power) =>
  String(power)
    .replace("-", "⁻")
    .replaceAll(/\d/g, (digit) => RAISED[Number(digit)]);

/** @param {number} power */
export const powerOfTen = (power) => (power >= 0 && power <= 3 ? String(10 ** power) : `10${raised(power)}`);

/**
 * Return how numbers up to `largest` are written; from 10^`plain` on without a power of ten.
 *
 * @param {number} largest
 * @param {number} digits significant ones
 * @param {number} [plain]
 * @returns {[unit: number, decimals: number, suffix: string]}
 */
function unitFor(largest, digits, plain = -4) {
  if (!(largest > 0)) return [10 ** (1 - digits), digits - 1, ""];
  const power = Math.floor(Math.log10(largest));
  const decimals = digits - 1 - power;
  if (power >= plain && power < 5) return [10 ** -Math.max(decimals, 0), Math.max(decimals, 0), ""];
  return [10 ** -decimals, digits - 1, ` · 10${raised(power)}`];
}

/**
 * Write a number with so many significant digits.
 *
 * @param {number} value
 * @param {number} [digits]
 */
export function writeNumber(value, digits = 4) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : value < 0 ? `${MINUS}∞` : "∞";
  if (value === 0) return "0";
  const [unit, decimals, suffix] = unitFor(Math.abs(value), digits);
  return writeUnits(Math.round(value / unit), decimals) + suffix;
}

/** How many digits more a sum may have than a number: for more, there is no room in a column. */
const MORE_DIGITS = 2;

/** @type {(value: number, unit: number, more: number) => number} */
const inUnits = (value, unit, more) => Math.round((value / unit) * 10 ** more);

/**
 * Return the smallest number of further digits with which rounded terms add up to the rounded total.
 *
 * @param {number[]} terms
 * @param {number} total
 * @param {number} unit
 */
function digitsUntilItAddsUp(terms, total, unit) {
  for (let more = 0; more < MORE_DIGITS; more += 1) {
    const sum = terms.reduce((all, term) => all + inUnits(term, unit, more), 0);
    if (sum === inUnits(total, unit, more)) return more;
  }
  return MORE_DIGITS;
}

/**
 * Write terms and their total: each is rounded as it is, and with as many digits as it takes for the terms, as shown, to
 * add up to the total, as shown. In two sums of a hundred, the digits for which there is room do not do: they get "≈".
 *
 * @param {number[]} terms
 * @param {number} total
 * @param {object} [how]
 * @param {boolean} [how.fixed] with four decimals or more, unless the numbers are large
 */
export function writeSum(terms, total, { fixed = false } = {}) {
  if (![...terms, total].every(Number.isFinite)) return writeNumber(total);
  const largest = Math.max(...[...terms, total].map(Math.abs));
  // A weight keeps its decimals from step to step, as long as it is near the map. Three small numbers in a row need
  // their power of ten: with all their zeros they would run into the next column.
  /** @type {[unit: number, decimals: number, suffix: string]} */
  const [unit, decimals, suffix] = fixed && largest < 100 ? [1e-4, 4, ""] : unitFor(largest, 4, -2);
  const more = digitsUntilItAddsUp(terms, total, unit);
  const units = terms.map((term) => inUnits(term, unit, more));
  const sum = inUnits(total, unit, more);
  const equals = units.reduce((all, term) => all + term, 0) === sum ? "=" : "≈";
  const write = (/** @type {number} */ term) => writeUnits(term, decimals + more);
  const shown = units
    .map((term, index) => (index === 0 ? write(term) : ` ${term < 0 ? MINUS : "+"} ${write(Math.abs(term))}`))
    .join("");
  const written = `${shown} ${equals} ${write(sum)}`;
  return suffix ? `(${written})${suffix}` : written;
}
