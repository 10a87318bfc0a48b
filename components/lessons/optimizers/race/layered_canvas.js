// What map and chart share. The name comes before theirs: a class has to be there before it is inherited.

/** A canvas that is as sharp as the screen, with a second one for what rests. */
export class LayeredCanvas {
  /** @type {HTMLCanvasElement} */
  canvas;

  /** @type {HTMLCanvasElement} */
  ground;

  /** @type {HTMLElement} */
  plate;

  /** @type {number} */
  width;

  /** @type {number} */
  height;

  /** @type {number} */
  rem;

  constructor(canvas, plate, resized) {
    Object.assign(this, { canvas, plate, ground: document.createElement("canvas") });
    new ResizeObserver(resized).observe(plate);
  }

  /** Take the plate's size; false while it is not on the screen. */
  measure(stage) {
    const { clientWidth: width, clientHeight: height } = this.plate;
    this.ratio = devicePixelRatio;
    Object.assign(this, { width, height, rem: parseFloat(getComputedStyle(document.documentElement).fontSize) });
    this.font = getComputedStyle(stage).fontFamily;
    if (!width || !height) return false;
    for (const canvas of [this.canvas, this.ground]) {
      Object.assign(canvas, { width: Math.round(width * this.ratio), height: Math.round(height * this.ratio) });
    }
    return true;
  }

  scaled(canvas) {
    const context = canvas.getContext("2d");
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.font = `${this.rem}px ${this.font}`;
    return context;
  }

  /** Begin a frame: lay the ground over what was there. */
  beginFrame() {
    const context = this.canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.drawImage(this.ground, 0, 0);
    return this.scaled(this.canvas);
  }
}
