// The picture of vanishing gradients on a canvas: the gradient at each layer on a logarithmic scale, below it the three
// networks as chains of layers, each filled as high as its gradient, on a plain scale. The loss is on the right, and the
// gradient comes from there.

import { SharpCanvas, sharpen, wiped } from "../../../browser/canvas.js";
import { cssColour } from "../../../browser/colours.js";
import { stepWithRoom, ticksBetween } from "../../../browser/ticks.js";
import { writePower } from "./card.js";

/** @import { Colour, Colours } from "../../../browser/colours.js" */
/** @import { Flow, Series } from "./card.js" */

/**
 * @typedef {object} Look how a series is drawn
 * @property {"negative" | "positive" | "grey"} colour
 * @property {number[]} dash in rem
 * @property {"disc" | "square" | "triangle"} shape of its markers
 */

/** @type {Record<Series["name"], Look>} */
export const LOOKS = {
  sigmoid: { colour: "negative", dash: [], shape: "disc" },
  tanh: { colour: "grey", dash: [0.5, 0.35], shape: "square" },
  relu: { colour: "positive", dash: [0.15, 0.3], shape: "triangle" },
};

/**
 * Return a look's colour; grey, which has no meaning of its own in the course, lies between text and ground.
 *
 * @param {Look} look
 * @param {Colours} colours
 * @returns {Colour}
 */
function lookColour({ colour }, colours) {
  if (colour !== "grey") return colours[colour];
  return colours.text.map((part, index) => Math.round(0.65 * part + 0.35 * colours.ground[index]));
}

/**
 * Draw a series' marker around a point; sizes in CSS pixels.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Look["shape"]} shape
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
function drawMarker(context, shape, x, y, radius) {
  context.beginPath();
  if (shape === "disc") context.arc(x, y, radius, 0, 2 * Math.PI);
  else if (shape === "square") context.rect(x - radius * 0.85, y - radius * 0.85, radius * 1.7, radius * 1.7);
  else {
    context.moveTo(x, y - radius * 1.15);
    context.lineTo(x + radius * 1.1, y + radius * 0.85);
    context.lineTo(x - radius * 1.1, y + radius * 0.85);
    context.closePath();
  }
  context.fill();
}

/**
 * Draw the line and the marker that stand for a series, as large as the canvas.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Look} look
 * @param {Colours} colours
 */
export function drawSwatch(canvas, look, colours) {
  sharpen(canvas);
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = wiped(canvas);
  context.strokeStyle = context.fillStyle = cssColour(lookColour(look, colours));
  const rem = height / 1.2;
  context.lineWidth = rem * 0.18;
  context.setLineDash(look.dash.map((length) => length * rem));
  context.beginPath();
  context.moveTo(0, height / 2);
  context.lineTo(width, height / 2);
  context.stroke();
  drawMarker(context, look.shape, width / 2, height / 2, rem * 0.36);
}

export class FlowChart extends SharpCanvas {
  /** @type {CanvasRenderingContext2D} */ context;

  /** @type {number} */ depth;
  /** @type {number} */ left;
  /** @type {number} */ right;
  /** @type {number} */ top;
  /** @type {number} */ bottom;
  /** @type {number} */ columnWidth;
  /** @type {number} */ rowHeight;
  /** @type {number} */ rows;
  /** @type {number} */ low;
  /** @type {number} */ high;
  /** @type {Colours} */ colours;

  /**
   * Lay out networks of the same depth. The scale holds 10⁻⁸ … 1 at least, so that a deeper one is seen to fall lower.
   *
   * @param {Flow[]} flows
   */
  arrange(flows) {
    const { width, height, rem } = this;
    const depth = flows[0].shares.length;
    const all = flows.flatMap(({ shares }) => Array.from(shares, Math.log10));
    const [left, right] = [5.4 * rem, 4.2 * rem];
    const columnWidth = (width - left - right) / depth;
    const rowHeight = 1.45 * rem;
    const rows = height - 1.5 * rem - flows.length * rowHeight;
    Object.assign(this, {
      depth,
      left,
      columnWidth,
      rowHeight,
      rows,
      right: width - right,
      top: 0.7 * rem,
      bottom: rows - 0.9 * rem,
      low: Math.min(-8, Math.min(...all) - 0.6),
      high: Math.max(0.3, Math.max(...all) + 0.3),
    });
  }

  /** @param {number} layer from 0, with a fraction between two */
  x(layer) {
    return this.left + (layer + 0.5) * this.columnWidth;
  }

  /** @param {number} logarithm of a share, to base 10 */
  y(logarithm) {
    return this.top + ((this.high - logarithm) / (this.high - this.low)) * (this.bottom - this.top);
  }

  /**
   * Return how many layers the gradient has passed at a share of the canvas's width.
   *
   * @param {number} share
   */
  passedAt(share) {
    const layer = Math.floor((share * this.width - this.left) / this.columnWidth);
    return this.depth - 1 - Math.min(Math.max(layer, 0), this.depth - 1);
  }

  /**
   * Draw everything.
   *
   * @param {Series[]} series
   * @param {Flow[]} flows
   * @param {number} head the layer that the gradient is at, from 0, with a fraction on the way between two
   * @param {Colours} colours
   * @param {Record<string, string>} texts
   */
  draw(series, flows, head, colours, texts) {
    if (!this.measure()) return;
    this.arrange(flows);
    this.colours = colours;
    this.context = this.beginFrame();
    this.context.textBaseline = "middle";
    this.drawScale();
    this.drawHead(head);
    flows.forEach((flow, number) => this.drawCurve(LOOKS[series[number].name], flow.shares, head));
    this.drawNames(series, flows, head);
    flows.forEach((flow, number) => this.drawChain(series[number], number, flow.shares, head));
    this.drawFoot(texts);
  }

  drawScale() {
    const { context, rem, left, right } = this;
    const decade = this.y(-1) - this.y(0);
    const step = stepWithRoom([1, 2, 5, 10], decade, 1.5 * rem);
    context.lineWidth = 1;
    context.setLineDash([]);
    context.textAlign = "left";
    for (const exponent of ticksBetween(this.low, 0, step)) {
      if (exponent === this.low) continue;
      const y = Math.round(this.y(exponent)) + 0.5;
      context.strokeStyle = cssColour(this.colours.border, exponent === 0 ? 1 : 0.45);
      context.beginPath();
      context.moveTo(left, y);
      context.lineTo(right, y);
      context.stroke();
      context.fillStyle = cssColour(this.colours.text);
      context.fillText(exponent === 0 ? "1" : writePower(exponent), right + 0.5 * rem, y);
    }
  }

  /** @param {number} head */
  drawHead(head) {
    const { context, rem } = this;
    const x = this.x(head);
    context.strokeStyle = cssColour(this.colours.text, 0.55);
    context.lineWidth = 0.1 * rem;
    context.setLineDash([]);
    context.beginPath();
    context.moveTo(x, this.top - 0.5 * rem);
    context.lineTo(x, this.height - 1.5 * rem);
    context.stroke();
  }

  /** @type {(shares: Float32Array, head: number) => number} the logarithm, on the straight line between two layers */
  between(shares, head) {
    const before = Math.ceil(head);
    const part = before - head;
    const logarithm = Math.log10(shares[before]);
    return part === 0 ? logarithm : logarithm + part * (Math.log10(shares[before - 1]) - logarithm);
  }

  /** @type {(look: Look, shares: Float32Array, head: number) => void} */
  drawCurve(look, shares, head) {
    const { context, rem } = this;
    const colour = lookColour(look, this.colours);
    /** @type {(from: number, to: number, opacity: number, width: number) => void} */
    const line = (from, to, opacity, width) => {
      context.strokeStyle = cssColour(colour, opacity);
      context.lineWidth = width * rem;
      context.lineJoin = "round";
      context.setLineDash(look.dash.map((length) => length * rem));
      context.beginPath();
      context.moveTo(this.x(from), this.y(this.between(shares, from)));
      for (let layer = Math.ceil(from) - 1; layer >= to; layer -= 1)
        context.lineTo(this.x(layer), this.y(Math.log10(shares[layer])));
      if (to % 1) context.lineTo(this.x(to), this.y(this.between(shares, to)));
      context.stroke();
    };
    line(head, 0, 0.3, 0.09); // what is still to come, faintly
    line(this.depth - 1, head, 1, 0.18);
    context.fillStyle = cssColour(colour);
    const radius = Math.min(0.36 * rem, Math.max(0.3 * this.columnWidth, 0.18 * rem));
    for (let layer = this.depth - 1; layer >= head; layer -= 1) {
      drawMarker(context, look.shape, this.x(layer), this.y(Math.log10(shares[layer])), radius);
    }
    drawMarker(context, look.shape, this.x(head), this.y(this.between(shares, head)), Math.max(radius, 0.36 * rem));
  }

  /**
   * Write each name left of its line's end, and move names apart where the ends are close.
   *
   * @param {Series[]} series
   * @param {Flow[]} flows
   * @param {number} head
   */
  drawNames(series, flows, head) {
    const { context, rem, height } = this;
    const lineHeight = 1.15 * rem;
    const names = flows
      .map(({ shares }, number) => ({ label: series[number].label, y: this.y(this.between(shares, head)) }))
      .toSorted((one, other) => one.y - other.y);
    for (let number = 0; number < names.length; number += 1) {
      const above = names[number - 1]?.y ?? -height;
      names[number].y = Math.max(names[number].y, above + lineHeight, 0.6 * rem);
    }
    context.textAlign = "right";
    context.lineJoin = "round";
    context.setLineDash([]);
    for (const { label, y } of names) {
      const x = this.x(head) - 0.8 * rem;
      context.strokeStyle = cssColour(this.colours.ground);
      context.lineWidth = 0.35 * rem;
      context.strokeText(label, x, y);
      context.fillStyle = cssColour(this.colours.text);
      context.fillText(label, x, y);
    }
  }

  /**
   * Draw one network: a box for each layer, filled as high as its gradient once that has arrived.
   *
   * @param {Series} series
   * @param {number} number of the series
   * @param {Float32Array} shares
   * @param {number} head
   */
  drawChain({ name, label }, number, shares, head) {
    const { context, rem, depth, columnWidth, rowHeight } = this;
    const colour = cssColour(lookColour(LOOKS[name], this.colours));
    const middle = this.rows + (number + 0.5) * rowHeight;
    const [boxWidth, boxHeight] = [Math.min(columnWidth * 0.68, 3 * rem), 1.15 * rem];
    context.textAlign = "left";
    context.fillStyle = cssColour(this.colours.text);
    context.fillText(label, 0, middle);
    context.lineWidth = 1;
    context.setLineDash([]);
    for (let layer = 0; layer < depth; layer += 1) {
      const x = this.x(layer);
      this.drawArrow(
        x + boxWidth / 2,
        layer === depth - 1 ? this.right : this.x(layer + 1) - boxWidth / 2,
        middle,
        layer >= Math.floor(head),
      );
      const arrived = Math.min(Math.max(layer - head + 1, 0), 1);
      const filled = Math.min(shares[layer], 1) * arrived * boxHeight;
      context.fillStyle = cssColour(this.colours.ground);
      context.fillRect(x - boxWidth / 2, middle - boxHeight / 2, boxWidth, boxHeight);
      context.fillStyle = colour;
      context.fillRect(x - boxWidth / 2, middle + boxHeight / 2 - filled, boxWidth, filled);
      context.strokeStyle = cssColour(this.colours.border);
      context.strokeRect(x - boxWidth / 2, middle - boxHeight / 2, boxWidth, boxHeight);
    }
  }

  /** @type {(tip: number, start: number, y: number, passed: boolean) => void} */
  drawArrow(tip, start, y, passed) {
    const { context, rem } = this;
    context.strokeStyle = context.fillStyle = cssColour(passed ? this.colours.text : this.colours.border);
    context.beginPath();
    context.moveTo(start, y);
    context.lineTo(tip, y);
    context.stroke();
    const size = Math.min(0.3 * rem, (start - tip) * 0.7);
    context.beginPath();
    context.moveTo(tip, y);
    context.lineTo(tip + size, y - size * 0.7);
    context.lineTo(tip + size, y + size * 0.7);
    context.fill();
  }

  /**
   * Write the loss beside the chains and the layers' numbers below them.
   *
   * @param {Record<string, string>} texts
   */
  drawFoot(texts) {
    const { context, rem, depth, columnWidth, rows, rowHeight } = this;
    const y = this.height - 0.65 * rem;
    context.strokeStyle = cssColour(this.colours.text);
    context.fillStyle = cssColour(this.colours.text);
    context.lineWidth = 1;
    const height = 3 * rowHeight - 0.3 * rem;
    context.strokeRect(this.right, rows + 0.15 * rem, 3.2 * rem, height);
    context.textAlign = "center";
    context.fillText(texts.loss, this.right + 1.6 * rem, rows + 1.5 * rowHeight);
    const step = stepWithRoom([1, 2, 5, 10, 29], columnWidth, 1.9 * rem);
    for (let layer = 0; layer < depth; layer += 1) {
      const number = layer + 1;
      const last = number === depth;
      const shown =
        number === 1 ||
        last ||
        (number % step === 0 && (depth - number) * columnWidth > 1.9 * rem && (number - 1) * columnWidth > 1.9 * rem);
      if (shown && !(last && layer > 0 && layer * columnWidth < 1.6 * rem))
        context.fillText(String(number), this.x(layer), y);
    }
    context.textAlign = "left";
    context.fillText(texts.layer, 0, y);
  }
}
