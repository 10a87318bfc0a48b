// The activation curve. Python sends value and slope at every input; the browser looks them up and draws.

class CurveControls extends SceneControls {
  show(scene) {
    super.show(scene);
    for (const name of ["second", "third"]) this.parts[`${name}-choice`].hidden = scene.activation !== "softmax";
  }
}

class ActivationCurveView extends StageView {
  constructor(root) {
    super(root);
    this.traced = -1;
    this.controls = new CurveControls(root, this.parts, (scene) => this.emit(scene));
    new ResizeObserver(() => this.measure()).observe(this.parts["curve-plate"]);
    this.listenToPlate(this.parts["curve-plate"], (share) => {
      if (!this.frame) return null;
      const x = (share * this.frame.width - this.frame.left) / (this.frame.right - this.frame.left);
      return Math.round(Math.min(Math.max(x, 0), 1) * (this.data.count - 1));
    });
  }

  load(data) {
    const imposed = !this.data || data.epoch !== this.data.epoch;
    this.data = data;
    this.takeColours();
    this.writeTexts(data.texts);
    this.controls.load(data, this.colours);
    const values = decodeArray(data.values, Float64Array);
    const outputs = values.length / data.count;
    this.values = Array.from({ length: outputs }, (_, output) => values.subarray(output * data.count, (output + 1) * data.count));
    this.slopes = decodeArray(data.slopes, Float64Array);
    this.middle = data.part && decodeArray(data.part, Float64Array);
    this.parts.formula.innerHTML = `<math display="block">${data.formula}</math>`;
    this.parts.facts.replaceChildren(
      ...data.facts.map((fact) => Object.assign(document.createElement("li"), { textContent: fact })),
    );
    this.buildShares();
    this.parts.curve.setAttribute("aria-label", data.texts["curve-alt"]);
    this.player.configure({
      count: data.count, rowLength: -100, texts: data.texts.player, topSpeed: data.topSpeed,
      scale: { start: data.start, step: data.step },
    });
    if (imposed) this.imposePlace(data);
    this.traced = data.count - 1;
    this.measure();
    this.stage.dataset.ready = String(data.edit);
  }

  /** Play draws the derivative anew, from the left to where x is. */
  restart() {
    this.traced = -1;
  }

  // ---- the curve ----

  measure() {
    if (!this.data) return;
    const { clientWidth: width, clientHeight: height } = this.parts["curve-plate"];
    const ratio = window.devicePixelRatio;
    const canvas = this.parts.curve;
    Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    this.rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.font = getComputedStyle(this.stage).fontFamily;
    this.frame = { width, height, left: 3.2 * this.rem, right: width - 0.6 * this.rem, top: 0.6 * this.rem, bottom: height - 1.8 * this.rem };
    this.paintGround(ratio);
    this.player.requestDraw();
  }

  place(x, y) {
    const { left, right, top, bottom } = this.frame;
    const { start, count, step, low, high } = this.data;
    const [x0, x1] = [left + ((x - start) / ((count - 1) * step)) * (right - left), bottom - ((y - low) / (high - low)) * (bottom - top)];
    return [x0, x1];
  }

  /** Paint what does not move once: grid, axes and the curve. */
  paintGround(ratio) {
    const { colours, data, frame, rem } = this;
    this.ground ??= document.createElement("canvas");
    Object.assign(this.ground, { width: this.parts.curve.width, height: this.parts.curve.height });
    const context = this.ground.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.font = `${rem}px ${this.font}`;
    context.fillStyle = cssColour(colours.text);
    const line = (from, to) => {
      context.beginPath();
      context.moveTo(...from);
      context.lineTo(...to);
      context.stroke();
    };
    const span = data.high - data.low;
    const step = span > 5 ? 2 : span > 2.5 ? 0.5 : 0.25;
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (let tick = Math.ceil(data.low / step); tick * step <= data.high + 1e-9; tick += 1) {
      const [, y] = this.place(0, tick * step);
      context.lineWidth = tick === 0 ? 2 : 1;
      context.strokeStyle = cssColour(tick === 0 ? colours.text : colours.border, tick === 0 ? 1 : 0.35);
      line([frame.left, y], [frame.right, y]);
      context.fillText(signed(String(Number((tick * step).toFixed(2)))), frame.left - 0.4 * rem, y);
    }
    context.textAlign = "center";
    context.textBaseline = "top";
    const last = data.start + (data.count - 1) * data.step;
    for (let x = data.start; x <= last; x += 2) {
      const [place] = this.place(x, 0);
      context.lineWidth = x === 0 ? 2 : 1;
      context.strokeStyle = cssColour(x === 0 ? colours.text : colours.border, x === 0 ? 1 : 0.35);
      line([place, frame.top], [place, frame.bottom]);
      context.fillText(signed(String(x)), place, frame.bottom + 0.3 * rem);
    }
    this.trace(context, this.values[0], data.count - 1, colours.positive, []);
  }

  trace(context, numbers, last, colour, dash) {
    const { start, step } = this.data;
    context.beginPath();
    for (let index = 0; index <= last; index += 1) {
      const [x, y] = this.place(start + index * step, numbers[index]);
      if (index === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
    context.lineWidth = 0.22 * this.rem;
    context.lineJoin = "round";
    context.strokeStyle = cssColour(colour);
    context.setLineDash(dash);
    context.stroke();
    context.setLineDash([]);
  }

  // ---- one input ----

  draw(position) {
    if (!this.frame) return;
    const { data, colours, rem } = this;
    this.traced = Math.max(this.traced, position);
    const canvas = this.parts.curve;
    const context = canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(this.ground, 0, 0);
    const ratio = window.devicePixelRatio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.trace(context, this.slopes, this.traced, colours.negative, [0.55 * rem, 0.35 * rem]);
    const x = data.start + position * data.step;
    const [value, slope] = [this.values[0][position], this.slopes[position]];
    // The tangent: its rise over one step to the right is the slope.
    const reach = 1.4;
    context.strokeStyle = cssColour(colours.text);
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(...this.place(x - reach, value - reach * slope));
    context.lineTo(...this.place(x + reach, value + reach * slope));
    context.stroke();
    const [at, zero] = this.place(x, 0);
    context.setLineDash([2, 4]);
    context.beginPath();
    context.moveTo(at, zero);
    context.lineTo(...this.place(x, value));
    context.stroke();
    context.setLineDash([]);
    this.dot(context, this.place(x, value), colours.window, 0.55);
    this.dot(context, this.place(x, slope), colours.negative, 0.4);
    this.write(x, position, value, slope);
  }

  dot(context, [x, y], colour, size) {
    context.beginPath();
    context.arc(x, y, size * this.rem, 0, 7);
    context.fillStyle = cssColour(colour);
    context.fill();
    context.lineWidth = 3;
    context.strokeStyle = "#000";
    context.stroke();
  }

  write(x, position, value, slope) {
    const { valueLines, slopeLines, others } = this.data;
    const above = Number(x.toFixed(2)) > 0 ? 1 : 0;
    const four = (number) => writeUnits(Math.round(number * 1e4), 4);
    const middle = this.middle ? this.middle[position] : 0;
    const numbers = {
      x: writeUnits(Math.round(x * 100), 2), y: four(value), slope: four(slope),
      part: middle >= 100 ? middle.toFixed(1) : middle.toFixed(4),
      second: signed(String(others[0])), third: signed(String(others[1])),
    };
    const fill = (text) => text.replace(/\{(\w+)\}/g, (_, name) => numbers[name]);
    this.set(this.parts.value, numbers.y, value);
    this.set(this.parts.slope, numbers.slope, slope);
    this.set(this.parts["value-line"], fill(valueLines[above]));
    this.set(this.parts["slope-line"], fill(slopeLines[above]));
    this.shares?.forEach(({ bar, text }, output) => {
      bar.style.transform = `scaleX(${this.values[output][position]})`;
      text.textContent = `${(this.values[output][position] * 100).toFixed(1)} %`;
    });
  }

  set(element, text, value) {
    if (element.textContent !== text) element.textContent = text;
    if (value !== undefined) element.dataset.value = value;
  }

  /** Softmax has several answers: a bar for each. */
  buildShares() {
    this.parts.shares.hidden = this.values.length === 1;
    this.shares = this.values.length === 1 ? null : [];
    this.parts.shares.replaceChildren();
    this.shares &&= this.values.map((_, output) => {
      const line = document.createElement("div");
      line.className = "share";
      const [name, bar, text] = ["span", "i", "b"].map((tag) => document.createElement(tag));
      name.textContent = `f${"₁₂₃"[output]}${output ? ` (x${"₁₂₃"[output]} = ${signed(String(this.data.others[output - 1]))})` : ""}`;
      line.append(name, bar, text);
      this.parts.shares.append(line);
      return { bar, text };
    });
  }
}

export default (component) => showStage(ActivationCurveView, component);
