// The plane of one network: what it answers everywhere, its boundary, and the points.

import { contextOf, sharpen } from "../../../browser/canvas.js";
import { cssColour } from "../../../browser/colours.js";

/** @import { Colours } from "../../../browser/colours.js" */

/** Return [red, green, blue] for every code: the ground's colour where the network tosses a coin, a class's where it is sure. */
export function groundColours(colours, shades) {
  const STRONGEST = 0.55; // the points themselves have the full colours
  return Array.from(shades, (shade) => {
    const end = shade < 0.5 ? colours.cat : colours.dog;
    const share = Math.abs(2 * shade - 1) * STRONGEST;
    return colours.zero.map((start, index) => Math.round(start + (end[index] - start) * share));
  });
}

export class Plane {
  /** @type {any} */ course;
  /** @type {ImageData} */ picture;

  /** @type {Float32Array} */
  places;

  /** @type {ArrayLike<number>} */
  classes;

  /** @type {number} */
  count;

  /** @type {number} */
  extent;

  /** @type {Colours} */
  colours;

  constructor(figure) {
    this.canvas = figure.querySelector("canvas");
    this.ground = document.createElement("canvas");
  }

  /** @param {object} points places, classes, count and extent, and the theme's colours */
  setPoints(points) {
    Object.assign(this, points);
  }

  /** @param {object | null} course side, codes and correct of one network, with levels and colours of the codes */
  setCourse(course) {
    this.course = course;
    if (!course) return;
    this.ground.width = this.ground.height = course.side;
    this.picture = contextOf(this.ground).createImageData(course.side, course.side);
  }

  draw(epoch) {
    const { canvas, colours, course } = this;
    sharpen(canvas, canvas.clientWidth, canvas.clientWidth);
    const [side, scale] = [canvas.width, devicePixelRatio];
    if (!side) return;
    const context = contextOf(canvas);
    context.fillStyle = cssColour(colours.zero);
    context.fillRect(0, 0, side, side);
    if (course) {
      this.drawGround(context, side, epoch);
      this.drawBoundary(context, side, epoch, scale);
    }
    this.drawPoints(context, side, epoch, scale);
  }

  drawGround(context, side, epoch) {
    const { course, picture, ground } = this;
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

  /** Draw where the logit is 0, with straight pieces from one edge of a cell of the grid to another (marching squares). */
  drawBoundary(context, side, epoch, scale) {
    const { levels, codes, side: places } = this.course;
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
        // Four crossings are a saddle: the middle tells which two corners hang together.
        const middle = corners[0] + corners[1] + corners[2] + corners[3];
        if (crossings.length === 4 && middle >= 0 === corners[0] >= 0) crossings.push(...crossings.splice(0, 1));
        for (let pair = 0; pair < crossings.length; pair += 2) {
          context.moveTo(crossings[pair][0], crossings[pair][1]);
          context.lineTo(crossings[pair + 1][0], crossings[pair + 1][1]);
        }
      }
    }
    context.lineCap = "round";
    const width = Math.max(2 * scale, side * 0.009);
    for (const { times, colour } of [
      { times: 2, colour: this.colours.ground },
      { times: 1, colour: this.colours.text },
    ]) {
      context.lineWidth = times * width;
      context.strokeStyle = cssColour(colour);
      context.stroke();
    }
  }

  drawPoints(context, side, epoch, scale) {
    const { places, classes, count, extent, colours, course } = this;
    const radius = Math.max(3.2 * scale, side * 0.011);
    const bytes = Math.ceil(count / 8);
    const toPixels = side / (2 * extent);
    for (let index = 0; index < count; index += 1) {
      const x = (places[index * 2] + extent) * toPixels;
      const y = (extent - places[index * 2 + 1]) * toPixels;
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
      context.lineWidth = Math.max(scale, 0.25 * radius);
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
