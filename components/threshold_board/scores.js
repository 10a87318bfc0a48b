// The scores of a judgement travel once, in a hidden component, and the board finds them here.

/** Return the page's scores: {messages: key → what Python sent, listeners}. */
function scoreStore() {
  return (document[Symbol.for("threshold-scores")] ??= { messages: new Map(), listeners: new Set() });
}

/** Decode a message of scores: {labels, scores, ranks}. */
function decodeScores({ kind, labels, scores, ranks }) {
  return {
    labels: decodeArray(labels, Uint8Array),
    scores: decodeArray(scores, kind === "f4" ? Float32Array : Float64Array),
    ranks: decodeArray(ranks, Int32Array),
  };
}
