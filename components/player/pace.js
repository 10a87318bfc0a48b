// How fast playing goes where nobody has chosen a speed.

/**
 * @typedef {object} Pace
 * @property {number} first positions a second at the start: slow enough that the numbers can be followed
 * @property {number} growth by how much the speed grows with every position, so that it grows faster and faster
 * @property {number} seconds in which all positions are passed through; few of them take less, at the first speed
 */

/** @type {Pace} the first row of a map of 126 × 126 takes 3 of 12 seconds */
export const GENTLE = { first: 8, growth: 0.9, seconds: 12 };

/**
 * Return how many positions a second playing goes, after `passed` positions since it began.
 *
 * @param {number} count how many positions there are
 * @param {Pace} pace
 * @returns {(passed: number) => number}
 */
export function paceOf(count, { first, growth, seconds }) {
  /** @param {number} top the speed that is kept once it is reached; returns the seconds that all positions take */
  const needed = (top) => Math.log(top / first) / growth + (count - (top - first) / growth) / top;
  let [low, top] = [first, first + growth * count];
  if (needed(top) < seconds) {
    for (let halving = 0; halving < 40; halving += 1) {
      const middle = (low + top) / 2;
      if (needed(middle) > seconds) low = middle;
      else top = middle;
    }
  }
  return (passed) => Math.min(first + growth * passed, top);
}
