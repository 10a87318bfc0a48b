// The timeline of hooks. Python sends every call that it recorded; the calls are played one by one.

import { mount } from "../../../browser/board.js";
import { SceneControls } from "../../../browser/controls.js";
import { SharpCanvas } from "../../../browser/canvas.js";
import { cssColour } from "../../../browser/colours.js";
import { make } from "../../../browser/dom.js";
import { icon } from "../../../browser/icons.js";
import { fillIn } from "../../../browser/numbers.js";
import { StageView } from "../../../player/stage.js";

/** @import { StageMessage } from "../../../player/stage.js" */

/**
 * @typedef {object} HookCall one call of a callback's method
 * @property {string} hook the method, such as on_train_batch_end
 * @property {number | null} number of the epoch or batch that Keras passes, from 0
 * @property {number | null} epoch from 0
 * @property {string} by whom it was called: fit or evaluate
 * @property {Record<string, number>} logs
 * @property {number} milliseconds after the first call
 * @property {string} [printed] what the visitor's callback printed
 * @property {number} [bytes] of the file that it saved
 * @property {boolean} [stopped] whether it stopped the training
 */

/**
 * @typedef {object} HookMessage what Python's payload says
 * @property {number} topSpeed calls a second
 * @property {HookCall[]} calls
 * @property {Record<string, string>} programs each method with its arguments
 * @property {unknown[]} shown the settings of the fit that was recorded
 */

/**
 * @typedef {object} Bar what lasts from one call to another
 * @property {number} row
 * @property {number} first call
 * @property {number} last call
 * @property {number | null} number of the epoch or batch
 * @property {boolean} validation
 */

const ROWS = ["train", "epoch", "batch", "test"];

/** @type {Record<string, number>} how deep in the loops of fit a method is called */
const DEPTH = {
  on_epoch_begin: 1,
  on_epoch_end: 1,
  on_train_batch_begin: 2,
  on_train_batch_end: 2,
  on_test_begin: 2,
  on_test_end: 2,
  on_test_batch_begin: 3,
  on_test_batch_end: 3,
};

/** @type {Record<string, number>} the row of what begins and ends */
const ROW_OF = { train: 0, epoch: 1, train_batch: 2, test_batch: 2, test: 3 };

/**
 * Return the nested bars, each from the call that opens it to the one that closes it.
 *
 * @param {HookCall[]} calls
 */
function barsOf(calls) {
  /** @type {Bar[]} */
  const bars = [];
  /** @type {Record<string, number>} */
  const open = {};
  calls.forEach(({ hook, number }, index) => {
    const what = hook.slice("on_".length, hook.lastIndexOf("_"));
    if (hook.endsWith("_begin")) {
      open[what] = index;
      return;
    }
    bars.push({ row: ROW_OF[what], first: open[what], last: index, number, validation: what.startsWith("test") });
  });
  return bars;
}

/** @extends {StageView<StageMessage & HookMessage>} */
class HookTimelineView extends StageView {
  /** @type {HookCall[]} */ calls;
  /** @type {Bar[]} */ bars;
  /** @type {HTMLLIElement[]} */ lines;
  /** @type {number} */ left;
  /** @type {number} */ right;

  /** @param {ShadowRoot} root */
  constructor(root) {
    super(root);
    this.controls = new SceneControls(root, this.parts, (scene) => {
      this.emit(scene);
      this.stage.classList.add("waiting");
      this.parts.size.textContent = this.data.texts.waiting;
    });
    this.listenToPlate(this.parts.nest, (x) => (this.calls ? this.positionAt(x) : null));
    this.nest = new SharpCanvas(this.parts.nest, { resized: () => this.data && this.player.requestDraw() });
  }

  /** @param {StageMessage & HookMessage} data */
  load(data) {
    // The methods on offer depend on what the callback does, so they are built before the scene is shown.
    this.parts.hook.replaceChildren(...data.choices.hook.map(([value, label]) => new Option(label, value)));
    const { before, imposed } = this.begin(data);
    if (this.controls.scene) this.parts.hook.value = this.controls.scene.hook;
    this.parts.hook.disabled = data.scene.action === "none";
    const another = before && JSON.stringify(before.shown) !== JSON.stringify(data.shown);
    this.calls = data.calls;
    this.bars = barsOf(data.calls);
    this.stage.classList.remove("waiting");
    this.parts.size.textContent = "";
    this.parts.nest.setAttribute("aria-label", data.texts.picture);
    this.lines = Object.entries(data.programs).map(([hook, program]) => {
      const line = make("li", { data: { hook } }, icon("play"), program);
      line.style.setProperty("--depth", String(DEPTH[hook] ?? 0));
      return line;
    });
    this.parts.hooks.replaceChildren(...this.lines);
    this.player.configure({
      count: data.calls.length,
      rowLength: 5,
      texts: data.texts.player,
      topSpeed: data.topSpeed,
    });
    if (another && !imposed) {
      this.player.pause();
      this.player.seek(0);
    }
    this.end(imposed);
  }

  /** @param {number} share of the picture's width */
  positionAt(share) {
    const width = this.parts.nest.clientWidth;
    const across = (share * width - this.left) / (width - this.left - this.right);
    return Math.round(Math.min(Math.max(across, 0), 1) * (this.calls.length - 1));
  }

  /** @param {number} position */
  draw(position) {
    this.drawBars(position);
    this.write(this.calls[position]);
  }

  /** @param {HookCall} call */
  write(call) {
    const { texts } = this.data;
    for (const line of this.lines) {
      if (line.dataset.hook === call.hook) line.setAttribute("aria-current", "step");
      else line.removeAttribute("aria-current");
    }
    this.parts.by.textContent = call.by === "fit" ? texts["by-fit"] : texts["by-evaluate"];
    const logs = Object.entries(call.logs)
      .map(([name, value]) => `${name} = ${value.toFixed(4)}`)
      .join(", ");
    this.parts.logs.textContent = logs ? fillIn(texts.logs, { logs }) : texts["logs-none"];
    if (call.hook === "on_train_batch_end") this.parts.logs.textContent += ` ${texts.average}`;
    this.parts.time.textContent = fillIn(texts.time, { time: call.milliseconds.toFixed(1) });
    let mine = texts.quiet;
    if (call.printed) mine = fillIn(texts.printed, { printed: call.printed });
    else if (call.bytes) mine = fillIn(texts.saved, { bytes: call.bytes.toLocaleString("en") });
    else if (call.stopped) mine = call.hook === "on_epoch_end" ? texts.stopped : texts["stopped-batch"];
    this.parts.mine.textContent = mine;
    const said = call.number === null ? call.hook : `${call.hook}(${call.number})`;
    if (!this.player.playing) this.player.parts.position.setAttribute("aria-valuetext", said);
  }

  /** @param {number} position */
  drawBars(position) {
    if (!this.nest.measure()) return;
    const { width, height, rem } = this.nest;
    const context = this.nest.beginFrame();
    context.textBaseline = "middle";
    this.left = 6 * rem;
    this.right = 1 * rem;
    const { texts } = this.data;
    const { text, training, validation: judged, border, ground } = this.colours;
    const rowHeight = (height - 1.6 * rem) / ROWS.length;
    const gap = (width - this.left - this.right) / Math.max(this.calls.length - 1, 1);
    const x = (/** @type {number} */ index) => this.left + index * gap;
    context.fillStyle = cssColour(text);
    context.textAlign = "left";
    for (const row of ROWS) {
      context.fillText(texts[row], 0, (ROWS.indexOf(row) + 0.5) * rowHeight);
    }
    for (const { row, first, last, number, validation } of this.bars) {
      const [top, tall] = [row * rowHeight + 0.12 * rowHeight, 0.76 * rowHeight];
      const begun = first <= position;
      context.globalAlpha = begun ? 1 : 0.35;
      context.fillStyle = cssColour(validation ? judged : training, 0.12);
      context.fillRect(x(first), top, x(last) - x(first), tall);
      context.setLineDash(validation ? [4, 4] : []);
      context.lineWidth = begun && position <= last ? 3 : 2;
      context.strokeStyle = cssColour(validation ? judged : training);
      context.strokeRect(x(first), top, x(last) - x(first), tall);
      context.setLineDash([]);
      const label = number === null ? "" : String(number);
      if (label && x(last) - x(first) > context.measureText(label).width) {
        context.fillStyle = cssColour(text);
        context.textAlign = "center";
        context.globalAlpha = begun ? 1 : 0.7;
        context.fillText(label, (x(first) + x(last)) / 2, top + tall / 2);
      }
    }
    context.globalAlpha = 1;
    const bottom = height - 0.9 * rem;
    this.calls.forEach((call, index) => {
      const acts = call.printed || call.bytes || call.stopped;
      context.fillStyle = cssColour(index <= position ? text : border);
      context.beginPath();
      if (acts) triangle(context, x(index), bottom, rem);
      else context.arc(x(index), bottom, Math.min(0.22 * rem, Math.max(gap * 0.35, 1.5)), 0, 7);
      context.fill();
    });
    if (this.calls.some((call) => call.printed || call.bytes || call.stopped)) {
      context.fillStyle = cssColour(text);
      context.textAlign = "left";
      context.beginPath();
      triangle(context, 0.5 * rem, bottom, rem);
      context.fill();
      context.fillText(texts.mine, 1.3 * rem, bottom, this.left - 1.9 * rem);
    }
    context.strokeStyle = cssColour(ground);
    context.lineWidth = 6;
    context.beginPath();
    context.moveTo(x(position), 0);
    context.lineTo(x(position), height);
    context.stroke();
    context.strokeStyle = cssColour(text);
    context.lineWidth = 3;
    context.stroke();
  }
}

/**
 * Add the mark of a call in which the visitor's callback does something to the current path.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} x its middle
 * @param {number} y
 * @param {number} rem
 */
function triangle(context, x, y, rem) {
  context.moveTo(x, y - 0.55 * rem);
  context.lineTo(x + 0.5 * rem, y + 0.4 * rem);
  context.lineTo(x - 0.5 * rem, y + 0.4 * rem);
}

export default mount(HookTimelineView);
