// The handle of the threshold: by keys in steps or from photo to photo, or by pointer anywhere on the picture of scores.

/** @import { ThresholdFigures } from "./figures.js" */

/** @type {Record<string, number>} by key */
const STEPS = { ArrowLeft: -0.01, ArrowDown: -0.01, ArrowRight: 0.01, ArrowUp: 0.01, PageDown: -0.1, PageUp: 0.1 };

/**
 * @param {{handle: HTMLElement, plate: HTMLElement}} parts
 * @param {object} board
 * @param {() => number} board.now the threshold
 * @param {() => ThresholdFigures | null} board.figures
 * @param {(x: number) => number | null} board.scoreAt the score at a place of the plate, in CSS pixels
 * @param {(threshold: number) => void} board.move
 */
export function holdThreshold({ handle, plate }, { now, figures, scoreAt, move }) {
  handle.onkeydown = (event) => {
    const found = figures();
    if (event.ctrlKey || event.metaKey || event.altKey || !found) return;
    const step = STEPS[event.key];
    /** @type {number | null} */
    let next = null;
    if (event.key === "Home") next = 0;
    else if (event.key === "End") next = 1;
    else if (step && event.shiftKey) next = found.nextThreshold(now(), Math.sign(step));
    else if (step) next = Math.round((now() + step) * 100) / 100;
    if (next === null) return;
    event.preventDefault();
    move(next);
  };
  const toPointer = (/** @type {PointerEvent} */ event) => {
    const score = scoreAt(event.clientX - plate.getBoundingClientRect().left);
    if (score !== null) move(Math.round(score * 1000) / 1000);
  };
  plate.onpointerdown = (event) => {
    if (event.button !== 0) return;
    plate.setPointerCapture(event.pointerId);
    toPointer(event);
    handle.focus({ preventScroll: true });
    event.preventDefault();
  };
  plate.onpointermove = (event) => {
    if (plate.hasPointerCapture(event.pointerId)) toPointer(event);
  };
}
