// Tell Python that the visitor has scrolled near this place. It takes this element away when it has heard.

import { whenGone } from "../browser/board.js";

/** @import { Component } from "../browser/numbers.js" */

/** @type {WeakMap<ShadowRoot, () => void>} the clean-up of every place that is watched */
const watched = new WeakMap();
const PATIENCE = 4000; // milliseconds
const TRIES = 5;

/** @param {Component<unknown>} component */
export default function inView({ parentElement, setTriggerValue }) {
  const known = watched.get(parentElement);
  if (known) return known;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  // Of two places that come near in one moment Streamlit may hear the first only: say it again, each time later.
  /** @type {(tries: number, wait: number) => void} */
  const tell = (tries, wait) => {
    setTriggerValue("seen", true);
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
  watched.set(parentElement, leave);
  return leave;
}
