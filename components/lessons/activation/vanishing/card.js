// What a card says about one activation: the product of the factors that the gradient has met so far, in figures.

/**
 * @typedef {object} Series one network: its activation, and what its card says about the derivative
 * @property {"sigmoid" | "tanh" | "relu"} name
 * @property {string} label
 * @property {string} rule before the gradient has passed a layer
 * @property {string} slope of the layer that the gradient passed last
 */

/**
 * @typedef {object} Flow one network's gradient at each layer, the first layer first; see `GradientFlow` in Python
 * @property {Float32Array} shares the gradient's size relative to the last layer's
 * @property {Float32Array} means of f′(z)
 * @property {Float32Array} factors what each layer's f′(z) leaves of the gradient's size
 * @property {Float32Array} derivativeProducts the product of the factors of all later layers
 * @property {Float32Array} weightProducts the same of what the weights leave
 */

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** @param {number} exponent a whole number */
export const writePower = (exponent) =>
  `10${exponent < 0 ? "⁻" : ""}${[...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]).join("")}`;

/**
 * Write a positive number, a small or large one with a power of ten.
 *
 * @param {number} value
 * @param {number} [count] significant digits
 */
function writeSize(value, count = 2) {
  if (value >= 0.000995 && value < 99.5) return value.toPrecision(count);
  const [digits, exponent] = value.toExponential(count - 1).split("e");
  return `${digits}\u00a0·\u00a0${writePower(Number(exponent))}`;
}

/**
 * Write a share: less than a tenth as "1 / 250", unless the number is too large to have a meaning.
 *
 * @param {number} share
 * @param {Record<string, string>} texts
 */
function writeShare(share, texts) {
  if (share >= 0.0995 || share < 1e-9) return writeSize(share);
  return texts.fraction.replace("{number}", Number((1 / share).toPrecision(2)).toLocaleString("en"));
}

/**
 * Write a product of factors; of a long one the first two and the last two.
 *
 * @param {number[]} factors
 * @param {number} product
 */
function writeProduct(factors, product) {
  const digits = factors.map((factor) => factor.toFixed(2));
  const shown = digits.length > 5 ? [...digits.slice(0, 2), "…", ...digits.slice(-2)] : digits;
  return digits.length === 1 ? digits[0] : `${shown.join(" × ")} ≈\u00a0${writeSize(product, 3)}`;
}

export class Card {
  /** @type {string} */
  rule;

  /** @type {string} */
  slope;

  /** @type {HTMLElement} */
  product;

  /** @type {HTMLElement} */
  gradient;

  /** @type {HTMLElement} */
  verdict;

  /** @param {Series} series */
  constructor({ name, label, rule, slope }) {
    Object.assign(this, { rule, slope });
    this.box = document.createElement("div");
    this.box.className = "card";
    this.box.setAttribute("role", "group");
    this.box.setAttribute("aria-label", label);
    this.swatch = document.createElement("canvas");
    this.swatch.setAttribute("aria-hidden", "true");
    const title = document.createElement("strong");
    title.textContent = label;
    const line = (/** @type {string} */ className) => {
      const paragraph = document.createElement("p");
      paragraph.className = className;
      return paragraph;
    };
    const head = line("card-head");
    this.fact = document.createElement("span");
    head.append(this.swatch, title, this.fact);
    Object.assign(this, { product: line("product"), gradient: line("gradient"), verdict: line("verdict") });
    this.verdict.dataset.testid = `vanishing-${name}`;
    this.box.append(head, this.product, this.gradient, this.verdict);
  }

  /**
   * Say what is left of the gradient.
   *
   * @param {Flow} flow
   * @param {number} layer that the gradient has reached, from 0
   * @param {Record<string, string>} texts
   */
  write({ shares, means, factors, derivativeProducts, weightProducts }, layer, texts) {
    const passed = Array.from(factors.slice(layer + 1).toReversed());
    if (passed.length === 0) {
      this.fact.textContent = this.rule;
      this.product.textContent = texts["none-yet"];
      this.gradient.textContent = texts["starts-here"];
    } else {
      const mean = means[layer + 1];
      this.fact.textContent = this.slope
        .replace("{mean}", mean.toFixed(2))
        .replace("{percent}", String(Math.round(mean * 100)));
      this.product.textContent = `${texts.derivatives} ${writeProduct(passed, derivativeProducts[layer])}`;
      this.gradient.textContent = texts.gradient
        .replace("{weights}", writeSize(weightProducts[layer], 3))
        .replace("{share}", writeSize(shares[layer]));
    }
    const [before, after] = texts["first-layer"].split("{share}");
    const share = document.createElement("strong");
    share.textContent = `≈\u00a0${writeShare(shares[0], texts)}`;
    this.verdict.replaceChildren(...(shares.length === 1 ? [texts["only-layer"]] : [before, share, after]));
    this.verdict.dataset.value = String(shares[0]);
  }
}
