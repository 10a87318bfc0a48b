// The edges of the overview: what feeds what.

const EDGE_STEPS = 0.5; // how far a curve leaves its maps before it bends

export function curve(context, from, to) {
  const bend = (to.x - from.x) * EDGE_STEPS;
  context.moveTo(from.x, from.y);
  context.bezierCurveTo(from.x + bend, from.y, to.x - bend, to.y, to.x, to.y);
}

export const exitOf = (place, row) => ({ x: place.rows[row].x + place.wide, y: place.rows[row].y + place.side / 2 });
export const entryOf = (column, place, row) =>
  column.answer
    ? { x: place.x - 4, y: place.rows[0].y }
    : { x: place.rows[row].x, y: place.rows[row].y + place.side / 2 };

/** Return the edges into a column as [from column, from row, row]. A column of links "same" has one for each map. */
export function edgesInto(columns, number) {
  const column = columns[number];
  const found = [];
  for (const source of column.from) {
    const before = columns[source];
    const rows = column.answer ? [0] : column.shown.keys();
    for (const row of rows) {
      for (const [other, channel] of before.shown.entries()) {
        if (column.answer || column.link === "all" || channel === column.shown[row]) found.push([source, other, row]);
      }
    }
  }
  return found;
}

/** Draw the edges into all columns that have arrived, faintly. */
export function drawEdges(context, columns, layout, { ink, arrived }) {
  const { places } = layout;
  context.lineWidth = 1;
  context.strokeStyle = ink;
  context.beginPath();
  for (const number of columns.keys()) {
    if (number > arrived) break;
    for (const [source, other, row] of edgesInto(columns, number)) {
      const [from, to] = [exitOf(places[source], other), entryOf(columns[number], places[number], row)];
      curve(context, from, to);
    }
  }
  context.stroke();
}
