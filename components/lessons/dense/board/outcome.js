// The sum of all terms, the activation with its numbers in it, and what the network answers.

import { make } from "../../../browser/dom.js";
import { MINUS, fillIn, roundToTotal } from "../../../browser/numbers.js";
import { DECIMALS, drawBar, makeTrack, roundedTo, writeNumber, writeRounded } from "./bars.js";
import { percent } from "../../../networks/percent.js";
import { counted, lessonOf } from "./lesson.js";
import { largestOf } from "./sums.js";

/** @import { Track } from "./bars.js" */
/** @import { Part } from "./part.js" */
/** @import { Sums } from "./sums.js" */

/** @typedef {"all" | "shown" | "rest" | "bias" | "logit"} LineName */

/** @typedef {{bar: Track, element: HTMLElement, label: HTMLElement, value: HTMLElement}} Line */

const ANSWERS = 4;

/**
 * Write a power of e: four digits after the point where it is small, no exponent where it can be avoided.
 *
 * @param {number} number
 */
function writePower(number) {
  if (number >= 1e7 || (number < 1e-3 && number > 0)) return number.toExponential(3).replace("-", MINUS);
  return number >= 1000 ? Math.round(number).toLocaleString("en") : number.toFixed(DECIMALS);
}

export class Outcome {
  /** @type {Part} */
  part;

  /** @type {Sums} what the network says without changes */
  untouched;

  /** The number whose bar takes the full half width. */
  scale = 1;

  /** @type {[Sums, boolean, null] | undefined} what was drawn last */
  drawn;

  /** @type {Record<LineName, Line>} */
  lines;

  /**
   * @param {Record<string, string>} texts
   * @param {(bias: number) => void} moveBias
   */
  constructor(texts, moveBias) {
    this.texts = texts;
    this.verdict = make("div", { className: "verdict" });
    this.verdict.setAttribute("aria-live", "polite");
    this.answer = make("strong", { className: "says" });
    this.answer.dataset.testid = "dense-answer";
    this.shares = make("div", { className: "shares" });
    this.before = make("span");
    this.turned = make("b");
    // Always there, even if empty: what stands below must not move with the first change.
    this.notes = make("p", { className: "notes" }, this.before, this.turned);
    this.verdict.append(this.answer, this.notes, this.shares);

    const field = make("input", { type: "number", className: "field", step: "0.1", min: "-10", max: "10" });
    field.setAttribute("aria-label", texts["bias-label"]);
    field.oninput = () => {
      if (Number.isFinite(field.valueAsNumber)) moveBias(Math.max(Math.min(field.valueAsNumber, 10), -10));
    };
    field.onblur = () => this.drawn && this.draw(...this.drawn);
    this.field = field;
    /**
     * @param {LineName} name
     * @param {...HTMLElement} more
     * @returns {Line}
     */
    const line = (name, ...more) => {
      const bar = makeTrack();
      const label = make("span", { className: "what" });
      const value = make("b", { className: "value", data: { testid: `dense-${name}` } });
      const before = make("span", { className: "label" }, label, ...more);
      return { bar, label, value, element: make("div", { className: `line ${name}` }, before, bar.track, value) };
    };
    this.parts = make("span", { className: "parts" });
    this.lines = {
      all: line("all", this.parts),
      shown: line("shown"),
      rest: line("rest"),
      bias: line("bias", field),
      logit: line("logit"),
    };
    this.lesson = make("p", { className: "lesson", data: { testid: "dense-lesson" } });
    this.sum = make(
      "div",
      { className: "sum" },
      make("h2", { textContent: texts.added }),
      ...Object.values(this.lines).map(({ element }) => element),
      this.lesson,
    );
    // The other half of the balance: all terms' bar has two ends.
    this.counter = make("i", { className: "bar" });
    this.lines.all.bar.bar.before(this.counter);
    this.formula = make("p", { className: "activation" });
    this.formula.dataset.testid = "dense-activation";
  }

  /**
   * Remember what the network says without changes.
   *
   * @param {Part} part
   * @param {Sums} untouched
   */
  load(part, untouched) {
    this.part = part;
    this.untouched = untouched;
    this.scale = 1.1 * Math.max(...this.bars(untouched), 1e-6);
  }

  /**
   * How long the bars are.
   *
   * @param {Sums} sums
   */
  bars({ shown, rest, bias, z, against, towards }) {
    return [shown, rest, bias, z, against, towards].map(Math.abs);
  }

  /**
   * Draw sum and answer, and return the shown terms in ten-thousandths, so that they add up as they are written.
   *
   * @param {Sums} sums
   * @param {boolean} changed whether the visitor has changed something
   * @param {Element | null} active has the focus: what is being typed is not overwritten
   */
  draw(sums, changed, active) {
    this.drawn = [sums, changed, null];
    const { texts, lines, part } = this;
    const { shown, rest, bias, z } = sums;
    const [shownUnits, restUnits, biasUnits] = roundedTo([shown, rest, bias], z);
    const count = part.x.length - part.shown.length;
    const scale = Math.max(this.scale, ...this.bars(sums));
    const before = this.untouched;
    /** @type {(name: LineName, words: string, number: number, units: number, first: number) => void} */
    const write = (name, words, number, units, first) => {
      const { label, value, bar } = lines[name];
      label.textContent = words;
      value.textContent = writeRounded(units);
      value.dataset.value = String(number);
      drawBar(bar, number, scale, first);
    };
    write("shown", fillIn(texts.shown, { count: part.shown.length }), shown, shownUnits, before.shown);
    write("rest", counted(texts, "rest", count), rest, restUnits, before.rest);
    write("bias", texts.bias, bias, biasUnits, before.bias);
    write("logit", part.last ? texts.logit : texts.sum, z, Math.round(z * 10 ** DECIMALS), before.z);
    lines.rest.element.hidden = lines.shown.element.hidden = count === 0;
    this.writeBalance(sums, shownUnits + restUnits, scale);
    this.lesson.textContent = lessonOf(part, sums, texts);
    if (this.field !== active) this.field.value = String(Number(bias.toPrecision(4)));
    this.writeFormula(sums);
    if (part.last) this.writeAnswer(sums, changed);
    else this.writeHidden(sums);
    return roundedTo(
      part.shown.map((feature) => sums.terms[feature]),
      shownUnits / 10 ** DECIMALS,
    );
  }

  /**
   * All terms at once: what pushes to either side, and what is left over.
   *
   * @param {Sums} sums
   * @param {number} units what is left over, in ten-thousandths
   * @param {number} scale the number that takes the full half width
   */
  writeBalance({ against, towards }, units, scale) {
    const { texts, part } = this;
    const { bar, label, value } = this.lines.all;
    label.textContent = fillIn(texts["all-terms"], { count: part.x.length.toLocaleString("en") });
    value.textContent = writeRounded(units);
    value.dataset.value = String(against + towards);
    drawBar(bar, towards, scale);
    drawBar({ bar: this.counter, mark: bar.mark }, against, scale);
    const [lowUnits, highUnits] = roundToTotal(
      [against, towards].map((number) => number * 10 ** DECIMALS),
      units,
    );
    const low = writeRounded(lowUnits);
    this.parts.textContent = fillIn(texts["all-parts"], { low, high: `+${writeRounded(highUnits)}` });
  }

  /** @param {Sums} sums */
  writeFormula({ z, logits, outputs }) {
    const { part, texts } = this;
    /** @param {string} text */
    const power = (text) => make("sup", { textContent: text });
    const written = writeNumber(z);
    const y = writeNumber(outputs[part.unit]);
    if (part.activation === "sigmoid") {
      const name = part.last ? `p(${part.classes[1]})` : "y";
      const turned = z < 0 ? writeNumber(-z) : `${MINUS}${written}`;
      this.formula.replaceChildren(
        `${name} = σ(z) = 1 / (1 + e`,
        power(z === 0 ? "0" : turned),
        `) = 1 / (1 + ${writePower(Math.exp(-z))}) = `,
        make("b", { textContent: y }),
      );
    } else if (part.activation === "softmax") {
      const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
      this.formula.replaceChildren(
        `p(${part.classes[part.unit]}) = e`,
        power(written),
        " / Σ e",
        power("zₖ"),
        ` = ${writePower(Math.exp(z))} / ${writePower(sum)} = `,
        make("b", { textContent: y }),
        `, Σ over ${fillIn(texts.others, { count: part.units.toLocaleString("en") })}`,
      );
    } else {
      const inner =
        part.activation === "relu"
          ? `max(0, ${written})`
          : part.activation === "linear"
            ? written
            : `${part.activation}(${written})`;
      this.formula.replaceChildren(`y = ${inner} = `, make("b", { textContent: y }));
    }
    this.formula.dataset.value = String(outputs[part.unit]);
  }

  /**
   * @param {Float64Array} probabilities
   * @param {number} place of the class
   */
  share(probabilities, place) {
    return fillIn(this.texts.answer, { name: this.part.classes[place], percent: percent(probabilities[place]) });
  }

  /**
   * @param {Sums} sums
   * @param {boolean} changed whether the visitor has changed something
   */
  writeAnswer({ probabilities }, changed) {
    const { part, texts } = this;
    const [now, then] = [largestOf(probabilities), largestOf(this.untouched.probabilities)];
    this.answer.textContent = this.share(probabilities, now);
    this.answer.dataset.value = String(probabilities[now]);
    this.answer.dataset.name = part.classes[now];
    this.before.textContent = changed
      ? fillIn(texts.before, { answer: this.share(this.untouched.probabilities, then) })
      : texts.hint;
    this.turned.textContent = now === then ? "" : texts.changed;
    this.notes.classList.toggle("hint", !changed);
    if (part.units === 1) {
      const filled = make("i");
      const bar = make("div", { className: "split" }, filled, make("i"));
      bar.setAttribute("aria-hidden", "true");
      filled.style.width = `${100 * probabilities[0]}%`;
      this.shares.replaceChildren(bar);
      return;
    }
    const order = Array.from(probabilities.keys())
      .toSorted((a, b) => probabilities[b] - probabilities[a])
      .slice(0, ANSWERS);
    if (!order.includes(part.unit)) order[ANSWERS - 1] = part.unit;
    this.shares.replaceChildren(
      ...order.map((place) => {
        const bar = make("i");
        bar.style.width = `${100 * probabilities[place]}%`;
        const line = make(
          "div",
          { className: "other" },
          make("span", { textContent: part.classes[place] }),
          make("span", { className: "meter" }, bar),
          make("span", { className: "percent", textContent: `${percent(probabilities[place])}\u00a0%` }),
        );
        line.classList.toggle("chosen", place === part.unit);
        return line;
      }),
    );
  }

  /**
   * A hidden layer's unit answers nothing yet.
   *
   * @param {Sums} sums
   */
  writeHidden({ outputs }) {
    this.answer.textContent = `y = ${writeNumber(outputs[this.part.unit])}`;
    this.answer.dataset.value = String(outputs[this.part.unit]);
    this.before.textContent = this.texts.hidden;
    this.turned.textContent = "";
    this.shares.replaceChildren();
  }
}
