// The elements of the board, made once. `nameClasses` writes what they say of the two classes: the next judgement may
// have others.

import { make } from "../../../browser/dom.js";
import { fillIn } from "../../../browser/numbers.js";
import { PriceTable } from "./price_table.js";
import { named } from "./writing.js";

/** @import { Scene, SceneMessage } from "../../../browser/controls.js" */
/** @import { Cell } from "./figures.js" */
/** @import { ThresholdMessage } from "./threshold_board.js" */

/** @typedef {ReturnType<typeof makeBoardParts>} BoardParts */

/** @type {Cell[]} */
export const CELL_NAMES = ["tn", "fp", "fn", "tp"];

/**
 * @param {HTMLElement} root is filled
 * @param {SceneMessage & ThresholdMessage} message
 * @param {object} on
 * @param {(changes: Scene, later?: boolean) => void} on.change the scene is changed
 * @param {(cell: Cell, byKey: boolean) => void} on.press a cell is pressed
 * @param {(covered: boolean) => void} on.cover the cells are to be covered, or not
 * @param {() => void} on.go the cheapest threshold is chosen
 */
export function makeBoardParts(root, { texts, choices, metrics }, on) {
  const percents = choices.percent.map(([value, label]) => {
    const input = make("input", { type: "radio", name: "board-percent", value });
    input.onchange = () => on.change({ percent: value });
    return { input, element: make("label", {}, make("span", {}, input, label)) };
  });
  /** A field for a cost; its words are written before it. */
  const number = (/** @type {string} */ name) => {
    const input = make("input", { type: "number", name, min: "0", max: "1000", step: "0.5" });
    input.oninput = () => {
      if (Number.isFinite(input.valueAsNumber) && input.valueAsNumber >= 0) on.change({ [name]: input.value }, true);
    };
    const words = make("span");
    return { input, words, element: make("label", { className: "number" }, words, input) };
  };
  /** A slider for the percent of a class that are kept. */
  const share = (/** @type {string} */ name) => {
    const input = make("input", { type: "range", name, min: "1", max: "100", step: "1" });
    input.oninput = () => on.change({ [name]: input.value }, true);
    const words = make("span"); // not an output: the label would name that, instead of the slider
    return { input, words, element: make("label", { className: "share" }, words, input) };
  };
  /** @type {(name: string, testid: string) => {canvas: HTMLCanvasElement, area: HTMLElement, element: HTMLElement}} */
  const rate = (name, testid) => {
    const canvas = make("canvas", { className: "curve", aria: { role: "img" } });
    const area = make("p", { className: "area", data: { testid } });
    const title = make("p", { className: "rate-title", textContent: texts[name] });
    canvas.setAttribute("aria-label", fillIn(texts.picture, { curve: texts[name] }));
    return { canvas, area, element: make("div", { className: "rate" }, title, canvas, area) };
  };
  const value = make("strong", { className: "value", data: { testid: "board-threshold" } });
  const histogram = make("canvas", { className: "scores", aria: { role: "img" } });
  const slider = { role: "slider", label: texts.slider, valuemin: "0", valuemax: "1" };
  const handle = make("div", { className: "handle", tabIndex: 0, aria: slider });
  const plate = make("div", { className: "plate" }, histogram, handle);
  const legend = { low: make("span"), high: make("span"), up: make("span"), down: make("span") };
  const film = make("canvas", { className: "film", aria: { role: "img" } });

  const heads = [0, 1].map(() => make("span", { className: "head" }));
  const rows = [0, 1].map(() => make("span", { className: "side" }));
  /** @type {Map<Cell, {button: HTMLButtonElement, count: HTMLElement, percent: HTMLElement}>} */
  const cells = new Map();
  /** @type {HTMLButtonElement[]} */
  const buttons = [];
  for (const name of CELL_NAMES) {
    const [count, percent, word] = [make("b"), make("span"), make("span", { textContent: texts[name] })];
    const data = { cell: name, testid: `board-${name}` };
    const button = make("button", { type: "button", className: `cell ${name}`, data }, count, percent, word);
    button.onclick = (event) => on.press(name, event.detail === 0);
    cells.set(name, { button, count, percent });
    buttons.push(button);
  }
  const [tn, fp, fn, tp] = buttons;
  const air = make("div", { className: "air" });
  const grid = [make("span"), ...heads, rows[0], tn, fp, rows[1], fn, tp, air];
  const mine = make("p", { className: "mine" });
  const caution = make("p", { className: "caution", data: { testid: "board-caution" } });
  const guess = make("form", { className: "guess", hidden: true });
  const guessed = make("p", { className: "guessed", aria: { role: "status" } });

  const precisionRecall = rate("precision-recall", "board-average-precision");
  const roc = rate("roc", "board-area");
  const figures = metrics.map(([name, label]) => {
    const [figure, formula] = [make("b", { data: { testid: `board-${name}` } }), make("span")];
    return { figure, formula, element: make("li", {}, make("span", { textContent: label }), figure, formula) };
  });
  const majority = make("p", { className: "majority", data: { testid: "board-majority" } });
  const photos = make("div", { className: "photos" });
  const story = make("p");
  const hint = make("span", { className: "hint" });

  const cover = make("input", { type: "checkbox", name: "cover" });
  cover.onchange = () => on.cover(cover.checked);
  const inputs = {
    missed: number("missed"),
    alarm: number("alarm"),
    negatives: share("negatives"),
    positives: share("positives"),
  };
  const go = make("button", { type: "button", className: "tool", textContent: texts.go });
  go.onclick = on.go;
  const prices = new PriceTable(go);
  const more = make(
    "details",
    { className: "more" },
    make("summary", { textContent: texts.more }),
    make(
      "div",
      { className: "more-parts" },
      roc.element,
      make(
        "div",
        { className: "keep" },
        make("strong", { textContent: texts.keep }),
        make("p", { textContent: texts["keep-words"] }),
        inputs.negatives.element,
        inputs.positives.element,
        majority,
      ),
    ),
  );

  const costs = make(
    "details",
    { className: "costs" },
    make("summary", {}, make("h3", { textContent: texts["cost-title"] })),
    story,
    make("div", { className: "row" }, inputs.missed.element, inputs.alarm.element),
    make("div", { className: "price-box" }, prices.element),
    prices.words,
  );

  const swatch = (/** @type {string} */ kind) => make("span", { className: `swatch ${kind}` });
  root.setAttribute("aria-label", texts.region);
  root.replaceChildren(
    make("div", { className: "value-line" }, value, hint, mine, caution),
    plate,
    make(
      "div",
      { className: "ends" },
      legend.low,
      make(
        "span",
        { className: "legend" },
        make("span", {}, swatch("positive"), legend.up),
        make("span", {}, swatch("negative"), legend.down),
        make("span", {}, swatch("positive pale"), swatch("negative pale"), texts.pale),
        make("span", { textContent: texts.heights }),
      ),
      legend.high,
    ),
    film,
    make(
      "div",
      { className: "board" },
      make("div", { className: "left" }, make("div", { className: "matrix" }, ...grid), guess, guessed),
      make("div", { className: "rates" }, precisionRecall.element),
      make("ul", { className: "metrics" }, ...figures.map(({ element }) => element)),
      photos,
    ),
    make(
      "div",
      { className: "row" },
      make(
        "fieldset",
        { className: "segments" },
        make("legend", { textContent: texts.percent }),
        make("div", {}, ...percents.map(({ element }) => element)),
      ),
      make("label", { className: "check" }, cover, texts.cover),
    ),
    costs,
    more,
  );
  return {
    value,
    plate,
    histogram,
    handle,
    legend,
    film,
    heads,
    rows,
    cells,
    air,
    hint,
    mine,
    caution,
    guess,
    guessed,
    precisionRecall,
    roc,
    figures,
    majority,
    photos,
    percents: percents.map(({ input }) => input),
    cover,
    inputs,
    story,
    prices,
    costs,
    more,
    go,
  };
}

/**
 * Write the classes' names wherever they do not depend on the scene.
 *
 * @param {BoardParts} parts
 * @param {ThresholdMessage} message
 */
export function nameClasses(parts, { texts, classes, story }) {
  parts.story.textContent = story;
  parts.hint.textContent = named(texts.hint, classes);
  for (const [name, part] of Object.entries(parts.legend)) part.textContent = named(texts[name], classes);
  for (const [label, name] of classes.entries()) {
    parts.heads[label].textContent = fillIn(texts.says, { name });
    parts.rows[label].textContent = fillIn(texts.is, { name });
  }
  parts.histogram.setAttribute("aria-label", named(texts.histogram, classes));
  parts.film.setAttribute("aria-label", named(texts.film, classes));
  parts.film.title = named(texts.film, classes);
  parts.inputs.missed.words.textContent = named(texts["missed-cost"], classes);
  parts.inputs.alarm.words.textContent = named(texts["alarm-cost"], classes);
}

/**
 * Show a scene in the controls, except in the one that has the focus.
 *
 * @param {BoardParts} parts
 * @param {Scene} scene
 * @param {Element | null} active has the focus
 */
export function showScene(parts, scene, active) {
  for (const input of parts.percents) input.checked = input.value === scene.percent;
  for (const [name, { input }] of Object.entries(parts.inputs)) {
    if (input !== active) input.value = scene[name];
  }
  parts.cover.checked = scene.cover === "on";
  // A link that sets costs shows where they are set.
  const costs = Number(scene.missed) !== 5 || Number(scene.alarm) !== 1;
  parts.costs.open = parts.costs.dataset.photo ? parts.costs.open : costs;
  // An open photo is described below the board: what lies between folds.
  const open = String(scene.photo !== "-1");
  if (parts.costs.dataset.photo !== open) {
    if (open === "true") parts.costs.open = parts.more.open = false;
    parts.costs.dataset.photo = open;
  }
  // A link that keeps a share of a class shows where that is set.
  if (scene.positives !== "100" || scene.negatives !== "100") parts.more.open = true;
}

/**
 * Make room on the screen for what is said of an open photo, which stands below the board.
 *
 * @param {BoardParts} parts
 */
export function showPhotos({ photos }) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  photos.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
}
