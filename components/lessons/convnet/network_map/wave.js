// The photo runs through the network: a pulse along the edges into one column after the other, and its maps appear.

import { cssColour } from "../../../browser/colours.js";
import { drawPulse } from "./edges.js";

/** @import { Overview } from "./overview.js" */

const WHOLE_MS = 2600; // through few layers
const SLOWEST_MS = 300; // of one column
const FASTEST_MS = 110;
const APPEARS = 0.6; // of a column's time: then its maps begin to appear

/** Whether the visitor has asked for less motion. */
export const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Let the photo run through an overview.
 *
 * @param {Overview} overview
 * @param {() => void} done
 * @returns {() => void} ends it at once
 */
export function runWave(overview, done) {
  const { columns } = overview;
  const each = Math.min(Math.max(WHOLE_MS / columns.length, FASTEST_MS), SLOWEST_MS);
  let frame = 0;
  let arrived = 0;
  let ended = false;
  const end = () => {
    if (ended) return;
    ended = true;
    cancelAnimationFrame(frame);
    overview.running = false;
    overview.drawBase();
    overview.drawTop();
    overview.showAnswer(true);
    done();
  };
  if (isStill()) {
    end();
    return end;
  }
  overview.running = true;
  overview.showAnswer(false);
  overview.drawBase(0);
  overview.bring(0);
  const begin = performance.now();
  const { text } = overview.colours;
  const pulse = { ink: cssColour(text, 0.6), wide: Math.max(1.5, 0.1 * overview.rem) };
  /** @param {number} now */
  const tick = (now) => {
    const passed = (now - begin) / each;
    while (arrived < Math.min(Math.floor(passed), columns.length - 1)) {
      arrived += 1;
      overview.drawColumn(overview.base, arrived);
      overview.bring(arrived + 1);
    }
    const next = arrived + 1;
    if (next >= columns.length) {
      end();
      return;
    }
    const share = Math.min(passed - arrived, 1);
    const context = overview.context(overview.top);
    drawPulse(context, columns, overview.layout, next, { ...pulse, share });
    if (share > APPEARS) overview.drawMaps(context, next, (share - APPEARS) / (1 - APPEARS));
    frame = requestAnimationFrame(tick);
  };
  frame = requestAnimationFrame(tick);
  return end;
}
