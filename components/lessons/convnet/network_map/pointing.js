// What is pointed at in the overview: its edges, and what the number there depends on.

import { cssColour } from "../../../browser/colours.js";
import { addEdge, edgesInto } from "./edges.js";

/** @import { Colours } from "../../../browser/colours.js" */
/** @import { Layout, Spot } from "./layout.js" */
/** @import { Column, Sheet } from "./sheet.js" */

/** @typedef {{columns: Column[], layout: Layout, sheet: Sheet, colours: Colours}} Shown */

/**
 * Draw the edges of a map, a frame around it, and one on the photo.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Shown} shown
 * @param {Spot} at
 */
export function drawPointed(context, shown, at) {
  const { columns, layout, colours } = shown;
  const place = layout.places[at.column];
  if (!place) return;
  const accent = cssColour(colours.window);
  // A dark rim makes the yellow line readable on light and on dark.
  for (const { style, wide } of [
    { style: "#000", wide: 4.5 },
    { style: accent, wide: 2.5 },
  ]) {
    context.lineWidth = wide;
    context.strokeStyle = style;
    context.beginPath();
    for (const number of columns.keys()) {
      for (const edge of edgesInto(columns, number)) {
        const { from, other, to, row } = edge;
        if ((to === at.column && row === at.row) || (from === at.column && other === at.row))
          addEdge(context, columns, layout, edge);
      }
    }
    context.stroke();
  }
  if (columns[at.column].answer) return;
  const { x, y } = place.rows[at.row];
  frame(context, { x, y, width: place.wide, height: place.side, out: 2 }, accent);
  drawField(context, shown, at, accent);
}

/**
 * Frame on the photo what the number at the pointed place of a map can have seen.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Shown} shown
 * @param {Spot} at
 * @param {string} accent
 */
function drawField(context, { columns, layout, sheet }, at, accent) {
  const { field, grid, picture } = columns[at.column];
  const place = layout.places[columns.findIndex((column) => column.picture)];
  if (picture || !place) return;
  /** @type {(count: number, share?: number) => [start: number, end: number]} */
  const span = (count, share = 0.5) => {
    if (!field) return [0, 1];
    const number = Math.min(Math.floor(share * count), count - 1);
    const start = field.start + number * field.step;
    return [Math.max(start, 0) / sheet.side, Math.min(start + field.size, sheet.side) / sheet.side];
  };
  const [top, bottom] = span(grid[0], at.y);
  const [left, right] = span(grid[1], at.x);
  const { x, y, side } = place;
  frame(
    context,
    { x: x + left * side, y: y + top * side, width: (right - left) * side, height: (bottom - top) * side, out: 0 },
    accent,
  );
}

/**
 * Draw a frame in the accent's colour that is seen on light and on dark.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {{x: number, y: number, width: number, height: number, out: number}} box `out`: how far outside of it
 * @param {string} accent
 */
function frame(context, { x, y, width, height, out }, accent) {
  for (const { style, wide } of [
    { style: "#000", wide: 6 },
    { style: accent, wide: 3 },
  ]) {
    context.strokeStyle = style;
    context.lineWidth = wide;
    context.strokeRect(x - out, y - out, width + 2 * out, height + 2 * out);
  }
}
