// The stopping chart. Python sends the whole run; the rules are applied here, so that the stop moves at once.

import { mount } from "../../../browser/board.js";
import { write } from "../../../browser/dom.js";
import { fillIn, writeUnits } from "../../../browser/numbers.js";
import { StageView } from "../../../player/stage.js";
import { RunChart } from "./chart.js";
import { StoppingControls } from "./controls.js";
import { earlyStopping, keptEpochs } from "./rule.js";

/** @import { StageMessage } from "../../../player/stage.js" */
/** @import { Stop } from "./rule.js" */

/**
 * @typedef {object} StoppingMessage what Python's payload says
 * @property {number} topSpeed epochs a second
 * @property {number} maxPatience epochs
 * @property {number} maxDelta
 * @property {string} run its name
 * @property {Record<string, number[]>} figures loss, accuracy, val_loss and val_accuracy, one number an epoch each
 * @property {string} code the callbacks in Keras
 */

/** @extends {StageView<StageMessage & StoppingMessage>} */
class StoppingChartView extends StageView {
  /** @type {Stop} */ stop;

  /** @param {ShadowRoot} root */
  constructor(root) {
    super(root);
    this.controls = new StoppingControls(
      root,
      this.parts,
      (scene) => this.emit(scene),
      () => this.findStop(),
    );
    this.chart = new RunChart(this.parts.chart, { resized: () => this.data && this.player.requestDraw() });
    this.listenToPlate(this.parts.chart, (share) => (this.chart.frame ? this.chart.epochAt(share) : null));
  }

  /** @param {StageMessage & StoppingMessage} data */
  load(data) {
    const { imposed } = this.begin(data);
    this.parts.chart.setAttribute("aria-label", data.texts.picture);
    this.parts.code.textContent = data.code;
    this.findStop();
    this.end(imposed);
  }

  get values() {
    return this.data.figures[this.controls.scene.monitor];
  }

  /** Find the stop again. A visitor who is at the stop stays at it when it moves. */
  findStop() {
    const { data, player, controls } = this;
    if (!data) return;
    const atTheEnd = player.count > 0 && player.position === player.count - 1;
    this.stop = earlyStopping(this.values, controls.settings);
    player.configure({ count: this.stop.last + 1, rowLength: 5, texts: data.texts.player, topSpeed: data.topSpeed });
    if (atTheEnd) {
      player.pause();
      player.position = this.stop.last;
    }
    this.writeResult();
    player.requestDraw();
  }

  /** @param {number} position */
  draw(position) {
    const { data, controls, stop, values } = this;
    const { scene, settings } = controls;
    const seen = values.slice(0, position + 1);
    const sofar = earlyStopping(seen, settings);
    const { figure, monitor } = scene;
    const [training, validation] = [data.figures[figure], data.figures[`val_${figure}`]];
    this.chart.draw(
      {
        training,
        validation,
        position,
        stop,
        sofar,
        watched: monitor === "loss" ? training : validation,
        percent: figure === "accuracy",
        saved: keptEpochs(seen, settings),
      },
      this.colours,
      data.texts,
    );
    const { texts } = data;
    const wait = sofar.wait ? fillIn(texts.waiting, { wait: sofar.wait, patience: settings.patience }) : texts.improved;
    this.set(
      this.parts.reached,
      fillIn(texts.reached, { epoch: position + 1, monitor, value: values[position].toFixed(4), wait }),
      sofar.wait,
    );
  }

  /** Say how the training ends; numbers that are subtracted are rounded before, so that they add up as shown. */
  writeResult() {
    const { data, stop, values, controls } = this;
    const { texts, figures } = data;
    const accuracies = figures.val_accuracy;
    const restored = controls.scene.restore === "on";
    const kept = restored ? stop.best : stop.last;
    const top = Math.max(...accuracies);
    const permille = (/** @type {number} */ accuracy) => Math.round(accuracy * 1000);
    const count = values.length;
    const saved = count - 1 - stop.last;
    /** @type {(number: number, one: string, more: string) => string} */
    const many = (number, one, more) => (number === 1 ? one : fillIn(more, { number }));
    const numbers = { last: stop.last + 1, count, saved: many(saved, texts["one-epoch"], texts.epochs) };
    this.set(this.parts.stopped, fillIn(stop.stopped ? texts.stopped : texts["not-stopped"], numbers), stop.last);
    this.set(this.parts.best, fillIn(texts.best, { best: stop.best + 1 }), stop.best);
    const accuracy = writeUnits(permille(accuracies[kept]), 1);
    this.set(
      this.parts.ends,
      fillIn(restored ? texts["ends-restored"] : texts["ends-last"], { kept: kept + 1, accuracy }),
      kept,
    );
    const cost = writeUnits(permille(top) - permille(accuracies[kept]), 1);
    const highest = { top: writeUnits(permille(top), 1), top_epoch: accuracies.indexOf(top) + 1, cost };
    this.set(this.parts.cost, fillIn(texts.cost, highest), top - accuracies[kept]);
    const files = keptEpochs(values.slice(0, stop.last + 1), controls.settings);
    const words = { times: many(files.length, texts.once, texts.times), file: files[files.length - 1] + 1 };
    this.set(
      this.parts.kept,
      fillIn(controls.settings.bestOnly ? texts["kept-best"] : texts["kept-all"], words),
      files.join(" "),
    );
    this.parts["patience-value"].textContent = String(controls.settings.patience);
  }

  /**
   * @param {HTMLElement} part
   * @param {string} text
   * @param {string | number} value as it is, for data-value
   */
  set(part, text, value) {
    write(part, text);
    part.dataset.value = String(value);
  }
}

export default mount(StoppingChartView);
