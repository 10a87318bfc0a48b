// Keras's six augmentation layers, number by number: float32 (side, side, 3) in, the same out. A test compares them.

const float32 = Math.fround;

/** Where TensorFlow reads what lies outside: the picture mirrored at its edges, [d c b a | a b c d | d c b a]. */
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

/** Look every pixel up where a matrix [a0, a1, a2, b0, b1, b2] sends it: x′ = a0 x + a1 y + a2, y′ = b0 x + b1 y + b2. */
function moved(pixels, side, matrix) {
  const [a0, a1, a2, b0, b1, b2] = matrix.map(float32);
  const found = new Float32Array(pixels.length);
  const last = side - 1;
  let to = 0;
  // Once for every pixel while a slider moves: nothing is made in here.
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

const clipped = (value) => Math.min(Math.max(value, 0), 255);

/** Each layer: (pixels, side, amounts) → pixels. `amounts` has rotation in degrees, and shares as Keras takes them. */

/** @type {Record<string, (pixels: Float32Array, side: number, amounts: any) => Float32Array>} */
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

/** Whether a layer has anything to do. */
export const isAtWork = (layer, amounts) =>
  layer === "shift" ? amounts.across !== 0 || amounts.down !== 0 : Boolean(amounts[layer]);

/** Change a picture, float32 (side, side, 3) from 0 to 255, by exactly these amounts, one layer after the other. */
export function augmented(pixels, side, amounts) {
  let found = pixels;
  for (const [name, layer] of Object.entries(KERAS_LAYERS)) {
    if (isAtWork(name, amounts)) found = layer(found, side, amounts);
  }
  return found;
}

/** Amounts drawn between −limit and limit; a flip with a chance of one half. `chances` are numbers from 0 to 1. */
export function drawnAmounts(limits, chances) {
  const [flip, ...others] = chances;
  const amounts = { flip: limits.flip && flip < 0.5 };
  ["rotation", "zoom", "across", "down", "contrast", "brightness"].forEach((name, place) => {
    amounts[name] = (2 * others[place] - 1) * Math.abs(limits[name]);
  });
  return amounts;
}
