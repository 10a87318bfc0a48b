// What one threshold does to the scores of two classes. Nothing here touches the page; models/evaluation/thresholds.py
// computes the same in NumPy, and a test compares both.

const TENS = [1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17];

/** @typedef {"tn" | "fp" | "fn" | "tp"} Cell */

/** @typedef {Record<Cell, number>} Counts the photos in each cell */

/** @typedef {ReturnType<typeof figuresOf>} Figures each from 0 to 1; null where it is 0 / 0 */

/** @typedef {{threshold: number, cost: number}} Least the threshold at which mistakes cost least, and that cost */

/**
 * @typedef {object} RateCurves a point for each distinct score, the highest first
 * @property {number[]} thresholds
 * @property {number[]} truePositives
 * @property {number[]} falsePositives
 * @property {number | null} averagePrecision null without positives
 * @property {number | null} area null without either class
 */

/** Scores, sorted once. A photo is a number from 0; what scores above a threshold is called positive. */
export class ThresholdFigures {
  /** @type {Uint32Array} */ photos;
  /** @type {Float64Array} */ scores;
  /** @type {Uint32Array} */ positivesBelow;
  /** @type {number} */ positives;
  /** @type {number} */ negatives;
  /** @type {Record<Cell, Uint32Array>} */ orders;
  /** @type {RateCurves | null} */ curves;

  /**
   * @param {Uint8Array} labels 1 for the positive class
   * @param {Float32Array | Float64Array} scores from 0 to 1
   */
  constructor(labels, scores) {
    this.labels = labels;
    this.all = Float64Array.from(scores);
    const photos = Uint32Array.from(labels, (_, photo) => photo);
    this.rising = photos.toSorted((a, b) => this.all[a] - this.all[b] || a - b);
    this.falling = photos.toSorted((a, b) => this.all[b] - this.all[a] || a - b);
    this.include(null);
  }

  /**
   * Count only the photos for which the mask has a 1; null for all.
   *
   * @param {Uint8Array | null} mask
   */
  include(mask) {
    const wanted = (/** @type {number} */ photo) => mask === null || mask[photo] === 1;
    this.photos = this.rising.filter(wanted);
    this.scores = Float64Array.from(this.photos, (photo) => this.all[photo]);
    const count = this.photos.length;
    this.positivesBelow = new Uint32Array(count + 1);
    for (let place = 0; place < count; place += 1) {
      this.positivesBelow[place + 1] = this.positivesBelow[place] + this.labels[this.photos[place]];
    }
    this.positives = this.positivesBelow[count];
    this.negatives = count - this.positives;
    const falling = this.falling.filter(wanted);
    /** @type {(photos: Uint32Array, label: number) => Uint32Array} */
    const ofClass = (photos, label) => photos.filter((photo) => this.labels[photo] === label);
    // Every cell's photos, surest first, are the beginning of one of these.
    this.orders = {
      tn: ofClass(this.photos, 0),
      fp: ofClass(falling, 0),
      fn: ofClass(this.photos, 1),
      tp: ofClass(falling, 1),
    };
    this.curves = null;
  }

  /**
   * Return how many scores are not above the threshold.
   *
   * @param {number} threshold
   */
  below(threshold) {
    let [low, high] = [0, this.scores.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.scores[middle] <= threshold) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @param {number} threshold */
  countsAt(threshold) {
    return this.countsBelow(this.below(threshold));
  }

  /**
   * Return the counts of the cells where so many of the lowest scores are called negative.
   *
   * @param {number} below
   * @returns {Counts}
   */
  countsBelow(below) {
    const fn = this.positivesBelow[below];
    const tn = below - fn;
    return { tn, fp: this.negatives - tn, fn, tp: this.positives - fn };
  }

  /**
   * Return the photos of a cell, surest first.
   *
   * @param {Cell} cell
   * @param {Counts} counts
   */
  photosIn(cell, counts) {
    return this.orders[cell].subarray(0, counts[cell]);
  }

  /** Return both curves, a point for each distinct score, the highest first, and the areas below them. */
  makeCurves() {
    if (this.curves) return this.curves;
    const { scores, positives, negatives } = this;
    /** @type {RateCurves} */
    const curves = { thresholds: [], truePositives: [], falsePositives: [], averagePrecision: null, area: null };
    let [average, area, trueBefore, falseBefore] = [0, 0, 0, 0];
    for (let place = scores.length - 1; place >= 0; place -= 1) {
      if (place > 0 && scores[place] === scores[place - 1]) continue;
      const { tp, fp } = this.countsBelow(place);
      curves.thresholds.push(scores[place]);
      curves.truePositives.push(tp);
      curves.falsePositives.push(fp);
      average += (tp - trueBefore) * (tp / (tp + fp));
      area += (fp - falseBefore) * (tp + trueBefore);
      [trueBefore, falseBefore] = [tp, fp];
    }
    if (positives) curves.averagePrecision = average / positives;
    if (positives && negatives) curves.area = area / (2 * positives * negatives);
    this.curves = curves;
    return curves;
  }

  /**
   * Return the corners of the precision-recall curve as [recall, precision], from recall 0 on; none without positives.
   * Between two scores it steps: along to the next recall, then up or down, as scikit-learn's average precision counts it.
   */
  precisionRecallCorners() {
    if (!this.positives) return [];
    const { truePositives, falsePositives } = this.makeCurves();
    const corners = [[0, 1]];
    truePositives.forEach((tp, place) => {
      const precision = tp / (tp + falsePositives[place]);
      corners.push([corners[corners.length - 1][0], precision], [tp / this.positives, precision]);
    });
    return corners;
  }

  /** Return the corners of the ROC curve as [false positive rate, recall], from (0, 0) on; none without both classes. */
  rocCorners() {
    const { positives, negatives } = this;
    if (!positives || !negatives) return [];
    const { truePositives, falsePositives } = this.makeCurves();
    return [[0, 0], ...truePositives.map((tp, place) => [falsePositives[place] / negatives, tp / positives])];
  }

  /**
   * Return how many of either class lie in each of equal parts from 0 to 1: [negatives, positives].
   *
   * @param {number} parts
   */
  histogram(parts) {
    const bars = [new Uint32Array(parts), new Uint32Array(parts)];
    for (const photo of this.photos) {
      bars[this.labels[photo]][Math.min(Math.floor(this.all[photo] * parts), parts - 1)] += 1;
    }
    return bars;
  }

  /**
   * Return the threshold at which mistakes cost least; see `cheapest` in Python for which of equal ones.
   *
   * @param {number} missed cost of a missed positive
   * @param {number} alarm cost of a false alarm
   * @returns {Least}
   */
  cheapest(missed, alarm) {
    const { scores } = this;
    /** @type {Least | null} */
    let found = null;
    for (let below = 0; below <= scores.length; below += 1) {
      const low = below > 0 ? scores[below - 1] : 0;
      const high = below < scores.length ? scores[below] : Infinity;
      if (high <= low) continue;
      const cost = costOf(this.countsBelow(below), missed, alarm);
      if (found && cost > found.cost) continue;
      const threshold = shortNumber(low, high);
      if (!found || cost < found.cost || Math.abs(threshold - 0.5) < Math.abs(found.threshold - 0.5))
        found = { threshold, cost };
    }
    return scores.length && found ? found : { threshold: 0.5, cost: 0 };
  }

  /**
   * Return the threshold that the next photo, or the next few with one score, crosses.
   *
   * @param {number} threshold
   * @param {number} direction 1 or −1
   */
  nextThreshold(threshold, direction) {
    const below = this.below(threshold);
    if (direction > 0) return below < this.scores.length ? this.scores[below] : threshold;
    if (below === 0) return threshold;
    let place = below - 1;
    while (place > 0 && this.scores[place - 1] === this.scores[below - 1]) place -= 1;
    return place > 0 ? this.scores[place - 1] : 0;
  }
}

/**
 * Return the figures of a threshold. Each is one division of whole numbers, so that two that are equal are rounded alike.
 *
 * @param {Counts} counts
 */
export function figuresOf({ tn, fp, fn, tp }) {
  /** @type {(part: number, whole: number) => number | null} */
  const share = (part, whole) => (whole > 0 ? part / whole : null);
  const total = tn + fp + fn + tp;
  const [positives, negatives] = [tp + fn, tn + fp];
  return {
    accuracy: share(tp + tn, total),
    precision: share(tp, tp + fp),
    recall: share(tp, positives),
    specificity: share(tn, negatives),
    f1: share(2 * tp, 2 * tp + fp + fn),
    balanced_accuracy: share(tp * negatives + tn * positives, 2 * positives * negatives),
    majority: share(Math.max(positives, negatives), total),
  };
}

/**
 * Return the points of equal F1 as [recall, precision], from where precision is 1 to recall 1.
 *
 * @param {number} f1
 */
export const equalF1 = (f1) => {
  const first = f1 / (2 - f1);
  const recalls = Array.from({ length: 41 }, (_, step) => first + ((1 - first) * step) / 40);
  return recalls.map((recall) => [recall, (f1 * recall) / (2 * recall - f1)]);
};

/** @type {(mistakes: {fp: number, fn: number}, missed: number, alarm: number) => number} */
export const costOf = ({ fp, fn }, missed, alarm) => missed * fn + alarm * fp;

/**
 * Return the shortest decimal number near the middle of [low, high), or of [low, 1] where there is no score above.
 *
 * @param {number} low
 * @param {number} high
 */
function shortNumber(low, high) {
  if (low <= 0.5 && high > 0.5) return 0.5;
  const middle = (low + Math.min(high, 1)) / 2;
  for (const tens of TENS) {
    const number = Math.floor(middle * tens + 0.5) / tens;
    if (low <= number && number < high && number <= 1) return number;
  }
  return low;
}

/**
 * Return a mask of the photos that count: not set aside, and among those that are kept of their class.
 *
 * @param {Uint8Array} labels
 * @param {ArrayLike<number>} ranks see ScoreMessage
 * @param {{positives: number, negatives: number}} shares percent of either class
 * @param {number[]} aside
 */
export function keptMask(labels, ranks, { positives, negatives }, aside) {
  const totals = [0, 0];
  for (const label of labels) totals[label] += 1;
  const most = [negatives, positives].map((share, label) =>
    Math.max(1, Math.floor((share * totals[label]) / 100 + 0.5)),
  );
  const mask = Uint8Array.from(labels, (label, photo) => (ranks[photo] < most[label] ? 1 : 0));
  for (const photo of aside) mask[photo] = 0;
  return mask;
}
