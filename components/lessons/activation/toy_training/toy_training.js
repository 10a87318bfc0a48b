// The toy training. Python trains both networks when it is asked to and sends their whole course; it is played here.

import { mount } from "../../../browser/board.js";
import { SceneControls } from "../../../browser/controls.js";
import { make } from "../../../browser/dom.js";
import { decodeArray, writeUnits } from "../../../browser/numbers.js";
import { calm } from "../../../player/player.js";
import { StageView } from "../../../player/stage.js";
import { LossCurves } from "./curves.js";
import { Plane, groundColours } from "./plane.js";

const NETWORKS = ["linear", "nonlinear"];

class ToyTrainingView extends StageView {
  /** @type {any} */ seen;

  constructor(root) {
    super(root);
    this.networks = NETWORKS.map((name) => {
      const figure = root.querySelector(`[data-network="${name}"]`);
      const number = (what) => figure.querySelector(`[data-testid="toy-${name}-${what}"]`);
      /** @type {Float64Array | null} */
      const sent = null;
      const plane = new Plane(figure);
      return { name, plane, accuracy: number("accuracy"), loss: number("loss"), losses: sent, accuracies: sent };
    });
    this.curves = new LossCurves(this.parts.curves);
    this.controls = new SceneControls(root, this.parts, (scene) => {
      this.emit(scene);
      this.waitFor(scene);
    });
    this.parts.train.onclick = () => this.controls.change({ run: this.data.nextRun });
    const observer = new ResizeObserver(() => this.repaint());
    for (const canvas of root.querySelectorAll(".plane, .curves")) observer.observe(canvas);
  }

  load(data) {
    const { before, imposed } = this.begin(data);
    const { training } = data;
    const trained = training && training.id !== before?.training?.id;
    this.takeArrays(data);
    this.player.configure({
      count: training?.epochs ?? 0,
      rowLength: 10,
      texts: data.texts.player,
      topSpeed: data.topSpeed,
    });
    if (trained) this.seen = 0;
    if (trained && !imposed) this.present();
    if (this.controls.edits.knownTo(data)) this.waitFor(null);
    this.showFacts();
    this.repaint();
    this.end(imposed);
  }

  takeArrays({ places, classes, count, extent, training, texts }) {
    const points = {
      places: decodeArray(places, Float32Array),
      classes: decodeArray(classes, Uint8Array),
      count,
      extent,
      colours: this.colours,
    };
    const levels = training && decodeArray(training.levels, Float32Array);
    const colours = training && groundColours(this.colours, decodeArray(training.shades, Float32Array));
    for (const network of this.networks) {
      const sent = training?.[network.name];
      network.losses = sent && decodeArray(sent.losses, Float64Array);
      network.accuracies = sent && decodeArray(sent.accuracies, Float64Array);
      network.plane.setPoints(points);
      network.plane.setCourse(
        sent
          ? {
              side: sent.side,
              codes: decodeArray(sent.codes, Uint8Array),
              correct: decodeArray(sent.correct, Uint8Array),
              levels,
              colours,
            }
          : null,
      );
      network.plane.canvas.setAttribute("aria-label", texts["plane-alt"].replace("{name}", texts[network.name]));
    }
    this.parts.curves.setAttribute("aria-label", texts["curves-alt"]);
  }

  /** A training has arrived that the visitor asked for: play it, or show its end where motion is not wanted. */
  present() {
    this.player.pause();
    this.player.seek(calm.matches ? this.player.count - 1 : 0);
    if (!calm.matches) this.player.play();
  }

  /** Say that Python trains until its answer comes; `scene` is what it was asked for, null when the answer is here. */
  waitFor(scene) {
    const { train } = this.parts;
    const waiting = scene !== null && scene.run !== "0";
    const { texts, training } = this.data;
    if (waiting) this.player.pause();
    train.disabled = waiting;
    train.textContent = waiting ? texts.training : training ? texts.again : texts.train;
    this.stage.classList.toggle("waiting", waiting);
  }

  showFacts() {
    const { training, texts } = this.data;
    const lines = training?.facts ?? [texts.invitation];
    const shown = [...this.parts.facts.children].map((line) => line.textContent);
    if (JSON.stringify(lines) === JSON.stringify(shown)) return;
    this.parts.facts.replaceChildren(...lines.map((line) => make("p", { textContent: line })));
  }

  /** Draw again what is shown; without a training the player draws nothing. */
  repaint() {
    if (!this.data) return;
    if (this.data.training) this.player.requestDraw();
    else this.draw(0);
  }

  draw(position) {
    const { training, texts } = this.data;
    for (const { plane, accuracy, loss, losses, accuracies } of this.networks) {
      plane.draw(position);
      if (losses && accuracies) {
        accuracy.textContent = texts.percent.replace("{value}", writeUnits(Math.round(accuracies[position] * 1000), 1));
        accuracy.dataset.value = accuracies[position];
        loss.textContent = writeUnits(Math.round(losses[position] * 1000), 3);
        loss.dataset.value = losses[position];
      } else {
        accuracy.textContent = loss.textContent = texts.none;
        delete accuracy.dataset.value;
        delete loss.dataset.value;
      }
    }
    this.seen = Math.max(this.seen ?? 0, position);
    this.curves.draw({ networks: this.networks, training, texts, colours: this.colours, position, seen: this.seen });
  }
}

export default mount(ToyTrainingView);
