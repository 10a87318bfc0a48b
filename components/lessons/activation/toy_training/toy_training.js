// The toy training. Python trains both networks when Train is pressed and sends their whole course; it is played here.

import { mount } from "../../../browser/board.js";
import { carriedMessage, onCarried } from "../../../browser/carrier.js";
import { SceneControls } from "../../../browser/controls.js";
import { make } from "../../../browser/dom.js";
import { decodeArray, writeUnits } from "../../../browser/numbers.js";
import { calm } from "../../../player/player.js";
import { StageView } from "../../../player/stage.js";
import { LossCurves } from "./curves.js";
import { Plane, groundColours } from "./plane.js";

/** @import { Scene } from "../../../browser/controls.js" */
/** @import { StageMessage } from "../../../player/stage.js" */

/**
 * @typedef {object} ToyMessage what Python's payload says
 * @property {string} places float32 (count, 2), x and y from −extent to extent
 * @property {string} classes uint8 (count), 0 for A and 1 for B
 * @property {number} count of points
 * @property {number} extent
 * @property {string} nextRun the scene's `run` after Train is pressed
 * @property {number} topSpeed
 * @property {boolean} underway both networks are being trained
 * @property {string} progress the id under which the share that is done is carried here meanwhile
 * @property {ToyTraining | null} training null before Train is pressed, and while it is under way
 */

/**
 * @typedef {object} ToyTraining what happened after each epoch, to both networks
 * @property {string} id another one for every training
 * @property {number} epochs
 * @property {string} levels float32 (codes), the logit that each code stands for
 * @property {string} shades float32 (codes), its probability
 * @property {number} guess the loss of an undecided network
 * @property {number} topLoss the upper end of the chart of losses
 * @property {SentCourse} linear
 * @property {SentCourse} nonlinear
 * @property {string[]} facts
 */

/**
 * @typedef {object} SentCourse one network after each epoch
 * @property {number} side places of the grid
 * @property {string} codes uint8 (epochs, side, side), the network's answers on the grid
 * @property {string} losses float64 (epochs)
 * @property {string} accuracies float64 (epochs), from 0 to 1
 * @property {string} correct uint8 (epochs, ⌈count / 8⌉), a bit for each point
 */

/** @type {("linear" | "nonlinear")[]} */
const NETWORKS = ["linear", "nonlinear"];

/** @extends {StageView<StageMessage & ToyMessage>} */
class ToyTrainingView extends StageView {
  /** The last epoch that was shown of this training, from 0. */
  seen = 0;

  /** @param {ShadowRoot} root */
  constructor(root) {
    super(root);
    this.networks = NETWORKS.map((name) => {
      const figure = /** @type {HTMLElement} */ (root.querySelector(`[data-network="${name}"]`));
      /** @type {(what: string) => HTMLElement} */
      const number = (what) => /** @type {HTMLElement} */ (figure.querySelector(`[data-testid="toy-${name}-${what}"]`));
      const [losses, accuracies] = [new Float64Array(), new Float64Array()]; // empty before the training
      return { name, plane: new Plane(figure), accuracy: number("accuracy"), loss: number("loss"), losses, accuracies };
    });
    this.curves = new LossCurves(this.parts.curves);
    this.controls = new SceneControls(root, this.parts, (scene) => {
      this.emit(scene);
      this.wait(scene.run !== "0");
    });
    this.parts.train.onclick = () => this.controls.change({ run: this.data.nextRun });
    const observer = new ResizeObserver(() => this.repaint());
    for (const canvas of root.querySelectorAll(".plane, .curves")) observer.observe(canvas);
    this.deafen = onCarried((id) => {
      if (id === this.data?.progress) this.showProgress(carriedMessage(id).share);
    });
  }

  leave() {
    this.deafen();
    super.leave();
  }

  /** @param {StageMessage & ToyMessage} sent */
  load(sent) {
    const { before, imposed } = this.begin(sent);
    const data = (this.data = sent.underway && before ? withCourse(sent, before) : sent);
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
    if (this.controls.edits.knownTo(data)) this.wait(data.underway);
    this.showFacts();
    this.repaint();
    this.end(imposed);
  }

  /** @param {StageMessage & ToyMessage} data */
  takeArrays({ places, classes, count, extent, training, texts }) {
    const points = {
      places: decodeArray(places, Float32Array),
      classes: decodeArray(classes, Uint8Array),
      count,
      extent,
      colours: this.colours,
    };
    const coding = training && {
      levels: decodeArray(training.levels, Float32Array),
      colours: groundColours(this.colours, decodeArray(training.shades, Float32Array)),
    };
    for (const network of this.networks) {
      const sent = training?.[network.name];
      network.losses = decodeArray(sent?.losses ?? "", Float64Array);
      network.accuracies = decodeArray(sent?.accuracies ?? "", Float64Array);
      network.plane.setPoints(points);
      network.plane.setCourse(
        sent && coding
          ? {
              side: sent.side,
              codes: decodeArray(sent.codes, Uint8Array),
              correct: decodeArray(sent.correct, Uint8Array),
              ...coding,
            }
          : null,
      );
      network.plane.canvas.setAttribute("aria-label", texts["plane-alt"].replace("{name}", texts[network.name]));
    }
    this.parts.curves.setAttribute("aria-label", texts["curves-alt"]);
  }

  /** Play a training that the visitor has started, or show its end where motion is not wanted. */
  present() {
    this.player.pause();
    this.player.seek(calm.matches ? this.player.count - 1 : 0);
    if (!calm.matches) this.player.play();
  }

  /**
   * Say that Python trains, until its answer comes.
   *
   * @param {boolean} waiting
   */
  wait(waiting) {
    const { train } = this.parts;
    const waited = this.stage.classList.contains("waiting");
    if (waiting) this.player.pause();
    train.disabled = waiting;
    this.stage.classList.toggle("waiting", waiting);
    if (!waiting) train.textContent = this.data.training ? this.data.texts.again : this.data.texts.train;
    else if (!waited) this.showProgress(0);
  }

  /** @param {number} share that is trained, from 0 to 1 */
  showProgress(share) {
    const { train } = this.parts;
    if (!this.stage.classList.contains("waiting")) return;
    train.textContent = this.data.texts.training.replace("{share}", String(Math.round(share * 100)));
    train.style.setProperty("--done", String(share));
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

  /** @param {number} position */
  draw(position) {
    const { training, texts } = this.data;
    for (const { plane, accuracy, loss, losses, accuracies } of this.networks) {
      plane.draw(position);
      if (training) {
        accuracy.textContent = texts.percent.replace("{value}", writeUnits(Math.round(accuracies[position] * 1000), 1));
        accuracy.dataset.value = String(accuracies[position]);
        loss.textContent = writeUnits(Math.round(losses[position] * 1000), 3);
        loss.dataset.value = String(losses[position]);
      } else {
        accuracy.textContent = loss.textContent = texts.none;
        delete accuracy.dataset.value;
        delete loss.dataset.value;
      }
    }
    this.seen = Math.max(this.seen, position);
    this.curves.draw({ networks: this.networks, training, texts, colours: this.colours, position, seen: this.seen });
  }
}

/**
 * Return a message with the points and the training of the one before: they stay on the board until the new training is
 * there.
 *
 * @param {StageMessage & ToyMessage} sent
 * @param {StageMessage & ToyMessage} before
 */
function withCourse(sent, { places, classes, count, extent, training }) {
  return { ...sent, places, classes, count, extent, training };
}

export default mount(ToyTrainingView);
