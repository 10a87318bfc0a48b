// The overview's two canvases: as sharp as the screen, but never larger than browsers allow.

import { contextOf } from "../../../browser/canvas.js";

/** Browsers of phones draw nothing on a canvas that is larger, in pixels and along a side. */
const MOST_PIXELS = 16_000_000;
const MOST_ALONG = 16_000;

export class Plates {
  /** Pixels of the canvases for each CSS pixel. */
  ratio = 1;

  /**
   * Give a canvas its size.
   *
   * @param {HTMLCanvasElement} canvas
   * @param {{width: number, height: number}} size in CSS pixels
   */
  size(canvas, { width, height }) {
    this.ratio = Math.min(
      devicePixelRatio,
      Math.sqrt(MOST_PIXELS / (width * height)),
      MOST_ALONG / Math.max(width, height),
    );
    const [across, down] = [width, height].map((length) => Math.round(length * this.ratio));
    if (canvas.width !== across) canvas.width = across;
    if (canvas.height !== down) canvas.height = down;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }

  /**
   * Return a canvas's pen, in CSS pixels.
   *
   * @param {HTMLCanvasElement} canvas
   */
  pen(canvas) {
    const context = contextOf(canvas);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.imageSmoothingEnabled = false;
    return context;
  }

  /**
   * Wipe a canvas and return its pen.
   *
   * @param {HTMLCanvasElement} canvas
   */
  wiped(canvas) {
    const context = contextOf(canvas);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    return this.pen(canvas);
  }
}
