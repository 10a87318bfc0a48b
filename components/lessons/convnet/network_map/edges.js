// The edges of the overview: what feeds what, and the pulse that runs along them.

/** @import { Layout, Place, Point } from "./layout.js" */
/** @import { Column } from "./sheet.js" */

/** @typedef {{from: number, other: number, to: number, row: number}} Edge from a column's map `other` to a column's map `row` */

/** @typedef {[start: Point, bend: Point, back: Point, end: Point]} Curve a Bézier curve's four points */

const BEND = 0.5; // how far a curve leaves its maps before it bends
const PULSE = 0.22; // of an edge: how long the light on it is

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
        // The photo's planes are one picture here: whatever reads one of them is fed by it.
        if (column.answer || before.picture || column.link === "all" || channel === column.shown[row])
          found.push({ from, other, to: number, row });
      }
    }
  }
  return found;
}

/**
 * Return the curve of an edge.
 *
 * @param {Column[]} columns
 * @param {Layout} layout
 * @param {Edge} edge
 * @returns {Curve}
 */
function curveOf(columns, { places, upright }, { from, other, to, row }) {
  const [before, after] = [places[from], places[to]];
  const [out, into] = [before.rows[other], after.rows[row]];
  if (upright) {
    const start = { x: out.x + before.wide / 2, y: before.y + before.tall };
    const end = columns[to].answer ? into : { x: into.x + after.wide / 2, y: after.y };
    const bend = (end.y - start.y) * BEND;
    return [start, { x: start.x, y: start.y + bend }, { x: end.x, y: end.y - bend }, end];
  }
  const start = { x: out.x + before.wide, y: out.y + before.side / 2 };
  const end = columns[to].answer ? { x: into.x - 6, y: into.y } : { x: into.x, y: into.y + after.side / 2 };
  const bend = (end.x - start.x) * BEND;
  return [start, { x: start.x + bend, y: start.y }, { x: end.x - bend, y: end.y }, end];
}

/**
 * Add an edge to a canvas's path.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Column[]} columns
 * @param {Layout} layout
 * @param {Edge} edge
 */
export function addEdge(context, columns, layout, edge) {
  const [start, bend, back, end] = curveOf(columns, layout, edge);
  context.moveTo(start.x, start.y);
  context.bezierCurveTo(bend.x, bend.y, back.x, back.y, end.x, end.y);
}

/**
 * Return the point of a curve at a share of its way.
 *
 * @param {Curve} curve
 * @param {number} share
 */
function pointOn([start, bend, back, end], share) {
  const rest = 1 - share;
  /** @param {"x" | "y"} axis */
  const at = (axis) =>
    rest ** 3 * start[axis] +
    3 * rest ** 2 * share * bend[axis] +
    3 * rest * share ** 2 * back[axis] +
    share ** 3 * end[axis];
  return { x: at("x"), y: at("y") };
}

/**
 * Draw the edges into a column, faintly.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Column[]} columns
 * @param {Layout} layout
 * @param {number} number of the column
 * @param {string} ink
 */
export function drawEdges(context, columns, layout, number, ink) {
  context.lineWidth = 1;
  context.strokeStyle = ink;
  context.beginPath();
  for (const edge of edgesInto(columns, number)) addEdge(context, columns, layout, edge);
  context.stroke();
}

/**
 * Draw what runs along the edges into a column.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Column[]} columns
 * @param {Layout} layout
 * @param {number} number of the column
 * @param {{share: number, ink: string, wide: number}} how `share`: of the way that it has come
 */
export function drawPulse(context, columns, layout, number, { share, ink, wide }) {
  const tail = Math.max(share * (1 + PULSE) - PULSE, 0);
  const tip = Math.min(share * (1 + PULSE), 1);
  context.lineWidth = wide;
  context.lineCap = "round";
  context.strokeStyle = ink;
  context.beginPath();
  for (const edge of edgesInto(columns, number)) {
    const curve = curveOf(columns, layout, edge);
    for (let step = 0; step <= 6; step += 1) {
      const { x, y } = pointOn(curve, tail + ((tip - tail) * step) / 6);
      if (step) context.lineTo(x, y);
      else context.moveTo(x, y);
    }
  }
  context.stroke();
}
