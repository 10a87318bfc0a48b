// The scores of a judgement travel once, in a hidden component, and the board finds them here.

import { decodeArray } from "../../../browser/numbers.js";

/**
 * @typedef {object} ScoreMessage the scores of a judgement as Python sends them
 * @property {string} id
 * @property {string} subject what is judged, as a digest
 * @property {"f4" | "f8"} kind float32 or float64
 * @property {string} labels uint8 (photos), 1 for the positive class
 * @property {string} scores (photos), from 0 to 1
 * @property {string} ranks int32 (photos): each photo's place in its class when that is shuffled
 */

/** @param {ScoreMessage} message */
export function decodeScores({ kind, labels, scores, ranks }) {
  return {
    labels: decodeArray(labels, Uint8Array),
    scores: kind === "f4" ? decodeArray(scores, Float32Array) : decodeArray(scores, Float64Array),
    ranks: decodeArray(ranks, Int32Array),
  };
}
