// Forward, backward and one step of gradient descent for a network with one hidden layer of sigmoids, a sigmoid at the
// end and the binary cross-entropy: every slope is a product of numbers at hand.

/**
 * @typedef {object} Network
 * @property {number[]} inputs
 * @property {number[][]} kernel of the hidden layer, (inputs, neurons)
 * @property {number[]} bias of the hidden layer
 * @property {number[]} readOut weights of the output
 * @property {number} readOutBias
 */

/**
 * @typedef {object} Forward
 * @property {number[]} z sums of the hidden neurons
 * @property {number[]} h their outputs
 * @property {number} end the output's sum
 * @property {number} p the prediction
 * @property {number} loss
 */

/**
 * @typedef {object} Backward the derivatives of the loss
 * @property {number} end by the output's sum
 * @property {number[]} readOut by the output's weights
 * @property {number} readOutBias
 * @property {number[]} h by the hidden neurons' outputs
 * @property {number[]} slopes of the hidden sigmoids, h (1 − h)
 * @property {number[]} z by the hidden neurons' sums
 * @property {number[][]} kernel by the hidden layer's weights
 * @property {number[]} bias
 */

/** @param {number} z */
const sigmoid = (z) => 1 / (1 + Math.exp(-z));

/**
 * @param {Network} network
 * @param {number} label 0 or 1
 * @returns {Forward}
 */
export function forward({ inputs, kernel, bias, readOut, readOutBias }, label) {
  const z = bias.map((start, unit) => inputs.reduce((sum, input, row) => sum + input * kernel[row][unit], start));
  const h = z.map(sigmoid);
  const end = h.reduce((sum, output, unit) => sum + output * readOut[unit], readOutBias);
  // The cross-entropy from the logit: max(z, 0) − z y + ln(1 + e^−|z|), which never takes the logarithm of 0.
  const loss = Math.max(end, 0) - end * label + Math.log1p(Math.exp(-Math.abs(end)));
  return { z, h, end, p: sigmoid(end), loss };
}

/**
 * @param {Network} network
 * @param {Forward} passed what went forward through it
 * @param {number} label 0 or 1
 * @returns {Backward}
 */
export function backward({ inputs, readOut }, { h, p }, label) {
  const end = p - label;
  const byOutput = readOut.map((weight) => end * weight);
  const slopes = h.map((output) => output * (1 - output));
  const z = byOutput.map((slope, unit) => slope * slopes[unit]);
  return {
    end,
    readOut: h.map((output) => end * output),
    readOutBias: end,
    h: byOutput,
    slopes,
    z,
    kernel: inputs.map((input) => z.map((slope) => slope * input)),
    bias: z,
  };
}

/**
 * Return the network after one step against its slopes.
 *
 * @param {Network} network
 * @param {Backward} slopes
 * @param {number} rate
 * @returns {Network}
 */
export function stepped(network, slopes, rate) {
  /** @type {(weights: number[], derivatives: number[]) => number[]} */
  const moved = (weights, derivatives) => weights.map((weight, place) => weight - rate * derivatives[place]);
  return {
    inputs: network.inputs,
    kernel: network.kernel.map((row, place) => moved(row, slopes.kernel[place])),
    bias: moved(network.bias, slopes.bias),
    readOut: moved(network.readOut, slopes.readOut),
    readOutBias: network.readOutBias - rate * slopes.readOutBias,
  };
}
