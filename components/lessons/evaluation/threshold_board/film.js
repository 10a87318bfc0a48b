// The photos next to the threshold in the order of their scores, as a film that runs through a gate: left of the gate
// they are called negative, right of it positive. Moving the threshold pulls photos through it.

import { SharpCanvas } from "../../../browser/canvas.js";
import { cssColour } from "../../../browser/colours.js";
import { calmly } from "./flights.js";

/** @import { PhotoUrls } from "../../../photo/photo_strip/photo_supply.js" */
/** @import { ClassColours, Ink } from "./threshold_board.js" */

const FILM_MS = 160; // how long the film takes for most of its way
const FARTHEST = 30; // photos that it runs past; a longer way begins nearer to its end
const MOST_IMAGES = 400;

export class PhotoFilm {
  /** @type {number} when the film was drawn last */
  time;

  /** @type {Uint32Array} lowest score first */
  photos;

  /** @type {ArrayLike<number>} */
  labels;

  /** @type {number} */
  below;

  /** @type {ClassColours} */
  colours;

  /** @type {Ink} */
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
    /** @type {Map<number, HTMLImageElement>} */
    this.images = new Map();
    /** @type {number | null} how many photos lie left of the gate; a fraction while the film runs */
    this.at = null;
    this.frame = 0;
  }

  /**
   * @param {Uint32Array} photos lowest score first
   * @param {ArrayLike<number>} labels
   */
  load(photos, labels) {
    Object.assign(this, { photos, labels, at: null });
  }

  forget() {
    this.images.clear();
  }

  /** @param {PhotoUrls} urls */
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

  /**
   * Put the gate after the lowest `below` photos; the film runs there.
   *
   * @param {number} below
   * @param {ClassColours} colours
   * @param {Ink} ink
   */
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

  /** @param {number} time */
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

  /** Return how many photos fit on either side of the gate. */
  reach() {
    return this.plate.ready ? Math.ceil(this.plate.width / 2 / this.pitch) + 1 : 0;
  }

  /**
   * Return where the photo at a place of the order begins.
   *
   * @param {number} place
   * @param {number} at where the gate is
   */
  left(place, at) {
    const { width, height, rem } = this.plate;
    const away = place + 0.5 - at;
    const gate = Math.min(Math.max(2 * away, -1), 1) * 0.7 * rem;
    return width / 2 + away * this.pitch + gate - height / 2;
  }

  /**
   * Return the photo at a place of the canvas, or null.
   *
   * @param {number} x in CSS pixels
   */
  photoAt(x) {
    if (!this.plate.ready || this.at === null) return null;
    const guess = Math.floor(this.at + (x - this.plate.width / 2) / this.pitch);
    for (let place = Math.max(guess - 1, 0); place <= Math.min(guess + 1, this.photos.length - 1); place += 1) {
      const begin = this.left(place, this.at);
      if (x >= begin && x <= begin + this.plate.height) return this.photos[place];
    }
    return null;
  }

  draw() {
    const { at } = this;
    if (!this.plate.ready || at === null) return;
    const context = this.plate.beginFrame();
    const { width, height } = this.plate;
    const reach = this.reach();
    const first = Math.max(Math.floor(at) - reach, 0);
    const last = Math.min(Math.ceil(at) + reach, this.photos.length);
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (let place = first; place < last; place += 1) this.drawPhoto(context, place, this.left(place, at));
    context.fillStyle = cssColour(this.ink.text);
    context.fillRect(width / 2 - 2, 0, 4, height);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} place in the order
   * @param {number} left in CSS pixels
   */
  drawPhoto(context, place, left) {
    const { height: side, rem } = this.plate;
    const photo = this.photos[place];
    const label = this.labels[photo];
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
