// The drawn network: where its neurons lie on the canvas, and how they and their lines are painted.

import { cssColour, mix } from "../../../browser/colours.js";

/** @import { Colour, Colours } from "../../../browser/colours.js" */

/** @typedef {[x: number, y: number]} Point in CSS pixels */

/**
 * @typedef {object} Layout
 * @property {Point[]} inputs the middles of the 64 squares
 * @property {number} cell their side
 * @property {Point[]} neurons the hidden ones, then the outputs
 * @property {number} radius of a neuron
 * @property {number} hidden how many are hidden
 * @property {number} head the height above, for the names of the layers
 */

const SIDE = 8;
/** @type {Colour} a neuron at 0 */
const DARK = [27, 33, 44];
/** @type {Colour} a neuron at 1 */
const LIT = [255, 255, 255];
/** @type {Colour} a neuron's edge, and a line through which nothing comes */
const GREY = [138, 148, 166];

/**
 * Place everything on a canvas.
 *
 * @param {number} width
 * @param {number} height
 * @param {number} rem
 * @param {number} hidden
 * @param {number} outputs
 * @returns {Layout}
 */
export function layOut(width, height, rem, hidden, outputs) {
  const head = 2.6 * rem;
  const foot = 0.9 * rem;
  const tall = height - head - foot;
  const pad = Math.min(1.4 * rem, width * 0.04);
  const labels = 6.4 * rem; // digit and percentage, right of the outputs
  const room = width - 2 * pad - labels;
  const square = Math.min(tall * 0.86, room * 0.46);
  const cell = square / SIDE;
  const top = head + (tall - square) / 2;
  const inputs = Array.from(
    { length: SIDE * SIDE },
    (_, index) =>
      /** @type {Point} */ ([pad + ((index % SIDE) + 0.5) * cell, top + (Math.floor(index / SIDE) + 0.5) * cell]),
  );
  const last = pad + room;
  const radius = Math.min((tall / hidden) * 0.4, 0.8 * rem);
  /** @type {(count: number, x: number) => Point[]} */
  const column = (count, x) =>
    Array.from({ length: count }, (_, index) => /** @type {Point} */ ([x, head + ((index + 0.5) / count) * tall]));
  const middle = pad + square + (last - pad - square) * 0.52;
  return { inputs, cell, neurons: [...column(hidden, middle), ...column(outputs, last)], radius, hidden, head };
}

/**
 * Return the neuron at a place, or −1.
 *
 * @param {Layout} layout
 * @param {number} x
 * @param {number} y
 */
export function neuronAt({ neurons, radius }, x, y) {
  const reach = Math.max(radius * 1.9, 14);
  const distances = neurons.map(([across, down]) => Math.hypot(x - across, y - down));
  const nearest = distances.indexOf(Math.min(...distances));
  return distances[nearest] <= reach ? nearest : -1;
}

/**
 * Draw a neuron's lines: blue where a line lifts its sum, orange where it lowers it, the stronger the wider.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Colours} colours
 * @param {object} lines
 * @param {Point[]} lines.from
 * @param {Point} lines.to
 * @param {number[]} lines.values
 * @param {number} lines.scale a value of full strength
 * @param {number} lines.width of a line of full strength
 * @param {number} lines.opacity of a line of full strength
 * @param {number} lines.grown from 0 to 1: how far the lines have come
 */
export function drawLines(context, colours, { from, to, values, scale, width, opacity, grown }) {
  if (grown <= 0) return;
  values.forEach((value, index) => {
    const strength = Math.min(Math.abs(value) / scale, 1);
    if (strength < 0.015) return;
    const [x, y] = from[index];
    context.strokeStyle = cssColour(value < 0 ? colours.negative : colours.positive, opacity * Math.sqrt(strength));
    context.lineWidth = Math.max(width * strength, 0.4);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + (to[0] - x) * grown, y + (to[1] - y) * grown);
    context.stroke();
  });
}

/**
 * Draw a neuron's lines as what they are before anything comes through them: grey, and all alike.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Point[]} from
 * @param {Point} to
 * @param {number} opacity
 */
export function drawIdleLines(context, from, to, opacity) {
  context.strokeStyle = cssColour(GREY, opacity);
  context.lineWidth = 1;
  context.beginPath();
  for (const [x, y] of from) {
    context.moveTo(x, y);
    context.lineTo(...to);
  }
  context.stroke();
}

/**
 * Draw the 64 inputs as the picture that they are.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Layout} layout
 * @param {number[]} inputs 0 to 1
 */
export function drawInputs(context, { inputs: places, cell }, inputs) {
  const size = cell * 0.8;
  places.forEach(([x, y], index) => {
    context.fillStyle = cssColour(mix(DARK, LIT, inputs[index]));
    context.beginPath();
    context.roundRect(x - size / 2, y - size / 2, size, size, size * 0.24);
    context.fill();
  });
}

/**
 * Draw a neuron, the brighter the nearer its answer is to 1.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Point} place
 * @param {number} radius
 * @param {number} answer 0 to 1
 */
export function drawNeuron(context, [x, y], radius, answer) {
  if (answer > 0.05) {
    const glow = context.createRadialGradient(x, y, radius * 0.8, x, y, radius * 2.4);
    glow.addColorStop(0, cssColour(LIT, 0.55 * answer));
    glow.addColorStop(1, cssColour(LIT, 0));
    context.fillStyle = glow;
    context.beginPath();
    context.arc(x, y, radius * 2.4, 0, 2 * Math.PI);
    context.fill();
  }
  context.fillStyle = cssColour(mix(DARK, LIT, answer));
  context.strokeStyle = cssColour(GREY);
  context.lineWidth = 1.5;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}

/**
 * Draw the ring around the neuron that is looked at.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Colours} colours
 * @param {Point} place
 * @param {number} radius
 */
export function drawRing(context, colours, [x, y], radius) {
  context.strokeStyle = cssColour(colours.window);
  context.lineWidth = 3;
  context.beginPath();
  context.arc(x, y, radius + 4, 0, 2 * Math.PI);
  context.stroke();
}
