// The projector button and its keys. Python owns the view; this only says what is wanted.

import { whenGone } from "../browser/board.js";

/** @import { Component } from "../browser/numbers.js" */

/** @typedef {object} Switch
 * @property {boolean} projected whether the page is projected now
 * @property {(wanted: boolean) => void} want tells Python
 * @property {(event: KeyboardEvent) => void} onKey
 */

/** @type {WeakMap<ShadowRoot, Switch>} */
const switches = new WeakMap();

/**
 * Whether a key pressed on this element writes text there.
 *
 * @param {HTMLElement} target
 */
function writes(target) {
  if (target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName)) return true;
  const keyless = ["button", "checkbox", "radio", "range", "file", "submit"];
  return target instanceof HTMLInputElement && !keyless.includes(target.type);
}

/**
 * Whether Escape on this element closes something else first: a list, or what a button has opened.
 *
 * @param {HTMLElement} target
 */
const closes = (target) => target.tagName === "SELECT" || Boolean(target.closest('[aria-expanded="true"]'));

/**
 * Make a new switch, which hears the keys.
 *
 * @returns {Switch}
 */
function makeSwitch() {
  /** @type {Switch} */
  const made = {
    projected: false,
    want: () => {},
    onKey: (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
      const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
      if (event.key.toLowerCase() === "p" && !writes(target)) made.want(!made.projected);
      else if (event.key === "Escape" && made.projected && !closes(target)) made.want(false);
    },
  };
  document.addEventListener("keydown", made.onKey);
  return made;
}

/** @param {Component<{label: string, bar: string, projected: boolean}>} component */
export default function projectorSwitch({ data, parentElement, setTriggerValue }) {
  const state = switches.get(parentElement) ?? makeSwitch();
  switches.set(parentElement, state);
  state.projected = data.projected;
  state.want = (wanted) => {
    state.projected = wanted; // at once: Escape may come before the answer to P
    setTriggerValue("wanted", wanted ? "on" : "off");
  };
  const button = /** @type {HTMLButtonElement} */ (parentElement.querySelector("button"));
  button.ariaLabel = data.label;
  button.title = `${data.label} (${data.projected ? "Escape" : "P"})`;
  button.ariaPressed = String(data.projected);
  // Streamlit's containers have no roles: the bar around this button gets its own here.
  const bar = document.querySelector(".st-key-course-bar");
  if (bar) Object.assign(bar, { role: "navigation", ariaLabel: data.bar });
  button.onclick = () => state.want(!state.projected);
  return whenGone(parentElement, () => document.removeEventListener("keydown", state.onKey));
}
