// The edges of the overview: what feeds what.

/** @import { Layout, Place, Point } from "./layout.js" */
/** @import { Column } from "./sheet.js" */

/** @typedef {{from: number, other: number, to: number, row: number}} Edge from a column's map `other` to a column's map `row` */

const EDGE_STEPS = 0.5; // how far a curve leaves its maps before it bends

/** @type {(place: Place, row: number) => Point} */
const exitOf = (place, row) => ({ x: place.rows[row].x + place.wide, y: place.rows[row].y + place.side / 2 });

/** @type {(column: Column, place: Place, row: number) => Point} */
const entryOf = (column, place, row) =>
  column.answer
    ? { x: place.x - 4, y: place.rows[0].y }
    : { x: place.rows[row].x, y: place.rows[row].y + place.side / 2 };

/**
 * Return the edges into a column; with the link "same", one for each of its maps.
 *
 * @param {Column[]} columns
 * @param {number} number of the column
 */
export function edgesInto(columns, number) {
  const column = columns[number];
  /** @type {Edge[]} */
  const found = [];
  for (const from of column.from) {
    const before = columns[from];
    const rows = column.answer ? [0] : column.shown.keys();
    for (const row of rows) {
      for (const [other, channel] of before.shown.entries()) {
        if (column.answer || column.link === "all" || channel === column.shown[row])
          found.push({ from, other, to: number, row });
      }
    }
  }
  return found;
}

/**
 * Add an edge to a canvas's path.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Column[]} columns
 * @param {Layout} layout
 * @param {Edge} edge
 */
export function addEdge(context, columns, { places }, { from, other, to, row }) {
  const [before, after] = [places[from], places[to]];
  if (!before || !after) return;
  const [start, end] = [exitOf(before, other), entryOf(columns[to], after, row)];
  const bend = (end.x - start.x) * EDGE_STEPS;
  context.moveTo(start.x, start.y);
  context.bezierCurveTo(start.x + bend, start.y, end.x - bend, end.y, end.x, end.y);
}

/**
 * Draw the edges into all columns that have arrived, faintly.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Column[]} columns
 * @param {Layout} layout
 * @param {{ink: string, arrived: number}} how `arrived`: the last column that is shown
 */
export function drawEdges(context, columns, layout, { ink, arrived }) {
  context.lineWidth = 1;
  context.strokeStyle = ink;
  context.beginPath();
  for (const number of columns.keys()) {
    if (number > arrived) break;
    for (const edge of edgesInto(columns, number)) addEdge(context, columns, layout, edge);
  }
  context.stroke();
}
