// Vanishing gradients. Python sends what is left of the gradient at every layer of every depth once; the browser draws
// the way back through the network, and answers the depth slider without asking the server.

import { mount } from "../../../browser/board.js";
import { decodeArray } from "../../../browser/numbers.js";
import { StageView } from "../../../player/stage.js";
import { Card } from "./card.js";
import { VanishingControls } from "./controls.js";
import { FlowChart, LOOKS, drawSwatch } from "./flow_chart.js";

/** @import { StageMessage } from "../../../player/stage.js" */
/** @import { Flow, Series } from "./card.js" */

/**
 * @typedef {object} VanishingMessage what Python's payload says. The arrays are float32 (series, deepest, deepest): row
 *     `depth − 1` of a series holds the network of `depth` layers, and zeros where it has no layer. See `Flow`.
 * @property {Series[]} series
 * @property {number} deepest number of layers
 * @property {number} seeds how many draws of the weights there are
 * @property {number} topSpeed
 * @property {string} shares
 * @property {string} means
 * @property {string} factors
 * @property {string} derivativeProducts
 * @property {string} weightProducts
 */

/** @extends {StageView<StageMessage & VanishingMessage>} */
class VanishingView extends StageView {
  /** @type {Flow} of all depths of all series, as they are sent */ arrays;
  /** @type {Card[]} */ cards;
  /** @type {boolean} whether the gradient has arrived at the first layer */ complete;
  /** @type {number} */ depth;
  /** @type {Flow[]} */ flows;

  /** @param {ShadowRoot} root */
  constructor(root) {
    super(root);
    this.chart = new FlowChart(this.parts.flow);
    this.controls = new VanishingControls(
      root,
      this.parts,
      (scene) => this.emit(scene),
      () => this.deepen(),
    );
    this.listenToPlate(this.parts.flow, (x) => (this.data ? this.chart.passedAt(x) : null));
    new ResizeObserver(() => {
      if (!this.data) return;
      this.drawSwatches();
      this.player.requestDraw();
    }).observe(this.parts.flow);
  }

  /** @param {StageMessage & VanishingMessage} data */
  load(data) {
    const { before, imposed, recoloured } = this.begin(data);
    this.parts.flow.setAttribute("aria-label", data.texts["chart-alt"]);
    this.arrays = flowOf((name) => decodeArray(data[name], Float32Array));
    if (!before) this.buildCards();
    if (recoloured) this.drawSwatches();
    this.deepen();
    this.end(imposed);
  }

  buildCards() {
    this.cards = this.data.series.map((series) => new Card(series));
    this.parts.cards.replaceChildren(...this.cards.map(({ box }) => box));
  }

  drawSwatches() {
    this.cards.forEach(({ swatch }, number) => drawSwatch(swatch, LOOKS[this.data.series[number].name], this.colours));
  }

  /** Show a network as deep as the slider says. A gradient that had arrived at the first layer has arrived here, too. */
  deepen() {
    const { texts, series, deepest, topSpeed } = this.data;
    const depth = Number(this.controls.scene.depth);
    // In a network of one layer every gradient has arrived: it says nothing about the next network.
    if (this.player.count > 1) this.complete = this.player.position === this.player.count - 1;
    this.depth = depth;
    this.flows = series.map((_, number) => {
      const start = (number * deepest + depth - 1) * deepest;
      return flowOf((name) => this.arrays[name].subarray(start, start + depth));
    });
    const value = depth === 1 ? texts["depth-one"] : texts["depth-value"].replace("{depth}", String(depth));
    this.parts["depth-value"].textContent = value;
    this.parts.depth.setAttribute("aria-valuetext", value);
    this.player.configure({ count: depth, rowLength: 5, texts: texts.player, topSpeed, glide: 400 });
    if (this.complete && this.player.position !== depth - 1) {
      this.player.position = depth - 1;
      this.player.settle();
    }
  }

  /**
   * Nothing to forget: the picture is a function of the position.
   *
   * @param {number} position
   * @param {number} arrived
   */
  draw(position, arrived) {
    const { series, texts } = this.data;
    const passed = position > 0 ? position - 1 + arrived : 0;
    this.chart.draw(series, this.flows, this.depth - 1 - passed, this.colours, texts);
    const layer = this.depth - 1 - position;
    const reached = (position === 0 ? texts.start : texts.reached)
      .replace("{layer}", String(layer + 1))
      .replace("{passed}", String(layer + 2));
    this.parts.reached.textContent = reached;
    if (!this.player.playing) this.player.parts.position.setAttribute("aria-valuetext", reached);
    this.cards.forEach((card, number) => card.write(this.flows[number], layer, texts));
  }
}

/** @type {(arrayOf: (name: keyof Flow) => Float32Array) => Flow} */
const flowOf = (arrayOf) => ({
  shares: arrayOf("shares"),
  means: arrayOf("means"),
  factors: arrayOf("factors"),
  derivativeProducts: arrayOf("derivativeProducts"),
  weightProducts: arrayOf("weightProducts"),
});

export default mount(VanishingView);
