// What a unit of a dense layer adds up and answers, with the visitor's changes; no drawing.

/** @import { Scene } from "../../../browser/controls.js" */

/**
 * @typedef {object} Changes what the visitor changed
 * @property {Set<number>} silent inputs whose term is 0
 * @property {Map<number, number>} moved input → weight
 * @property {number | null} bias
 */

/**
 * @typedef {object} Layer a dense layer and its inputs
 * @property {Float32Array} x the inputs
 * @property {Float32Array} w the weights of one unit
 * @property {number} bias of that unit
 * @property {Float32Array} logits every unit's own sum
 * @property {number} unit
 * @property {number} units
 * @property {string} activation as Keras names it
 * @property {number[]} shown inputs whose terms are shown one by one
 * @property {Map<number, Float32Array | undefined>} rowOf of inputs that may be silenced, the weights to every unit
 */

/** @typedef {ReturnType<typeof addUp>} Sums */

/**
 * Read what was changed.
 *
 * @param {Scene} scene
 * @returns {Changes}
 */
export function readChanges({ silent, weights, bias }) {
  const pairs = weights
    .split("_")
    .filter(Boolean)
    .map((pair) => pair.split("~").map(Number));
  return {
    silent: new Set(silent.split("_").filter(Boolean).map(Number)),
    moved: new Map(pairs.map(([feature, weight]) => [feature, weight])),
    bias: bias === "" ? null : Number(bias),
  };
}

/**
 * Write them as they stand in a link.
 *
 * @param {Changes} changes
 */
export function writeChanges({ silent, moved, bias }) {
  return {
    silent: [...silent].toSorted((a, b) => a - b).join("_"),
    weights: [...moved]
      .toSorted(([a], [b]) => a - b)
      .map(([feature, weight]) => `${feature}~${Number(weight.toPrecision(6))}`)
      .join("_"),
    bias: bias === null ? "" : String(Number(bias.toPrecision(6))),
  };
}

/** @type {Changes} */
export const NO_CHANGES = { silent: new Set(), moved: new Map(), bias: null };

/** @type {Record<string, (z: number) => number>} */
const ACTIVATIONS = {
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  relu: (z) => Math.max(z, 0),
  tanh: Math.tanh,
  linear: (z) => z,
};

/**
 * Apply an activation of Keras to the sums of a layer's units.
 *
 * @param {string} name
 * @param {Float64Array} logits
 */
function activate(name, logits) {
  if (name === "softmax") {
    const largest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
    const powers = logits.map((logit) => Math.exp(logit - largest));
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map((power) => power / sum);
  }
  return logits.map(ACTIVATIONS[name]);
}

/**
 * Add up a unit's terms.
 *
 * @param {Layer} layer
 * @param {Changes} changes
 */
export function addUp(layer, changes) {
  const { x, w, unit, units } = layer;
  /** @param {number} feature */
  const weightOf = (feature) => (changes.silent.has(feature) ? 0 : (changes.moved.get(feature) ?? w[feature]));
  const terms = Float64Array.from(x, (value, feature) => value * weightOf(feature) || 0);
  const isShown = new Set(layer.shown);
  let [shownLow, shownHigh, low, high, pushes, strongest] = [0, 0, 0, 0, 0, 0];
  terms.forEach((term, feature) => {
    if (term !== 0) pushes += 1;
    if (Math.abs(term) > Math.abs(terms[strongest])) strongest = feature;
    const near = isShown.has(feature);
    if (near && term < 0) shownLow += term;
    else if (near) shownHigh += term;
    else if (term < 0) low += term;
    else high += term;
  });
  const shown = shownLow + shownHigh;
  const bias = changes.bias ?? layer.bias;
  const z = shown + low + high + bias;
  const logits = Float64Array.from(layer.logits);
  if (units > 1) {
    // A silenced input is 0 for every unit; a moved weight is this unit's alone.
    for (const feature of changes.silent) {
      const row = layer.rowOf.get(feature);
      if (row) for (let other = 0; other < units; other += 1) logits[other] -= x[feature] * row[other];
    }
  }
  logits[unit] = z;
  const outputs = activate(layer.activation, logits);
  const probabilities = units === 1 ? Float64Array.of(1 - outputs[0], outputs[0]) : outputs;
  const against = shownLow + low;
  const towards = shownHigh + high;
  const sums = { shown, rest: low + high, against, towards, bias, z };
  return Object.assign(sums, { terms, weightOf, pushes, strongest, logits, outputs, probabilities });
}

/**
 * Return the place of the largest number.
 *
 * @param {Float64Array} numbers
 */
export const largestOf = (numbers) =>
  numbers.reduce((best, number, place) => (number > numbers[best] ? place : best), 0);
