// Numbers on their way to the eye: decoded, rounded once, written, painted.

/**
 * What Streamlit hands to a component with every message.
 *
 * @template [Data=Uint8Array] bytes where Python wrote the message with encode_message
 * @typedef {object} Component
 * @property {Data} data
 * @property {ShadowRoot} parentElement holds the component's markup
 * @property {(name: string, value: unknown) => void} setStateValue tells Python a state, which it keeps
 * @property {(name: string, value: unknown) => void} setTriggerValue tells Python an event
 */

/**
 * Decode what Python's encode_message sent.
 *
 * @param {Uint8Array} bytes
 */
export const decodeMessage = (bytes) => JSON.parse(new TextDecoder().decode(bytes));

/**
 * Decode base64 into a typed array.
 *
 * @template T
 * @param {string} text
 * @param {new (buffer: ArrayBuffer) => T} ArrayType
 */
export function decodeArray(text, ArrayType) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return new ArrayType(bytes.buffer);
}

/** Weights and outputs below this are nothing: some learned filters died in training and hold only 1e-8. */
export const FAINTEST = 1e-6;

export const MINUS = "\u2212";

/**
 * Return what a page calls the thing with an index. Maps, filters, units, rows and columns are numbered from 1 on every
 * page; links, messages and code keep the index, from 0.
 *
 * @param {number} index
 */
export const ordinal = (index) => index + 1;

/** @param {string} text a number with a hyphen as its sign */
export const signed = (text) => text.replace("-", MINUS);

/**
 * Write a whole number of 10^-decimals units, so that what was added up as shown is shown as it was added up.
 *
 * @param {number} units
 * @param {number} decimals
 */
export const writeUnits = (units, decimals) =>
  signed((units / 10 ** decimals).toFixed(decimals).replace(/^-(0(\.0*)?)$/, "$1"));

/**
 * Write values into a text with {names}.
 *
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export const fillIn = (text, values) => text.replaceAll(/\{(\w+)\}/g, (_, name) => String(values[name]));

/** @typedef {[column: number, row: number, columns: number, rows: number]} Box */

/**
 * Return the boxes [column, row, columns, rows] of a grid that hold positions first … last: part, whole rows, part.
 *
 * @param {number} first
 * @param {number} last
 * @param {number} width of the grid
 * @returns {Box[]}
 */
export function boxesBetween(first, last, width) {
  if (last < first) return [];
  const [firstRow, firstColumn] = [Math.floor(first / width), first % width];
  const [lastRow, lastColumn] = [Math.floor(last / width), last % width];
  if (firstRow === lastRow) return [[firstColumn, firstRow, lastColumn - firstColumn + 1, 1]];
  /** @type {Box[]} */
  const boxes = [
    [firstColumn, firstRow, width - firstColumn, 1],
    [0, firstRow + 1, width, lastRow - firstRow - 1],
    [0, lastRow, lastColumn + 1, 1],
  ];
  return boxes.filter(([, , columns, rows]) => columns > 0 && rows > 0);
}

/**
 * Round numbers so that they add up to `total` (largest remainder). All results are whole numbers of units.
 *
 * @param {number[]} values
 * @param {number} total
 */
export function roundToTotal(values, total) {
  const floors = values.map(Math.floor);
  let missing = total - floors.reduce((sum, value) => sum + value, 0);
  const order = values.map((value, index) => [value - floors[index], index]).toSorted((a, b) => b[0] - a[0]);
  for (let index = 0; missing > 0 && order.length > 0; index += 1, missing -= 1)
    floors[order[index % order.length][1]] += 1;
  for (let index = order.length - 1; missing < 0 && index >= 0; index -= 1, missing += 1) floors[order[index][1]] -= 1;
  return floors;
}

/**
 * Digits after the point that write all numbers exactly, at most four; three where that is not enough.
 *
 * @param {number[]} numbers
 */
export function decimalsFor(numbers) {
  for (let decimals = 0; decimals <= 4; decimals += 1) {
    if (numbers.every((number) => Math.abs(number - Number(number.toFixed(decimals))) < 1e-9)) return decimals;
  }
  return 3;
}
