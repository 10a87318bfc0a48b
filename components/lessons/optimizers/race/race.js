// The race. Python sends the path of everyone who takes part. While a start or a learning rate is dragged, the paths are computed
// here, by the same rules, until Python's arrive.

import { mount } from "../../../browser/board.js";
import { sharpen, wiped } from "../../../browser/canvas.js";
import { make, write } from "../../../browser/dom.js";
import { decodeArray, fillIn, writeUnits } from "../../../browser/numbers.js";
import { StageView } from "../../../player/stage.js";
import { RaceControls } from "./controls.js";
import { LossChart } from "./loss_chart.js";
import { LossMap } from "./map.js";
import { drawMark } from "./marks.js";
import { runOptimizer } from "./rules.js";
import { writeNumber, writeSum } from "./writing.js";

/** @import { StageMessage } from "../../../player/stage.js" */
/** @import { Ground, Run } from "./rules.js" */

/**
 * @typedef {object} Line of an optimizer's step
 * @property {string} label
 * @property {[factor: string, quantity: string][]} terms whose sum is the total; none where it is no sum
 * @property {string} total a quantity
 */

/**
 * @typedef {object} Participant who takes part in the race
 * @property {string} name
 * @property {string} rule by which it steps: an optimizer
 * @property {string} label
 * @property {string} colour of its mark and its path
 * @property {string} shape of its mark
 * @property {Line[]} lines
 * @property {string} defaultRate Keras's
 * @property {number} firstSlot what its first slot holds at the start
 */

/** @typedef {{who: Participant, run: Run}} Runner */

/**
 * @typedef {object} RaceMessage what Python's payload says
 * @property {number} steps of each run
 * @property {number} topSpeed steps a second
 * @property {number} reach a run has diverged when a weight is farther from 0 than `reach` times the ground's width
 * @property {[lowest: number, highest: number]} rates that can be set
 * @property {Participant[]} runners
 * @property {Record<string, Record<string, string>>} first surface, start and learning rates, by surface
 * @property {Record<string, {scene: Record<string, string>, position: number, runners: string[]}>} stories the
 *     scene with which each begins, and who takes part
 * @property {string[]} noisy the surfaces whose gradient can be that of a batch
 * @property {string} correction of Adam's learning rate at each step, float32 (steps)
 * @property {string} batches the pictures of each step, uint16 (steps + 1, batchSize); none where gradients are exact
 * @property {number} batchSize
 * @property {string} story what to see
 * @property {string} about the surface
 * @property {Omit<Ground, "losses" | "inputs" | "labels"> & Record<"losses" | "inputs" | "labels", string>} ground losses
 *     float32, inputs float64, labels uint8
 * @property {(Record<"weights" | "losses" | "gradients" | "changes" | "slots", string> & {ended: number | null})[]} runs
 *     the arrays of a Run in the order of the runners, float32
 */

/** CSS pixels that a finger goes sideways before the start follows it. */
const TOUCH_SLOP = 10;

/** @extends {StageView<StageMessage & RaceMessage>} */
class OptimizerRaceView extends StageView {
  /** @type {Ground} */ ground;
  /** @type {Float32Array} */ correction;
  /** @type {Runner[]} */ runners;
  /** @type {Uint16Array} */ batches;
  /** @type {string} the lines that are there */ lined;
  /** @type {[x: HTMLElement, y: HTMLElement][]} */ lineCells;

  /** @type {string} */
  written;

  /** @type {Runner[]} */
  writtenRunners;

  /** @param {ShadowRoot} root */
  constructor(root) {
    super(root);
    const { map, losses, "map-plate": mapPlate, "losses-plate": lossesPlate } = this.parts;
    this.map = new LossMap(map, { plate: mapPlate, resized: () => this.repaint() });
    this.chart = new LossChart(losses, { plate: lossesPlate, resized: () => this.repaint() });
    this.controls = new RaceControls(root, this.parts, (scene) => this.emit(scene), {
      chosen: () => this.player.requestDraw(),
      moved: () => this.rerun(),
      placed: (position) => {
        this.player.pause();
        this.player.seek(position);
      },
    });
    this.listenToPlate(lossesPlate, (across) => (this.data ? this.chart.stepAt(across) : null));
    this.listenToMap(mapPlate);
  }

  /** @param {StageMessage & RaceMessage} data */
  load(data) {
    // A start that was dragged further while Python computed is newer than the answer.
    const late = this.runners && !this.controls.edits.knownTo(data) && this.controls.fits(data);
    const { before, imposed, recoloured } = this.begin(data);
    const { runs, texts, steps, topSpeed } = data;
    const ground = {
      ...data.ground,
      losses: decodeArray(data.ground.losses, Float32Array),
      inputs: decodeArray(data.ground.inputs, Float64Array),
      labels: decodeArray(data.ground.labels, Uint8Array),
    };
    this.ground = ground;
    this.correction = decodeArray(data.correction, Float32Array);
    this.batches = decodeArray(data.batches, Uint16Array);
    if (late) {
      this.rerun();
    } else {
      this.runners = data.runners.map((who, number) => {
        const [run, decode] = [runs[number], (/** @type {string} */ text) => decodeArray(text, Float32Array)];
        return {
          who,
          run: {
            weights: decode(run.weights),
            losses: decode(run.losses),
            gradients: decode(run.gradients),
            changes: decode(run.changes),
            slots: decode(run.slots),
            ended: run.ended,
          },
        };
      });
      this.stage.dataset.runs = "python";
    }
    this.parts.about.textContent = data.about;
    this.parts.tale.textContent = data.story;
    this.parts.map.setAttribute("aria-label", texts["map-alt"]);
    this.parts.losses.setAttribute("aria-label", texts["losses-alt"]);
    this.player.configure({
      count: steps + 1,
      rowLength: 10,
      texts: texts.player,
      topSpeed,
      glide: 400,
      scale: { start: 0, step: 1 },
    });
    if (recoloured || before?.ground.name !== ground.name) this.map.paint(ground, this.colours, texts);
    else this.map.data = ground;
    this.chart.paint(this.runners, steps, this.colours, texts);
    this.drawMarks();
    this.end(imposed);
  }

  /** Paint everything again: a plate has another size. */
  repaint() {
    if (!this.data) return;
    const { texts, steps } = this.data;
    this.map.paint(this.ground, this.colours, texts);
    this.chart.paint(this.runners, steps, this.colours, texts);
    this.drawMarks();
    this.player.requestDraw();
  }

  /** Compute the paths here, from what the controls show. */
  rerun() {
    const { runners, steps, reach, texts, batchSize } = this.data;
    const { ground, correction, batches } = this;
    const { scene } = this.controls;
    if (!this.controls.fits(this.data)) return; // others will come, and their paths with them
    const [x, y] = [scene.x, scene.y].map(Number);
    this.runners = runners.map((who) => ({
      who,
      run: runOptimizer(who, ground, {
        x,
        y,
        rate: Number(scene[who.name]),
        steps,
        reach,
        correction,
        batches,
        batchSize,
      }),
    }));
    this.stage.dataset.runs = "browser";
    this.chart.paint(this.runners, steps, this.colours, texts);
    this.player.requestDraw();
  }

  /**
   * The start follows the pointer; meanwhile the whole paths are shown.
   *
   * @param {HTMLElement} plate
   */
  listenToMap(plate) {
    const move = (/** @type {PointerEvent} */ event) => {
      if (!this.data) return;
      const box = plate.getBoundingClientRect();
      const weights = this.map.weightsAt(
        (event.clientX - box.left) / box.width,
        (event.clientY - box.top) / box.height,
      );
      this.player.pause();
      if (this.player.position < this.data.steps) this.player.seek(this.data.steps);
      this.controls.setStart(...weights);
    };
    /** @type {{x: number, y: number} | null} where a finger came down that may only want to scroll */
    let finger = null;
    plate.onpointerdown = (event) => {
      if (event.button !== 0) return;
      plate.setPointerCapture(event.pointerId);
      finger = event.pointerType === "touch" ? { x: event.clientX, y: event.clientY } : null;
      if (!finger) move(event);
    };
    plate.onpointermove = (event) => {
      if (!(event.buttons & 1)) return;
      if (finger) {
        const [across, down] = [Math.abs(event.clientX - finger.x), Math.abs(event.clientY - finger.y)];
        if (across < TOUCH_SLOP || across < down) return;
        finger = null;
      }
      move(event);
    };
    // A tap; a finger that scrolls is taken over by the browser, and never comes up here.
    plate.onpointerup = (event) => {
      if (finger) move(event);
    };
  }

  drawMarks() {
    this.controls.rows.forEach(({ mark }, number) => {
      const side = mark.clientWidth;
      if (!side) return;
      sharpen(mark, side, side);
      drawMark(wiped(mark), this.data.runners[number], [side / 2, side / 2], 0.33 * side, 0.1 * side);
    });
  }

  /**
   * @param {number} position
   * @param {number} arrived
   */
  draw(position, arrived) {
    const chosen = this.controls.scene.optimizer;
    this.map.draw(this.runners, position, arrived, chosen);
    this.chart.draw(this.runners, position, arrived, chosen);
    if (this.written === `${position} ${chosen}` && this.writtenRunners === this.runners) return;
    Object.assign(this, { written: `${position} ${chosen}`, writtenRunners: this.runners });
    this.writeLosses(position);
    const runner = this.runners.find(({ who }) => who.name === chosen);
    if (runner) this.writeStep(position, runner);
  }

  /**
   * @param {HTMLElement} element
   * @param {string} text
   * @param {number} [value] as it is, for data-value
   */
  set(element, text, value) {
    write(element, text);
    if (value !== undefined) element.dataset.value = String(value);
  }

  /** @param {number} position */
  writeLosses(position) {
    const { texts, ground } = this.data;
    const fallen = [];
    /** @type {{name: string, loss: number} | null} the one with the smallest loss */
    let leader = null;
    for (const [number, { who, run }] of this.runners.entries()) {
      const { ended } = run;
      const over = ended !== null && position >= ended;
      const loss = run.losses[position];
      const written = over ? fillIn(texts.diverged, { step: ended }) : writeNumber(loss);
      this.set(this.controls.rows[number].loss, written, loss);
      if (over) {
        const [x, y] = [0, 1].map((weight) => writeNumber(run.weights[2 * position + weight], 3));
        fallen.push(fillIn(texts.divergence, { name: who.label, step: ended, x, y, loss: writeNumber(loss, 3) }));
      } else if (!leader || loss < leader.loss) {
        leader = { name: who.label, loss };
      }
    }
    const lines =
      leader && position > 0
        ? [fillIn(texts.leader, { step: position, name: leader.name, loss: writeNumber(leader.loss) })]
        : [];
    if (fallen.length) lines.push(fillIn(texts.divergences, { runs: fallen.join("; ") }));
    else lines.push(fillIn(texts.best, { loss: writeNumber(ground.least) }));
    this.set(this.parts.standing, lines.join(" "));
  }

  /**
   * Write the step that led to a position: each line with its numbers, for both weights.
   *
   * @param {number} position
   * @param {Runner} runner
   */
  writeStep(position, { who, run }) {
    const { texts } = this.data;
    const { ended } = run;
    const over = ended !== null && position >= ended;
    const step = over ? ended : position;
    const title = over ? texts["step-ended"] : step === 0 ? texts["step-start"] : texts.step;
    this.set(this.parts["step-title"], fillIn(title, { name: who.label, step }));
    this.set(this.parts.eta, fillIn(texts.eta, { rate: this.controls.scene[who.name] }));
    if (this.lined !== JSON.stringify(who.lines)) this.buildLines(who);
    who.lines.forEach((line, number) => {
      [0, 1].forEach((weight) => {
        const cell = this.lineCells[number][weight];
        if (step === 0)
          this.set(cell, line.total === "w1" ? writeUnits(Math.round(run.weights[weight] * 1e4), 4) : "–");
        else
          this.set(
            cell,
            this.lineText(line, this.quantities(run, step, weight, Number(this.controls.scene[who.name]))),
          );
      });
    });
  }

  /**
   * Return the quantities of a step by the names that the lines use.
   *
   * @param {Run} run
   * @param {number} step from 1
   * @param {number} weight 0 for x, 1 for y
   * @param {number} eta the learning rate
   * @returns {Record<string, number>}
   */
  quantities({ weights, gradients, changes, slots }, step, weight, eta) {
    const [now, slot] = [2 * step + weight, 4 * step + weight];
    const [g, change] = [gradients[now - 2], changes[now]];
    return {
      w0: weights[now - 2],
      w1: weights[now],
      g,
      g2: g * g,
      change,
      d: change / eta,
      d2: (change / eta) ** 2,
      eta,
      a0: slots[slot - 4],
      a1: slots[slot],
      b0: slots[slot - 2],
      b1: slots[slot + 2],
      alpha: eta * this.correction[step - 1],
    };
  }

  /**
   * @param {Line} line
   * @param {Record<string, number>} quantities
   */
  lineText({ terms, total }, quantities) {
    /** @type {(factor: string, name: string) => number} */
    const value = (factor, name) => (factor === "-eta" ? -quantities.eta : Number(factor)) * quantities[name];
    if (terms.length === 0) return writeNumber(quantities[total]);
    return writeSum(
      terms.map(([factor, name]) => value(factor, name)),
      quantities[total],
      { fixed: total === "w1" },
    );
  }

  /** @param {Participant} who */
  buildLines({ lines }) {
    this.lined = JSON.stringify(lines);
    this.lineCells = [];
    const rows = ["x", "y"].map((name) => make("tr", {}, make("th", { scope: "row", textContent: name })));
    const corner = make("th", { scope: "col", textContent: this.data.texts.weight });
    const heads = lines.map(({ label }) => make("th", { scope: "col", textContent: label }));
    for (const { label, terms } of lines) {
      const made = () => make("td", { className: terms.length ? "sum" : "", data: { label } });
      /** @type {[x: HTMLElement, y: HTMLElement]} */
      const cells = [made(), made()];
      rows.forEach((row, weight) => row.append(cells[weight]));
      this.lineCells.push(cells);
    }
    this.parts["line-heads"].replaceChildren(corner, ...heads);
    this.parts.lines.replaceChildren(...rows);
  }
}

export default mount(OptimizerRaceView);
