// Tell Python that the visitor has scrolled near this place. It takes this element away when it has heard.

/** @import { Component } from "../browser/numbers.js" */

/** @type {WeakMap<ShadowRoot, IntersectionObserver>} */
const watchers = new WeakMap();
const PATIENCE = 4000; // milliseconds
const TRIES = 5;

/** @param {Component<unknown>} component */
export default function inView({ parentElement, setTriggerValue }) {
  if (watchers.has(parentElement)) return;
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
  watchers.set(parentElement, watcher);
  watcher.observe(/** @type {Element} */ (parentElement.querySelector("span")));
  return () => {
    watcher.disconnect();
    clearTimeout(timer);
    watchers.delete(parentElement);
  };
}
