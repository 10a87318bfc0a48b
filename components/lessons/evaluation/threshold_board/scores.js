// The scores of a judgement travel once, in a hidden component, and the board finds them here.

import { decodeArray } from "../../../browser/numbers.js";

/** Decode a message of scores: {labels, scores, ranks}. */
export function decodeScores({ kind, labels, scores, ranks }) {
  return {
    labels: decodeArray(labels, Uint8Array),
    scores: kind === "f4" ? decodeArray(scores, Float32Array) : decodeArray(scores, Float64Array),
    ranks: decodeArray(ranks, Int32Array),
  };
}
