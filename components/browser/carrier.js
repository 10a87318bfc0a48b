// What is large travels as a message of its own, which Streamlit sends once however often a control changes: a hidden
// component carries it here, and the board that names it by its id finds it.

import { decodeMessage } from "./numbers.js";

/** @import { Component } from "./numbers.js" */

/** A page shows at most so many at once; older ones are let go. */
const KEPT = 8;

/** @type {Map<string, object>} id → message, the newest last */
const carried = new Map();

/** @type {Set<(id: string) => void>} */
const listeners = new Set();

/**
 * Call `then` with the message of this id, at once where it has come already.
 *
 * @param {string} id
 * @param {(message: any) => void} then
 * @returns {() => void} stops the waiting
 */
export function whenCarried(id, then) {
  const message = carried.get(id);
  if (message) {
    then(message);
    return () => {};
  }
  const listen = (/** @type {string} */ came) => {
    if (came !== id) return;
    listeners.delete(listen);
    then(carried.get(id));
  };
  listeners.add(listen);
  return () => {
    listeners.delete(listen);
  };
}

/**
 * Streamlit's end: keep what came and tell those who wait for it.
 *
 * @param {Component} component
 */
export default function carry({ data }) {
  const message = decodeMessage(data);
  carried.delete(message.id);
  carried.set(message.id, message);
  for (const oldest of carried.keys()) if (carried.size > KEPT) carried.delete(oldest);
  for (const listener of listeners) listener(message.id);
}
