// The photos next to the threshold in the order of their scores, as a film that runs through a gate: left of the gate
// they are called negative, right of it positive. Moving the threshold pulls photos through it.

import { SharpCanvas } from "../../../browser/canvas.js";
import { cssColour } from "../../../browser/colours.js";
import { calmly } from "./flights.js";

/** @import { Colour, Colours } from "../../../browser/colours.js" */

const FILM_MS = 160; // how long the film takes for most of its way
const FARTHEST = 30; // photos that it runs past; a longer way begins nearer to its end
const MOST_IMAGES = 400;

export class PhotoFilm {
  /** @type {any} */ time;

  /** @type {Uint32Array} */
  photos;

  /** @type {ArrayLike<number>} */
  labels;

  /** @type {number} */
  below;

  /** @type {Colours} */
  colours;

  /** @type {{text: Colour, ground: Colour, negative: Colour}} */
  ink;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {{resized: () => void, wants: (ids: number[]) => void}} told
   */
  constructor(canvas, { resized, wants }) {
    this.plate = new SharpCanvas(canvas, {
      resized: () => {
        this.plate.measure();
        resized();
      },
    });
    this.wants = wants;
    this.images = new Map();
    this.at = null;
    this.frame = 0;
  }

  /** Take over the photos, lowest score first, and their labels. */
  load(photos, labels) {
    Object.assign(this, { photos, labels, at: null });
  }

  forget() {
    this.images.clear();
  }

  give(urls) {
    for (const [id, url] of Object.entries(urls)) {
      if (!url) continue;
      const image = new Image();
      image.onload = () => this.request();
      image.src = url;
      this.images.set(Number(id), image);
    }
    for (const id of this.images.keys()) {
      if (this.images.size <= MOST_IMAGES) break;
      this.images.delete(id);
    }
  }

  /** Put the gate after the lowest `below` photos; the film runs there. */
  show(below, colours, ink) {
    Object.assign(this, { below, colours, ink });
    if (this.at === null || calmly.matches) this.at = below;
    this.at = Math.min(Math.max(this.at, below - FARTHEST), below + FARTHEST);
    this.time = performance.now();
    this.draw();
    const reach = this.reach();
    this.wants(Array.from(this.photos.subarray(Math.max(below - reach, 0), below + reach)));
    if (this.at !== below) this.request();
  }

  request() {
    if (!this.frame) this.frame = requestAnimationFrame((time) => this.run(time));
  }

  run(time) {
    this.frame = 0;
    if (this.at === null) return;
    const share = 1 - Math.exp((-3 * Math.min(Math.max(time - this.time, 0), 100)) / FILM_MS);
    this.time = time;
    this.at += (this.below - this.at) * share;
    if (Math.abs(this.below - this.at) < 0.01) this.at = this.below;
    this.draw();
    if (this.at !== this.below) this.request();
  }

  get pitch() {
    return this.plate.height + 0.25 * this.plate.rem;
  }

  /** How many photos fit on either side of the gate. */
  reach() {
    return this.plate.ready ? Math.ceil(this.plate.width / 2 / this.pitch) + 1 : 0;
  }

  /** Where the photo at a place of the order begins. */
  left(place) {
    const { width, height, rem } = this.plate;
    const away = place + 0.5 - this.at;
    const gate = Math.min(Math.max(2 * away, -1), 1) * 0.7 * rem;
    return width / 2 + away * this.pitch + gate - height / 2;
  }

  /** The photo at a place of the canvas, in CSS pixels, or null. */
  photoAt(x) {
    if (!this.plate.ready || this.at === null) return null;
    const guess = Math.floor(this.at + (x - this.plate.width / 2) / this.pitch);
    for (let place = Math.max(guess - 1, 0); place <= Math.min(guess + 1, this.photos.length - 1); place += 1) {
      const begin = this.left(place);
      if (x >= begin && x <= begin + this.plate.height) return this.photos[place];
    }
    return null;
  }

  draw() {
    if (!this.plate.ready || this.at === null) return;
    const context = this.plate.beginFrame();
    const { width, height, rem } = this.plate;
    const reach = this.reach();
    const first = Math.max(Math.floor(this.at) - reach, 0);
    const last = Math.min(Math.ceil(this.at) + reach, this.photos.length);
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (let place = first; place < last; place += 1) this.drawPhoto(context, place, height, rem);
    context.fillStyle = cssColour(this.ink.text);
    context.fillRect(width / 2 - 2, 0, 4, height);
  }

  drawPhoto(context, place, side, rem) {
    const photo = this.photos[place];
    const label = this.labels[photo];
    const left = this.left(place);
    const image = this.images.get(photo);
    const edge = 0.2 * rem;
    context.fillStyle = cssColour(this.colours[label], 0.35);
    context.fillRect(left, 0, side, side);
    if (image?.complete && image.naturalWidth) {
      const part = Math.min(image.naturalWidth, image.naturalHeight);
      const [x, y] = [(image.naturalWidth - part) / 2, (image.naturalHeight - part) / 2];
      context.drawImage(image, x, y, part, part, left, 0, side, side);
    }
    context.strokeStyle = cssColour(this.colours[label]);
    context.lineWidth = edge;
    context.strokeRect(left + edge / 2, edge / 2, side - edge, side - edge);
    if (place >= this.below === (label === 1)) return;
    context.fillStyle = "#000";
    context.fillRect(left + side - 1.3 * rem, side - 1.3 * rem, 1.3 * rem, 1.3 * rem);
    context.fillStyle = "#fff";
    context.fillText("✕", left + side - 0.65 * rem, side - 0.6 * rem);
  }
}
