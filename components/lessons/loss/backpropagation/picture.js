// The network of backpropagation: where its nodes lie, and how lines, numbers and what travels along them are painted.

import { cssColour, inkOn } from "../../../browser/colours.js";

/** @import { Colour, Colours } from "../../../browser/colours.js" */

/** @typedef {[x: number, y: number]} Point in CSS pixels */

/**
 * @typedef {object} Layout
 * @property {Point[]} inputs
 * @property {Point[]} hidden
 * @property {Point} output
 * @property {Point} loss
 * @property {number} radius of a node
 * @property {boolean} upright whether the layers lie below each other
 */

/**
 * @typedef {object} Pen what all of it is drawn with
 * @property {CanvasRenderingContext2D} context
 * @property {Colours} colours
 * @property {number} rem
 * @property {string} font
 */

/**
 * Place the nodes: from left to right, or from top to bottom where the screen is narrow.
 *
 * @param {number} width
 * @param {number} height
 * @param {number} rem
 * @returns {Layout}
 */
export function layOut(width, height, rem) {
  const upright = width < 34 * rem;
  const radius = 1.9 * rem;
  const [along, across] = upright ? [height, width] : [width, height];
  /** @type {(layer: number, unit: number) => Point} layer and unit from 0 to 1 */
  const place = (layer, unit) => {
    const far = radius + 1.6 * rem + layer * (along - 2 * radius - 3.2 * rem);
    return upright ? [unit * across, far] : [far, unit * across];
  };
  return {
    inputs: [place(0, 0.24), place(0, 0.76)],
    hidden: [place(0.42, 0.24), place(0.42, 0.76)],
    output: place(0.77, 0.5),
    loss: place(1, 0.5),
    radius,
    upright,
  };
}

/** @type {(from: Point, to: Point, share: number) => Point} */
const between = (from, to, share) => [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];

/**
 * Draw a line with its weight's sign and size.
 *
 * @param {Pen} pen
 * @param {Point} from
 * @param {Point} to
 * @param {number} weight
 */
export function drawLine({ context, colours }, from, to, weight) {
  context.strokeStyle = cssColour(weight < 0 ? colours.negative : colours.positive);
  context.lineWidth = Math.min(1 + 2.2 * Math.abs(weight), 8);
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}

/**
 * Draw lines of text around a point, each on a ground of its own.
 *
 * @param {Pen} pen
 * @param {Point} middle
 * @param {{text: string, ground: Colour}[]} lines
 */
export function drawTags({ context, rem, font }, [x, y], lines) {
  Object.assign(context, { font, textAlign: "center", textBaseline: "middle" });
  const tall = 1.45 * rem;
  lines.forEach(({ text, ground }, row) => {
    const width = context.measureText(text).width + 0.6 * rem;
    const middle = y + (row - (lines.length - 1) / 2) * tall;
    context.fillStyle = cssColour(ground);
    context.beginPath();
    context.roundRect(x - width / 2, middle - tall / 2, width, tall, 0.3 * rem);
    context.fill();
    context.fillStyle = inkOn(ground);
    context.fillText(text, x, middle + 0.05 * rem);
  });
}

/** @type {(pen: Pen, from: Point, to: Point, share: number, lines: {text: string, ground: Colour}[]) => void} */
export const drawTagsOn = (pen, from, to, share, lines) => {
  drawTags(pen, between(from, to, share), lines);
};

/**
 * Draw a node: its name above, or to the left where lines come from above, and its number inside.
 *
 * @param {Pen} pen
 * @param {Point} place
 * @param {Layout} layout
 * @param {string} name
 * @param {string} value "" where it is not known yet
 */
export function drawNode({ context, colours, rem, font }, [x, y], { radius, upright }, name, value) {
  context.fillStyle = cssColour(colours.zero);
  context.strokeStyle = cssColour(colours.text);
  context.lineWidth = 2;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
  Object.assign(context, { font, textAlign: "center", textBaseline: "middle", fillStyle: cssColour(colours.text) });
  context.fillText(value, x, y + 0.05 * rem);
  context.font = `600 ${font}`;
  if (upright) context.fillText(name, x - radius - 0.9 * rem, y);
  else context.fillText(name, x, y - radius - 0.85 * rem);
}

/**
 * Draw what travels along a line.
 *
 * @param {Pen} pen
 * @param {Point} from
 * @param {Point} to
 * @param {number} share of the way, 0 to 1
 * @param {Colour} colour
 */
export function drawPulse({ context, colours, rem }, from, to, share, colour) {
  const [x, y] = between(from, to, share);
  context.fillStyle = cssColour(colour);
  context.strokeStyle = cssColour(colours.text);
  context.lineWidth = 2;
  context.beginPath();
  context.arc(x, y, 0.55 * rem, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}
