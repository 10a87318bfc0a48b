// The loss of both networks after each epoch: the linear one's dashed, the other one's solid.

import { SharpCanvas } from "../../../browser/canvas.js";
import { cssColour } from "../../../browser/colours.js";
import { ticksBetween } from "../../../browser/ticks.js";

/** @import { Colours } from "../../../browser/colours.js" */
/** @import { ToyTraining } from "./toy_training.js" */

/**
 * @typedef {object} Shown what the chart shows
 * @property {{name: "linear" | "nonlinear", losses: Float64Array}[]} networks
 * @property {ToyTraining | null} training
 * @property {Record<string, any>} texts
 * @property {Colours} colours
 * @property {number} position the epoch of the cursor, from 0
 * @property {number} seen the last epoch that the cursor has been at
 */

/** @typedef {{left: number, right: number, top: number, bottom: number}} Box where the curves are, in CSS pixels */

/**
 * @typedef {object} Axes where everything lies on the canvas, in CSS pixels
 * @property {Box} box
 * @property {(epoch: number) => number} x
 * @property {(loss: number) => number} y
 */

export class LossCurves extends SharpCanvas {
  /** @param {Shown} shown */
  draw(shown) {
    const { networks, training, texts, colours, position, seen } = shown;
    if (!this.measure()) return;
    const { width, height, rem } = this;
    const context = this.beginFrame();
    const box = { left: 2.2 * rem, right: width - 2.8 * rem, top: 0.6 * rem, bottom: height - 1.5 * rem };
    this.frame(context, box, shown);
    if (!training) return;

    /** @param {number} epoch */
    const x = (epoch) => box.left + ((box.right - box.left) * epoch) / (training.epochs - 1);
    /** @param {number} loss */
    const y = (loss) => box.bottom - ((box.bottom - box.top) * loss) / training.topLoss;
    context.strokeStyle = context.fillStyle = cssColour(colours.text);
    context.lineWidth = 1;
    context.setLineDash([0.12 * rem, 0.3 * rem]);
    line(context, [
      [box.left, y(training.guess)],
      [box.right, y(training.guess)],
    ]);
    context.textAlign = "left";
    /** @type {CanvasTextBaseline[]} */
    const sides = ["bottom", "top"];
    sides.forEach((side, index) => {
      context.textBaseline = side;
      context.fillText(texts.guess[index], box.right + 0.6 * rem, y(training.guess));
    });

    for (const { name, losses } of networks) {
      const linear = name === "linear";
      const colour = linear ? colours.soft : colours.training;
      const points = Array.from(losses.subarray(0, seen + 1), (loss, epoch) => [x(epoch), y(loss)]);
      context.lineWidth = 0.19 * rem;
      context.setLineDash(linear ? [0.5 * rem, 0.3 * rem] : []);
      // What the cursor has passed before is drawn faintly.
      context.strokeStyle = cssColour(colour, 0.3);
      line(context, points.slice(position));
      context.strokeStyle = context.fillStyle = cssColour(colour);
      line(context, points.slice(0, position + 1));
      context.setLineDash([]);
      context.beginPath();
      context.arc(x(position), y(losses[position]), 0.32 * rem, 0, 2 * Math.PI);
      context.fill();
    }
    this.names(context, shown, { box, x, y });
  }

  /** @type {(context: CanvasRenderingContext2D, box: Box, shown: Shown) => void} */
  frame(context, box, { training, texts, colours }) {
    const { rem } = this;
    context.strokeStyle = cssColour(colours.border);
    context.fillStyle = cssColour(colours.text);
    context.lineWidth = 1;
    context.setLineDash([]);
    line(context, [
      [box.left, box.top],
      [box.left, box.bottom],
      [box.right, box.bottom],
    ]);
    if (!training) return;
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const tick of ticksBetween(0, Math.min(training.topLoss, 1), 0.5)) {
      const y = box.bottom - ((box.bottom - box.top) * tick) / training.topLoss;
      context.fillText(String(tick), box.left - 0.4 * rem, y);
    }
    context.textBaseline = "top";
    context.fillText(texts.epochs.replace("{count}", training.epochs), box.right, box.bottom + 0.3 * rem);
    context.textAlign = "left";
    context.fillText("1", box.left - 0.25 * rem, box.bottom + 0.3 * rem);
  }

  /**
   * Write each curve's name at its cursor, ahead of it while there is room: the higher curve's above, the other's below.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Shown} shown
   * @param {Axes} axes
   */
  names(context, { networks, texts, colours, position }, { box, x, y }) {
    const { rem } = this;
    const [linear, nonlinear] = networks;
    const linearIsHigher = linear.losses[position] >= nonlinear.losses[position];
    const gap = 0.5 * rem;
    const widest = Math.max(...networks.map(({ name }) => context.measureText(texts[name]).width));
    const ahead = x(position) + gap + widest < box.right;
    context.textAlign = ahead ? "left" : "right";
    for (const { name, losses } of networks) {
      const place = y(losses[position]);
      const higher = (name === "linear") === linearIsHigher;
      const below = !higher && place + gap + rem < box.bottom;
      context.fillStyle = cssColour(name === "linear" ? colours.soft : colours.training);
      context.textBaseline = below ? "top" : "bottom";
      // Above the lower curve the name has to stay clear of where the curve came from.
      const top = place - (higher ? gap : 1.6 * gap);
      context.fillText(
        texts[name],
        x(position) + (ahead ? gap : -gap),
        below ? place + gap : Math.max(top, box.top + rem),
      );
    }
  }
}

/** @type {(context: CanvasRenderingContext2D, points: number[][]) => void} */
function line(context, points) {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
}
