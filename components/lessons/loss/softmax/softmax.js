// Softmax. Python sends the probabilities at every temperature; a logit that is dragged asks for new ones.

import { mount } from "../../../browser/board.js";
import { SceneControls } from "../../../browser/controls.js";
import { decodeArray, fillIn, roundToTotal, writeUnits } from "../../../browser/numbers.js";
import { StageView } from "../../../player/stage.js";

/** @import { StageMessage } from "../../../player/stage.js" */

/**
 * @typedef {object} SoftmaxMessage what Python's payload says
 * @property {number} count of positions
 * @property {number} start the first logit
 * @property {number} step from one position to the next
 * @property {number} topSpeed
 * @property {string[]} names of the classes
 * @property {number} active how many classes there are
 * @property {string} shares float64 (count, classes)
 * @property {string} slopes float64 (count, classes)
 * @property {string} losses float64 (count)
 */

/** @extends {StageView<StageMessage & SoftmaxMessage>} */
class SoftmaxBoardView extends StageView {
  /** @type {Float64Array} */ shares;
  /** @type {Float64Array} */ slopes;
  /** @type {Float64Array} */ losses;

  constructor(root) {
    super(root);
    this.controls = new SceneControls(root, this.parts, (scene) => this.emit(scene));
    this.rows = [...root.querySelectorAll("[data-row]")].map((row) => ({
      row,
      name: row.querySelector(".class-name"),
      slider: row.querySelector("[data-logit]"),
      number: row.querySelector('[type="number"]'),
      bar: row.querySelector("i"),
      share: row.querySelector(".share"),
      slope: row.querySelector(".slope"),
    }));
    for (const { slider, number } of this.rows) {
      slider.oninput = () => {
        number.value = slider.value;
        this.controls.change({ [slider.dataset.logit]: slider.value }, 60);
      };
    }
  }

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
      if (this.root.activeElement !== slider) slider.value = data.scene[slider.dataset.logit];
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
      text.dataset.value = share;
      slope.textContent = writeUnits(Math.round(this.slopes[position * active + index] * 1e4), 4);
    });
    const loss = this.losses[position];
    this.parts.loss.textContent = fillIn(texts.loss, { loss: writeUnits(Math.round(loss * 1e4), 4) });
    this.parts.loss.dataset.value = loss;
    const heat = data.start + position * data.step;
    this.parts.heat.textContent = Math.abs(heat - 1) < 1e-9 ? texts.plain : heat < 1 ? texts.sharp : texts.flat;
  }
}

export default mount(SoftmaxBoardView);
