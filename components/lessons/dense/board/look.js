// One input, large: its map, where that lies in the photo, and its term in words.

import { contextOf } from "../../../browser/canvas.js";
import { make } from "../../../browser/dom.js";
import { fillIn } from "../../../browser/numbers.js";
import { paintMap, reach, stepsOf, writeValue } from "../../../networks/paint.js";
import { writeNumber } from "./bars.js";

/** @import { Colours } from "../../../browser/colours.js" */
/** @import { Sides } from "./curve.js" */
/** @import { Part } from "./part.js" */
/** @import { Sums } from "./sums.js" */

/** A grey, from 0 to 255, before which both dark and light fur stands out. */
const VEIL = 128;

export class Look {
  /** All that is shown, as one text. */
  drawn = "";

  /**
   * @param {Record<string, string>} texts
   * @param {(feature: number) => void} go opens a map on the page of the network map
   */
  constructor(texts, go) {
    this.texts = texts;
    this.go = go;
    this.box = make("div", { className: "look" });
  }

  /**
   * @param {Part} part
   * @param {number} feature
   * @param {Sums} sums
   * @param {{colours: Colours, name: string, sides: Sides}} words the input's name, and what its term pushes to
   */
  draw(part, feature, sums, { colours, name, sides }) {
    const { texts } = this;
    const place = part.shown.indexOf(feature);
    const term = sums.terms[feature];
    const push =
      term === 0
        ? texts["push-none"]
        : !part.last
          ? fillIn(texts["push-hidden"], { weight: writeNumber(sums.weightOf(feature)), term: writeNumber(term) })
          : fillIn(texts.push, {
              weight: writeNumber(sums.weightOf(feature)),
              side: sides[term > 0 ? 1 : 0],
              term: writeNumber(Math.abs(term)),
            });
    const state = JSON.stringify([part.id, feature, push, colours]);
    if (state === this.drawn) return;
    this.drawn = state;
    const value = writeNumber(part.x[feature]);
    if (!part.mapsLayer) {
      this.box.replaceChildren(make("p", { textContent: `${fillIn(texts["no-map"], { name, value })}. ${push}` }));
      return;
    }
    const { height, width } = part;
    const numbers = part.maps.subarray(place * width * height, (place + 1) * width * height);
    const { steps, low, high } = stepsOf(numbers);
    const picture = paintMap(make("canvas"), steps, { width, height, low, high, scale: reach(low, high) }, colours);
    picture.setAttribute("role", "img");
    picture.setAttribute(
      "aria-label",
      fillIn(texts["map-picture"], { name, height, width, low: writeValue(low), high: writeValue(high) }),
    );
    const shade = this.shade(numbers, part, Math.max(high, 0));
    const photo = make("img", { alt: fillIn(texts["photo-picture"], { name }), src: part.photo });
    const words = fillIn(texts.mean, { name, height, width, count: height * width, value });
    const way = make("a", { className: "way", textContent: texts.way });
    /** @type {Record<string, string>} */
    const which = part.which === "best" ? {} : { which: part.which };
    const link = { network: part.network, ...which, layer: part.mapsLayer, map: String(feature) };
    way.href = `convnet?${new URLSearchParams(link)}`;
    way.onclick = (event) => {
      // In the same window, the session goes on and keeps the photo.
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.go(feature);
    };
    this.box.replaceChildren(
      make(
        "figure",
        {},
        make("div", { className: "frame" }, picture),
        make("figcaption", { textContent: fillIn(texts.large, { name, height, width }) }),
      ),
      make(
        "figure",
        {},
        make("div", { className: "frame" }, photo, shade),
        make("figcaption", { textContent: texts["on-photo"] }),
      ),
      make("div", { className: "words" }, make("p", { textContent: `${words}. ${push}` }), way),
    );
  }

  /**
   * Return a veil over the photo: none where the map is largest.
   *
   * @param {Float32Array} numbers the map
   * @param {{width: number, height: number}} size
   * @param {number} most the largest number
   */
  shade(numbers, { width, height }, most) {
    const canvas = make("canvas", { width, height });
    canvas.setAttribute("aria-hidden", "true");
    const image = new ImageData(width, height);
    image.data.fill(VEIL);
    numbers.forEach((number, index) => {
      image.data[4 * index + 3] = most > 0 ? Math.round(215 * (1 - Math.max(number, 0) / most)) : 215;
    });
    contextOf(canvas).putImageData(image, 0, 0);
    return canvas;
  }
}
