// The controls of the race: story, surface, start, and for each runner a row with its mark, loss and learning rate.

import { SceneControls } from "../../../browser/controls.js";
import { make } from "../../../browser/dom.js";
import { fillIn } from "../../../browser/numbers.js";

/** @import { Scene } from "../../../browser/controls.js" */
/** @import { StageMessage } from "../../../player/stage.js" */
/** @import { Participant, RaceMessage } from "./race.js" */

/**
 * @typedef {object} RaceRow a runner's controls
 * @property {string} name
 * @property {HTMLElement} row
 * @property {HTMLElement} loss
 * @property {HTMLElement} rate the learning rate, written
 * @property {HTMLInputElement} slider of the learning rate's power of ten
 * @property {HTMLInputElement} field
 * @property {HTMLCanvasElement} mark
 * @property {HTMLInputElement} radio
 */

/** @extends {SceneControls<StageMessage & RaceMessage>} */
export class RaceControls extends SceneControls {
  /** @type {RaceRow[]} in the order of the story */
  rows;

  /**
   * @param {ShadowRoot} root
   * @param {Record<string, any>} parts
   * @param {(scene: Scene) => void} emit
   * @param {object} told
   * @param {() => void} told.chosen called when another optimizer was chosen
   * @param {() => void} told.moved called when a start or a learning rate was changed
   * @param {(position: number) => void} told.placed called with the position at which a chosen story is first seen
   */
  constructor(root, parts, emit, told) {
    super(root, parts, emit);
    this.told = told;
    for (const name of ["x", "y"]) {
      const plain = parts[name].oninput;
      parts[name].oninput = () => {
        plain();
        const value = parts[name].valueAsNumber;
        if (Number.isFinite(value)) told.moved();
      };
    }
    const { "more-button": button, more, runners } = parts;
    button.onclick = () => {
      more.hidden = !more.hidden;
      runners.classList.toggle("set", !more.hidden);
      button.setAttribute("aria-expanded", String(!more.hidden));
    };
    parts["own-rates"].onclick = () => this.setRates(({ name }) => this.data.first[this.scene.surface][name]);
    parts["keras-rates"].onclick = () => this.setRates(({ defaultRate }) => defaultRate);
  }

  /**
   * Show what Python sent; another story has other rows.
   *
   * @param {StageMessage & RaceMessage} data
   * @param {import("../../../browser/colours.js").Colours} colours
   */
  load(data, colours) {
    const names = data.runners.map(({ name }) => name).join(" ");
    const others = this.rows && names !== this.rows.map(({ name }) => name).join(" ");
    this.data = data;
    if (others) this.buildRows();
    super.load(data, colours);
    if (others) this.show(this.scene);
  }

  /**
   * Return whether a message has the map and the runners of the scene that is shown.
   *
   * @param {RaceMessage} data
   */
  fits({ ground, runners, stories, batches }) {
    const { surface, story, noise } = this.scene;
    const here = stories[story].runners;
    return (
      surface === ground.name &&
      (noise === "on") === batches.length > 0 &&
      here.length === runners.length &&
      here.every((name, index) => name === runners[index].name)
    );
  }

  build() {
    super.build();
    this.buildRows();
  }

  /** Make a row for everyone who takes part. */
  buildRows() {
    const { runners, texts, rates } = this.data;
    this.rows = runners.map((runner) => {
      const row = make("div");
      row.className = "runner";
      const mark = make("canvas");
      const label = this.option("optimizer", runner.name, runner.label, { picture: mark });
      const loss = make("span", { className: "loss" });
      loss.dataset.testid = `loss-${runner.name}`;
      const rate = make("span", { className: "rate-text" });
      const slider = make("input", {
        type: "range",
        min: Math.log10(rates[0]),
        max: Math.log10(rates[1]),
        step: "any",
      });
      const field = make("input", {
        type: "number",
        min: rates[0],
        max: rates[1],
        step: "any",
      });
      for (const input of [slider, field])
        input.setAttribute("aria-label", fillIn(texts["rate-of"], { name: runner.label }));
      slider.oninput = () => this.setRate(runner.name, Number((10 ** Number(slider.value)).toPrecision(2)));
      slider.onkeydown = (event) => this.slide(event, runner.name);
      field.oninput = () => {
        if (field.valueAsNumber > 0) this.setRate(runner.name, field.valueAsNumber);
      };
      field.onblur = () => this.showRate(runner.name);
      row.append(label, loss, rate, slider, field);
      return {
        name: runner.name,
        row,
        loss,
        rate,
        slider,
        field,
        mark,
        radio: /** @type {HTMLInputElement} */ (label.querySelector("input")),
      };
    });
    this.parts.runners.replaceChildren(...this.rows.map(({ row }) => row));
  }

  /** @param {Scene} scene */
  show(scene) {
    super.show(scene);
    const { width, height } = this.data.ground;
    for (const [name, limit] of Object.entries({ x: width, y: height })) {
      Object.assign(this.parts[name], { min: String(-limit), max: String(limit) });
    }
    this.parts.noise.disabled = !this.data.noisy.includes(scene.surface);
    for (const { name, radio } of this.rows) {
      radio.checked = scene.optimizer === name;
      this.showRate(name);
    }
  }

  /** @param {string} name */
  showRate(name) {
    const row = this.rows.find((one) => one.name === name);
    if (!row) return;
    const { slider, field, rate } = row;
    rate.textContent = this.scene[name];
    slider.value = String(Math.log10(Number(this.scene[name])));
    slider.setAttribute("aria-valuetext", this.scene[name]);
    if (this.root.activeElement !== field) field.value = this.scene[name];
  }

  /**
   * Arrow keys move a rate by a tenth of a power of ten: the slider's own step has no size.
   *
   * @param {KeyboardEvent} event
   * @param {string} name
   */
  slide(event, name) {
    /** @type {Record<string, number>} */
    const ways = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 5, PageDown: -5 };
    if (!(event.key in ways)) return;
    event.preventDefault();
    const tenths = Math.round(10 * Math.log10(Number(this.scene[name]))) + ways[event.key];
    this.setRate(name, Number((10 ** (tenths / 10)).toPrecision(2)));
  }

  /**
   * @param {string} name
   * @param {number} rate
   */
  setRate(name, rate) {
    const [lowest, highest] = this.data.rates;
    const inside = Math.min(Math.max(rate, lowest), highest);
    this.change({ [name]: String(Number(inside.toPrecision(6))) }, 250);
    this.showRate(name);
    this.told.moved();
  }

  /** @param {(runner: Participant) => string} rateOf */
  setRates(rateOf) {
    this.change(Object.fromEntries(this.data.runners.map((runner) => [runner.name, rateOf(runner)])));
    this.show(this.scene);
    this.told.moved();
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  setStart(x, y) {
    this.change({ x: String(Number(x.toFixed(2))), y: String(Number(y.toFixed(2))) }, 250);
    this.show(this.scene);
    this.told.moved();
  }

  /**
   * Choose whose steps are written out, or another story with all that belongs to it, or another surface with a start
   * and learning rates that suit it.
   *
   * @param {string} name
   * @param {string} value
   */
  choose(name, value) {
    if (name === "optimizer") {
      this.change({ optimizer: value });
      this.told.chosen();
      return;
    }
    if (name === "story") {
      const { scene, position } = this.data.stories[value];
      this.change(scene);
      this.show(this.scene);
      this.told.placed(position);
      return;
    }
    const noise = this.data.noisy.includes(value) ? this.scene.noise : "off";
    this.change({ ...this.data.first[value], noise });
    this.show(this.scene);
  }
}
