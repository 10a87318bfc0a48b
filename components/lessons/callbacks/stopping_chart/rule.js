// The rules of EarlyStopping and ModelCheckpoint, comparison by comparison as in models/early_stopping.py.

/** Return where EarlyStopping ends a training: {last, stopped, best, wait}, epochs from 0. */
export function earlyStopping(values, { patience, minDelta, maximise }) {
  let [best, wait] = [0, 0];
  for (let epoch = 0; epoch < values.length; epoch += 1) {
    wait += 1;
    const [value, bestValue] = [values[epoch], values[best]];
    if (epoch === 0 || (maximise ? value - minDelta > bestValue : value + minDelta < bestValue)) {
      best = epoch;
      wait = 0;
    }
    if (wait && wait >= patience && epoch > 0) return { last: epoch, stopped: true, best, wait };
  }
  return { last: values.length - 1, stopped: false, best, wait };
}

/** Return the epochs, from 0, after which ModelCheckpoint writes its file. */
export function keptEpochs(values, { bestOnly, maximise }) {
  const kept = [];
  values.forEach((value, epoch) => {
    const before = values[kept.at(-1)];
    if (!bestOnly || before === undefined || (maximise ? value > before : value < before)) kept.push(epoch);
  });
  return kept;
}
