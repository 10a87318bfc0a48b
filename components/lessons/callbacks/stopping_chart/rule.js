// The rules of EarlyStopping and ModelCheckpoint; a test compares them with Keras's own callbacks.

const f32 = Math.fround;

/**
 * Return whether a figure is better than the best so far. Keras compares in float32, where two figures that differ by
 * just `minDelta` are often equal.
 *
 * @param {number} value
 * @param {number} best
 * @param {boolean} maximise
 * @param {number} [minDelta]
 */
const isBetter = (value, best, maximise, minDelta = 0) =>
  maximise ? f32(value - minDelta) > f32(best) : f32(value + minDelta) < f32(best);

/**
 * @typedef {object} Settings of both callbacks
 * @property {number} patience epochs
 * @property {number} minDelta
 * @property {boolean} maximise whether a larger value is the better one
 * @property {boolean} bestOnly
 */

/**
 * @typedef {object} Stop where EarlyStopping ends a training; epochs are counted from 0
 * @property {number} last epoch that is trained
 * @property {boolean} stopped false where all of them are
 * @property {number} best epoch
 * @property {number} wait epochs without an improvement at the end
 */

/**
 * @param {number[]} values one an epoch
 * @param {Omit<Settings, "bestOnly">} settings
 * @returns {Stop}
 */
export function earlyStopping(values, { patience, minDelta, maximise }) {
  let [best, wait] = [0, 0];
  for (let epoch = 0; epoch < values.length; epoch += 1) {
    wait += 1;
    if (epoch === 0 || isBetter(values[epoch], values[best], maximise, minDelta)) {
      best = epoch;
      wait = 0;
    }
    if (wait && wait >= patience && epoch > 0) return { last: epoch, stopped: true, best, wait };
  }
  return { last: values.length - 1, stopped: false, best, wait };
}

/**
 * Return the epochs, from 0, after which ModelCheckpoint writes its file.
 *
 * @param {number[]} values one an epoch
 * @param {Pick<Settings, "bestOnly" | "maximise">} settings
 */
export function keptEpochs(values, { bestOnly, maximise }) {
  /** @type {number[]} */
  const kept = [];
  values.forEach((value, epoch) => {
    const last = kept.at(-1);
    if (!bestOnly || last === undefined || isBetter(value, values[last], maximise)) kept.push(epoch);
  });
  return kept;
}
