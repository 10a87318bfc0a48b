// A share as it is written on the histogram; Python writes the same below it (`whole_percent` in `models.figures`).

/**
 * Write a share in whole percent: what is not nothing is not "0", and what is not all is not "100".
 *
 * @param {number} share
 */
export function wholePercent(share) {
  if (share > 0 && share < 0.005) return "<1";
  return share < 1 && share >= 0.995 ? ">99" : String(Math.round(share * 100));
}
