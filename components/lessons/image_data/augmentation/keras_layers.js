// Keras's six augmentation layers, number by number: float32 (side, side, 3) in, the same out. A test compares them.

/**
 * @typedef {object} Amounts how much each layer changes
 * @property {boolean} flip whether left and right are exchanged
 * @property {number} rotation in degrees, counter-clockwise
 * @property {number} zoom above 0, all becomes smaller; a share of the side
 * @property {number} across to the right, a share of the side
 * @property {number} down a share of the side
 * @property {number} contrast what is added to its factor, 1
 * @property {number} brightness a share of white
 */

const float32 = Math.fround;

/**
 * Return where TensorFlow reads what lies outside: the picture is mirrored at its edges, [d c b a | a b c d | d c b a].
 *
 * @param {number} place
 * @param {number} length
 */
function mirrored(place, length) {
  if (place >= 0 && place <= length - 1) return place;
  const twice = 2 * length;
  let found = place;
  if (place < 0) {
    found += twice * Math.trunc(-place / twice);
    found = found < -length ? found + twice : -found - 1;
  } else {
    found -= twice * Math.trunc(place / twice);
    if (found >= length) found = twice - found - 1;
  }
  return Math.min(Math.max(float32(found), 0), length - 1);
}

/**
 * Look every pixel up where a matrix [a0, a1, a2, b0, b1, b2] sends it: x′ = a0 x + a1 y + a2, y′ = b0 x + b1 y + b2.
 *
 * @param {Float32Array} pixels
 * @param {number} side
 * @param {number[]} matrix
 */
function moved(pixels, side, matrix) {
  const [a0, a1, a2, b0, b1, b2] = matrix.map(float32);
  const found = new Float32Array(pixels.length);
  const last = side - 1;
  let to = 0;
  // Runs for every pixel while a slider moves: nothing is allocated in here.
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const column = mirrored(float32(float32(float32(a0 * x) + float32(a1 * y)) + a2), side);
      const row = mirrored(float32(float32(float32(b0 * x) + float32(b1 * y)) + b2), side);
      const left = Math.floor(column);
      const top = Math.floor(row);
      const across = column - left;
      const down = row - top;
      const right = left < last ? 3 : 0; // from a number to that of the next pixel, where there is one
      const bottom = top < last ? 3 * side : 0;
      let from = (top * side + left) * 3;
      for (let channel = 0; channel < 3; channel += 1, from += 1, to += 1) {
        const above = (1 - across) * pixels[from] + across * pixels[from + right];
        const below = (1 - across) * pixels[from + bottom] + across * pixels[from + bottom + right];
        found[to] = (1 - down) * above + down * below;
      }
    }
  }
  return found;
}

const clipped = (/** @type {number} */ value) => Math.min(Math.max(value, 0), 255);

/** @type {Record<string, (pixels: Float32Array, side: number, amounts: Amounts) => Float32Array>} in their order */
const KERAS_LAYERS = {
  flip(pixels, side) {
    const found = new Float32Array(pixels.length);
    for (let at = 0; at < pixels.length; at += 3) {
      const column = (at / 3) % side;
      const other = at + 3 * (side - 1 - 2 * column);
      for (let channel = 0; channel < 3; channel += 1) found[at + channel] = pixels[other + channel];
    }
    return found;
  },
  rotation(pixels, side, { rotation }) {
    const angle = float32(float32((rotation / 360) * 360) * float32(Math.PI / 180));
    const [cosine, sine] = [float32(Math.cos(angle)), float32(Math.sin(angle))];
    const centre = (side - 1) / 2;
    /** @type {(one: number, other: number) => number} */
    const offset = (one, other) => float32(float32(centre - float32(centre * one)) - float32(centre * other));
    return moved(pixels, side, [cosine, -sine, offset(cosine, -sine), sine, cosine, offset(sine, cosine)]);
  },
  zoom(pixels, side, { zoom }) {
    const scale = float32(1 + zoom);
    const offset = ((side - 1) / 2) * float32(1 - scale);
    return moved(pixels, side, [scale, 0, offset, 0, scale, offset]);
  },
  shift(pixels, side, { across, down }) {
    return moved(pixels, side, [1, 0, -float32(float32(across) * side), 0, 1, -float32(float32(down) * side)]);
  },
  contrast(pixels, side, { contrast }) {
    const factor = float32(1 + contrast);
    const found = new Float32Array(pixels.length);
    for (let channel = 0; channel < 3; channel += 1) {
      let sum = 0;
      for (let at = channel; at < pixels.length; at += 3) sum += pixels[at];
      const mean = float32(sum / side ** 2);
      for (let at = channel; at < pixels.length; at += 3) found[at] = clipped((pixels[at] - mean) * factor + mean);
    }
    return found;
  },
  brightness(pixels, side, { brightness }) {
    const added = float32(float32(brightness) * 255);
    return pixels.map((value) => clipped(value + added));
  },
};

/** @type {(layer: string, amounts: Record<string, number | boolean>) => boolean} whether a layer has anything to do */
export const isAtWork = (layer, amounts) =>
  layer === "shift" ? amounts.across !== 0 || amounts.down !== 0 : Boolean(amounts[layer]);

/**
 * Change a picture by exactly these amounts, one layer after the other.
 *
 * @param {Float32Array} pixels (side, side, 3), from 0 to 255
 * @param {number} side
 * @param {Amounts} amounts
 */
export function augmented(pixels, side, amounts) {
  let found = pixels;
  for (const [name, layer] of Object.entries(KERAS_LAYERS)) {
    if (isAtWork(name, amounts)) found = layer(found, side, amounts);
  }
  return found;
}

/**
 * Draw amounts between −limit and limit, and a flip with a probability of one half.
 *
 * @param {Amounts} limits
 * @param {Iterable<number>} chances random numbers from 0 to 1, one for each amount
 * @returns {Amounts}
 */
export function drawnAmounts(limits, chances) {
  const [flip, rotation, zoom, across, down, contrast, brightness] = chances;
  /** @type {(limit: number, chance: number) => number} */
  const between = (limit, chance) => (2 * chance - 1) * Math.abs(limit);
  return {
    flip: limits.flip && flip < 0.5,
    rotation: between(limits.rotation, rotation),
    zoom: between(limits.zoom, zoom),
    across: between(limits.across, across),
    down: between(limits.down, down),
    contrast: between(limits.contrast, contrast),
    brightness: between(limits.brightness, brightness),
  };
}
