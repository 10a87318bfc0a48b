// Where an axis is marked.

/**
 * Return the first of some steps, smallest first, that keeps ticks far enough apart; the last where none does.
 *
 * @param {number[]} steps
 * @param {number} pixels that one unit is long
 * @param {number} room pixels from one tick to the next, at least
 */
export const stepWithRoom = (steps, pixels, room) =>
  steps.find((step) => step * pixels >= room) ?? steps[steps.length - 1];

/**
 * Return the multiples of `step` from `low` to `high`, both included.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} step
 */
export function ticksBetween(low, high, step) {
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  // 3 · 0.1 is 0.30000000000000004.
  return Array.from({ length: Math.max(count, 0) }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/**
 * Return the powers of ten at which a log axis is marked, the highest first: as many as there is room for.
 *
 * @param {number} low the power at the lower end
 * @param {number} high the power at the upper end
 * @param {number} pixels that one power is long
 * @param {number} room pixels from one tick to the next, at least
 */
export function powersBetween(low, high, pixels, room) {
  const every = Math.max(1, Math.ceil(room / pixels));
  return ticksBetween(0, high - low, every).map((below) => high - below);
}
