// The part of the page that scrolls: where a board begins on it, and how a finger's swipe ends on a phone.

/**
 * Return the nearest part around an element that scrolls up and down, through all shadow roots; else the page.
 *
 * @param {Element} element
 */
function scrollerOf(element) {
  /** @type {Element | null} */
  let around = element;
  while (around) {
    const root = around.getRootNode();
    around = around.assignedSlot ?? around.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
    if (around && around !== document.body && /auto|scroll/.test(getComputedStyle(around).overflowY)) return around;
  }
  return document.documentElement;
}

/**
 * Return how far below the top of the page's first screen an element begins, in CSS pixels, however the page is scrolled.
 *
 * @param {Element} element
 */
export function topOf(element) {
  const scroller = scrollerOf(element);
  return element.getBoundingClientRect().top + scroller.scrollTop;
}

/**
 * Let a swipe end where a part of an element begins that has `scroll-snap-align`.
 *
 * @param {Element} element
 * @returns {() => void} ends that
 */
export function snapped(element) {
  const scroller = /** @type {HTMLElement} */ (scrollerOf(element));
  const before = scroller.style.scrollSnapType;
  scroller.style.scrollSnapType = "y proximity";
  return () => {
    scroller.style.scrollSnapType = before;
  };
}
