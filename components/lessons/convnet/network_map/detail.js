// A layer large: all its maps with their filters. A map large: the filter that made it and the maps it was made from.

import { make } from "../../../browser/dom.js";
import { decodeArray, fillIn } from "../../../browser/numbers.js";
import { formulaAt } from "./formula.js";
import { paintKernel, paintMap, reach, stepsOf, writeValue } from "../../../networks/paint.js";

/** Draw the maps of a layer; press one to open it. */
export function drawLayer(parent, { detail, texts, scene, colours, open }) {
  const both = [detail, ...(detail.beside ? [detail.beside] : [])].map((one) => ({
    ...one,
    values: decodeArray(one.values, Float32Array),
    kernels: one.kernels ? decodeArray(one.kernels, Float32Array) : null,
  }));
  // What stands side by side is compared: one scale for both.
  const most = Math.max(...both.map((one) => one.reach));
  const kernelReach = both.reduce(
    (largest, { kernels }) =>
      kernels ? kernels.reduce((all, number) => Math.max(all, Math.abs(number)), largest) : largest,
    0,
  );
  const each = detail.kernelSize ** 2 * detail.kernelInputs;
  const tiles = detail.channels.map((channel, place) => {
    const pictures = both.map(({ values, width, height }) => {
      const size = width * height;
      const { steps, low, high } = stepsOf(values.subarray(place * size, (place + 1) * size));
      const scale = scene.scale === "map" ? reach(low, high) : most;
      const picture = paintMap(make("canvas"), steps, { width, height, low, high, scale }, colours);
      return { picture, words: fillIn(texts.range, { low: writeValue(low), high: writeValue(high) }) };
    });
    const tile = make(
      "button",
      { type: "button", className: "tile" },
      make("span", { className: "twins" }, ...pictures.map(({ picture }) => picture)),
      make("b", { textContent: fillIn(texts.map, { channel }) }),
      ...pictures.map(({ words }) => make("span", { textContent: words })),
    );
    const filters = both
      .filter(({ kernels }) => kernels)
      .map(({ kernels }) =>
        paintSlices(
          make("canvas", { className: "kernel" }),
          kernels.subarray(place * each, (place + 1) * each),
          detail,
          kernelReach,
          colours,
        ),
      );
    if (filters.length) tile.append(make("span", { className: "twins" }, ...filters));
    tile.dataset.map = String(channel);
    tile.onclick = () => open(channel);
    return tile;
  });
  const sheet = make("div", { className: detail.beside ? "sheet wide" : "sheet" }, ...tiles);
  sheet.onkeydown = (event) => {
    const across = Math.max(1, Math.round(sheet.clientWidth / (tiles[0]?.offsetWidth || 1)));
    const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across };
    const at = tiles.findIndex((tile) => tile.matches(":focus"));
    if (!(event.key in moves) || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    tiles[Math.min(Math.max(at + moves[event.key], 0), tiles.length - 1)].focus();
  };
  parent.replaceChildren(sheet);
  return tiles[0];
}

/** Paint a filter as a table of its slices, one for each map that it reads. */
function paintSlices(canvas, slices, { kernelSize: size, kernelInputs: inputs }, scale, colours) {
  const across = Math.ceil(Math.sqrt(inputs));
  const down = Math.ceil(inputs / across);
  const step = inputs > 1 ? size + 1 : size;
  canvas.width = across * step - (step - size);
  canvas.height = down * step - (step - size);
  const context = canvas.getContext("2d");
  for (let input = 0; input < inputs; input += 1) {
    const one = paintKernel(
      make("canvas"),
      slices.subarray(input * size * size, (input + 1) * size * size),
      size,
      scale,
      colours,
    );
    context.drawImage(one, (input % across) * step, Math.floor(input / across) * step);
  }
  return canvas;
}

/** Draw one map, where it looks, and what it was made from. */
export function drawMap(parent, { detail, texts, colours, open, go }) {
  const values = decodeArray(detail.values, Float32Array);
  const { width, height, field, side } = detail;
  const sources = detail.sources.map((source) => ({
    title: source.title,
    values: decodeArray(source.values, Float32Array),
    partial: source.partial ? decodeArray(source.partial, Float32Array) : null,
  }));
  const { steps, low, high } = stepsOf(values);
  const picture = paintMap(make("canvas"), steps, { width, height, low, high, scale: reach(low, high) }, colours);
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", detail.title);
  const mark = make("div", { className: "box", hidden: true });
  const plate = make("div", { className: "frame crosshair", tabIndex: 0 }, picture, mark);
  plate.setAttribute("role", "slider");
  plate.setAttribute("aria-label", texts.place);
  plate.setAttribute("aria-valuemin", "0");
  plate.setAttribute("aria-valuemax", String(width * height - 1));
  const told = make("p", { className: "told" });
  const written = make("p", { className: "formula" });
  written.dataset.testid = "map-formula";
  const photo = make("img", { alt: texts.square, src: detail.photo });
  const lens = make("div", { className: "box", hidden: true });
  const frame = make("div", { className: "frame" }, photo, lens);
  let strongest = 0;
  values.forEach((value, index) => {
    if (Math.abs(value) > Math.abs(values[strongest])) strongest = index;
  });
  let place = strongest;
  const look = () => {
    const [row, column] = [Math.floor(place / width), place % width];
    const value = values[place];
    mark.hidden = false;
    mark.style.cssText = `left: ${(100 * column) / width}%; top: ${(100 * row) / height}%; width: ${100 / width}%; height: ${100 / height}%`;
    told.textContent = fillIn(texts.number, { row, column, value: writeValue(value) });
    told.dataset.value = String(value);
    written.textContent = formulaAt(detail, sources, place, value, texts);
    written.hidden = !written.textContent;
    plate.setAttribute("aria-valuenow", String(place));
    plate.setAttribute("aria-valuetext", told.textContent);
    lens.hidden = !field;
    if (!field) return;
    const edges = [column, row].map((at) => [
      Math.max(field.start + at * field.step, 0),
      Math.min(field.start + at * field.step + field.size, side),
    ]);
    const [[left, right], [top, bottom]] = edges;
    lens.style.cssText = `left: ${(100 * left) / side}%; top: ${(100 * top) / side}%; width: ${(100 * (right - left)) / side}%; height: ${(100 * (bottom - top)) / side}%`;
  };
  plate.onpointermove = (event) => {
    const box = plate.getBoundingClientRect();
    const column = Math.min(Math.max(Math.floor(((event.clientX - box.left) / box.width) * width), 0), width - 1);
    const row = Math.min(Math.max(Math.floor(((event.clientY - box.top) / box.height) * height), 0), height - 1);
    place = row * width + column;
    look();
  };
  plate.onpointerdown = plate.onpointermove;
  plate.onkeydown = (event) => {
    const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -width, ArrowDown: width };
    if (!(event.key in moves)) return;
    event.preventDefault();
    event.stopPropagation();
    place = Math.min(Math.max(place + moves[event.key], 0), width * height - 1);
    look();
  };
  const tiles = detail.sources.map((source) => {
    const numbers = decodeArray(source.values, Float32Array);
    const found = stepsOf(numbers);
    const map = paintMap(
      make("canvas"),
      found.steps,
      {
        width: source.width,
        height: source.height,
        low: found.low,
        high: found.high,
        scale: source.grey ? 255 : reach(found.low, found.high),
        grey: source.grey,
      },
      colours,
    );
    const pair = make("span", { className: "pair" }, map);
    if (source.kernel) {
      const kernel = decodeArray(source.kernel, Float32Array);
      pair.append(
        paintKernel(
          make("canvas", { className: "kernel" }),
          kernel,
          Math.round(Math.sqrt(kernel.length)),
          detail.kernelReach,
          colours,
        ),
      );
    }
    const tile = make(
      "button",
      { type: "button", className: "source" },
      pair,
      make("span", { textContent: source.title }),
      make("span", { textContent: source.words }),
    );
    tile.disabled = !source.layer;
    tile.onclick = () => open(source.layer, source.channel);
    return tile;
  });
  look();
  const ways = detail.ways.map(({ page, label }) => {
    const way = make("button", { type: "button", className: "tool way", textContent: `${label} →` });
    way.onclick = () => go({ page, place });
    return way;
  });
  const facts = detail.facts.map((text) => make("p", { textContent: text }));
  parent.replaceChildren(
    make(
      "div",
      { className: "origin" },
      make("figure", {}, plate, told, written),
      make("figure", {}, frame, make("p", { textContent: field ? texts.field : texts["whole-photo"] })),
      make(
        "div",
        {},
        ...facts,
        ...ways,
        make("h3", { textContent: detail.heading }),
        make("div", { className: "sources" }, ...tiles),
      ),
    ),
  );
  return plate;
}
