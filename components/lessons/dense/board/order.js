// The order in which the terms are shown; Python sends the same one (`order_of`).

/** @type {Record<string, (term: number) => number>} what terms are sorted by */
const KEYS = {
  strength: (term) => -Math.abs(term),
  for: (term) => -term,
  against: (term) => term,
};

/**
 * Return the inputs in the order in which their terms are shown.
 *
 * @param {Float64Array} terms
 * @param {string} order "strength", "for", "against", or "sides": half of each page from either side
 * @param {number} z the unit's sum: the side that it decides for comes first
 * @param {number} size terms on a page
 */
export function orderOf(terms, order, z, size) {
  const key = KEYS[order] ?? KEYS.strength;
  const sorted = Array.from(terms.keys()).toSorted((a, b) => key(terms[a]) - key(terms[b]) || a - b);
  if (order !== "sides") return sorted;
  const sign = z < 0 ? -1 : 1;
  let winners = sorted.filter((place) => sign * terms[place] > 0);
  let losers = sorted.filter((place) => sign * terms[place] < 0);
  const found = [];
  while (winners.length || losers.length) {
    const most = Math.max(size / 2, size - losers.length);
    const others = Math.max(size / 2, size - winners.length);
    found.push(...winners.slice(0, most), ...losers.slice(0, others));
    [winners, losers] = [winners.slice(most), losers.slice(others)];
  }
  return [...found, ...sorted.filter((place) => terms[place] === 0)];
}
