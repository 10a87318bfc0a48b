// What is written about the batch that is in the network: the numbers of pictures, the update, the classes in the batch.

import { paint } from "../../../browser/colours.js";
import { make } from "../../../browser/dom.js";
import { fillIn } from "../../../browser/numbers.js";
import { calm } from "../../../player/player.js";

/** @import { Colour } from "../../../browser/colours.js" */
/** @import { StageMessage } from "../../../player/stage.js" */
/** @import { EpochMessage } from "./epoch_batches.js" */

/** At most so many classes are counted. */
const MOST_CLASSES = 12;

export class BatchWords {
  /** @type {StageMessage & EpochMessage} */ data;
  /** @type {Uint16Array} */ labels;
  /** @type {Colour[]} */ classColours;
  /** @type {string | null} position and whether its pictures have arrived */ written;

  /**
   * @param {Record<string, any>} parts
   * @param {HTMLElement} slider of the position: a screen reader hears there what the batch holds
   */
  constructor(parts, slider) {
    this.parts = parts;
    this.slider = slider;
  }

  /**
   * @param {StageMessage & EpochMessage} data
   * @param {Uint16Array} labels
   * @param {Colour[]} classColours
   */
  load(data, labels, classColours) {
    Object.assign(this, { data, labels, classColours, written: null });
    this.parts.shown.textContent = data.shown;
    this.parts.vocabulary.replaceChildren(
      ...data.vocabulary.map(({ name, term, formula, value, words }) => {
        const number = make("b", { data: { testid: `batches-${name}` } }, value);
        const line = make("dd", {}, formula ? `${formula} ` : "", number);
        return make("div", {}, make("dt", {}, term), line, make("dd", {}, words));
      }),
    );
  }

  /**
   * @param {number} position
   * @param {number} arrived
   * @param {Uint16Array} batch its pictures
   */
  write(position, arrived, batch) {
    const there = arrived === 1;
    const key = `${position} ${there}`;
    if (this.written === key) return;
    const moved = there && this.written === `${position} false`;
    this.written = key;
    const { texts, steps, count, batchSize, epochs, epochNumber } = this.data;
    const inside = batch.length;
    const seen = position * batchSize;
    const numbers = { inside, seen, waiting: count - seen - inside };
    for (const [name, number] of Object.entries(numbers)) {
      this.parts[name].textContent = number.toLocaleString("en");
      this.parts[name].dataset.value = String(number);
    }
    const [shownNumber, outside] = [(position + 1).toLocaleString("en"), epochNumber > epochs];
    const update = ((epochNumber - 1) * steps + position + 1).toLocaleString("en");
    const sentence = outside ? texts.outside : there ? texts.moved : texts.coming;
    const words = { batch: shownNumber, update, updates: (steps * epochs).toLocaleString("en") };
    this.parts.update.textContent = fillIn(sentence, words);
    this.parts.update.classList.toggle("moved", there && !outside);
    if (moved && !outside && !calm.matches) {
      this.parts.update.animate([{ transform: "scale(1.08)" }, { transform: "none" }], 350);
    }
    this.writeMix(batch, shownNumber, numbers);
    const last = position === steps - 1 && there;
    const over = epochNumber < epochs ? fillIn(texts.over, { next: epochNumber + 1 }) : texts.end;
    this.parts.words.textContent = outside ? texts.beyond : last ? over : texts.shuffled;
  }

  /**
   * Write how many pictures of each class are in the batch.
   *
   * @param {Uint16Array} batch
   * @param {string} number of the batch, from 1
   * @param {{waiting: number, seen: number}} numbers of pictures
   */
  writeMix(batch, number, { waiting, seen }) {
    const { texts, classes, letters, steps } = this.data;
    const counts = classes.map(() => 0);
    for (const picture of batch) counts[this.labels[picture]] += 1;
    const counted = classes.slice(0, MOST_CLASSES);
    const faces = counted.map((name, index) => {
      const sign = make("span", { className: "sign", textContent: letters[index] });
      paint(sign, this.classColours[index]);
      const called = letters[index] === name ? "" : `${name} `;
      return make("span", {}, sign, make("span", { textContent: `${called}× ${counts[index]}` }));
    });
    const left = classes.length - counted.length;
    const more = left > 0 ? [fillIn(texts[left === 1 ? "more-one" : "more"], { count: left })] : [];
    this.parts.batch.textContent = fillIn(texts.batch, { batch: number });
    this.parts.mixed.replaceChildren(...faces, ...more);
    const spoken = counted.map((name, index) => `${counts[index]} ${name}`);
    const reached = { batch: number, steps, waiting, seen, classes: [...spoken, ...more].join(", ") };
    this.slider.setAttribute("aria-valuetext", fillIn(texts.reached, reached));
  }
}
