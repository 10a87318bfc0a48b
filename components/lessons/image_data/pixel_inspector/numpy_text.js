// How NumPy prints a corner of a picture.

/**
 * Return what `print(pixels[row:row + size, column:column + size])` prints of a uint8 array (height, width, 3).
 * NumPy pads every number to the longest of them; a slice that reaches over the edge is shorter.
 *
 * @param {Uint8Array} pixels
 * @param {number} height
 * @param {number} width
 * @param {number} row
 * @param {number} column
 * @param {number} size
 */
export function numpyText(pixels, height, width, row, column, size) {
  const blocks = [];
  for (let y = row; y < Math.min(row + size, height); y += 1) {
    const lines = [];
    for (let x = column; x < Math.min(column + size, width); x += 1) {
      const at = (y * width + x) * 3;
      lines.push(Array.from(pixels.subarray(at, at + 3), String));
    }
    blocks.push(lines);
  }
  const longest = Math.max(...blocks.flat(2).map((number) => number.length));
  const written = (/** @type {string[]} */ numbers) =>
    `[${numbers.map((number) => number.padStart(longest)).join(" ")}]`;
  return `[${blocks.map((lines) => `[${lines.map(written).join("\n  ")}]`).join("\n\n ")}]`;
}
