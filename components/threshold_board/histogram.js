// Scores by class: positives upwards, negatives downwards. What lies on the wrong side of the threshold is pale.

const HISTOGRAM_PARTS = 20;
const LEAST_BAR = 3; // CSS pixels of a bar with a photo in it, however many photos the others have

class ScoreHistogram {
  constructor(canvas, resized) {
    this.plate = new BoardCanvas(canvas, resized);
  }

  get ready() {
    return this.plate.size !== null;
  }

  /** Where a score from 0 to 1 lies on the canvas, in CSS pixels, and the other way. */
  across(score) {
    const { width, rem } = this.plate.size;
    return 0.75 * rem + score * (width - 1.5 * rem);
  }

  scoreAt(x) {
    const { width, rem } = this.plate.size;
    return Math.min(Math.max((x - 0.75 * rem) / (width - 1.5 * rem), 0), 1);
  }

  /** Lay out the bars: [negatives, positives]. */
  load(bars) {
    this.bars = bars;
    const [down, up] = bars.map((counts) => Math.max(...counts, 1));
    this.share = Math.min(Math.max(up / (up + down), 0.3), 0.7);
    this.highest = { up, down };
  }

  get axis() {
    const { height, rem } = this.plate.size;
    return 1.3 * rem + (height - 2.6 * rem) * this.share;
  }

  /**
   * @param {number} threshold
   * @param {number[][]} colours of the negative and of the positive class
   * @param {{score: number, text: string} | null} mine the visitor's photo
   */
  draw(threshold, colours, { text, ground }, mine) {
    const context = this.plate.begin();
    if (!context) return;
    const { width, height, rem } = this.plate.size;
    const line = this.across(threshold);
    for (const [from, to, right] of [[0, line, 0], [line, width, 1]]) {
      context.save();
      context.beginPath();
      context.rect(from, 0, to - from, height);
      context.clip();
      this.drawBars(context, 0, colours[0], right === 0);
      this.drawBars(context, 1, colours[1], right === 1);
      context.restore();
    }
    context.fillStyle = cssColour(text);
    context.textAlign = "center";
    for (const label of [0, 1]) this.writeCounts(context, label);
    context.fillRect(this.across(0), this.axis - 1, this.across(1) - this.across(0), 2);
    if (mine) this.drawMine(context, mine, text, ground);
  }

  /** Call visit(left, top, width, height, count) for every bar of a class. */
  eachBar(label, visit) {
    const { height, rem } = this.plate.size;
    const room = { up: this.axis - 1.3 * rem, down: height - 1.3 * rem - this.axis };
    const scale = Math.min(room.up / this.highest.up, room.down / this.highest.down);
    this.bars[label].forEach((count, part) => {
      if (!count) return;
      const tall = Math.max(count * scale, LEAST_BAR);
      const left = this.across(part / HISTOGRAM_PARTS) + 1;
      visit(left, label === 1 ? this.axis - tall : this.axis, this.across((part + 1) / HISTOGRAM_PARTS) - left - 1, tall, count);
    });
  }

  drawBars(context, label, colour, rightly) {
    context.fillStyle = cssColour(colour, rightly ? 1 : 0.35);
    context.strokeStyle = cssColour(colour);
    context.lineWidth = 2;
    this.eachBar(label, (left, top, width, tall) => {
      context.fillRect(left, top, width, tall);
      if (!rightly && tall > 4) context.strokeRect(left + 1, top + 1, width - 2, tall - 2);
    });
  }

  writeCounts(context, label) {
    context.textBaseline = label === 1 ? "bottom" : "top";
    this.eachBar(label, (left, top, width, tall, count) => {
      const written = writeCount(count);
      if (context.measureText(written).width > width) return;
      context.fillText(written, left + width / 2, label === 1 ? top - 1 : top + tall + 3);
    });
  }

  /** A flag at the visitor's photo, over or under the axis, wherever more of it is free. */
  drawMine(context, { score, text: written }, text, ground) {
    const { width, height, rem } = this.plate.size;
    const x = this.across(score);
    context.strokeStyle = cssColour(text);
    context.lineWidth = 2;
    context.setLineDash([4, 3]);
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, height);
    context.stroke();
    context.setLineDash([]);
    const wide = context.measureText(written).width + 0.8 * rem;
    const left = Math.min(Math.max(x - wide / 2, 0), width - wide);
    context.fillStyle = cssColour(text);
    context.fillRect(left, 0, wide, 1.5 * rem);
    context.fillStyle = cssColour(ground);
    context.textBaseline = "middle";
    context.fillText(written, left + wide / 2, 0.78 * rem);
  }
}
