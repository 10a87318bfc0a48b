// Bars that push to the one side or to the other, with zero in the middle.

import { make } from "../../../browser/dom.js";
import { roundToTotal, writeUnits } from "../../../browser/numbers.js";

export const DECIMALS = 4;

/** @typedef {ReturnType<typeof makeTrack>} Track */

/**
 * Return numbers as whole ten-thousandths that add up to their total as it is written.
 *
 * @param {number[]} numbers
 * @param {number} total
 */
export function roundedTo(numbers, total) {
  return roundToTotal(
    numbers.map((number) => number * 10 ** DECIMALS),
    Math.round(total * 10 ** DECIMALS),
  );
}

/** @param {number} units ten-thousandths */
export const writeRounded = (units) => writeUnits(units, DECIMALS);

/**
 * Write a number with four digits after the point.
 *
 * @param {number} number
 */
export const writeNumber = (number) => writeRounded(Math.round(number * 10 ** DECIMALS));

/** Make a track with its zero line, its bar, and a mark where the bar ended before it was changed. */
export function makeTrack() {
  const bar = make("i", { className: "bar" });
  const mark = make("i", { className: "mark", hidden: true });
  const track = make("span", { className: "track" }, make("i", { className: "zero" }), bar, mark);
  return { track, bar, mark };
}

/**
 * Draw a bar from zero to a number; full half width at ±scale, and an open end where it is longer.
 *
 * @param {Pick<Track, "bar" | "mark">} track
 * @param {number} number
 * @param {number} scale
 * @param {number} [before] where the mark stands, if it is another number
 */
export function drawBar({ bar, mark }, number, scale, before = number) {
  const share = Math.max(Math.min(number / scale, 1), -1);
  bar.style.left = `${50 + 50 * Math.min(share, 0)}%`;
  bar.style.width = `${50 * Math.abs(share)}%`;
  bar.classList.toggle("against", number < 0);
  bar.classList.toggle("beyond", Math.abs(number) > scale * 1.0001);
  mark.hidden = Math.abs(before - number) < 1e-9;
  mark.style.left = `${50 + 50 * Math.max(Math.min(before / scale, 1), -1)}%`;
}
