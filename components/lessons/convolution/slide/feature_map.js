// The feature map: the window's dot product at every stop, before bias and ReLU. Python says where the window stops.

/**
 * Slide a filter over a picture, as a Conv2D layer with one filter does.
 *
 * @param {ArrayLike<number>} pixels (height, width, channels), row by row
 * @param {ArrayLike<number>} kernel (size, size, channels)
 * @param {object} slide
 * @param {number} slide.width pixels a side of the square picture
 * @param {number} slide.channels
 * @param {number} slide.size weights a side of the filter
 * @param {number} slide.stride
 * @param {number} slide.dilation
 * @param {{output: number, before: number}} slide.axis stops along a side, and zeros before the first pixel
 * @param {number} slide.unit what a pixel is divided by
 * @returns {Float32Array} (output, output): every sum is added up in 64 bits and rounded once
 */
export function convolve(pixels, kernel, { width, channels, size, stride, dilation, axis, unit }) {
  const { output, before } = axis;
  const totals = new Float64Array(output * output);
  const numbers = Float64Array.from(pixels, (pixel) => pixel / unit);
  // One pass for each weight, over all stops at once; zeros around the picture add nothing.
  for (let row = 0; row < size; row += 1) {
    const [firstRow, lastRow] = stopsInside(row * dilation - before, stride, output, width);
    for (let column = 0; column < size; column += 1) {
      const [firstColumn, lastColumn] = stopsInside(column * dilation - before, stride, output, width);
      for (let channel = 0; channel < channels; channel += 1) {
        const weight = kernel[(row * size + column) * channels + channel];
        for (let down = firstRow; down <= lastRow; down += 1) {
          const y = down * stride + row * dilation - before;
          let place = (y * width + firstColumn * stride + column * dilation - before) * channels + channel;
          for (let across = firstColumn; across <= lastColumn; across += 1) {
            totals[down * output + across] += weight * numbers[place];
            place += stride * channels;
          }
        }
      }
    }
  }
  return Float32Array.from(totals);
}

/**
 * Return the first and the last stop at which offset + stop · stride is a pixel and none of the zeros around.
 *
 * @param {number} offset
 * @param {number} stride
 * @param {number} output stops along a side
 * @param {number} width pixels along a side
 */
function stopsInside(offset, stride, output, width) {
  return [Math.max(Math.ceil(-offset / stride), 0), Math.min(Math.floor((width - 1 - offset) / stride), output - 1)];
}

/** How many of a hundred numbers are told apart by their colours: one edge must not make the whole map pale. */
const TOLD_APART = 99;

/**
 * Return the |number| of the map as it is shown that gets the full colour, and the share of larger ones, which get it, too.
 *
 * @param {Float32Array} sums
 * @param {(sum: number) => number} output adds the bias and applies the activation
 * @param {number} faintest where no number is larger, the filter is dead and its map has no colour (0)
 * @returns {{scale: number, clipped: number}} the 99th percentile, or the largest where almost all numbers are 0
 */
export function colourScale(sums, output, faintest) {
  const sizes = Float64Array.from(sums, (sum) => Math.abs(output(sum))).toSorted();
  const strongest = sizes.at(-1) ?? 0;
  if (strongest <= faintest) return { scale: 0, clipped: 0 };
  const usual = percentile(sizes, TOLD_APART);
  const scale = usual > faintest ? usual : strongest;
  return { scale, clipped: sizes.filter((size) => size > scale).length / sizes.length };
}

/**
 * Return the number below which `percent` of a hundred numbers lie, between two of them where it has to (as NumPy does).
 *
 * @param {Float64Array} sorted
 * @param {number} percent
 */
function percentile(sorted, percent) {
  const place = ((sorted.length - 1) * percent) / 100;
  const below = Math.floor(place);
  const next = sorted[Math.min(below + 1, sorted.length - 1)];
  return sorted[below] + (next - sorted[below]) * (place - below);
}
