// The convolution page's picture. Python sends the input, once for each picture, the kernel, and where the window stops;
// the map and everything that moves is computed and drawn here from those arrays, without asking the server again.

import { mount } from "../../../browser/board.js";
import { contextOf } from "../../../browser/canvas.js";
import { whenCarried } from "../../../browser/carrier.js";
import { paint, signedColour } from "../../../browser/colours.js";
import {
  FAINTEST,
  MINUS,
  boxesBetween,
  decimalsFor,
  decodeArray,
  fillIn,
  ordinal,
  roundToTotal,
  writeUnits,
} from "../../../browser/numbers.js";
import { percent } from "../../../networks/percent.js";
import { StageView } from "../../../player/stage.js";
import { ConvolutionControls } from "./controls.js";
import { colourScale, convolve } from "./feature_map.js";
import { Magnifier } from "./magnifier.js";

/** @import { StageMessage } from "../../../player/stage.js" */

/**
 * @typedef {object} ConvolutionMessage what Python's payload says
 * @property {number} height of the picture
 * @property {number} width
 * @property {number} channels 1 or 3
 * @property {number} size weights a side of the filter
 * @property {number} bias
 * @property {string} input id of the message that carries the pixels
 * @property {number} brightest the largest number of the input
 * @property {string} kernel float64 (size, size, channels)
 * @property {Axis | null} axis where the window stops along a side; null where Keras refuses the setting
 * @property {number} productScale the largest |product|
 * @property {string} kernelName
 * @property {string[]} facts
 * @property {string} [refusal] why there is no map
 * @property {string} [reach] how the window covers the picture
 * @property {{id: string, label: string, weights: number[] | null}[]} presets ready-made filters, (3, 3) each; no
 *     weights where the visitor writes them
 * @property {{weights: string, labels: string[]}} learned filters of a network, float32 (filters, 3, 3, 3)
 * @property {Record<string, string>} folded the settings that lie under "More", with what they are at first
 */

/**
 * @typedef {object} Axis where the window stops along a side, in pixels
 * @property {number} output how often it stops, which is the map's side
 * @property {number} reach from the first to the last pixel under the window
 * @property {number} before zeros before the first pixel
 * @property {number} after zeros after the last one
 * @property {number} unreached pixels at the end that no window reads
 */

/** @extends {StageView<StageMessage & ConvolutionMessage>} */
class ConvolutionView extends StageView {
  /** @type {Float32Array} the sums at all stops; none where Keras refuses the setting */
  sums = new Float32Array();

  /** @type {() => void} */
  stopWaiting;

  /** @type {{y: number, x: number} | null} the window's centre before this message, as shares of the photo */
  centre;

  /** @type {Float64Array} (size, size, channels) */
  weights;

  /** @type {Uint8Array} (height, width, channels) */
  input;

  /** The number of the map that gets the full colour, and the share of those that are larger. */
  scale = 0;
  clipped = 0;

  /** Digits after the point of the bias and of what it is added to. */
  biasDecimals = 0;

  /** @type {{rows: number, columns: number}} pixels of the photo with the zeros around it */
  total;

  /** The map with all positions; the one on the page shows positions up to `filled`. */
  finished = document.createElement("canvas");
  filled = -1;

  /** @param {ShadowRoot} root */
  constructor(root) {
    super(root);
    this.magnifier = new Magnifier(this.parts, () => this.player.requestDraw());
    this.listenToPlate(this.parts["photo-plate"], (x, y) => this.positionUnder(x, y, true));
    this.listenToPlate(this.parts["map-plate"], (x, y) => this.positionUnder(x, y, false));
    this.controls = new ConvolutionControls(root, this.parts, (scene) => this.emit(scene));
  }

  // ---- data ----

  /** @param {StageMessage & ConvolutionMessage} data */
  load(data) {
    this.stopWaiting?.();
    this.stopWaiting = whenCarried(data.input, ({ pixels }) => this.take(data, pixels));
  }

  /**
   * @param {StageMessage & ConvolutionMessage} data
   * @param {string} pixels uint8 (height, width, channels)
   */
  take(data, pixels) {
    if (this.count > 0) this.centre = this.windowCentre();
    const { axis } = data;
    const { before, imposed, recoloured } = this.begin(data);
    const sameKernel =
      before && data.kernel === before.kernel && data.size === before.size && data.channels === before.channels;
    const samePlaces =
      before && JSON.stringify(data.axis) === JSON.stringify(before.axis) && data.height === before.height;
    this.weights = decodeArray(data.kernel, Float64Array);
    this.input = decodeArray(pixels, Uint8Array);
    this.magnifier.load(data, this.weights, this.colours, !sameKernel || recoloured);
    this.biasDecimals = Math.max(this.magnifier.decimals, Math.min(decimalsFor([data.bias]), 3));
    this.computeMap();
    this.drawPhoto();
    this.paintMap();
    this.showFacts();
    this.player.configure({
      count: this.count,
      rowLength: data.axis?.output ?? 1,
      texts: data.texts.player,
      paced: true,
    });
    if (imposed) {
      this.imposePlace(data);
      this.filled = -1;
    } else if (!samePlaces) {
      this.filled = -1;
      if (axis && this.centre) {
        // With other stops, the window stays where it was on the photo; the link gets its new position.
        const total = this.total.rows;
        /** @param {number} place */
        const share = (place) => (place * data.height + axis.before) / total;
        const position = this.positionUnder(share(this.centre.x), share(this.centre.y), true);
        if (position !== null) this.player.position = position;
        this.player.settle();
      }
    }
    // What was filled in stays filled in, with the new numbers.
    const filled = this.filled;
    this.filled = -1;
    this.clearMap();
    this.fillTo(Math.max(filled, this.player.position));
    this.magnifier.arrange();
    this.end(false);
  }

  computeMap() {
    const { axis, width, channels, size, scene, brightest } = this.data;
    this.sums = new Float32Array();
    Object.assign(this, { scale: 0, clipped: 0 });
    if (!axis) return; // Keras refuses this setting
    const [stride, dilation] = [Number(scene.stride), Number(scene.dilation)];
    const slide = { width, channels, size, stride, dilation, axis, unit: this.magnifier.unit };
    this.sums = convolve(this.input, this.weights, slide);
    const faintest = FAINTEST * Math.max(brightest, 1e-12);
    Object.assign(
      this,
      colourScale(this.sums, (sum) => this.output(sum), faintest),
    );
  }

  get count() {
    return this.sums.length;
  }

  /** Return where the window's centre lies on the photo, from 0 to 1; null where Keras refuses the setting. */
  windowCentre() {
    const { axis, height, scene } = this.data;
    if (!axis) return null;
    /** @param {number} stop */
    const place = (stop) => (stop * Number(scene.stride) - axis.before + axis.reach / 2) / height;
    const { position } = this.player;
    return { y: place(Math.floor(position / axis.output)), x: place(position % axis.output) };
  }

  /** @param {number} sum */
  output(sum) {
    const value = sum + this.data.bias;
    return this.data.scene.relu === "on" ? Math.max(value, 0) : value;
  }

  // ---- the photo and the map ----

  drawPhoto() {
    const { axis, height, width, channels, texts } = this.data;
    const zeros = axis?.before ?? 0;
    const around = zeros + (axis?.after ?? 0);
    this.total = { rows: height + around, columns: width + around };
    const canvas = this.parts.photo;
    canvas.width = this.total.columns;
    canvas.height = this.total.rows;
    canvas.setAttribute("aria-label", texts["photo-alt"]);
    const context = contextOf(canvas);
    context.fillStyle = "#000"; // the zeros of "same" padding are black pixels
    context.fillRect(0, 0, canvas.width, canvas.height);
    const picture = context.createImageData(width, height);
    for (let pixel = 0; pixel < width * height; pixel += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        picture.data[pixel * 4 + channel] = this.input[pixel * channels + (channels === 3 ? channel : 0)];
      }
      picture.data[pixel * 4 + 3] = 255;
    }
    context.putImageData(picture, zeros, zeros);
    /** @type {(value: number, of: number) => string} */
    const across = (value, of) => `${(value / of) * 100}%`;
    const edge = this.parts["photo-edge"];
    edge.hidden = this.total.rows === height && this.total.columns === width;
    Object.assign(edge.style, {
      left: across(zeros, this.total.columns),
      top: across(zeros, this.total.rows),
      width: across(width, this.total.columns),
      height: across(height, this.total.rows),
    });
    const unread = axis?.unreached ?? 0;
    Object.assign(this.parts["hatch-right"].style, { width: across(unread, this.total.columns), height: "100%" });
    Object.assign(this.parts["hatch-bottom"].style, { width: "100%", height: across(unread, this.total.rows) });
    this.parts["hatch-right"].hidden = this.parts["hatch-bottom"].hidden = !unread;
    this.frameWindow();
  }

  frameWindow() {
    const { axis, size, scene } = this.data;
    const frame = this.parts["photo-window"];
    const cursor = this.parts["map-window"];
    frame.hidden = cursor.hidden = !axis;
    frame.replaceChildren();
    if (!axis) return;
    frame.style.width = `${(axis.reach / this.total.columns) * 100}%`;
    frame.style.height = `${(axis.reach / this.total.rows) * 100}%`;
    cursor.style.width = `${100 / axis.output}%`;
    cursor.style.height = `${100 / axis.output}%`;
    const dilation = Number(scene.dilation);
    if (dilation === 1) return;
    // A dilated window has gaps: mark the pixels that it reads one by one.
    for (let row = 0; row < size; row += 1) {
      for (let column = 0; column < size; column += 1) {
        const mark = document.createElement("i");
        Object.assign(mark.style, {
          left: `${((column * dilation) / axis.reach) * 100}%`,
          top: `${((row * dilation) / axis.reach) * 100}%`,
          width: `${100 / axis.reach}%`,
          height: `${100 / axis.reach}%`,
        });
        frame.append(mark);
      }
    }
  }

  /** Paint the finished map once: faint, on the canvas below the map, and on a hidden one, from which fillTo copies. */
  paintMap() {
    const { axis, texts } = this.data;
    const { scale } = this;
    const canvas = this.parts.map;
    canvas.width = axis?.output ?? 1;
    canvas.height = axis?.output ?? 1;
    canvas.setAttribute("aria-label", texts["map-alt"]);
    this.parts.refusal.hidden = this.count > 0;
    this.parts.window.classList.toggle("impossible", this.count === 0);
    this.parts.refusal.textContent = this.data.refusal ?? "";
    this.parts.legend.hidden = this.parts.clipped.hidden = this.parts.ghost.hidden = this.count === 0;
    if (this.count === 0) return;
    Object.assign(this.finished, { width: canvas.width, height: canvas.height });
    const context = contextOf(this.finished);
    const picture = context.createImageData(canvas.width, canvas.height);
    for (let index = 0; index < this.count; index += 1) {
      const [red, green, blue] = signedColour(this.colours, this.output(this.sums[index]), scale);
      picture.data.set([red, green, blue, 255], index * 4);
    }
    context.putImageData(picture, 0, 0);
    Object.assign(this.parts.ghost, { width: canvas.width, height: canvas.height });
    contextOf(this.parts.ghost).drawImage(this.finished, 0, 0);
    const limit = scale >= 100 ? Math.round(scale).toLocaleString("en") : scale.toPrecision(3);
    this.parts["legend-below"].hidden = this.data.scene.relu === "on" || scale === 0;
    this.parts["legend-above"].hidden = scale === 0;
    this.parts["legend-low"].textContent = `${MINUS}${limit}`;
    this.parts["legend-high"].textContent = `+${limit}`;
    const words = { share: percent(this.clipped), limit: this.data.scene.relu === "on" ? limit : `\u00b1${limit}` };
    this.parts.clipped.textContent = this.clipped > 0 ? fillIn(texts.clipped, words) : "";
  }

  restart() {
    this.clearMap();
  }

  clearMap() {
    const canvas = this.parts.map;
    contextOf(canvas).clearRect(0, 0, canvas.width, canvas.height);
    this.filled = -1;
  }

  /**
   * Copy positions filled + 1 … last from the finished map.
   *
   * @param {number} last
   */
  fillTo(last) {
    const { axis } = this.data;
    if (last <= this.filled || !axis) return;
    const context = contextOf(this.parts.map);
    for (const box of boxesBetween(this.filled + 1, last, axis.output)) {
      context.drawImage(this.finished, ...box, ...box);
    }
    this.filled = last;
  }

  // ---- one position ----

  /** @param {number} position */
  draw(position) {
    const { axis, channels, scene, bias } = this.data;
    if (!axis) return;
    const [row, column] = [Math.floor(position / axis.output), position % axis.output];
    const stride = Number(scene.stride);
    this.fillTo(position);
    const { "photo-window": frame, "map-window": cursor } = this.parts;
    frame.style.transform = `translate(${((column * stride) / axis.reach) * 100}%, ${((row * stride) / axis.reach) * 100}%)`;
    cursor.style.transform = `translate(${column * 100}%, ${row * 100}%)`;
    const words = fillIn(this.data.texts.place, { row: ordinal(row), column: ordinal(column) });
    this.parts.place.textContent = words;
    if (!this.player.playing) this.player.parts.position.setAttribute("aria-valuetext", words);

    const { decimals } = this.magnifier;
    const factor = 10 ** decimals;
    const products = this.magnifier.multiply(this.input, row * stride - axis.before, column * stride - axis.before);
    const partials = products.map((plane) => plane.reduce((total, product) => total + product, 0));
    const sum = this.sums[position];
    const output = this.output(sum);
    // Rounded once, for display: the partial sums add up to the sum, and each plane's products to its partial sum.
    const sumUnits = Math.round(sum * factor);
    /** @type {(numbers: number[], total: number) => number[]} */
    const round = (numbers, total) =>
      roundToTotal(
        numbers.map((number) => number * factor),
        total,
      );
    const partialUnits = round(partials, sumUnits);
    const productUnits = products.flatMap((plane, channel) => round(plane, partialUnits[channel]));
    this.magnifier.showProducts(productUnits, partialUnits);
    const biasUnits = Math.round(bias * 10 ** this.biasDecimals);
    const shown = sumUnits * 10 ** (this.biasDecimals - decimals) + biasUnits;
    const relu = scene.relu === "on";
    const { texts } = this.data;
    this.parts["partial-line"].hidden = this.parts["partial-equals"].hidden = channels === 1;
    this.parts["partial-terms"].textContent = partialUnits
      .map((units, index) => {
        const text = writeUnits(Math.abs(units), decimals);
        if (index === 0) return units < 0 ? MINUS + text : text;
        return `${units < 0 ? MINUS : "+"} ${text}`;
      })
      .join(" ");
    this.parts["bias-sign"].textContent = biasUnits < 0 ? MINUS : "+";
    this.parts.bias.textContent = writeUnits(Math.abs(biasUnits), this.biasDecimals);
    this.parts.sum.textContent = writeUnits(sumUnits, decimals);
    this.parts.sum.dataset.value = sum;
    this.parts["result-sign"].textContent =
      relu && shown < 0 ? `= ${writeUnits(shown, this.biasDecimals)} \u2192` : "=";
    this.parts["output-name"].textContent = relu ? texts["output-relu"] : texts.output;
    this.parts.output.textContent = writeUnits(relu ? Math.max(shown, 0) : shown, this.biasDecimals);
    this.parts.output.dataset.value = output;
    paint(this.parts.output, signedColour(this.colours, output, this.scale));
  }

  // ---- pointing at the photo and at the map ----

  /**
   * Return the position whose window centre (on the photo) or pixel (on the map) is nearest to a point.
   *
   * @param {number} x from 0 to 1
   * @param {number} y from 0 to 1
   * @param {boolean} onPhoto
   */
  positionUnder(x, y, onPhoto) {
    if (this.count === 0) return null; // a pointer may come before the first message
    const { axis, scene } = this.data;
    if (!axis) return null;
    /** @type {(share: number, total: number) => number} */
    const place = (share, total) => {
      const raw = onPhoto ? (share * total - axis.reach / 2) / Number(scene.stride) : share * axis.output - 0.5;
      return Math.min(Math.max(Math.round(raw), 0), axis.output - 1);
    };
    return place(y, this.total.rows) * axis.output + place(x, this.total.columns);
  }

  showFacts() {
    const { facts, reach, axis, height, width, channels } = this.data;
    this.writeList(this.parts.facts, facts);
    this.parts.reach.textContent = reach ?? "";
    this.parts["photo-shape"].textContent = `${height} \u00d7 ${width} \u00d7 ${channels}`;
    this.parts["map-shape"].textContent = axis ? `${axis.output} \u00d7 ${axis.output}` : "\u2013";
    this.parts["kernel-name"].textContent = this.data.kernelName;
  }
}

export default mount(ConvolutionView);
