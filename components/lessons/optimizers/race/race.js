// The race. Python sends the way of every optimizer; while a start or a learning rate is dragged, the ways are computed
// here, with the same rules, until Python's arrive.

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

class OptimizerRaceView extends StageView {
  /** @type {Float32Array} */ correction;
  /** @type {any} */ runners;
  /** @type {any} */ lined;
  /** @type {any[]} */ lineCells;

  /** @type {string} */
  written;

  /** @type {object} */
  writtenRunners;

  constructor(root) {
    super(root);
    const { map, losses, "map-plate": mapPlate, "losses-plate": lossesPlate } = this.parts;
    this.map = new LossMap(map, { plate: mapPlate, resized: () => this.repaint() });
    this.chart = new LossChart(losses, { plate: lossesPlate, resized: () => this.repaint() });
    this.controls = new RaceControls(root, this.parts, (scene) => this.emit(scene), {
      chosen: () => this.player.requestDraw(),
      moved: () => this.rerun(),
    });
    this.listenToPlate(lossesPlate, (across) => (this.data ? this.chart.stepAt(across) : null));
    this.listenToMap(mapPlate);
  }

  load(data) {
    // A start that has been dragged on since this was asked for is ahead of the answer.
    const late = this.runners && !this.controls.edits.knownTo(data) && this.controls.scene.surface === data.ground.name;
    const { before, imposed, recoloured } = this.begin(data);
    const { ground, rules, runs, texts, steps, topSpeed } = data;
    Object.assign(ground, {
      losses: decodeArray(ground.losses, Float32Array),
      inputs: decodeArray(ground.inputs, Float64Array),
      labels: decodeArray(ground.labels, Uint8Array),
    });
    this.correction = decodeArray(data.correction, Float32Array);
    if (late) {
      this.rerun();
    } else {
      this.runners = rules.map((rule, number) => {
        const { ended, ...arrays } = runs[number];
        return {
          rule,
          run: {
            ended,
            ...Object.fromEntries(
              Object.entries(arrays).map(([name, text]) => [name, decodeArray(text, Float32Array)]),
            ),
          },
        };
      });
      this.stage.dataset.runs = "python";
    }
    this.parts.about.textContent = data.about;
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

  /** Nothing to forget: the picture is a function of the position. */
  repaint() {
    if (!this.data) return;
    const { ground, texts, steps } = this.data;
    this.map.paint(ground, this.colours, texts);
    this.chart.paint(this.runners, steps, this.colours, texts);
    this.drawMarks();
    this.player.requestDraw();
  }

  /** Compute the ways here, from what the controls say. */
  rerun() {
    const { ground, rules, steps, reach, texts } = this.data;
    const { scene } = this.controls;
    if (scene.surface !== ground.name) return; // another surface is on its way, and its ways with it
    const [x, y] = [scene.x, scene.y].map(Number);
    this.runners = rules.map((rule) => ({
      rule,
      run: runOptimizer(rule, ground, {
        x,
        y,
        rate: Number(scene[rule.name]),
        steps,
        reach,
        correction: this.correction,
      }),
    }));
    this.stage.dataset.runs = "browser";
    this.chart.paint(this.runners, steps, this.colours, texts);
    this.player.requestDraw();
  }

  /** The start goes where the pointer is; the whole ways are shown meanwhile. */
  listenToMap(plate) {
    const move = (event) => {
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
    plate.onpointerdown = (event) => {
      if (event.button !== 0) return;
      plate.setPointerCapture(event.pointerId);
      move(event);
    };
    plate.onpointermove = (event) => {
      if (event.buttons & 1) move(event);
    };
  }

  drawMarks() {
    this.controls.rows.forEach(({ mark }, number) => {
      const side = mark.clientWidth;
      if (!side) return;
      sharpen(mark, side, side);
      drawMark(wiped(mark), this.data.rules[number], [side / 2, side / 2], 0.33 * side, 0.1 * side);
    });
  }

  draw(position, arrived) {
    const chosen = this.controls.scene.optimizer;
    this.map.draw(this.runners, position, arrived, chosen);
    this.chart.draw(this.runners, position, arrived, chosen);
    if (this.written === `${position} ${chosen}` && this.writtenRunners === this.runners) return;
    Object.assign(this, { written: `${position} ${chosen}`, writtenRunners: this.runners });
    this.writeLosses(position);
    this.writeStep(
      position,
      this.runners.find(({ rule }) => rule.name === chosen),
    );
  }

  set(element, text, value) {
    write(element, text);
    if (value !== undefined) element.dataset.value = value;
  }

  writeLosses(position) {
    const { texts, ground } = this.data;
    const fallen = [];
    /** @type {any} the one with the smallest loss */
    let leader = null;
    this.runners.forEach(({ rule, run }, number) => {
      const over = run.ended !== null && position >= run.ended;
      const loss = run.losses[position];
      this.set(
        this.controls.rows[number].loss,
        over ? fillIn(texts.diverged, { step: run.ended }) : writeNumber(loss),
        loss,
      );
      if (over) {
        const [x, y] = [0, 1].map((weight) => writeNumber(run.weights[2 * position + weight], 3));
        fallen.push(fillIn(texts.divergence, { name: rule.label, step: run.ended, x, y, loss: writeNumber(loss, 3) }));
      } else if (!leader || loss < leader.loss) {
        leader = { name: rule.label, loss };
      }
    });
    const lines =
      leader && position > 0
        ? [fillIn(texts.leader, { step: position, name: leader.name, loss: writeNumber(leader.loss) })]
        : [];
    if (fallen.length) lines.push(fillIn(texts.divergences, { runs: fallen.join("; ") }));
    else lines.push(fillIn(texts.best, { loss: writeNumber(ground.least) }));
    this.set(this.parts.standing, lines.join(" "));
  }

  /** Write the step that led to a position: each line with its numbers, for both weights. */
  writeStep(position, { rule, run }) {
    const { texts } = this.data;
    const over = run.ended !== null && position >= run.ended;
    const step = over ? run.ended : position;
    const title = over ? texts["step-ended"] : step === 0 ? texts["step-start"] : texts.step;
    this.set(this.parts["step-title"], fillIn(title, { name: rule.label, step }));
    this.set(this.parts.eta, fillIn(texts.eta, { rate: this.controls.scene[rule.name] }));
    if (this.lined !== rule.name || this.lineCells === undefined) this.buildLines(rule);
    rule.lines.forEach((line, number) => {
      [0, 1].forEach((weight) => {
        const cell = this.lineCells[number][weight];
        if (step === 0)
          this.set(cell, line.total === "w1" ? writeUnits(Math.round(run.weights[weight] * 1e4), 4) : "–");
        else
          this.set(
            cell,
            this.lineText(line, this.quantities(run, step, weight, Number(this.controls.scene[rule.name]))),
          );
      });
    });
  }

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

  lineText({ terms, total }, quantities) {
    const value = (factor, name) => (factor === "-eta" ? -quantities.eta : Number(factor)) * quantities[name];
    if (terms.length === 0) return writeNumber(quantities[total]);
    return writeSum(
      terms.map(([factor, name]) => value(factor, name)),
      quantities[total],
      { fixed: total === "w1" },
    );
  }

  buildLines(rule) {
    this.lined = rule.name;
    this.lineCells = [];
    this.parts.lines.replaceChildren(
      ...rule.lines.map((line) => {
        const row = make("tr");
        const head = make("th", { scope: "row", textContent: line.label });
        const cells = [make("td"), make("td")];
        this.lineCells.push(cells);
        row.append(head, ...cells);
        return row;
      }),
    );
  }
}

export default mount(OptimizerRaceView);
