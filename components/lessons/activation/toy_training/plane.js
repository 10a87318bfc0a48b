// The plane of one network: what it answers everywhere, its boundary, and the points.

import { contextOf, sharpen, wiped } from "../../../browser/canvas.js";
import { cssColour, mix } from "../../../browser/colours.js";

/** @import { Colour, Colours } from "../../../browser/colours.js" */

/**
 * @typedef {object} Points what is learned, and the theme's colours
 * @property {Float32Array} places (count, 2), x and y from −extent to extent
 * @property {Uint8Array} classes (count), 0 for A and 1 for B
 * @property {number} count
 * @property {number} extent
 * @property {Colours} colours
 */

/**
 * @typedef {object} Course one network's answers after each epoch, on a grid over the plane
 * @property {number} side places of the grid
 * @property {Uint8Array} codes (epochs, side, side)
 * @property {Uint8Array} correct (epochs, ⌈count / 8⌉), a bit for each point
 * @property {Float32Array} levels the logit of each code
 * @property {Colour[]} colours the ground's colour for each code
 */

/**
 * Return a colour for every code: the ground's where the network is undecided, a class's where it is sure.
 *
 * @param {Colours} colours
 * @param {Float32Array} shades the probability of each code
 */
export function groundColours(colours, shades) {
  const STRONGEST = 0.55; // the points themselves have the full colours
  return Array.from(shades, (shade) => {
    const end = shade < 0.5 ? colours.cat : colours.dog;
    return mix(colours.zero, end, Math.abs(2 * shade - 1) * STRONGEST);
  });
}

export class Plane {
  /** @type {Points} */ points;
  /** @type {Course | null} null before the training */ course;
  /** @type {ImageData} the grid's colours */ picture;

  /** @param {HTMLElement} figure holds the canvas */
  constructor(figure) {
    this.canvas = /** @type {HTMLCanvasElement} */ (figure.querySelector("canvas"));
    this.ground = document.createElement("canvas");
  }

  /** @param {Points} points */
  setPoints(points) {
    this.points = points;
  }

  /** @param {Course | null} course */
  setCourse(course) {
    this.course = course;
    if (!course) return;
    this.ground.width = this.ground.height = course.side;
    this.picture = contextOf(this.ground).createImageData(course.side, course.side);
  }

  /** @param {number} epoch from 0 */
  draw(epoch) {
    const { canvas, course } = this;
    const side = canvas.clientWidth;
    sharpen(canvas, side, side);
    if (!side) return;
    const context = wiped(canvas);
    context.fillStyle = cssColour(this.points.colours.zero);
    context.fillRect(0, 0, side, side);
    if (course) {
      this.drawGround(context, course, side, epoch);
      this.drawBoundary(context, course, side, epoch);
    }
    this.drawPoints(context, side, epoch);
  }

  /** @type {(context: CanvasRenderingContext2D, course: Course, side: number, epoch: number) => void} */
  drawGround(context, course, side, epoch) {
    const { picture, ground } = this;
    const cells = course.side * course.side;
    for (let cell = 0; cell < cells; cell += 1) {
      const [red, green, blue] = course.colours[course.codes[epoch * cells + cell]];
      picture.data[cell * 4] = red;
      picture.data[cell * 4 + 1] = green;
      picture.data[cell * 4 + 2] = blue;
      picture.data[cell * 4 + 3] = 255;
    }
    contextOf(ground).putImageData(picture, 0, 0);
    context.imageSmoothingEnabled = true;
    // The grid's outer places lie on the plane's edges: half of each outer pixel is outside.
    context.drawImage(ground, 0.5, 0.5, course.side - 1, course.side - 1, 0, 0, side, side);
  }

  /**
   * Draw where the logit is 0, with straight pieces from one edge of a cell of the grid to another (marching squares).
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Course} course
   * @param {number} side of the plane, in CSS pixels
   * @param {number} epoch from 0
   */
  drawBoundary(context, course, side, epoch) {
    const { levels, codes, side: places } = course;
    /** @type {(row: number, column: number) => number} */
    const at = (row, column) => levels[codes[(epoch * places + row) * places + column]];
    const step = side / (places - 1);
    context.beginPath();
    for (let row = 0; row < places - 1; row += 1) {
      for (let column = 0; column < places - 1; column += 1) {
        const corners = [at(row, column), at(row, column + 1), at(row + 1, column + 1), at(row + 1, column)];
        const crossings = [];
        for (let edge = 0; edge < 4; edge += 1) {
          const [from, to] = [corners[edge], corners[(edge + 1) % 4]];
          if (from >= 0 === to >= 0) continue;
          const share = from / (from - to);
          const [x, y] = [
            [share, 0],
            [1, share],
            [1 - share, 1],
            [0, 1 - share],
          ][edge];
          crossings.push([(column + x) * step, (row + y) * step]);
        }
        // Four crossings are a saddle: the mean of the corners decides which two are joined.
        const middle = corners[0] + corners[1] + corners[2] + corners[3];
        if (crossings.length === 4 && middle >= 0 === corners[0] >= 0) crossings.push(...crossings.splice(0, 1));
        for (let pair = 0; pair < crossings.length; pair += 2) {
          context.moveTo(crossings[pair][0], crossings[pair][1]);
          context.lineTo(crossings[pair + 1][0], crossings[pair + 1][1]);
        }
      }
    }
    context.lineCap = "round";
    const width = Math.max(2, side * 0.009);
    const { ground, text } = this.points.colours;
    for (const { times, colour } of [
      { times: 2, colour: ground },
      { times: 1, colour: text },
    ]) {
      context.lineWidth = times * width;
      context.strokeStyle = cssColour(colour);
      context.stroke();
    }
  }

  /** @type {(context: CanvasRenderingContext2D, side: number, epoch: number) => void} */
  drawPoints(context, side, epoch) {
    const { course } = this;
    const { places, classes, count, extent, colours } = this.points;
    const radius = Math.max(3.2, side * 0.011);
    const bytes = Math.ceil(count / 8);
    const scale = side / (2 * extent);
    for (let index = 0; index < count; index += 1) {
      const x = (places[index * 2] + extent) * scale;
      const y = (extent - places[index * 2 + 1]) * scale;
      context.beginPath();
      if (classes[index]) {
        context.moveTo(x, y - 1.3 * radius);
        context.lineTo(x + 1.2 * radius, y + 0.8 * radius);
        context.lineTo(x - 1.2 * radius, y + 0.8 * radius);
        context.closePath();
      } else {
        context.arc(x, y, radius, 0, 2 * Math.PI);
      }
      context.fillStyle = cssColour(classes[index] ? colours.dog : colours.cat);
      context.fill();
      context.lineWidth = Math.max(1, 0.25 * radius);
      context.strokeStyle = cssColour(colours.text);
      context.stroke();
      const right = !course || (course.correct[epoch * bytes + (index >> 3)] >> (7 - (index & 7))) & 1;
      if (right) continue;
      context.beginPath();
      context.arc(x, y, 1.8 * radius, 0, 2 * Math.PI);
      context.lineWidth = 0.45 * radius;
      context.stroke();
    }
  }
}
