// The elements of the board, made once. What they say of the two classes is written by `nameClasses`, because the next
// judgement may know other classes.

import { make } from "../../../browser/dom.js";
import { fillIn } from "../../../browser/numbers.js";

export const CELL_NAMES = ["tn", "fp", "fn", "tp"];

/**
 * @param {Element} root is filled
 * @param {{texts: any, choices: any, metrics: string[][]}} message Python's
 * @param {any} on what happens: change(changes, later) of the scene, press(cell, byKey), cover(covered), go()
 * @returns {any} the parts by their names
 */
export function makeBoardParts(root, { texts, choices, metrics }, on) {
  /** @type {any} */
  const parts = {};
  const segments = (name) => {
    const options = choices[name].map(([value, label]) => {
      const input = make("input", { type: "radio", name: `board-${name}`, value });
      input.onchange = () => on.change({ [name]: value });
      return make("label", {}, make("span", {}, input, label));
    });
    const legend = make("legend", { textContent: texts[name] });
    return make("fieldset", { className: "segments", data: { choice: name } }, legend, make("div", {}, ...options));
  };
  const number = (name) => {
    const input = make("input", { type: "number", name, min: "0", max: "1000", step: "0.5" });
    input.oninput = () => {
      if (Number.isFinite(input.valueAsNumber) && input.valueAsNumber >= 0) on.change({ [name]: input.value }, true);
    };
    const words = make("span");
    Object.assign(parts, { [name]: input, [`${name}Words`]: words });
    return make("label", { className: "number" }, words, input);
  };
  const share = (name) => {
    const input = make("input", { type: "range", name, min: "1", max: "100", step: "1" });
    input.oninput = () => on.change({ [name]: input.value }, true);
    const words = make("span"); // an output would be what the label names, instead of the slider
    Object.assign(parts, { [name]: input, [`${name}Words`]: words });
    return make("label", { className: "share" }, words, input);
  };
  const rate = (name, testid) => {
    const canvas = make("canvas", { className: "curve", aria: { role: "img" } });
    const area = make("p", { className: "area", data: { testid } });
    const title = make("p", { className: "rate-title", textContent: texts[name] });
    canvas.setAttribute("aria-label", fillIn(texts.picture, { curve: texts[name] }));
    return { canvas, area, element: make("div", { className: "rate" }, title, canvas, area) };
  };
  parts.value = make("strong", { className: "value", data: { testid: "board-threshold" } });
  parts.histogram = make("canvas", { className: "scores", aria: { role: "img" } });
  const slider = { role: "slider", label: texts.slider, valuemin: "0", valuemax: "1" };
  parts.handle = make("div", { className: "handle", tabIndex: 0, aria: slider });
  parts.plate = make("div", { className: "plate" }, parts.histogram, parts.handle);
  for (const name of ["low", "high", "up", "down"]) parts[name] = make("span");
  parts.film = make("canvas", { className: "film", aria: { role: "img" } });

  parts.heads = [0, 1].map(() => make("span", { className: "head" }));
  parts.rows = [0, 1].map(() => make("span", { className: "side" }));
  parts.cells = new Map();
  for (const name of CELL_NAMES) {
    const [count, percent, word] = [make("b"), make("span"), make("span", { textContent: texts[name] })];
    const data = { cell: name, testid: `board-${name}` };
    const button = make("button", { type: "button", className: `cell ${name}`, data }, count, percent, word);
    button.onclick = (event) => on.press(name, event.detail === 0);
    parts.cells.set(name, { button, count, percent });
  }
  const [tn, fp, fn, tp] = CELL_NAMES.map((name) => parts.cells.get(name).button);
  parts.air = make("div", { className: "air" });
  const grid = [make("span"), ...parts.heads, parts.rows[0], tn, fp, parts.rows[1], fn, tp, parts.air];
  parts.mine = make("p", { className: "mine" });
  parts.guess = make("form", { className: "guess", hidden: true });
  parts.guessed = make("p", { className: "guessed", aria: { role: "status" } });

  parts.precisionRecall = rate("precision-recall", "board-average-precision");
  parts.roc = rate("roc", "board-area");
  parts.metrics = metrics.map(([name, label]) => {
    const [value, formula] = [make("b", { data: { testid: `board-${name}` } }), make("span")];
    return { value, formula, element: make("li", {}, make("span", { textContent: label }), value, formula) };
  });
  parts.majority = make("li", { className: "majority", data: { testid: "board-majority" } });
  parts.photos = make("div", { className: "photos" });

  parts.cover = make("input", { type: "checkbox", name: "cover" });
  parts.cover.onchange = () => on.cover(parts.cover.checked);
  parts.cost = make("p", { data: { testid: "board-cost" } });
  parts.go = make("button", { type: "button", className: "tool", textContent: texts.go });
  parts.go.onclick = on.go;

  const swatch = (kind) => make("span", { className: `swatch ${kind}` });
  root.setAttribute("aria-label", texts.region);
  root.replaceChildren(
    make("div", { className: "value-line" }, parts.value, make("span", { textContent: texts.hint }), parts.mine),
    parts.plate,
    make(
      "div",
      { className: "ends" },
      parts.low,
      make(
        "span",
        { className: "legend" },
        make("span", {}, swatch("positive"), parts.up),
        make("span", {}, swatch("negative"), parts.down),
        make("span", {}, swatch("positive pale"), swatch("negative pale"), texts.pale),
      ),
      parts.high,
    ),
    parts.film,
    make(
      "div",
      { className: "board" },
      make("div", { className: "left" }, make("div", { className: "matrix" }, ...grid), parts.guess, parts.guessed),
      make("div", { className: "rates" }, parts.precisionRecall.element, parts.roc.element),
      make("ul", { className: "metrics" }, ...parts.metrics.map(({ element }) => element), parts.majority),
      parts.photos,
    ),
    make(
      "div",
      { className: "row" },
      segments("percent"),
      make("label", { className: "check" }, parts.cover, texts.cover),
    ),
    make("div", { className: "row" }, number("missed"), number("alarm"), parts.cost, parts.go),
    make(
      "div",
      { className: "row" },
      make("strong", { textContent: texts.keep }),
      share("negatives"),
      share("positives"),
    ),
  );
  return parts;
}

/** Write the classes' names wherever they stand still. */
export function nameClasses(parts, { texts, classes }) {
  const [negative, positive] = classes;
  const named = (text) => fillIn(text, { negative, positive });
  for (const name of ["low", "high", "up", "down"]) parts[name].textContent = named(texts[name]);
  for (const [label, name] of classes.entries()) {
    parts.heads[label].textContent = fillIn(texts.says, { name });
    parts.rows[label].textContent = fillIn(texts.is, { name });
  }
  for (const name of ["histogram", "film"]) parts[name].setAttribute("aria-label", named(texts[name]));
  parts.film.title = named(texts.film);
  parts.missedWords.textContent = named(texts["missed-cost"]);
  parts.alarmWords.textContent = named(texts["alarm-cost"]);
}
