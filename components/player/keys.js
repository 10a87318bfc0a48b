// The keys of the players: Space plays, arrows step, Home and End go to the ends, + and − change the speed. A page may
// have several players; a key goes to one of them.

/** @import { Player } from "./player.js" */

/** @type {Set<Player>} the players of the whole page */
const players = new Set();

/**
 * Let a player hear the keys that are meant for it.
 *
 * @param {Player} player
 * @returns {() => void} ends that
 */
export function hearKeys(player) {
  if (!players.size) document.addEventListener("keydown", bring);
  players.add(player);
  return () => {
    players.delete(player);
    if (!players.size) document.removeEventListener("keydown", bring);
  };
}

/** @param {KeyboardEvent} event */
function bring(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const player = addressed(event);
  const action = player && actionFor(player, event.key, /** @type {HTMLElement} */ (event.composedPath()[0]));
  if (!action) return;
  event.preventDefault();
  action();
}

/**
 * Return the player that has the focus, or else the one that is nearest to the eye.
 *
 * @param {KeyboardEvent} event
 */
function addressed(event) {
  const path = event.composedPath();
  // What is folded away is not before anybody's eyes.
  const shown = [...players].filter(({ count, transport }) => count > 0 && transport.checkVisibility());
  const focused = shown.find(({ root }) => path.includes(root));
  /** @param {Player} player */
  const distance = ({ root, transport }) => {
    const { top, bottom } = (root.querySelector(".stage") ?? transport).getBoundingClientRect();
    return Math.max(top - innerHeight / 2, innerHeight / 2 - bottom, 0);
  };
  return focused ?? shown.toSorted((one, other) => distance(one) - distance(other)).at(0);
}

/**
 * Return what a key does, or null where it is not the player's.
 *
 * @param {Player} player
 * @param {string} key
 * @param {HTMLElement} target where it was pressed
 */
function actionFor(player, key, target) {
  const tag = target.tagName ?? "";
  const type = target instanceof HTMLInputElement ? target.type : "";
  const inside = target.getRootNode?.() === player.parts.play.getRootNode();
  if (target.isContentEditable || ["TEXTAREA", "SELECT"].includes(tag)) return null;
  if (type && type !== "range" && type !== "checkbox" && type !== "radio") return null;
  const activatable = ["BUTTON", "A", "SUMMARY"].includes(tag) || ["checkbox", "radio"].includes(type);
  if (key === " ") return activatable ? null : () => player.toggle();
  if (key === "+" || key === "=") return () => player.faster(2);
  if (key === "-" || key === "_") return () => player.faster(0.5);
  // Elsewhere on the page, widgets keep their own arrow keys; plain areas, which a click may focus, have none.
  if (!inside && (target.hasAttribute("role") || !["BODY", "MAIN", "DIV", "SECTION", "A", "BUTTON"].includes(tag)))
    return null;
  if (type === "radio" || (type === "range" && target !== player.parts.position)) return null; // they have their own
  /** @type {Record<string, number>} */
  const moves = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -player.rowLength,
    ArrowDown: player.rowLength,
  };
  if (key in moves) return () => player.step(moves[key]);
  if (key === "Home") return () => player.step(-player.position);
  if (key === "End") return () => player.step(player.count - 1 - player.position);
  return null;
}
