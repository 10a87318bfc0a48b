// Where everything stands in the overview, in CSS pixels: columns from left to right with their maps below each other;
// on a phone, layers from top to bottom with their maps side by side.

/** @import { Column } from "./sheet.js" */

/** @typedef {{x: number, y: number}} Point */

/** @typedef {{x: number, y: number, width: number}} Strip where a line of words stands */

/**
 * @typedef {object} Place where a column stands
 * @property {number} left edge of the column
 * @property {number} across how wide the column is
 * @property {number} x of its maps
 * @property {number} y of its first map
 * @property {number} side of a map
 * @property {number} wide how wide a map is with what stands beside it
 * @property {number} tall how high all its maps are together
 * @property {Point[]} rows where each map stands; of the answer, where its edges end
 * @property {Strip} head what stands above the maps
 * @property {Strip} foot what can be opened below them; on a phone, beside the head
 */

/**
 * @typedef {object} Layout
 * @property {Place[]} places of the columns
 * @property {number} width of the overview
 * @property {number} height
 * @property {boolean} upright whether the layers stand below each other
 */

/** @typedef {{column: number, row: number, x?: number, y?: number}} Spot a map, and a point on it from 0 to 1 */

/** @typedef {{width: number, height: number, rem: number, pairs: boolean}} Room `pairs`: two maps stand side by side */

const NARROW = 40; // rem: below this the layers stand below each other
export const PAIR_GAP = 2; // CSS pixels between a map and what stands beside it

/** The least side of a map, in rem, where a column has so many: few of them are seen from the last row. */
const LEAST = [
  { rows: 6, side: 4.5 },
  { rows: 8, side: 3.8 },
  { rows: Infinity, side: 2.4 },
];

/** @type {Record<string, [across: number, down: number]>} maps that a key goes on */
const MOVES = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  Home: [-Infinity, 0],
  End: [Infinity, 0],
};

/** @type {(value: number, least: number, most: number) => number} */
const between = (value, least, most) => Math.min(Math.max(value, least), most);

/**
 * Lay the columns out.
 *
 * @param {Column[]} columns
 * @param {Room} room
 * @returns {Layout}
 */
export function layOut(columns, { width, height, rem, pairs }) {
  if (width < NARROW * rem) return upright(columns, { width, rem, pairs });
  const head = 2.9 * rem; // a name, and a shape
  const foot = 2.4 * rem;
  const answer = 9 * rem;
  const photo = Math.round(between(0.125 * width, 6 * rem, 11 * rem));
  const first = photo + 1.2 * rem;
  const gap = Math.max(0.35 * rem, 4);
  const most = Math.max(...columns.map(({ shown }) => shown.length), 1);
  const drawn = Math.max(columns.filter((column) => !column.answer && !column.picture).length, 1);
  const share = (width - answer - first) / drawn;
  const times = pairs ? 2 : 1;
  const least = (pairs ? 2.8 : (LEAST.find(({ rows }) => most <= rows)?.side ?? 0)) * rem;
  const fromHeight = (height - head - foot + gap) / most - gap;
  const fromWidth = share * (pairs ? 0.4 : 0.62);
  // Maps grow with the screen; a network of many layers is wider than the screen, and is scrolled.
  const side = Math.floor(Math.max(Math.min(fromHeight, fromWidth), least));
  const wide = times * side + (times - 1) * PAIR_GAP;
  const longest = Math.max(...columns.map(({ title }) => title.length));
  const named = between(0.62 * longest, 5.5, 10) * rem;
  const pitch = Math.max(share, wide + 0.45 * side, named);
  const tall = Math.max(most * (side + gap) - gap, photo);
  let x = 0;
  const places = columns.map((column) => {
    const { across, own, size } = column.answer
      ? { across: answer, own: 1, size: side }
      : column.picture
        ? { across: first, own: 1, size: photo }
        : { across: pitch, own: column.shown.length, size: side };
    const broad = column.answer ? answer - 2 * rem : column.picture ? photo : wide;
    const high = column.answer ? tall : own * (size + gap) - gap;
    const left = column.answer ? x + 2 * rem : column.picture ? x : x + (across - wide) / 2;
    const y = head + (tall - high) / 2;
    const words = column.picture ? { x, width: photo } : { x: x + 2, width: across - 4 };
    const place = {
      left: x,
      across,
      x: left,
      y,
      side: size,
      wide: broad,
      tall: high,
      rows: column.answer
        ? [{ x: left, y: head + tall / 2 }]
        : Array.from({ length: own }, (_, row) => ({ x: left, y: y + row * (size + gap) })),
      head: { ...words, y: column.picture ? y - head : 0 },
      foot: { ...words, y: (column.picture ? y + high : head + tall) + 0.4 * rem },
    };
    x += across;
    return place;
  });
  return { places, width: Math.max(x, width), height: head + tall + foot, upright: false };
}

/**
 * Lay the layers out below each other, for a phone: each with its maps in rows of four.
 *
 * @param {Column[]} columns
 * @param {Omit<Room, "height">} room
 * @returns {Layout}
 */
function upright(columns, { width, rem, pairs }) {
  const gap = 0.4 * rem;
  const head = 2.6 * rem;
  const edges = 2.2 * rem;
  const across = pairs ? 2 : 4;
  const wide = Math.floor((width - gap * (across - 1)) / across);
  const side = pairs ? Math.floor((wide - PAIR_GAP) / 2) : wide;
  const photo = Math.round(between(0.46 * width, 6 * rem, 14 * rem));
  let top = 0;
  const places = columns.map((column) => {
    const y = top + (column.answer ? 0 : head);
    const foot = Math.min(7.5 * rem, width / 2);
    const words = {
      head: { x: 0, y: top, width: width - foot - gap },
      foot: { x: width - foot, y: top + 0.1 * rem, width: foot },
    };
    if (column.answer) {
      top += rem;
      return { left: 0, across: width, x: 0, y, side, wide, tall: 0, rows: [{ x: width / 2, y: top }], ...words };
    }
    if (column.picture) {
      top = y + photo + edges;
      const x = (width - photo) / 2;
      return { left: 0, across: width, x, y, side: photo, wide: photo, tall: photo, rows: [{ x, y }], ...words };
    }
    const count = column.shown.length;
    const inset = count < across ? (width - count * (wide + gap) + gap) / 2 : 0;
    const rows = column.shown.map((_, row) => ({
      x: inset + (row % across) * (wide + gap),
      y: y + Math.floor(row / across) * (side + gap),
    }));
    const tall = Math.ceil(count / across) * (side + gap) - gap;
    top = y + tall + edges;
    return { left: 0, across: width, x: 0, y, side, wide, tall, rows, ...words };
  });
  return { places, width, height: top, upright: true };
}

/**
 * Return the map at a point, and where on it the point lies; null where there is none.
 *
 * @param {Layout} layout
 * @param {number} x
 * @param {number} y
 * @returns {Spot | null}
 */
export function mapAt({ places }, x, y) {
  for (const [column, { rows, wide, side }] of places.entries()) {
    const row = rows.findIndex((at) => x >= at.x && x < at.x + wide && y >= at.y && y < at.y + side);
    if (row < 0) continue;
    const at = rows[row];
    const along = x - at.x > side ? x - at.x - side - PAIR_GAP : x - at.x;
    return { column, row, x: Math.min(Math.max(along, 0) / side, 1), y: (y - at.y) / side };
  }
  return null;
}

/**
 * Return the map that a key leads to; null where the key leads to none.
 *
 * @param {Column[]} columns
 * @param {Layout} layout
 * @param {Spot} at
 * @param {string} key
 * @returns {Spot | null}
 */
export function mapAfter(columns, layout, at, key) {
  if (!(key in MOVES)) return null;
  const [one, other] = MOVES[key];
  // Where the layers stand below each other, the keys go with them.
  const [across, down] = layout.upright && Number.isFinite(one) ? [other, one] : [one, other];
  const column = between(at.column + across, 0, columns.length - 1);
  const rows = columns[column].answer ? 1 : columns[column].shown.length;
  return { column, row: between(at.row + down, 0, rows - 1) };
}
