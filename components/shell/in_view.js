// Tell Python that the visitor has scrolled near this place. It takes this element away when it has heard.

import { whenGone } from "../browser/board.js";

/** @import { Component } from "../browser/numbers.js" */

/** @typedef {object} Watched a place that is watched
 * @property {() => void} leave its clean-up
 * @property {(state: string, value: unknown) => void} send the newest way to Python: a fragment that has moved on the
 *   page is another one to Streamlit, which no longer hears the old one
 */

/** @type {WeakMap<ShadowRoot, Watched>} */
const watched = new WeakMap();
const PATIENCE = 4000; // milliseconds
const TRIES = 5;

/** @param {Component<unknown>} component */
export default function inView({ parentElement, setTriggerValue }) {
  const known = watched.get(parentElement);
  if (known) {
    known.send = setTriggerValue;
    return known.leave;
  }
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  // Of two places that come near in one moment Streamlit may hear the first only: say it again, each time later.
  /** @type {(tries: number, wait: number) => void} */
  const tell = (tries, wait) => {
    watched.get(parentElement)?.send("seen", true);
    if (tries > 1) timer = setTimeout(tell, wait, tries - 1, 2 * wait);
  };
  const watcher = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watcher.disconnect();
      tell(TRIES, PATIENCE);
    },
    // Streamlit scrolls a box and not the page: the box has a margin of its own.
    { rootMargin: "300px", scrollMargin: "300px" },
  );
  watcher.observe(/** @type {Element} */ (parentElement.querySelector("span")));
  const leave = whenGone(parentElement, () => {
    watcher.disconnect();
    clearTimeout(timer);
    watched.delete(parentElement);
  });
  watched.set(parentElement, { leave, send: setTriggerValue });
  return leave;
}
