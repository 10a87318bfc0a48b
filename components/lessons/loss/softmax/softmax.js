// Softmax. Python sends the probabilities at every temperature, and new ones when a logit is dragged.

import { mount } from "../../../browser/board.js";
import { SceneControls } from "../../../browser/controls.js";
import { decodeArray, fillIn, roundToTotal, writeUnits } from "../../../browser/numbers.js";
import { StageView } from "../../../player/stage.js";

/** @import { StageMessage } from "../../../player/stage.js" */

/**
 * @typedef {object} SoftmaxMessage what Python's payload says
 * @property {number} count of positions
 * @property {number} start the first temperature
 * @property {number} step from one temperature to the next
 * @property {number} topSpeed
 * @property {string[]} names of all classes
 * @property {number} active how many of them take part, the first ones
 * @property {string} shares float64 (count, active), the probabilities
 * @property {string} slopes float64 (count, active), of the loss by each logit
 * @property {string} losses float64 (count)
 */

/**
 * @typedef {object} Row one class's elements
 * @property {HTMLElement} row
 * @property {HTMLElement} name
 * @property {HTMLInputElement} slider
 * @property {HTMLInputElement} number
 * @property {HTMLElement} bar
 * @property {HTMLElement} share
 * @property {HTMLElement} slope
 */

/** @extends {StageView<StageMessage & SoftmaxMessage>} */
class SoftmaxBoardView extends StageView {
  /** @type {Float64Array} */ shares;
  /** @type {Float64Array} */ slopes;
  /** @type {Float64Array} */ losses;

  /** @param {ShadowRoot} root */
  constructor(root) {
    super(root);
    this.controls = new SceneControls(root, this.parts, (scene) => this.emit(scene));
    /** @type {NodeListOf<HTMLElement>} */
    const rows = root.querySelectorAll("[data-row]");
    this.rows = Array.from(rows, rowOf);
    for (const { slider, number } of this.rows) {
      slider.oninput = () => {
        number.value = slider.value;
        this.controls.change({ [String(slider.dataset.logit)]: slider.value }, 60);
      };
    }
  }

  /** @param {StageMessage & SoftmaxMessage} data */
  load(data) {
    const { imposed } = this.begin(data);
    this.shares = decodeArray(data.shares, Float64Array);
    this.slopes = decodeArray(data.slopes, Float64Array);
    this.losses = decodeArray(data.losses, Float64Array);
    this.rows.forEach(({ row, name, slider, number, slope }, index) => {
      slope.dataset.label = data.texts.slope; // on a phone there is no heading above it
      row.hidden = index >= data.active;
      row.classList.toggle("true", String(index) === data.scene.label);
      name.textContent = data.names[index];
      slider.setAttribute("aria-label", `${data.texts.logit}, ${data.names[index]}`);
      number.setAttribute("aria-label", `${data.names[index]}: ${data.texts.logit}`);
      if (this.root.activeElement !== slider) slider.value = data.scene[String(slider.dataset.logit)];
    });
    /** @type {NodeListOf<HTMLInputElement>} */
    const labels = this.root.querySelectorAll('[name="label"]');
    for (const input of labels)
      /** @type {HTMLElement} */ (input.closest("label")).hidden = Number(input.value) >= data.active;
    this.player.configure({
      count: data.count,
      rowLength: -10,
      texts: data.texts.player,
      topSpeed: data.topSpeed,
      scale: { start: data.start, step: data.step },
    });
    this.end(imposed);
  }

  /** @param {number} position */
  draw(position) {
    const { data } = this;
    if (!data) return;
    const { active, texts } = data;
    const shares = Array.from(this.shares.subarray(position * active, (position + 1) * active));
    const permille = roundToTotal(
      shares.map((share) => share * 1000),
      1000,
    );
    shares.forEach((share, index) => {
      const { bar, share: text, slope } = this.rows[index];
      bar.style.transform = `scaleX(${share})`;
      text.textContent = `${(permille[index] / 10).toFixed(1)} %`;
      text.dataset.value = String(share);
      slope.textContent = writeUnits(Math.round(this.slopes[position * active + index] * 1e4), 4);
    });
    const loss = this.losses[position];
    this.parts.loss.textContent = fillIn(texts.loss, { loss: writeUnits(Math.round(loss * 1e4), 4) });
    this.parts.loss.dataset.value = loss;
    const heat = data.start + position * data.step;
    this.parts.heat.textContent = Math.abs(heat - 1) < 1e-9 ? texts.plain : heat < 1 ? texts.sharp : texts.flat;
  }
}

/** @type {(row: HTMLElement) => Row} */
function rowOf(row) {
  /** @type {(selector: string) => any} */
  const part = (selector) => row.querySelector(selector);
  return {
    row,
    name: part(".class-name"),
    slider: part("[data-logit]"),
    number: part('[type="number"]'),
    bar: part("i"),
    share: part(".share"),
    slope: part(".slope"),
  };
}

export default mount(SoftmaxBoardView);
