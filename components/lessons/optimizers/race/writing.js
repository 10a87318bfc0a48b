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

/**
 * Write terms and their total so that the terms, as shown, add up to the total, as shown: the last one gives way.
 *
 * @param {number[]} terms
 * @param {number} total
 * @param {object} [how]
 * @param {boolean} [how.fixed] with four decimals, unless the numbers are large
 */
export function writeSum(terms, total, { fixed = false } = {}) {
  if (![...terms, total].every(Number.isFinite)) return writeNumber(total);
  const largest = Math.max(...[...terms, total].map(Math.abs));
  // A weight keeps its decimals from step to step, as long as it is near the map. Three small numbers in a row need
  // their power of ten: with all their zeros they would run into the next column.
  /** @type {[unit: number, decimals: number, suffix: string]} */
  const [unit, decimals, suffix] = fixed && largest < 100 ? [1e-4, 4, ""] : unitFor(largest, 4, -2);
  const sum = Math.round(total / unit);
  const units = terms.map((term) => Math.round(term / unit));
  units[units.length - 1] = sum - units.slice(0, -1).reduce((all, term) => all + term, 0);
  const shown = units
    .map((term, index) =>
      index === 0 ? writeUnits(term, decimals) : ` ${term < 0 ? MINUS : "+"} ${writeUnits(Math.abs(term), decimals)}`,
    )
    .join("");
  const written = `${shown} = ${writeUnits(sum, decimals)}`;
  return suffix ? `(${written})${suffix}` : written;
}
