// An open layer: all its maps with their filters. An open map: the filter that made it and the maps it was made from.

import { contextOf } from "../../../browser/canvas.js";
import { make } from "../../../browser/dom.js";
import { decodeArray, fillIn, ordinal } from "../../../browser/numbers.js";
import { formulaAt } from "./formula.js";
import { paintKernel, paintMap, reach, stepsOf, writeValue } from "../../../networks/paint.js";

/** @import { Colours } from "../../../browser/colours.js" */
/** @import { Scene } from "../../../browser/controls.js" */
/** @import { ReceptiveField } from "./sheet.js" */

/**
 * @typedef {object} DetailHead what every open layer or map has
 * @property {string} id
 * @property {string} subject photo and network, as a digest
 * @property {string} layer
 * @property {number} map −1 for all maps of the layer
 * @property {string} title
 */

/**
 * @typedef {object} LayerMaps maps of a layer
 * @property {number} height of a map
 * @property {number} width
 * @property {number} reach the largest |number| of all the layer's maps
 * @property {string} values float32 (maps, height, width)
 * @property {string | null} kernels float32 (maps, inputs, k, k); null where the layer is no convolution
 */

/**
 * @typedef {object} LayerPage
 * @property {number[]} channels the maps' numbers
 * @property {number} pages
 * @property {(LayerMaps & {title: string}) | null} beside the same maps of the second network
 * @property {number} kernelSize k; 0 without filters
 * @property {number} kernelInputs maps that a filter reads; 0 without filters
 * @property {string[] | null} names of the photo's planes, which are grey; null for the maps of another layer
 */

/** @typedef {DetailHead & LayerMaps & LayerPage} LayerDetail what Python's layer_detail says: a page of a layer's maps */

/**
 * @typedef {object} MapOrigin
 * @property {number} height
 * @property {number} width
 * @property {string} values float32 (height, width)
 * @property {ReceptiveField | null} field null where a number sees the whole photo
 * @property {number} side of the photo as the network receives it, in pixels
 * @property {string} photo a data URL
 * @property {string[]} facts
 * @property {string} heading of the sources
 * @property {MapSource[]} sources those that matter most
 * @property {number} kernelReach the filter's largest |weight|
 * @property {{page: string, label: string}[]} ways to pages that show this computation
 * @property {string} kind of computation
 * @property {Settings} settings
 * @property {{gamma: number, beta: number, mean: number, variance: number, epsilon: number} | null} norm of a
 *     normalisation
 * @property {number} bias
 * @property {number} parts how many maps it is made from
 * @property {boolean} grey whether it is a plane of the photo, from 0 to 255
 */

/** @typedef {DetailHead & MapOrigin} MapDetail what Python's map_detail says: one map, and what it was made from */

/**
 * @typedef {object} Settings how a layer is set, as far as it has such a setting
 * @property {string} [activation]
 * @property {number} [max_value]
 * @property {string} [pool] average or maximum
 * @property {number} [scale]
 * @property {number} [offset]
 */

/**
 * @typedef {object} MapSource a map that the open one was made from
 * @property {string} layer "" where it is the photo
 * @property {number} channel
 * @property {string} title
 * @property {string} words
 * @property {number} height
 * @property {number} width
 * @property {boolean} grey whether it is a plane of the photo, from 0 to 255
 * @property {string} values float32 (height, width)
 * @property {string | null} kernel float32 (k, k)
 * @property {string} [partial] what the filter makes of it, float32 (height, width) of the open map
 */

/**
 * @typedef {object} About how a detail is shown
 * @property {Record<string, string>} texts
 * @property {Scene} scene
 * @property {Colours} colours
 */

const FEW = 6; // tiles that share the width

/**
 * Draw the maps of a layer; press one to open it.
 *
 * @param {HTMLElement} parent
 * @param {About & {detail: LayerDetail, open: (map: number, canvas: HTMLCanvasElement) => void}} about
 */
export function drawLayer(parent, { detail, texts, scene, colours, open }) {
  const both = [detail, ...(detail.beside ? [detail.beside] : [])].map((one) => ({
    ...one,
    values: decodeArray(one.values, Float32Array),
    kernels: one.kernels ? decodeArray(one.kernels, Float32Array) : null,
  }));
  // Maps side by side are compared, so both networks have one scale.
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
      const grey = Boolean(detail.names);
      const scale = grey ? 255 : scene.scale === "map" ? reach(low, high) : most;
      const picture = paintMap(make("canvas"), steps, { width, height, low, high, scale, grey }, colours);
      return { picture, words: fillIn(texts.range, { low: writeValue(low), high: writeValue(high) }) };
    });
    const tile = make(
      "button",
      { type: "button", className: "tile" },
      make("span", { className: "twins" }, ...pictures.map(({ picture }) => picture)),
      make("b", { textContent: detail.names?.[place] ?? fillIn(texts.map, { channel: ordinal(channel) }) }),
      ...pictures.map(({ words }) => make("span", { textContent: words })),
    );
    const filters = both.flatMap(({ kernels }) => {
      const slices = kernels?.subarray(place * each, (place + 1) * each);
      return slices ? [paintSlices(slices, detail, kernelReach, colours)] : [];
    });
    if (filters.length) tile.append(make("span", { className: "twins" }, ...filters));
    tile.dataset.map = String(channel);
    tile.onclick = () => open(channel, pictures[0].picture);
    return tile;
  });
  const kind = tiles.length <= FEW ? "sheet few" : detail.beside ? "sheet wide" : "sheet";
  const sheet = make("div", { className: kind }, ...tiles);
  sheet.onkeydown = (event) => {
    const across = Math.max(1, Math.round(sheet.clientWidth / (tiles[0]?.offsetWidth || 1)));
    /** @type {Record<string, number>} */
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

/**
 * Paint a filter as a table of its slices, one for each map that it reads.
 *
 * @param {Float32Array} slices (inputs, k, k)
 * @param {{kernelSize: number, kernelInputs: number}} shape
 * @param {number} scale
 * @param {Colours} colours
 */
function paintSlices(slices, { kernelSize: size, kernelInputs: inputs }, scale, colours) {
  const across = Math.ceil(Math.sqrt(inputs));
  const down = Math.ceil(inputs / across);
  const step = inputs > 1 ? size + 1 : size;
  const gap = step - size;
  const canvas = make("canvas", { className: "kernel", width: across * step - gap, height: down * step - gap });
  const context = contextOf(canvas);
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

/**
 * @typedef {object} MapActs what a visitor does with an open map
 * @property {(layer: string, map: number, canvas: HTMLCanvasElement) => void} open a map that it was made from
 * @property {(way: {page: string, place: number}) => void} go to the page that shows how the number at a place is
 *     computed
 */

/**
 * Draw one map, where it looks, and what it was made from.
 *
 * @param {HTMLElement} parent
 * @param {About & MapActs & {detail: MapDetail}} about
 */
export function drawMap(parent, { detail, texts, colours, open, go }) {
  const values = decodeArray(detail.values, Float32Array);
  const { width, height, field, side } = detail;
  const sources = detail.sources.map((source) => ({
    title: source.title,
    values: decodeArray(source.values, Float32Array),
    partial: source.partial ? decodeArray(source.partial, Float32Array) : null,
  }));
  const { steps, low, high } = stepsOf(values);
  const scale = detail.grey ? 255 : reach(low, high);
  const picture = paintMap(make("canvas"), steps, { width, height, low, high, scale, grey: detail.grey }, colours);
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
    told.textContent = fillIn(texts.number, { row: ordinal(row), column: ordinal(column), value: writeValue(value) });
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
    /** @type {Record<string, number>} */
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
    tile.onclick = () => open(source.layer, source.channel, map);
    return tile;
  });
  look();
  const ways = detail.ways.map(({ page, label }) => {
    const way = make("button", { type: "button", className: "tool primary way", textContent: label });
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
        { className: "made" },
        ...facts,
        ...ways,
        make("h3", { textContent: detail.heading }),
        make("div", { className: tiles.length > 2 ? "sources" : "sources few" }, ...tiles),
      ),
    ),
  );
  return plate;
}

/**
 * Draw a map that is being opened: its thumbnail stands where it will stand, the photo beside it.
 *
 * @param {HTMLElement} parent
 * @param {{picture: HTMLCanvasElement, photo: string, words: HTMLElement}} about
 * @returns {HTMLElement} what the map stands in
 */
export function drawComing(parent, { picture, photo, words }) {
  const plate = make("div", { className: "frame" }, picture);
  const square = make("div", { className: "frame" }, make("img", { alt: "", src: photo }));
  const figures = [plate, square].map((frame) => make("figure", {}, frame));
  parent.replaceChildren(make("div", { className: "origin" }, ...figures, words));
  return plate;
}
