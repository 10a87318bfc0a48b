// The theme's colours: read once, mixed, written, and the ones that signed numbers get.

/** @typedef {number[]} Colour red, green and blue, from 0 to 255 */

/**
 * @typedef {object} Colours the theme's colours
 * @property {Colour} negative
 * @property {Colour} zero
 * @property {Colour} positive
 * @property {Colour} window
 * @property {Colour} training curves of what is learned from
 * @property {Colour} validation curves of what is only judged
 * @property {Colour} cat
 * @property {Colour} dog
 * @property {Colour} text
 * @property {Colour} soft for what stands back
 * @property {Colour} ground
 * @property {Colour} border
 * @property {Colour} low ground of a map of heights
 * @property {Colour} high ground of it
 */

const LINEAR = Float64Array.from({ length: 256 }, (_, value) => (value / 255) ** 2.2);

/** @param {Colour} colour */
const luminanceOf = ([red, green, blue]) => 0.2126 * LINEAR[red] + 0.7152 * LINEAR[green] + 0.0722 * LINEAR[blue];

/**
 * Return black or white, whichever is read better on a ground (at least 4.5:1, by WCAG's formula).
 *
 * @param {Colour} ground
 */
export const inkOn = (ground) => (luminanceOf(ground) > 0.179 ? "#000" : "#fff");

/**
 * Paint a background and write on it in black or white.
 *
 * @param {HTMLElement | SVGElement} element
 * @param {Colour} ground
 */
export function paint(element, ground) {
  element.style.background = cssColour(ground);
  element.style.color = inkOn(ground);
}

/**
 * Read the theme's colours. It writes them as light-dark(…): only an element that uses one knows it.
 *
 * @param {ParentNode} parent
 * @returns {Colours}
 */
export function readColours(parent) {
  const probe = document.createElement("span");
  parent.append(probe);
  /** @param {string} name */
  const read = (name) => {
    probe.style.color = `var(${name})`;
    return Array.from(getComputedStyle(probe).color.matchAll(/[\d.]+/g), Number).slice(0, 3);
  };
  const colours = {
    negative: read("--negative"),
    zero: read("--map-zero"),
    positive: read("--positive"),
    window: read("--window"),
    training: read("--training"),
    validation: read("--validation"),
    cat: read("--cat"),
    dog: read("--dog"),
    text: read("--st-text-color"),
    soft: read("--soft"),
    ground: read("--st-background-color"),
    border: read("--st-border-color"),
    low: read("--relief-low"),
    high: read("--relief-high"),
  };
  probe.remove();
  return colours;
}

/**
 * Let a view load a message as soon as it can read the theme's colours: on a slow first load the style sheet may come
 * after this script, and without it all colours are the same. A newer message takes an older one's place.
 *
 * @param {{load: (message: any) => void, latest?: any}} view
 * @param {any} message
 * @returns {() => void} what Streamlit's clean-up has to call: what still waits is not drawn any more
 */
export function loadThemed(view, message) {
  view.latest = message;
  let tries = 100;
  const start = () => {
    const themed = getComputedStyle(document.documentElement).getPropertyValue("--map-zero").trim() !== "";
    if (!themed && (tries -= 1) > 0) requestAnimationFrame(start);
    else if (view.latest === message) view.load(message);
  };
  start();
  return () => {
    view.latest = null;
  };
}

/**
 * Write a colour for a style sheet or a canvas.
 *
 * @param {Colour} colour
 * @param {number} opacity
 */
export const cssColour = ([red, green, blue], opacity = 1) => `rgb(${red} ${green} ${blue} / ${opacity})`;

/**
 * Return the colour of a number: zero in the middle, full colour at ±scale.
 *
 * @param {{negative: Colour, zero: Colour, positive: Colour}} colours
 * @param {number} value
 * @param {number} scale
 * @returns {Colour}
 */
export function signedColour({ negative, zero, positive }, value, scale) {
  const share = scale > 0 ? Math.min(Math.abs(value) / scale, 1) : 0;
  const end = value < 0 ? negative : positive;
  return zero.map((start, index) => Math.round(start + (end[index] - start) * share));
}

/**
 * Return the colour that is `share` of the way from one to another.
 *
 * @param {Colour} start
 * @param {Colour} end
 * @param {number} share
 * @returns {Colour}
 */
export const mix = (start, end, share) => start.map((value, index) => Math.round(value + (end[index] - value) * share));
