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
 * @typedef {object} Measured figures on test pictures, one number an epoch each
 * @property {number} pictures
 * @property {number[]} loss
 * @property {number[]} accuracy the share right
 * @property {number[]} low the lower end of its interval
 * @property {number[]} high
 */

/**
 * @typedef {object} StoppingMessage what Python's payload says
 * @property {number} topSpeed epochs a second
 * @property {number} maxPatience epochs
 * @property {number} maxDelta
 * @property {string} run its name
 * @property {Record<string, number[]>} figures loss, accuracy, val_loss and val_accuracy, one number an epoch each
 * @property {Record<string, number[]>[]} others the same figures of the same training with other seeds
 * @property {Measured | null} test what each epoch's weights gave on test pictures; null if nobody measured it
 * @property {string} why loss and accuracy part ways
 * @property {string} code the callbacks in Keras
 */

/** @param {number} share from 0 to 1, written as a percentage */
const writeShare = (share) => writeUnits(Math.round(share * 1000), 1);

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
    this.parts.why.textContent = data.why;
    this.parts["why-fold"].hidden = !data.why;
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
        others: data.others.map((one) => one[`val_${figure}`]),
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

  /** Say how the training ends, and what that means on test pictures. */
  writeResult() {
    const { data, stop, values, controls } = this;
    const { texts } = data;
    const restored = controls.scene.restore === "on";
    const kept = restored ? stop.best : stop.last;
    const count = values.length;
    const saved = count - 1 - stop.last;
    /** @type {(number: number, one: string, more: string) => string} */
    const many = (number, one, more) => (number === 1 ? one : fillIn(more, { number }));
    /** @param {number} number */
    const epochs = (number) => many(number, texts["one-epoch"], texts.epochs);
    const numbers = { last: stop.last + 1, count, saved: epochs(saved), all: epochs(count) };
    this.set(this.parts.stopped, fillIn(stop.stopped ? texts.stopped : texts["not-stopped"], numbers), stop.last);
    const ends = restored ? texts["ends-restored"] : texts["ends-last"];
    this.set(this.parts.ends, fillIn(ends, { kept: kept + 1, best: stop.best + 1 }), kept);
    this.parts.ends.dataset.best = String(stop.best);
    this.writeTest(kept);
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
   * Say what the kept weights give on test pictures, beside those of the run's end.
   *
   * @param {number} kept their epoch, from 0
   */
  writeTest(kept) {
    const { texts, test } = this.data;
    const { test: here, end } = this.parts;
    end.hidden = test === null;
    if (test === null) {
      this.set(here, texts["no-test"], "");
      return;
    }
    const last = test.accuracy.length - 1;
    const figures = (/** @type {number} */ epoch) => ({
      pictures: test.pictures.toLocaleString("en"),
      count: last + 1,
      accuracy: writeShare(test.accuracy[epoch]),
      low: writeShare(test.low[epoch]),
      high: writeShare(test.high[epoch]),
      loss: test.loss[epoch].toFixed(2),
    });
    this.set(here, fillIn(texts.test, figures(kept)), test.accuracy[kept]);
    if (kept === last) {
      this.set(end, texts["same-end"], test.accuracy[last]);
      return;
    }
    const won = test.low[kept] > test.high[last];
    const lost = test.high[kept] < test.low[last];
    const verdict = won ? texts.won : lost ? texts.lost : texts.overlap;
    this.set(end, `${fillIn(texts["test-end"], figures(last))} ${verdict}`, test.accuracy[last]);
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
