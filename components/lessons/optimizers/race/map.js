// The map of a loss: bands and contour lines, which stay, and the paths of the optimizers over them.

import { SharpCanvas } from "../../../browser/canvas.js";
import { cssColour, mix } from "../../../browser/colours.js";
import { signed } from "../../../browser/numbers.js";
import { ticksBetween } from "../../../browser/ticks.js";
import { drawMark, strokePath, writeOver } from "./marks.js";

/** @import { Colours } from "../../../browser/colours.js" */
/** @import { Runner } from "./race.js" */
/** @import { Ground } from "./rules.js" */

/** Steps from one small mark on a path to the next. */
const MILESTONE = 20;

export class LossMap extends SharpCanvas {
  /** @type {Ground} */ data;
  /** @type {Colours} */ colours;
  /** @type {Record<string, string>} */ texts;

  /**
   * Paint the ground: bands of loss from the colour of low ground to that of high ground, contour lines, axes.
   *
   * @param {Ground} ground
   * @param {Colours} colours
   * @param {Record<string, string>} texts
   */
  paint(ground, colours, texts) {
    Object.assign(this, { data: ground, colours, texts });
    if (!this.measure()) return;
    const context = this.beginGround();
    this.paintBands(context);
    this.paintLines(context);
    this.paintAxes(context);
  }

  /**
   * Return where weights lie on the canvas, in CSS pixels.
   *
   * @param {number} x
   * @param {number} y
   * @returns {[x: number, y: number]}
   */
  place(x, y) {
    const { width, height } = this.data;
    return [((x + width) / (2 * width)) * this.width, ((height - y) / (2 * height)) * this.height];
  }

  /**
   * Return the weights at a share of the plate's width and height, on the map.
   *
   * @param {number} across
   * @param {number} down
   * @returns {[x: number, y: number]}
   */
  weightsAt(across, down) {
    const { width, height } = this.data;
    const inside = (/** @type {number} */ share) => Math.min(Math.max(share, 0), 1);
    return [(2 * inside(across) - 1) * width, (1 - 2 * inside(down)) * height];
  }

  /** @param {CanvasRenderingContext2D} context */
  paintBands(context) {
    const { columns, rows, losses, levels } = this.data;
    const { width, height } = context.canvas;
    const picture = context.createImageData(width, height);
    const { low: lowest, high: highest } = this.colours;
    const shades = Array.from({ length: levels.length + 1 }, (_, band) => mix(lowest, highest, band / levels.length));
    for (let row = 0; row < height; row += 1) {
      const down = (row / (height - 1)) * (rows - 1);
      const top = Math.min(Math.floor(down), rows - 2);
      for (let column = 0; column < width; column += 1) {
        const across = (column / (width - 1)) * (columns - 1);
        const left = Math.min(Math.floor(across), columns - 2);
        const [right, low] = [across - left, down - top];
        const corner = top * columns + left;
        const above = losses[corner] * (1 - right) + losses[corner + 1] * right;
        const below = losses[corner + columns] * (1 - right) + losses[corner + columns + 1] * right;
        const loss = above * (1 - low) + below * low;
        let band = 0;
        while (band < levels.length && loss > levels[band]) band += 1;
        const [red, green, blue] = shades[band];
        picture.data.set([red, green, blue, 255], 4 * (row * width + column));
      }
    }
    context.putImageData(picture, 0, 0);
  }

  /**
   * Draw contour lines by marching squares: straight pieces from one edge of a cell to another.
   *
   * @param {CanvasRenderingContext2D} context
   */
  paintLines(context) {
    const { columns, rows, losses, levels } = this.data;
    const [wide, high] = [this.width / (columns - 1), this.height / (rows - 1)];
    context.beginPath();
    for (const level of levels) {
      for (let row = 0; row < rows - 1; row += 1) {
        for (let column = 0; column < columns - 1; column += 1) {
          const corner = row * columns + column;
          const corners = [losses[corner], losses[corner + 1], losses[corner + columns + 1], losses[corner + columns]];
          /** @type {[x: number, y: number][]} */
          const crossings = [];
          for (let edge = 0; edge < 4; edge += 1) {
            const [from, to] = [corners[edge] - level, corners[(edge + 1) % 4] - level];
            if (from > 0 === to > 0) continue;
            const share = from / (from - to);
            const [x, y] = [
              [share, 0],
              [1, share],
              [1 - share, 1],
              [0, 1 - share],
            ][edge];
            crossings.push([(column + x) * wide, (row + y) * high]);
          }
          for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
            context.moveTo(...crossings[pair]);
            context.lineTo(...crossings[pair + 1]);
          }
        }
      }
    }
    context.lineWidth = 1;
    context.strokeStyle = cssColour(this.colours.text, 0.4);
    context.stroke();
  }

  /** @param {CanvasRenderingContext2D} context */
  paintAxes(context) {
    const { width, height } = this.data;
    const { rem, colours } = this;
    const step = width > 4 ? 2 : 1;
    context.textBaseline = "bottom";
    context.textAlign = "center";
    const inside = (/** @type {number} */ limit) =>
      ticksBetween(-limit, limit, step).filter((tick) => Math.abs(tick) < limit);
    for (const tick of inside(width)) {
      const text = tick === 0 ? "x = 0" : signed(String(tick));
      writeOver(context, text, this.place(tick, 0)[0], this.height - 0.2 * rem, colours, rem);
    }
    context.textBaseline = "middle";
    context.textAlign = "left";
    for (const tick of inside(height)) {
      const text = tick === 0 ? "y = 0" : signed(String(tick));
      writeOver(context, text, 0.3 * rem, this.place(0, tick)[1], colours, rem);
    }
  }

  /**
   * Draw a flag on the best weights: over the paths, which would cross its word, and under the marks.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {[x: number, y: number]} foot
   * @param {string} word
   */
  drawMinimum(context, [x, y], word) {
    const { rem, colours } = this;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x, y - 2 * rem);
    context.lineTo(x + 1.1 * rem, y - 1.55 * rem);
    context.lineTo(x, y - 1.1 * rem);
    for (const { colour, line } of [
      { colour: colours.ground, line: 6 },
      { colour: colours.text, line: 2.5 },
    ]) {
      context.lineWidth = line;
      context.strokeStyle = cssColour(colour);
      context.stroke();
    }
    context.fillStyle = cssColour(colours.text);
    context.fill();
    context.textAlign = "left";
    context.textBaseline = "middle";
    const room = context.measureText(word).width + 1.4 * rem;
    const left = x + room > this.width ? x - room + 0.9 * rem : x + 1.4 * rem;
    writeOver(context, word, left, y - 1.6 * rem, colours, rem);
  }

  /**
   * Draw the paths up to a position.
   *
   * @param {Runner[]} runners
   * @param {number} position
   * @param {number} arrived how much of the last step is done, from 0 to 1
   * @param {string} chosen the optimizer whose path lies on top
   */
  draw(runners, position, arrived, chosen) {
    if (!this.ready) return;
    const context = this.beginFrame();
    const ordered = runners.toSorted(
      (one, other) => Number(one.who.name === chosen) - Number(other.who.name === chosen),
    );
    for (const runner of ordered) this.drawPath(context, runner, position, arrived, runner.who.name === chosen);
    for (const minimum of this.data.minima)
      this.drawMinimum(context, this.place(minimum[0], minimum[1]), this.texts.minimum);
    this.drawStart(context, runners[0].run.weights);
    for (const runner of ordered) this.drawHead(context, runner, position, arrived, runner.who.name === chosen);
  }

  /**
   * Return where a runner is on the canvas when `arrived` of the step to a position is done.
   *
   * @param {Runner} runner
   * @param {number} position
   * @param {number} [arrived]
   */
  at({ run }, position, arrived = 1) {
    const { weights, ended } = run;
    const last = ended === null ? position : Math.min(position, ended);
    const share = last < position ? 1 : arrived;
    const between = (/** @type {number} */ weight) => {
      const [from, to] = [weights[2 * Math.max(last - 1, 0) + weight], weights[2 * last + weight]];
      return share < 1 ? from + (to - from) * share : to;
    };
    // A canvas takes no infinite numbers, and a diverged weight may be one.
    /** @type {(value: number, limit: number) => number} */
    const bounded = (value, limit) => Math.min(Math.max(Number.isNaN(value) ? limit : value, -limit), limit);
    return this.place(bounded(between(0), 100 * this.data.width), bounded(between(1), 100 * this.data.height));
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Runner} runner
   * @param {number} position
   * @param {number} arrived
   * @param {boolean} chosen
   */
  drawPath(context, runner, position, arrived, chosen) {
    const { run, who } = runner;
    const last = run.ended === null ? position : Math.min(position, run.ended);
    context.beginPath();
    for (let step = 0; step < last; step += 1) context.lineTo(...this.at(runner, step));
    context.lineTo(...this.at(runner, position, arrived));
    strokePath(context, who.colour, (chosen ? 0.28 : 0.16) * this.rem);
    for (let step = MILESTONE; step < last; step += MILESTONE) {
      drawMark(context, who, this.at(runner, step), 0.26 * this.rem, 2);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Float32Array} weights
   */
  drawStart(context, weights) {
    const { rem, colours } = this;
    const [x, y] = this.place(weights[0], weights[1]);
    for (const { colour, line } of [
      { colour: "#000", line: 6 },
      { colour: "#fff", line: 3 },
    ]) {
      context.beginPath();
      context.arc(x, y, 0.85 * rem, 0, 2 * Math.PI);
      context.lineWidth = line;
      context.strokeStyle = colour;
      context.stroke();
    }
    context.textAlign = "center";
    context.textBaseline = y > 2.6 * rem ? "bottom" : "top";
    const side = Math.min(Math.max(x, 1.6 * rem), this.width - 1.6 * rem);
    writeOver(context, this.texts.start, side, y > 2.6 * rem ? y - 1.1 * rem : y + 1.1 * rem, colours, rem);
  }

  /**
   * Draw the mark of a runner. One that has left the map waits at the edge, with a cross when it has diverged.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Runner} runner
   * @param {number} position
   * @param {number} arrived
   * @param {boolean} chosen
   */
  drawHead(context, runner, position, arrived, chosen) {
    const { rem } = this;
    const [x, y] = this.at(runner, position, arrived);
    const edge = 0.8 * rem;
    const place = [Math.min(Math.max(x, edge), this.width - edge), Math.min(Math.max(y, edge), this.height - edge)];
    drawMark(context, runner.who, place, (chosen ? 0.62 : 0.5) * rem, 3);
    const { ended } = runner.run;
    if (ended === null || position < ended) return;
    for (const { colour, line } of [
      { colour: "#000", line: 6 },
      { colour: "#fff", line: 2.5 },
    ]) {
      context.beginPath();
      for (const [across, down] of [
        [-1, -1],
        [1, 1],
        [1, -1],
        [-1, 1],
      ]) {
        const [right, low] = [place[0] + across * 0.6 * rem, place[1] + down * 0.6 * rem];
        if (across * down > 0 ? across < 0 : across > 0) context.moveTo(right, low);
        else context.lineTo(right, low);
      }
      context.lineWidth = line;
      context.strokeStyle = colour;
      context.stroke();
    }
  }
}
