// What the board's pictures share: a canvas whose size is known without asking the page for its layout at every frame.

export class BoardCanvas {
  /** @param {() => void} resized called when the canvas has another size, or the page other sizes */
  constructor(canvas, resized) {
    this.canvas = canvas;
    this.size = null;
    new ResizeObserver(() => {
      this.measure();
      resized();
    }).observe(canvas);
  }

  measure() {
    const { canvas } = this;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    const ratio = devicePixelRatio;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.size =
      width && height ? { width, height, ratio, rem, font: `${rem}px ${getComputedStyle(canvas).fontFamily}` } : null;
    if (this.size) Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
  }

  /** Return a context in CSS pixels that is empty, or null while there is nothing to draw on. */
  begin(canvas = this.canvas) {
    if (!this.size) return null;
    const { width, height, ratio, font } = this.size;
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = font;
    context.setLineDash([]);
    return context;
  }
}

/** Write a threshold: two to four decimals, more only where it would look like 0 or 1 without being it. */
export function writeThreshold(threshold) {
  for (let decimals = 1; decimals <= 12; decimals += 1) {
    const text = threshold.toFixed(decimals);
    const number = Number(text);
    if (
      number === threshold ||
      (decimals >= 4 && (number === 1) === (threshold === 1) && (number === 0) === (threshold === 0))
    )
      return text;
  }
  return String(threshold);
}

/** Write a score with two decimals; "<0.01" and ">0.99" for what would look like 0 or 1. */
export function writeScore(score) {
  const text = score.toFixed(2);
  if (text === "1.00" && score < 1) return ">0.99";
  return text === "0.00" && score > 0 ? "<0.01" : text;
}

export const writeCount = (number) => number.toLocaleString("en");

/** Write a cost: whole, or with up to two decimals. */
export const writeAmount = (cost) => cost.toLocaleString("en", { maximumFractionDigits: 2 });

/** Write one of the figures with three decimals, a dash where it is 0 / 0. */
export const writeFigure = (figure) => (figure === null ? "–" : figure.toFixed(3));
