// The index of a page's acts: it says which one is looked at, leads to each, and opens what is folded.

import { whenGone } from "../browser/board.js";
import { make } from "../browser/dom.js";
import { decodeMessage } from "../browser/numbers.js";

/** @import { Component } from "../browser/numbers.js" */

/** @type {WeakMap<ShadowRoot, () => void>} the clean-up of every index */
const indexes = new WeakMap();
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * Return an act's place on the page.
 *
 * @param {string} key
 */
const placeOf = (key) => document.querySelector(`.st-key-${key}`);

/** How many entries were pressed: a fold takes its time to open, and must not lead back from where a later one led. */
let presses = 0;

/**
 * Bring an act into view, opened where it is folded.
 *
 * @param {string} key
 */
async function goTo(key) {
  presses += 1;
  const press = presses;
  const place = placeOf(key);
  if (!place) return;
  const fold = place.querySelector("details");
  if (fold && !fold.open && fold.parentElement?.closest(`.st-key-${key}`) === place) {
    fold.querySelector("summary")?.click();
    // Streamlit opens it and lets it grow: before it has, the page may be too short to be scrolled there.
    await opened(fold);
    await Promise.allSettled(fold.getAnimations({ subtree: true }).map((animation) => animation.finished));
  }
  if (press === presses) place.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block: "start" });
}

/**
 * Wait until a fold is open, and for one frame more, in which its growing begins; no longer than a second.
 *
 * @param {HTMLDetailsElement} fold
 */
async function opened(fold, frames = 60) {
  const open = fold.open;
  await new Promise(requestAnimationFrame);
  if (!open && frames > 0) await opened(fold, frames - 1);
}

/** @typedef {object} Led where the visitor was led by a press
 * @property {HTMLElement | null} entry that was pressed; null when the visitor has looked elsewhere since
 * @property {boolean} there whether the page has been scrolled there
 * @property {boolean} arrived whether its act has been in sight since
 */

/** What a visitor does to look elsewhere. A scroll event tells nobody's will: pages scroll when they grow, too. */
const LOOKS_ELSEWHERE = /** @type {const} */ (["wheel", "touchmove", "keydown", "pointerdown"]);

/**
 * Mark the last act that has come up to the upper third of the window; the first one while the page is at its top; and
 * the one that was pressed until the visitor looks elsewhere, however short the page is below it.
 *
 * @param {HTMLElement[]} entries
 * @param {Led} led
 */
function mark(entries, led) {
  const place = led.entry && placeOf(led.entry.dataset.act ?? "")?.getBoundingClientRect();
  const inSight = Boolean(place && place.top < innerHeight && place.bottom > 0);
  if (led.arrived && !inSight) led.entry = null; // a script or a reading aid has scrolled the page
  led.arrived = inSight;
  /** @param {HTMLElement} entry */
  const top = (entry) => placeOf(entry.dataset.act ?? "")?.getBoundingClientRect().top ?? Infinity;
  const page = document.querySelector('[data-testid="stMain"]');
  const above = page?.scrollTop ?? 0;
  const ended = page && above + page.clientHeight > page.scrollHeight - 8;
  const seen = ended ? entries.at(-1) : entries.findLast((entry) => top(entry) < innerHeight / 3);
  const here = led.entry ?? (above < 8 ? entries[0] : (seen ?? entries[0]));
  for (const entry of entries) {
    if ((entry === here) === entry.hasAttribute("aria-current")) continue;
    if (entry !== here) {
      entry.removeAttribute("aria-current");
      continue;
    }
    entry.setAttribute("aria-current", "true");
    const row = entry.parentElement;
    if (row) row.scrollLeft = entry.offsetLeft - row.offsetLeft - (row.clientWidth - entry.offsetWidth) / 2;
  }
}

/** @param {Component<Uint8Array>} component */
export default function actIndex({ data, parentElement }) {
  indexes.get(parentElement)?.();
  /** @type {{label: string, acts: [key: string, name: string][]}} */
  const { label, acts } = decodeMessage(data);
  const row = /** @type {HTMLElement} */ (parentElement.querySelector("nav"));
  row.ariaLabel = label;
  /** @type {Led} */
  const led = { entry: null, there: false, arrived: false };
  let asked = 0;
  const look = () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => mark(entries, led));
  };
  const lookElsewhere = () => {
    led.entry = null;
    look();
  };
  const entries = acts.map(([key, name]) => {
    const entry = make("button", { type: "button", textContent: name, data: { act: key } });
    entry.onclick = async () => {
      Object.assign(led, { entry, there: false, arrived: false });
      look();
      await goTo(key);
      led.there = led.entry === entry;
    };
    return entry;
  });
  row.replaceChildren(...entries);
  mark(entries, led);
  // While a page loads, what is below its first board stands too high.
  // Streamlit's container is as high as the window: what grows is the block in it.
  const page = document.querySelector("[data-testid=stMainBlockContainer]")?.firstElementChild;
  const sizes = new ResizeObserver(() => {
    // A fold that still opens, or a board that comes, would push away what the visitor was led to.
    if (led.entry && led.there) placeOf(led.entry.dataset.act ?? "")?.scrollIntoView({ block: "start" });
    look();
  });
  if (page) sizes.observe(page);
  // Streamlit scrolls a box and not the page; scrolling does not bubble, but it can be caught on its way down.
  document.addEventListener("scroll", look, { capture: true, passive: true });
  for (const one of LOOKS_ELSEWHERE) document.addEventListener(one, lookElsewhere, { capture: true, passive: true });
  const leave = () => {
    cancelAnimationFrame(asked);
    sizes.disconnect();
    document.removeEventListener("scroll", look, { capture: true });
    for (const one of LOOKS_ELSEWHERE) document.removeEventListener(one, lookElsewhere, { capture: true });
    indexes.delete(parentElement);
  };
  indexes.set(parentElement, leave);
  return whenGone(parentElement, leave);
}
