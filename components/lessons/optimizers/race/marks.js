// The optimizers' marks: a shape and a colour each, the same on the map, in the chart and in the list.

import { cssColour } from "../../../browser/colours.js";

/** @import { Colours } from "../../../browser/colours.js" */

/**
 * Corners of each shape in a square from −1 to 1; a circle has none.
 *
 * @type {Record<string, number[][]>}
 */
const SHAPES = {
  square: [
    [-0.85, -0.85],
    [0.85, -0.85],
    [0.85, 0.85],
    [-0.85, 0.85],
  ],
  diamond: [
    [0, -1.15],
    [1.15, 0],
    [0, 1.15],
    [-1.15, 0],
  ],
  triangle: [
    [0, -1.15],
    [1.1, 0.85],
    [-1.1, 0.85],
  ],
  wedge: [
    [0, 1.15],
    [1.1, -0.85],
    [-1.1, -0.85],
  ],
  cross: [
    [-0.4, -1.1],
    [0.4, -1.1],
    [0.4, -0.4],
    [1.1, -0.4],
    [1.1, 0.4],
    [0.4, 0.4],
    [0.4, 1.1],
    [-0.4, 1.1],
    [-0.4, 0.4],
    [-1.1, 0.4],
    [-1.1, -0.4],
    [-0.4, -0.4],
  ],
  star: Array.from({ length: 10 }, (_, corner) => {
    const [angle, radius] = [(corner * Math.PI) / 5, corner % 2 ? 0.6 : 1.3];
    return [radius * Math.sin(angle), -radius * Math.cos(angle)];
  }),
};

/**
 * Draw a mark with its middle at a point of the canvas; sizes are in CSS pixels.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {{shape: string, colour: string}} rule
 * @param {number[]} point
 * @param {number} size half of the mark's width
 * @param {number} line width of its edge
 */
export function drawMark(context, { shape, colour }, [x, y], size, line) {
  context.beginPath();
  if (shape === "circle") context.arc(x, y, size, 0, 2 * Math.PI);
  for (const [across, down] of SHAPES[shape] ?? []) context.lineTo(x + across * size, y + down * size);
  context.closePath();
  context.lineWidth = line;
  context.lineJoin = "round";
  context.strokeStyle = "#000";
  context.stroke();
  context.fillStyle = colour;
  context.fill();
}

/**
 * Stroke the current path in a colour with a black edge, so that every colour is seen on every ground.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 * @param {number} width in CSS pixels
 */
export function strokePath(context, colour, width) {
  context.lineJoin = context.lineCap = "round";
  context.lineWidth = width + 2.5;
  context.strokeStyle = "#000";
  context.stroke();
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.stroke();
}

/**
 * Write a text that can be read on any ground: with an edge in the ground's colour.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {Colours} colours
 * @param {number} rem
 */
export function writeOver(context, text, x, y, colours, rem) {
  context.lineJoin = "round";
  context.lineWidth = 0.3 * rem;
  context.strokeStyle = cssColour(colours.ground);
  context.strokeText(text, x, y);
  context.fillStyle = cssColour(colours.text);
  context.fillText(text, x, y);
}
