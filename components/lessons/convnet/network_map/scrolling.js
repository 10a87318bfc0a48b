// Scrolling: where a board begins on the page, where a finger's swipe ends on a phone, and where more of a wide picture
// follows.

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

/**
 * Let an element's left and right edges fade where more follows beyond them.
 *
 * @param {Element} element
 */
export function fadeEdges(element) {
  const { scrollLeft, scrollWidth, clientWidth } = element;
  element.classList.toggle("more-left", scrollLeft > 1);
  element.classList.toggle("more-right", scrollLeft + clientWidth < scrollWidth - 1);
}
