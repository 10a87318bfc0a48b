// What the drawn network computes: scikit-learn's MLPClassifier with a sigmoid in the hidden layer and softmax behind
// the last one.

/**
 * @typedef {object} Network
 * @property {Float64Array[]} kernels weights of each layer, (inputs, units) row by row
 * @property {number[][]} biases of each layer, (units)
 */

/**
 * @typedef {object} Signals what every neuron makes of a picture
 * @property {number[]} inputs 0 to 1
 * @property {number[]} hiddenSums z of the hidden neurons
 * @property {number[]} hidden their answers, 0 to 1
 * @property {number[]} sums z of the output neurons
 * @property {number[]} probabilities of the digits
 */

/**
 * @typedef {object} Sum one neuron's work
 * @property {number[]} signals what comes in
 * @property {number[]} weights
 * @property {number[]} products weight times what comes in
 * @property {number} bias
 * @property {number} z the sum of the products and the bias
 * @property {number} answer after the activation
 */

/** @param {number} z */
const sigmoid = (z) => 1 / (1 + Math.exp(-z));

/** @param {number[]} sums */
function softmax(sums) {
  const largest = Math.max(...sums);
  const powers = sums.map((sum) => Math.exp(sum - largest));
  const total = powers.reduce((before, power) => before + power, 0);
  return powers.map((power) => power / total);
}

/** @type {(kernel: Float64Array, units: number, unit: number) => number[]} the weights of one neuron */
const column = (kernel, units, unit) =>
  Array.from({ length: kernel.length / units }, (_, input) => kernel[input * units + unit]);

/** @type {(signals: number[], weights: number[], bias: number) => number} */
const weigh = (signals, weights, bias) =>
  weights.reduce((sum, weight, input) => sum + weight * signals[input], 0) + bias;

/** @type {(network: Network, layer: number, signals: number[]) => number[]} the sums of a layer */
const layerSums = ({ kernels, biases }, layer, signals) =>
  biases[layer].map((bias, unit) => weigh(signals, column(kernels[layer], biases[layer].length, unit), bias));

/**
 * Return what every neuron makes of a picture.
 *
 * @param {Network} network
 * @param {number[]} counts of ink, (64)
 * @param {number} maximum the most ink of a place
 * @returns {Signals}
 */
export function forward(network, counts, maximum) {
  const inputs = counts.map((count) => count / maximum);
  const hiddenSums = layerSums(network, 0, inputs);
  const hidden = hiddenSums.map(sigmoid);
  const sums = layerSums(network, 1, hidden);
  return { inputs, hiddenSums, hidden, sums, probabilities: softmax(sums) };
}

/**
 * Return the work of one neuron.
 *
 * @param {Network} network
 * @param {Signals} signals
 * @param {number} neuron the hidden ones first, then the outputs
 * @returns {Sum}
 */
export function sumOf({ kernels, biases }, signals, neuron) {
  const count = biases[0].length;
  const layer = neuron < count ? 0 : 1;
  const unit = layer ? neuron - count : neuron;
  const coming = layer ? signals.hidden : signals.inputs;
  const weights = column(kernels[layer], biases[layer].length, unit);
  return {
    signals: coming,
    weights,
    products: weights.map((weight, input) => weight * coming[input]),
    bias: biases[layer][unit],
    z: (layer ? signals.sums : signals.hiddenSums)[unit],
    answer: (layer ? signals.probabilities : signals.hidden)[unit],
  };
}
