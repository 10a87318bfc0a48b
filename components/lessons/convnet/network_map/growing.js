// A map that is opened grows out of its thumbnail, and shrinks back into it: so one sees where it came from.

import { make } from "../../../browser/dom.js";
import { contextOf } from "../../../browser/canvas.js";
import { isStill } from "./wave.js";

const MS = 250;
const EASE = "cubic-bezier(0.2, 0.7, 0.2, 1)";

/** @type {(from: DOMRect, to: DOMRect) => string} */
const asSeenFrom = (from, to) =>
  `translate(${from.left - to.left}px, ${from.top - to.top}px) scale(${from.width / (to.width || 1)}, ${from.height / (to.height || 1)})`;

/**
 * @param {HTMLElement} element
 * @param {Keyframe[]} frames
 * @returns {Promise<unknown>} when it is over, also where it was cut off
 */
function play(element, frames) {
  if (isStill()) return Promise.resolve();
  return element.animate(frames, { duration: MS, easing: EASE }).finished.catch(() => null);
}

/**
 * Let an element grow into its place.
 *
 * @param {HTMLElement} element
 * @param {DOMRect} from where it comes from, on the screen
 */
export function grow(element, from) {
  const start = asSeenFrom(from, element.getBoundingClientRect());
  return play(element, [
    { transform: start, transformOrigin: "0 0", zIndex: 2 },
    { transform: "none", transformOrigin: "0 0", zIndex: 2 },
  ]);
}

/**
 * Let a picture shrink into another place, above all that stands there.
 *
 * @param {HTMLElement} board
 * @param {HTMLCanvasElement} picture
 * @param {DOMRect} from where it is, on the screen
 * @param {DOMRect} to where it goes
 */
export async function shrink(board, picture, from, to) {
  const around = board.getBoundingClientRect();
  const flying = copyOf(picture);
  flying.className = "flying";
  flying.style.cssText = `left: ${to.left - around.left}px; top: ${to.top - around.top}px; width: ${to.width}px; height: ${to.height}px`;
  board.append(flying);
  await play(flying, [{ transform: asSeenFrom(from, to) }, { transform: "none" }]);
  flying.remove();
}

/**
 * Let an element fade, in or out.
 *
 * @param {HTMLElement} element
 * @param {"in" | "out"} way
 */
export function fade(element, way) {
  const [from, to] = way === "in" ? [0, 1] : [1, 0];
  return play(element, [{ opacity: from }, { opacity: to }]);
}

/**
 * Return a copy of a canvas with what is painted on it.
 *
 * @param {HTMLCanvasElement} picture
 */
export function copyOf(picture) {
  const copy = make("canvas", { width: picture.width, height: picture.height });
  contextOf(copy).drawImage(picture, 0, 0);
  return copy;
}
