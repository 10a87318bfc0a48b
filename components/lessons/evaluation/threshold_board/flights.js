// Photos that cross the threshold fly from their old cell of the matrix to the new one.

const FLIGHT_MS = 600;
const MOST_IN_A_ROW = 3; // of either class with one move
const MOST_AT_ONCE_IN_THE_AIR = 18;

export const calmly = matchMedia("(prefers-reduced-motion: reduce)");

/** @import { Cell } from "./figures.js" */

export class CellFlights {
  /** @type {Map<Cell, [x: number, y: number]> | undefined} in CSS pixels */ middles;

  /**
   * @param {Element} air lies over the matrix
   * @param {Map<Cell, HTMLElement>} cells
   */
  constructor(air, cells) {
    this.air = air;
    this.cells = cells;
    this.flying = 0;
    new ResizeObserver(() => this.measure()).observe(air);
  }

  /** Remember the cells' middles: to read them during a move would make the browser lay out the page. */
  measure() {
    this.middles = new Map();
    for (const [name, { offsetLeft, offsetTop, offsetWidth, offsetHeight }] of this.cells) {
      this.middles.set(name, [offsetLeft + offsetWidth / 2, offsetTop + offsetHeight / 2]);
    }
  }

  /**
   * @param {Iterable<number>} photos that crossed, nearest to the threshold first
   * @param {(photo: number) => number} labelOf
   * @param {boolean} raised the threshold went up: the photos are called negative now
   * @param {(photo: number) => string | undefined} urlOf their thumbnails
   */
  fly(photos, labelOf, raised, urlOf) {
    if (calmly.matches) return;
    const sent = [0, 0];
    for (const photo of photos) {
      const label = labelOf(photo);
      if (sent[0] + sent[1] >= 2 * MOST_IN_A_ROW || this.flying >= MOST_AT_ONCE_IN_THE_AIR) return;
      if (sent[label] >= MOST_IN_A_ROW) continue;
      sent[label] += 1;
      /** @type {[left: Cell, right: Cell]} */
      const [left, right] = label === 1 ? ["fn", "tp"] : ["tn", "fp"];
      this.send(raised ? right : left, raised ? left : right, label, sent[label], urlOf(photo));
    }
  }

  /**
   * @param {Cell} from
   * @param {Cell} to
   * @param {number} label
   * @param {number} place in the row of those that fly at once, from 1
   * @param {string | undefined} url
   */
  send(from, to, label, place, url) {
    const [start, end] = [this.middles?.get(from), this.middles?.get(to)];
    if (!start || !end) return;
    const bird = document.createElement("span");
    bird.className = label === 1 ? "bird positive" : "bird negative";
    if (url) bird.style.backgroundImage = `url("${url}")`;
    this.air.append(bird);
    this.flying += 1;
    const at = (/** @type {[x: number, y: number]} */ [x, y]) =>
      `translate(${x}px, ${y}px) translate(-50%, -50%) translate(0, ${(place - 2) * 1.2}rem)`;
    const flight = bird.animate(
      [
        { transform: at(start), opacity: 0.2 },
        { opacity: 1, offset: 0.25 },
        { opacity: 1, offset: 0.8 },
        { transform: at(end), opacity: 0 },
      ],
      { duration: FLIGHT_MS, easing: "ease-in-out" },
    );
    flight.onfinish = flight.oncancel = () => {
      bird.remove();
      this.flying -= 1;
    };
  }
}
