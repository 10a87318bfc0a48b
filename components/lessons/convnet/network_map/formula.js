// How one number of a map was computed, with the numbers in it.

import { MINUS, fillIn } from "../../../browser/numbers.js";
import { stepsOf, writeValue } from "../../../networks/paint.js";

/** @import { MapDetail } from "./detail.js" */

/**
 * @typedef {object} Source a map that another one was made from
 * @property {string} title
 * @property {Float32Array} values
 * @property {Float32Array | null} partial what a convolution's filter makes of it at each place, where that is known
 */

/**
 * Write a number as what is added to something before it: "+ 0.4" or "− 0.2".
 *
 * @param {number} number
 */
const plus = (number) => `${number < 0 ? MINUS : "+"} ${writeValue(Math.abs(number))}`;

/**
 * Write a sum: "−2.1 = 0.4 (map 30) − 0.2 (map 10) …".
 *
 * @param {number} value
 * @param {{number: number, name: string}[]} terms
 */
function writeSum(value, terms) {
  const written = terms.map(({ number, name }, place) => `${place ? plus(number) : writeValue(number)} (${name})`);
  return `${writeValue(value)} = ${written.join(" ")}`;
}

/**
 * Return the formula of the number at a place, or "" where this page has none for such a layer.
 *
 * @param {MapDetail} detail
 * @param {Source[]} sources
 * @param {number} place of the number on the map, row by row
 * @param {number} value
 * @param {Record<string, string>} texts
 */
export function formulaAt(detail, sources, place, value, texts) {
  const { kind, settings, norm, bias } = detail;
  /** @param {Source} source */
  const at = (source) => source.values[place];
  /** @param {number} number */
  const bracket = (number) => (number < 0 ? `(${writeValue(number)})` : writeValue(number));
  if ((kind === "convolution" || kind === "depthwise") && settings.activation === "linear") {
    // The sources are ranked over the whole map. At one place some of them may be 0: they say nothing there.
    const terms = sources
      .flatMap(({ partial, title }) => (partial?.[place] ? [{ number: partial[place], name: title }] : []))
      .toSorted((a, b) => Math.abs(b.number) - Math.abs(a.number));
    const others = detail.parts - terms.length;
    const rest = value - bias - terms.reduce((sum, { number }) => sum + number, 0);
    if (others > 0)
      terms.push({
        number: rest,
        name: others === 1 ? texts["formula-rest-one"] : fillIn(texts["formula-rest"], { count: others }),
      });
    if (bias) terms.push({ number: bias, name: texts["formula-bias"] });
    return writeSum(value, terms);
  }
  if (kind === "activation" && settings.activation === "relu") {
    const inner = `max(0, ${writeValue(at(sources[0]))})`;
    return `${writeValue(value)} = ${settings.max_value === undefined ? inner : `min(${settings.max_value}, ${inner})`}`;
  }
  if (kind === "normalisation" && norm) {
    const { mean, variance, epsilon, gamma, beta } = norm;
    const x = at(sources[0]);
    const scaled = `(${writeValue(x)} ${plus(-mean)}) / √(${writeValue(variance)} + ${epsilon}) · ${bracket(gamma)}`;
    return `${writeValue(value)} = ${scaled} ${plus(beta)}`;
  }
  if (kind === "sum")
    return writeSum(
      value,
      sources.map((source) => ({ number: at(source), name: source.title })),
    );
  if (kind === "scale" && settings.scale !== undefined && settings.offset !== undefined)
    return `${writeValue(value)} = ${bracket(at(sources[0]))} · ${writeValue(settings.scale)} ${plus(settings.offset)}`;
  if (kind === "global pooling" && settings.pool === "average") {
    const { low, high } = stepsOf(sources[0].values);
    return fillIn(texts["formula-mean"], {
      value: writeValue(value),
      count: sources[0].values.length,
      low: writeValue(low),
      high: writeValue(high),
    });
  }
  return "";
}
