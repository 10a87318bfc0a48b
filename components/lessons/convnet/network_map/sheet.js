// The overview's numbers: as Python sends them, and decoded.

import { decodeArray } from "../../../browser/numbers.js";

/**
 * @typedef {object} SmallPictures of the maps that a column shows
 * @property {number[]} low the smallest number of each map
 * @property {number[]} high the largest number of each map
 * @property {number} reach the largest |number| of all the layer's maps
 * @property {number} width of a picture
 * @property {number} height
 * @property {string} thumbs uint8 (maps, height, width): 0 for a map's smallest number, 255 for its largest
 */

/** @typedef {{size: number, step: number, start: number}} ReceptiveField of numbers 0, 1, …, in pixels along a side */

/**
 * @typedef {object} SheetColumn a layer, or a block folded into one column
 * @property {string} layer whose maps are shown: of a folded block, the last
 * @property {string} block
 * @property {string} title
 * @property {string} size the layer's shape
 * @property {string} short the same without blanks
 * @property {string} about what the column is, in a line
 * @property {string[]} behind the layers behind it that have no column: every map looks the same after them
 * @property {number} layers that it stands for
 * @property {boolean} folded
 * @property {boolean} foldable whether the block can be folded or unfolded here
 * @property {string[]} inputs the layers of the columns that feed it
 * @property {"all" | "same"} link whether each map is computed from all maps before, or from the one of its number
 * @property {boolean} picture whether it is the photo
 * @property {boolean} answer whether it is the network's answer, which has no maps
 * @property {number} channels maps of the layer
 * @property {number[]} shown the numbers of those that are shown
 * @property {string} sees how much of the photo one number sees, in words
 * @property {ReceptiveField | null} field null where a number sees the whole photo
 * @property {[height: number, width: number]} grid numbers of a map along its sides
 */

/** @typedef {[name: string, probability: number, kind: "cat" | "dog" | ""][]} Top the classes that a network answers most */

/**
 * @typedef {object} Sheet what Python's sheet_of says
 * @property {string} id
 * @property {string} subject photo and network, as a digest
 * @property {number} side of the photo as the network receives it, in pixels
 * @property {(SheetColumn & SmallPictures & {beside?: SmallPictures})[]} columns `beside`: the second network's maps
 * @property {string[]} layers that can be opened
 * @property {boolean} foldable whether there are blocks of several layers
 * @property {number} pages
 * @property {number} reach the largest |number| of all layers shown
 * @property {Top} top
 * @property {{title: string, top: Top} | null} beside the second network
 */

/** @typedef {SmallPictures & {steps: Uint8Array}} Pictures `thumbs` decoded */

/**
 * @typedef {SheetColumn & Pictures & {beside?: Pictures, from: number[], empty?: boolean}} Column `from`: numbers of the
 *     columns that feed it; `empty`: its maps have not come yet
 */

/**
 * @param {SmallPictures} pictures
 * @returns {Pictures}
 */
const decoded = (pictures) => ({ ...pictures, steps: decodeArray(pictures.thumbs, Uint8Array) });

/**
 * Decode the columns of a sheet.
 *
 * @param {Sheet} sheet
 * @returns {Column[]}
 */
export function columnsOf({ columns }) {
  return columns.map((column) => ({
    ...column,
    ...decoded(column),
    beside: column.beside && decoded(column.beside),
    from: column.inputs.map((name) => columns.findIndex(({ layer }) => layer === name)).filter((place) => place >= 0),
  }));
}

/** Of a network that is not known yet: that of the course has as many between photo and answer. */
const OUTLINED = 6;

/**
 * Return the columns of a network whose maps have not come yet: those that it had with another photo, or just some.
 *
 * @param {Column[]} known
 * @param {number} rows
 * @returns {Column[]}
 */
export function outlineOf(known, rows) {
  if (known.length) return known.map((column) => ({ ...column, beside: undefined, empty: true }));
  return Array.from({ length: OUTLINED + 2 }, (_, number) => {
    const [picture, answer] = [number === 0, number === OUTLINED + 1];
    const nothing = {
      layer: "",
      block: "",
      title: "",
      size: "",
      short: "",
      about: "",
      sees: "",
      inputs: [],
      behind: [],
    };
    const maps = { low: [], high: [], reach: 0, width: 1, height: 1, thumbs: "", steps: new Uint8Array() };
    return {
      ...nothing,
      ...maps,
      layers: 1,
      folded: false,
      foldable: false,
      link: "all",
      picture,
      answer,
      channels: 0,
      shown: Array.from({ length: picture ? 1 : answer ? 0 : rows }, (__, row) => row),
      field: null,
      grid: [1, 1],
      from: number ? [number - 1] : [],
      empty: true,
    };
  });
}
