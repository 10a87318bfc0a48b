// A strip of photos, page by page: a row of buttons with a thumbnail and a caption each. The keys walk through all pages.

import { remSize } from "../../browser/canvas.js";
import { make, write } from "../../browser/dom.js";
import { icon } from "../../browser/icons.js";
import { fillIn } from "../../browser/numbers.js";

/** @import { PhotoUrls } from "./photo_supply.js" */

/**
 * @typedef {object} Shown what a strip shows
 * @property {string} title
 * @property {number[] | Int32Array | Uint32Array} ids
 * @property {string[] | ((id: number) => string)} captions beside ids, or of a photo
 * @property {Record<number, string>} [marks] a word on a photo
 * @property {number | null} [current] the photo that is open
 */

/**
 * @typedef {object} Tile one photo's place in the strip
 * @property {HTMLElement} item
 * @property {HTMLButtonElement} button
 * @property {HTMLImageElement} image
 * @property {HTMLElement} face
 * @property {HTMLElement} caption
 * @property {HTMLElement} mark
 * @property {number} id of the photo that it shows
 */

/** @typedef {ReturnType<typeof makePhotoStrip>} PhotoStrip */

/**
 * @param {Element} parent the strip is put at its end
 * @param {object} options
 * @param {Record<string, string>} options.texts as STRIP_TEXTS in Python has them
 * @param {(ids: number[]) => void} options.onWant told which photos are shown, and which would come on the next page
 * @param {(id: number) => void} options.onOpen a photo was chosen
 * @param {number} [options.rows] rows of photos on a page
 */
export function makePhotoStrip(parent, { texts, onWant, onOpen, rows = 1 }) {
  const title = make("strong", { className: "strip-title" });
  const count = make("span", { className: "strip-count" });
  /** @type {(way: "left" | "right", label: string, pages: number) => HTMLButtonElement} */
  const turner = (way, label, pages) => {
    const button = make("button", { type: "button", className: "strip-turn" }, icon(way));
    button.setAttribute("aria-label", label);
    button.onclick = () => turn(page + pages);
    return button;
  };
  const back = turner("left", texts.previous, -1);
  const forward = turner("right", texts.next, 1);
  const list = make("ul", { className: "strip-photos" });
  const none = make("p", { className: "strip-none", textContent: texts.none });
  const head = make(
    "div",
    { className: "strip-head" },
    title,
    make("span", { className: "strip-turns" }, count, back, forward),
  );
  const strip = make("div", { className: "photo-strip" }, head, list, none);
  strip.setAttribute("role", "group");
  strip.style.setProperty("--strip-rows", String(rows));
  parent.append(strip);

  /** @type {Map<number, string>} */
  const urls = new Map();
  /** @type {Tile[]} */
  const tiles = [];
  /** @type {Shown} */
  let shown = { title: "", ids: [], captions: [], marks: {}, current: null };
  let page = 0;
  let size = 1;
  let reached = 0; // the tile that the tab key reaches
  let told = "";

  const pages = () => Math.max(1, Math.ceil(shown.ids.length / size));

  /** @type {(place: number) => Tile} */
  function tile(place) {
    const image = make("img", { alt: "", hidden: true, draggable: false });
    const face = make("span", { className: "strip-face" });
    const caption = make("span", { className: "strip-caption" });
    const mark = make("span", { className: "strip-mark" });
    const button = make(
      "button",
      { type: "button", className: "strip-photo" },
      make("span", { className: "strip-picture" }, image, face, mark),
      caption,
    );
    button.onclick = () => onOpen(tiles[place].id);
    button.onfocus = () => reach(place);
    const item = make("li", {}, button);
    return { item, button, image, face, caption, mark, id: -1 };
  }

  /** @param {number} place */
  function reach(place) {
    reached = place;
    tiles.forEach(({ button }, other) => {
      button.tabIndex = other === place ? 0 : -1;
    });
  }

  /**
   * @param {number} to a page
   * @param {number} place the photo there that the tab key reaches
   */
  function turn(to, place = 0) {
    page = Math.min(Math.max(to, 0), pages() - 1);
    draw();
    reach(Math.min(place, Math.max(onPage() - 1, 0)));
  }

  const onPage = () => Math.min(size, shown.ids.length - page * size);

  /** @param {Tile} one */
  function fill(one) {
    const url = urls.get(one.id);
    if (url && one.image.getAttribute("src") !== url) one.image.src = url;
    one.image.hidden = !url;
    write(one.face, url === "" ? texts.unseen : url === undefined ? texts.coming : "");
  }

  function draw() {
    page = Math.min(page, pages() - 1);
    const total = shown.ids.length;
    const first = page * size;
    const number = Math.max(onPage(), 0);
    write(title, shown.title);
    strip.setAttribute("aria-label", shown.title);
    const range = {
      first: (first + 1).toLocaleString("en"),
      last: (first + number).toLocaleString("en"),
      count: total.toLocaleString("en"),
    };
    write(count, total ? fillIn(texts.page, range) : "");
    back.disabled = page === 0;
    forward.disabled = page >= pages() - 1;
    back.hidden = forward.hidden = pages() === 1;
    none.hidden = total > 0;
    list.hidden = total === 0;
    while (tiles.length < number) {
      tiles.push(tile(tiles.length));
      list.append(tiles[tiles.length - 1].item);
    }
    tiles.forEach((one, place) => {
      one.item.hidden = place >= number;
      if (place >= number) return;
      const id = Number(shown.ids[first + place]);
      const caption = typeof shown.captions === "function" ? shown.captions(id) : shown.captions[first + place];
      const mark = shown.marks?.[id] ?? "";
      const label = fillIn(texts.open, {
        place: (first + place + 1).toLocaleString("en"),
        count: range.count,
        caption,
        mark,
      });
      one.id = id;
      write(one.caption, caption);
      write(one.mark, mark);
      if (one.button.getAttribute("aria-label") !== label) one.button.setAttribute("aria-label", label);
      if (id === shown.current) one.button.setAttribute("aria-current", "true");
      else one.button.removeAttribute("aria-current");
      fill(one);
    });
    reach(Math.min(reached, Math.max(number - 1, 0)));
    const wanted = Array.from(shown.ids.slice(first, first + 2 * size), Number);
    if (wanted.join() !== told) {
      told = wanted.join();
      onWant(wanted);
    }
  }

  list.onkeydown = (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = shown.ids.length - 1;
    const at = page * size + reached;
    /** @type {Record<string, number>} */
    const goals = { ArrowLeft: at - 1, ArrowRight: at + 1, PageUp: at - size, PageDown: at + size, Home: 0, End: last };
    if (!(event.key in goals)) return;
    event.preventDefault();
    event.stopPropagation();
    const goal = Math.min(Math.max(goals[event.key], 0), last);
    turn(Math.floor(goal / size), goal % size);
    tiles[reached].button.focus();
  };

  new ResizeObserver(() => {
    // A strip that is hidden or was taken out of the page has no width, and then not even a style.
    if (!strip.isConnected || !head.clientWidth) return;
    const rem = remSize();
    const style = getComputedStyle(strip);
    const side = parseFloat(style.getPropertyValue("--strip-tile")) * rem;
    const gap = parseFloat(style.getPropertyValue("--strip-gap")) * rem;
    const columns = Math.max(1, Math.floor((head.clientWidth + gap) / (side + gap)));
    if (columns * rows === size) return;
    const first = page * size;
    size = columns * rows;
    page = Math.floor(first / size);
    draw();
  }).observe(head);

  return {
    element: strip,
    /** @param {Shown} next */
    show(next) {
      if (next.title !== shown.title) page = 0;
      shown = { marks: {}, current: null, ...next };
      draw();
    },
    /** @param {PhotoUrls} more */
    give(more) {
      for (const [id, url] of Object.entries(more)) urls.set(Number(id), url);
      for (const one of tiles) if (!one.item.hidden) fill(one);
    },
    focus() {
      tiles[reached]?.button.focus();
    },
    /** Forget all thumbnails: the numbers mean other photos now. */
    forget() {
      urls.clear();
      told = "";
      page = 0;
    },
  };
}
