// Canvases that are as sharp as the screen: sized by its pixels, drawn on in CSS pixels, with a ground that rests.

/** Return the page's rem in CSS pixels. */
export const remSize = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

/**
 * Return a canvas's pen. Null only comes from a canvas that was asked for another kind of context before; none is here.
 *
 * @param {HTMLCanvasElement} canvas
 */
export const contextOf = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));

/**
 * How many of the screen's pixels a CSS pixel had when a canvas was sized: a window may move to another screen.
 *
 * @type {WeakMap<HTMLCanvasElement, number>}
 */
const ratios = new WeakMap();

/**
 * Give a canvas as many pixels as the screen shows. One that has them already is left alone: it would be wiped.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} [width] in CSS pixels
 * @param {number} [height] in CSS pixels
 */
export function sharpen(canvas, width = canvas.clientWidth, height = canvas.clientHeight) {
  const [across, down] = [width, height].map((length) => Math.round(length * devicePixelRatio));
  ratios.set(canvas, devicePixelRatio);
  if (canvas.width !== across) canvas.width = across;
  if (canvas.height !== down) canvas.height = down;
}

/**
 * Wipe a canvas that `sharpen` has sized.
 *
 * @param {HTMLCanvasElement} canvas
 * @returns {CanvasRenderingContext2D} in CSS pixels
 */
export function wiped(canvas) {
  const context = contextOf(canvas);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  const ratio = ratios.get(canvas) ?? 1;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.setLineDash([]);
  return context;
}

/** A canvas in its place on the page, and below what moves on it a ground that is painted once and rests. */
export class SharpCanvas {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {object} [options]
   * @param {HTMLElement} [options.plate] whose size the canvas takes
   * @param {() => void} [options.resized] called when that is another one, which has to be measured
   */
  constructor(canvas, { plate = canvas, resized } = {}) {
    this.canvas = canvas;
    this.plate = plate;
    /** @type {HTMLCanvasElement | null} */
    this.ground = null;
    /** Whether there is something to draw on; these are its width and height, and the page's rem, in CSS pixels. */
    this.ready = false;
    this.width = 0;
    this.height = 0;
    this.rem = 0;
    this.font = "";
    if (resized) new ResizeObserver(resized).observe(plate);
  }

  /** Take the plate's size. Returns whether it has one: it has none while it is not on the screen. */
  measure() {
    const { canvas, plate } = this;
    const { clientWidth: width, clientHeight: height } = plate;
    this.ready = width > 0 && height > 0;
    if (!this.ready) return false;
    const rem = remSize();
    Object.assign(this, { width, height, rem, font: `${rem}px ${getComputedStyle(plate).fontFamily}` });
    sharpen(canvas, width, height);
    return true;
  }

  /**
   * Begin what rests: it is to be painted again after every change of size.
   *
   * @returns {CanvasRenderingContext2D} empty, in CSS pixels
   */
  beginGround() {
    this.measure();
    this.ground ??= document.createElement("canvas");
    sharpen(this.ground, this.width, this.height);
    return this.pen(this.ground);
  }

  /**
   * Begin a frame.
   *
   * @returns {CanvasRenderingContext2D} in CSS pixels, with nothing but the ground on it
   */
  beginFrame() {
    const context = this.pen(this.canvas);
    if (this.ground) {
      context.save();
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.drawImage(this.ground, 0, 0);
      context.restore();
    }
    return context;
  }

  /** @param {HTMLCanvasElement} canvas */
  pen(canvas) {
    const context = wiped(canvas);
    context.font = this.font;
    return context;
  }
}
