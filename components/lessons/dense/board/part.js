// The numbers of a dense layer for one photo: as Python sends them, and decoded.

import { decodeArray, fillIn, ordinal } from "../../../browser/numbers.js";

/** @import { Layer } from "./sums.js" */

/**
 * @typedef {object} DensePart what Python's part_of says
 * @property {string} id
 * @property {string} subject photo and network, as a digest
 * @property {string} network
 * @property {string} which of a run, the best or the last epoch
 * @property {string} layer
 * @property {boolean} last whether the layer is the network's last one
 * @property {number} unit the unit that is shown
 * @property {number} units of the layer
 * @property {string} activation
 * @property {string[]} classes of the last layer's units; two for one unit, none for a hidden layer
 * @property {boolean} pets whether the classes are cat and dog
 * @property {string} x all inputs, float32
 * @property {string} w the unit's weights, float32
 * @property {number} bias
 * @property {string} logits all units' sums, float32
 * @property {number[]} shown the inputs on this page
 * @property {number} size most inputs on a page
 * @property {number} page from 0
 * @property {number} pages
 * @property {number} first place of the page's first input, from 1
 * @property {string} mapsLayer the layer whose maps were averaged to the inputs, "" for none
 * @property {number} height of a map
 * @property {number} width
 * @property {string} maps of the shown inputs, float32 (shown, height, width)
 * @property {number[]} rows the inputs that are shown or silenced
 * @property {string} kernel their weights to every unit, float32 (rows, units); "" for one unit
 * @property {string} photo as the network receives it, a data URL; "" without maps
 */

/** @typedef {Omit<DensePart, "x" | "w" | "logits" | "maps"> & Layer & {maps: Float32Array}} Part the numbers decoded */

/**
 * Return what an input is called: its map, counted from 1.
 *
 * @param {{mapsLayer: string}} part
 * @param {number} feature
 * @param {Record<string, string>} texts
 */
export const nameOf = ({ mapsLayer }, feature, texts) =>
  fillIn(texts[mapsLayer ? "feature" : "feature-plain"], { number: ordinal(feature) });

/**
 * Decode a part.
 *
 * @param {DensePart} came
 * @param {string} number what a class is called whose name is a number
 * @returns {Part}
 */
export function decodePart(came, number) {
  const kernel = came.kernel ? decodeArray(came.kernel, Float32Array) : null;
  const { units } = came;
  return {
    ...came,
    // A digit's name is a number: among others it would be read as one of them.
    classes: came.classes.map((name) => (/^\d+$/.test(name) ? fillIn(number, { name }) : name)),
    x: decodeArray(came.x, Float32Array),
    w: decodeArray(came.w, Float32Array),
    logits: decodeArray(came.logits, Float32Array),
    maps: decodeArray(came.maps, Float32Array),
    rowOf: new Map(came.rows.map((feature, place) => [feature, kernel?.subarray(place * units, (place + 1) * units)])),
  };
}
