// What is large travels as a message of its own, which Streamlit sends once however often a control changes: a hidden
// component carries it here, and the board that names it by its id finds it.

import { decodeMessage } from "./numbers.js";

/** So many are kept, over all pages that were visited; older ones are let go. */
const KEPT = 12;

/** @type {Map<string, any>} id → message, the newest last */
const carried = new Map();

/** @type {Set<(id: string) => void>} */
const listeners = new Set();

/**
 * Return the message of an id that came last, or undefined.
 *
 * @param {string} id
 */
export const carriedMessage = (id) => carried.get(id);

/**
 * Call `listener` with the id of every message that comes.
 *
 * @param {(id: string) => void} listener
 * @returns {() => void} ends that
 */
export function onCarried(listener) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/**
 * Call `then` once with the message of this id, at once where it has come already.
 *
 * @param {string} id
 * @param {(message: any) => void} then
 * @returns {() => void} stops the waiting
 */
export function whenCarried(id, then) {
  if (carried.has(id)) {
    then(carried.get(id));
    return () => {};
  }
  const stop = onCarried((came) => {
    if (came !== id) return;
    stop();
    then(carried.get(id));
  });
  return stop;
}

/**
 * Streamlit's end: keep what came and tell those who wait for it. A message without an id is an empty place.
 *
 * @param {{ data: Uint8Array }} component
 */
export default function carry({ data }) {
  const message = decodeMessage(data);
  if (!message.id) return;
  carried.delete(message.id);
  carried.set(message.id, message);
  for (const oldest of carried.keys()) {
    if (carried.size <= KEPT) break;
    carried.delete(oldest);
  }
  for (const listener of listeners) listener(message.id);
}
