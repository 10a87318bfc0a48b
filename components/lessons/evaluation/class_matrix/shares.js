// The shares of a confusion matrix, rounded once for all that shows them.

import { roundToTotal, writeUnits } from "../../../browser/numbers.js";

/**
 * Whole thousandths of a total, for every count; what stands side by side adds up to 1000.
 *
 * @type {(counts: number[]) => (number | null)[]}
 */
const thousandths = (counts) => {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return total
    ? roundToTotal(
        counts.map((count) => (count / total) * 1000),
        1000,
      )
    : counts.map(() => null);
};

/**
 * Whole thousandths of a total, each rounded by itself: equal counts have equal shares. Only all of them are 1000.
 *
 * @type {(counts: number[]) => (number | null)[]}
 */
const roundedThousandths = (counts) => {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => {
    if (!total) return null;
    return count < total ? Math.min(Math.round((1000 * count) / total), 999) : 1000;
  });
};

/** @type {(flat: number[], size: number) => number[][]} */
export const inRows = (flat, size) =>
  Array.from({ length: size }, (_, row) => flat.slice(row * size, (row + 1) * size));

/** @type {<Entry>(rows: Entry[][]) => Entry[][]} */
const turned = (rows) => rows.map((_, column) => rows.map((row) => row[column]));

/**
 * Return every cell's share of its row, of its column and of all, in whole thousandths; null where all counts are 0.
 *
 * Of two classes, what stands side by side adds up to 1000. Of more, nobody adds up a row, but whoever reads two equal
 * counts expects equal shares.
 *
 * @param {number[]} counts (size, size)
 * @param {number} size
 * @returns {Record<string, (number | null)[]>}
 */
export function sharesOf(counts, size) {
  const rows = inRows(counts, size);
  const shares = size === 2 ? thousandths : roundedThousandths;
  return {
    row: rows.flatMap(shares),
    column: turned(turned(rows).map(shares)).flat(),
    all: shares(counts),
  };
}

/**
 * Write a share of whole thousandths: "12.3 %", or a dash where all counts are 0.
 *
 * @param {number | null} share
 */
export const writeShare = (share) => (share === null ? "–" : `${writeUnits(share, 1)}\u00a0%`);
