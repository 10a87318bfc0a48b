// Where everything stands in the overview: columns from left to right, maps below each other, in CSS pixels.

/** @import { Column } from "./sheet.js" */

/** @typedef {{x: number, y: number}} Point */

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
 */

/**
 * @typedef {object} Layout
 * @property {(Place | null)[]} places of the columns; null where a narrow screen does not show one
 * @property {number} side of a map
 * @property {number} width of the overview
 * @property {number} height
 * @property {boolean} single whether one column is shown at a time
 * @property {number} head height of what stands above the maps
 */

/** @typedef {{column: number, row: number, x?: number, y?: number}} Spot a map, and a point on it from 0 to 1 */

/** @typedef {{width: number, height: number, rem: number, pairs: boolean}} Room `pairs`: two maps stand side by side */

const NARROW = 40; // rem: below this the overview shows one column at a time
export const PAIR_GAP = 2; // CSS pixels between a map and what stands beside it

/**
 * Lay the columns out.
 *
 * @param {Column[]} columns
 * @param {Room} room
 * @param {number} chosen the column that a narrow screen shows
 * @returns {Layout}
 */
export function layOut(columns, { width, height, rem, pairs }, chosen) {
  const head = 4.6 * rem; // three lines: a name, and a shape that may need two
  const foot = 2.3 * rem;
  const answer = 8.5 * rem;
  const single = width < NARROW * rem;
  const most = Math.max(...columns.map(({ shown }) => shown.length), 1);
  if (single) return oneColumn(columns, { width, rem, head, foot, pairs }, chosen);
  const gap = Math.max(0.35 * rem, 4);
  const fromHeight = (height - head - foot) / most - gap;
  const drawn = columns.filter(({ answer: last }) => !last).length;
  const times = pairs ? 2 : 1;
  const fromWidth = ((width - answer) / drawn) * (pairs ? 0.4 : 0.62);
  // Maps grow with the screen; in a network of many layers the picture is wider than the screen, and is scrolled.
  const side = Math.floor(Math.max(Math.min(fromHeight, Math.max(fromWidth, 3.4 * rem)), 2.2 * rem));
  const wide = times * side + (times - 1) * PAIR_GAP;
  const pitch = Math.max((width - answer) / drawn, wide + 0.45 * side, 5 * rem);
  const tall = most * (side + gap) - gap;
  let x = 0;
  const places = columns.map((column) => {
    const count = column.answer ? 1 : column.shown.length;
    const own = count * (side + gap) - gap;
    const y = head + (column.answer ? 0 : (tall - own) / 2);
    const left = x + (column.answer ? 0.8 * rem : (pitch - wide) / 2);
    const place = {
      left: x,
      across: column.answer ? answer - 0.8 * rem : pitch,
      x: left,
      y,
      side,
      wide,
      tall: column.answer ? tall : own,
      rows: column.answer
        ? [{ x: left, y: head + tall / 2 }]
        : column.shown.map((_, row) => ({ x: left, y: y + row * (side + gap) })),
    };
    x += column.answer ? answer : pitch;
    return place;
  });
  return { places, side, width: Math.max(x, width), height: head + tall + foot, single, head };
}

/**
 * Lay one column out for a phone: its maps in rows of four.
 *
 * @param {Column[]} columns
 * @param {Omit<Room, "height"> & {head: number, foot: number}} room
 * @param {number} chosen the column that is shown
 * @returns {Layout}
 */
function oneColumn(columns, { width, rem, head, foot, pairs }, chosen) {
  const gap = 0.4 * rem;
  const across = pairs ? 2 : 4;
  const wide = Math.floor((width - gap * (across - 1)) / across);
  const side = pairs ? Math.floor((wide - PAIR_GAP) / 2) : wide;
  const places = columns.map((column, number) => {
    if (number !== chosen) return null;
    if (column.answer) return { left: 0, across: width, x: 0, y: head, side, wide, tall: 14 * rem, rows: [] };
    const rows = column.shown.map((_, row) => ({
      x: (row % across) * (wide + gap),
      y: head + Math.floor(row / across) * (side + gap),
    }));
    const lines = Math.ceil(column.shown.length / across);
    return { left: 0, across: width, x: 0, y: head, side, wide, tall: lines * (side + gap) - gap, rows };
  });
  const tall = Math.max(...places.map((place) => place?.tall ?? 0));
  return { places, side, width, height: head + tall + foot, single: true, head };
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
  for (const [column, place] of places.entries()) {
    if (!place) continue;
    const row = place.rows.findIndex((at) => x >= at.x && x < at.x + place.wide && y >= at.y && y < at.y + place.side);
    if (row < 0) continue;
    const at = place.rows[row];
    const along = x - at.x > place.side ? x - at.x - place.side - PAIR_GAP : x - at.x;
    return { column, row, x: Math.max(along, 0) / place.side, y: (y - at.y) / place.side };
  }
  return null;
}
