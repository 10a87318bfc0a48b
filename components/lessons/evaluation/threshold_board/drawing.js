// How the board writes its numbers.

/** Write a threshold: two to four decimals, more only where it would look like 0 or 1 without being it. */
export function writeThreshold(threshold) {
  for (let decimals = 1; decimals <= 12; decimals += 1) {
    const text = threshold.toFixed(decimals);
    const number = Number(text);
    if (
      number === threshold ||
      (decimals >= 4 && (number === 1) === (threshold === 1) && (number === 0) === (threshold === 0))
    )
      return text;
  }
  return String(threshold);
}

/** Write a score with two decimals; "<0.01" and ">0.99" for what would look like 0 or 1. */
export function writeScore(score) {
  const text = score.toFixed(2);
  if (text === "1.00" && score < 1) return ">0.99";
  return text === "0.00" && score > 0 ? "<0.01" : text;
}

export const writeCount = (number) => number.toLocaleString("en");

/** Write a cost: whole, or with up to two decimals. */
export const writeAmount = (cost) => cost.toLocaleString("en", { maximumFractionDigits: 2 });

/** Write one of the figures with three decimals, a dash where it is 0 / 0. */
export const writeFigure = (figure) => (figure === null ? "–" : figure.toFixed(3));
