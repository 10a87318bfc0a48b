// Numbers of maps become small pictures: zero in the middle, positive blue, negative orange; a photo's planes stay grey.

import { contextOf } from "../browser/canvas.js";
import { signedColour } from "../browser/colours.js";
import { MINUS, signed } from "../browser/numbers.js";

/** @import { Colours } from "../browser/colours.js" */

/**
 * Return the largest |number| that gets the full colour.
 *
 * @param {number} low
 * @param {number} high
 */
export const reach = (low, high) => Math.max(Math.abs(low), Math.abs(high));

/**
 * Paint a map into a canvas of its own size.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} steps a number each: low + step / 255 · (high − low)
 * @param {{width: number, height: number, low: number, high: number, scale: number, grey?: boolean}} about
 * @param {Colours} colours
 */
export function paintMap(canvas, steps, { width, height, low, high, scale, grey }, colours) {
  canvas.width = width;
  canvas.height = height;
  const context = contextOf(canvas);
  const image = context.createImageData(width, height);
  const table = new Uint8ClampedArray(256 * 3);
  for (let step = 0; step < 256; step += 1) {
    const value = low + (step / 255) * (high - low);
    const [red, green, blue] = grey
      ? Array(3).fill(Math.round((255 * value) / (scale || 1)))
      : signedColour(colours, value, scale);
    table.set([red, green, blue], 3 * step);
  }
  for (let index = 0; index < width * height; index += 1) {
    const step = 3 * steps[index];
    image.data[4 * index] = table[step];
    image.data[4 * index + 1] = table[step + 1];
    image.data[4 * index + 2] = table[step + 2];
    image.data[4 * index + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/**
 * Return numbers as steps of 1/255 between the smallest and the largest.
 *
 * @param {Float32Array} numbers
 */
export function stepsOf(numbers) {
  let [low, high] = [Infinity, -Infinity];
  for (const number of numbers) {
    if (number < low) low = number;
    if (number > high) high = number;
  }
  const range = high > low ? high - low : 1;
  return { steps: Uint8Array.from(numbers, (number) => Math.round(((number - low) / range) * 255)), low, high };
}

/**
 * Paint a k × k filter's slice: its own numbers, not steps.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array | number[]} numbers
 * @param {number} size
 * @param {number} scale
 * @param {Colours} colours
 */
export function paintKernel(canvas, numbers, size, scale, colours) {
  canvas.width = canvas.height = size;
  const context = contextOf(canvas);
  const image = context.createImageData(size, size);
  numbers.forEach((number, index) => image.data.set([...signedColour(colours, number, scale), 255], 4 * index));
  context.putImageData(image, 0, 0);
  return canvas;
}

/**
 * Write a number of a map: four significant digits at most, no exponent where it can be avoided.
 *
 * @param {number} value
 */
export function writeValue(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(2).replace("-", MINUS);
  return signed(Number(value.toPrecision(4)).toString());
}
