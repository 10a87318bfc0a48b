// The losses and update rules of models/arithmetic/loss_surfaces.py and optimizer_updates.py once more, so that the paths
// follow a start that is being dragged. A test compares both. Losses are float64, updates float32.

const f32 = Math.fround;

/** @import { Participant } from "./race.js" */

/**
 * @typedef {object} Ground a surface's map
 * @property {string} name
 * @property {number} width of half the map: x goes from −width to width
 * @property {number} height of half the map
 * @property {number} columns of the grid of losses
 * @property {number} rows
 * @property {Float32Array} losses (rows, columns)
 * @property {number[]} levels the losses of the contour lines, rising
 * @property {number} least the smallest loss
 * @property {[x: number, y: number][]} minima
 * @property {Float64Array} inputs (pictures, 2); none where the loss is a formula
 * @property {Uint8Array} labels (pictures)
 */

/**
 * A surface's loss and gradient at (x, y). With a batch, the gradient is that of these pictures alone.
 *
 * @type {Record<string, (x: number, y: number, data: Ground, batch: Uint16Array | null) =>
 *     [loss: number, byX: number, byY: number]>}
 */
const SURFACES = {
  bowl: (x, y) => [x * x + 2 * y * y, 2 * x, 4 * y],
  ravine: (x, y) => [x * x + 50 * y * y, 2 * x, 100 * y],
  beale: (x, y) => {
    let [loss, byX, byY] = [0, 0, 0];
    for (const [constant, power] of [
      [1.5, 1],
      [2.25, 2],
      [2.625, 3],
    ]) {
      const share = 1 - y ** power;
      const rest = constant - x * share;
      loss += rest * rest;
      byX -= 2 * rest * share;
      byY += 2 * rest * power * x * y ** (power - 1);
    }
    return [loss, byX, byY];
  },
  saddle: (x, y) => [((x * x) / 4 - 1) ** 2 + y * y, x * ((x * x) / 4 - 1), 2 * y],
  digits: (x, y, { inputs, labels }, batch) => {
    let [loss, byX, byY] = [0, 0, 0];
    /** @type {(index: number) => number} */
    const logitOf = (index) => x * inputs[2 * index] + y * inputs[2 * index + 1];
    const learn = (/** @type {number} */ index) => {
      const logit = logitOf(index);
      const small = Math.exp(-Math.abs(logit));
      const error = (logit >= 0 ? 1 : small) / (1 + small) - labels[index];
      byX += error * inputs[2 * index];
      byY += error * inputs[2 * index + 1];
    };
    for (let index = 0; index < labels.length; index += 1) {
      const logit = logitOf(index);
      loss += Math.max(logit, 0) - logit * labels[index] + Math.log1p(Math.exp(-Math.abs(logit)));
      if (!batch) learn(index);
    }
    for (const index of batch ?? []) learn(index);
    const count = batch ? batch.length : labels.length;
    return [loss / labels.length, byX / count, byY / count];
  },
};

const [MOMENTUM, RMSPROP, ADADELTA, EPSILON] = [0.9, 0.9, 0.95, 1e-7].map(f32);
const [RMSPROP_REST, ADADELTA_REST, ADAM_1, ADAM_2] = [1 - 0.9, 1 - 0.95, 1 - 0.9, 1 - 0.999].map(f32);

/** @type {((a: number, b: number) => number)[]} */
const [times, plus, minus, over] = [
  (a, b) => f32(a * b),
  (a, b) => f32(a + b),
  (a, b) => f32(a - b),
  (a, b) => f32(a / b),
];
const root = (/** @type {number} */ a) => f32(Math.sqrt(a));

/** @type {(old: number, before: number, rest: number, value: number) => number} */
const mean = (old, before, rest, value) => plus(times(old, before), times(rest, value));

/**
 * One weight's step: from its gradient, both slots, the learning rate and Adam's correction of it to what is added to the
 * weight, and both slots after the step.
 *
 * @type {Record<string, (g: number, a: number, b: number, rate: number, correction: number) =>
 *     [change: number, first: number, second: number]>}
 */
const RULES = {
  sgd: (g, a, b, rate) => [-times(g, rate), a, b],
  momentum: (g, a, b, rate) => {
    const velocity = minus(times(a, MOMENTUM), times(g, rate));
    return [velocity, velocity, b];
  },
  nesterov: (g, a, b, rate) => {
    const velocity = minus(times(a, MOMENTUM), times(g, rate));
    return [minus(times(velocity, MOMENTUM), times(g, rate)), velocity, b];
  },
  adagrad: (g, a, b, rate) => {
    const total = plus(a, times(g, g));
    return [-over(times(rate, g), root(plus(total, EPSILON))), total, b];
  },
  rmsprop: (g, a, b, rate) => {
    const square = mean(RMSPROP, a, RMSPROP_REST, times(g, g));
    return [-over(times(rate, g), root(plus(square, EPSILON))), square, b];
  },
  adadelta: (g, a, b, rate) => {
    const square = mean(ADADELTA, a, ADADELTA_REST, times(g, g));
    const change = -over(times(root(plus(b, EPSILON)), g), root(plus(square, EPSILON)));
    return [times(rate, change), square, mean(ADADELTA, b, ADADELTA_REST, times(change, change))];
  },
  adam: (g, a, b, rate, correction) => {
    const first = plus(a, times(minus(g, a), ADAM_1));
    const second = plus(b, times(minus(times(g, g), b), ADAM_2));
    const step = times(first, times(rate, correction));
    return [-over(step, plus(root(second), EPSILON)), first, second];
  },
};

/**
 * @typedef {object} Run one optimizer's path, a row for each step
 * @property {Float32Array} weights (rows, 2)
 * @property {Float32Array} losses (rows)
 * @property {Float32Array} gradients (rows, 2)
 * @property {Float32Array} changes (rows, 2)
 * @property {Float32Array} slots (rows, 4)
 * @property {number | null} ended the step that left the map, from which on nothing moves
 */

/**
 * Run one optimizer as Python's `run` does.
 *
 * @param {Pick<Participant, "rule" | "firstSlot">} participant
 * @param {Ground} ground
 * @param {object} settings
 * @param {number} settings.x the weights at the start
 * @param {number} settings.y
 * @param {number} settings.rate
 * @param {number} settings.steps
 * @param {number} settings.reach see RaceMessage
 * @param {Float32Array} settings.correction of Adam's learning rate at each step, from the first on
 * @param {Uint16Array} [settings.batches] the pictures of each step (rows, batchSize); none where gradients are exact
 * @param {number} [settings.batchSize]
 */
export function runOptimizer(
  { rule: name, firstSlot },
  ground,
  { x, y, rate, steps, reach, correction, batches = new Uint16Array(), batchSize = 0 },
) {
  const rows = steps + 1;
  /** @type {Run} */
  const run = {
    weights: new Float32Array(2 * rows),
    losses: new Float32Array(rows),
    gradients: new Float32Array(2 * rows),
    changes: new Float32Array(2 * rows),
    slots: new Float32Array(4 * rows),
    ended: null,
  };
  run.weights.set([x, y]);
  run.slots.set([firstSlot, firstSlot, 0, 0]);
  const [surface, rule, rounded] = [SURFACES[ground.name], RULES[name], f32(rate)];
  for (let step = 0; step <= steps; step += 1) {
    const moving = step > 0 ? 2 : 0; // at the start no weight has moved
    for (let weight = 0; weight < moving; weight += 1) {
      const [now, slot] = [2 * step + weight, 4 * step + weight];
      const [change, a, b] = rule(
        run.gradients[now - 2],
        run.slots[slot - 4],
        run.slots[slot - 2],
        rounded,
        correction[step - 1],
      );
      run.changes[now] = change;
      run.slots[slot] = a;
      run.slots[slot + 2] = b;
      run.weights[now] = run.weights[now - 2] + change;
    }
    const place = run.weights.subarray(2 * step, 2 * step + 2);
    const batch = batches.length ? batches.subarray(batchSize * step, batchSize * (step + 1)) : null;
    [run.losses[step], run.gradients[2 * step], run.gradients[2 * step + 1]] = surface(
      place[0],
      place[1],
      ground,
      batch,
    );
    if (place.every((weight) => Math.abs(weight) <= reach * ground.width)) continue;
    run.ended = step;
    for (const { array, size } of [
      { array: run.weights, size: 2 },
      { array: run.losses, size: 1 },
      { array: run.gradients, size: 2 },
      { array: run.changes, size: 2 },
      { array: run.slots, size: 4 },
    ]) {
      for (let row = step + 1; row < rows; row += 1) array.copyWithin(row * size, step * size, (step + 1) * size);
    }
    break;
  }
  return run;
}
