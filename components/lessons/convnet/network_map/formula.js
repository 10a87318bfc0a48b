// How one number of a map was computed, with the numbers in it.

import { MINUS, fillIn } from "../../../browser/numbers.js";
import { stepsOf, writeValue } from "../../../networks/paint.js";

/** Write a sum: "−2.1 = 0.4 (map 30) − 0.2 (map 10) …". */
function writeSum(value, terms) {
  const written = terms.map(({ number, name }, place) => {
    const text = writeValue(Math.abs(number));
    const sign = number < 0 ? `${MINUS} ` : "+ ";
    return `${place ? sign : number < 0 ? MINUS : ""}${text} (${name})`;
  });
  return `${writeValue(value)} = ${written.join(" ")}`;
}

/** Return the formula of the number at a place, or "" where this page has none for such a layer. */
export function formulaAt(detail, sources, place, value, texts) {
  const { kind, settings, norm, bias } = detail;
  const at = (source) => source.values[place];
  const bracket = (number) => (number < 0 ? `(${writeValue(number)})` : writeValue(number));
  if ((kind === "convolution" || kind === "depthwise") && settings.activation === "linear") {
    const terms = sources
      .filter(({ partial }) => partial)
      .map(({ partial, title }) => ({ number: partial[place], name: title }));
    const others = detail.parts - terms.length;
    const rest = value - bias - terms.reduce((sum, { number }) => sum + number, 0);
    if (others > 0) terms.push({ number: rest, name: fillIn(texts["formula-rest"], { count: others }) });
    if (bias) terms.push({ number: bias, name: texts["formula-bias"] });
    return writeSum(value, terms);
  }
  if (kind === "activation" && settings.activation === "relu") {
    const inner = `max(0, ${writeValue(at(sources[0]))})`;
    return `${writeValue(value)} = ${settings.max_value === undefined ? inner : `min(${settings.max_value}, ${inner})`}`;
  }
  if (kind === "normalisation") {
    const { mean, variance, epsilon, gamma, beta } = norm;
    const x = at(sources[0]);
    return `${writeValue(value)} = (${writeValue(x)} ${MINUS} ${bracket(mean)}) / √(${writeValue(variance)} + ${epsilon}) · ${bracket(gamma)} + ${bracket(beta)}`;
  }
  if (kind === "sum")
    return writeSum(
      value,
      sources.map((source) => ({ number: at(source), name: source.title })),
    );
  if (kind === "scale")
    return `${writeValue(value)} = ${bracket(at(sources[0]))} · ${writeValue(settings.scale)} + ${bracket(settings.offset)}`;
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
