// The controls of the race: surface, start, and for each optimizer a row with its mark, loss and learning rate.

import { SceneControls } from "../../../browser/controls.js";
import { make } from "../../../browser/dom.js";
import { fillIn } from "../../../browser/numbers.js";

/** @import { Scene } from "../../../browser/controls.js" */
/** @import { StageMessage } from "../../../player/stage.js" */
/** @import { RaceMessage, Rule } from "./race.js" */

/**
 * @typedef {object} RaceRow an optimizer's controls
 * @property {string} name
 * @property {HTMLElement} row
 * @property {HTMLElement} loss
 * @property {HTMLInputElement} slider of the learning rate's power of ten
 * @property {HTMLInputElement} field
 * @property {HTMLCanvasElement} mark
 * @property {HTMLInputElement} radio
 */

/** @extends {SceneControls<StageMessage & RaceMessage>} */
export class RaceControls extends SceneControls {
  /** @type {RaceRow[]} in the order of the rules */
  rows;

  /**
   * @param {ShadowRoot} root
   * @param {Record<string, any>} parts
   * @param {(scene: Scene) => void} emit
   * @param {object} told
   * @param {() => void} told.chosen called when another optimizer was chosen
   * @param {() => void} told.moved called when a start or a learning rate was changed
   */
  constructor(root, parts, emit, told) {
    super(root, parts, emit);
    this.told = told;
    parts.runners.addEventListener("change", (/** @type {Event} */ { target }) => {
      if (!(target instanceof HTMLInputElement) || target.type !== "radio") return;
      this.change({ optimizer: target.value });
      told.chosen();
    });
    for (const name of ["x", "y"]) {
      const plain = parts[name].oninput;
      parts[name].oninput = () => {
        plain();
        const value = parts[name].valueAsNumber;
        if (Number.isFinite(value)) told.moved();
      };
    }
    parts["own-rates"].onclick = () => this.setRates(({ name }) => this.data.first[this.scene.surface][name]);
    parts["keras-rates"].onclick = () => this.setRates(({ defaultRate }) => defaultRate);
  }

  build() {
    super.build();
    const { rules, texts, rates } = this.data;
    this.rows = rules.map((rule) => {
      const row = make("div");
      row.className = "runner";
      const mark = make("canvas");
      const label = this.option("optimizer", rule.name, rule.label, { picture: mark });
      const loss = make("span", { className: "loss" });
      loss.dataset.testid = `loss-${rule.name}`;
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
        input.setAttribute("aria-label", fillIn(texts["rate-of"], { name: rule.label }));
      slider.oninput = () => this.setRate(rule.name, Number((10 ** Number(slider.value)).toPrecision(2)));
      slider.onkeydown = (event) => this.slide(event, rule.name);
      field.oninput = () => {
        if (field.valueAsNumber > 0) this.setRate(rule.name, field.valueAsNumber);
      };
      field.onblur = () => this.showRate(rule.name);
      row.append(label, loss, slider, field);
      return {
        name: rule.name,
        row,
        loss,
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
    for (const { name, radio } of this.rows) {
      radio.checked = scene.optimizer === name;
      this.showRate(name);
    }
  }

  /** @param {string} name */
  showRate(name) {
    const row = this.rows.find((one) => one.name === name);
    if (!row) return;
    const { slider, field } = row;
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

  /** @param {(rule: Rule) => string} rateOf */
  setRates(rateOf) {
    this.change(Object.fromEntries(this.data.rules.map((rule) => [rule.name, rateOf(rule)])));
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
   * Choose another surface, with a start and learning rates that suit it.
   *
   * @param {string} name
   * @param {string} value
   */
  choose(name, value) {
    const { x, y, ...others } = this.data.first[value];
    const rates = Object.fromEntries(this.data.rules.map((rule) => [rule.name, others[rule.name]]));
    this.change({ [name]: value, x, y, ...rates });
    this.show(this.scene);
  }
}
