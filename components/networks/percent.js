// A probability in percent, as the pages about a network's layers write it.

/**
 * Write a probability in percent: only 1 is certain, and only 0 is impossible.
 *
 * @param {number} probability
 */
export function percent(probability) {
  if (probability > 0 && probability < 0.0005) return "<0.1";
  return probability < 1 && probability >= 0.9995 ? ">99.9" : (100 * probability).toFixed(1);
}
