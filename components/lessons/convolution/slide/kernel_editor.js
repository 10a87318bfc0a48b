// The visitor's own kernel: editable cells in 3 × 3, 5 × 5 or 7 × 7, for all channels or one by one.

import { MINUS, decodeArray, fillIn, ordinal } from "../../../browser/numbers.js";

/** @import { ConvolutionControls } from "./controls.js" */
/** @import { ConvolutionMessage } from "./slide.js" */

/** @typedef {number[]} Plane one channel's weights, row by row */

/** @type {Record<string, (plane: Plane) => Plane>} what the buttons do to a plane, by their data-edit */
const EDITS = {
  normalise: (plane) => {
    const sum = plane.reduce((total, weight) => total + weight, 0);
    const size = plane.reduce((total, weight) => total + Math.abs(weight), 0);
    const divisor = Math.abs(sum) > 1e-9 ? Math.abs(sum) : size;
    return divisor > 0 ? plane.map((weight) => weight / divisor) : plane;
  },
  flip: (plane) => plane.toReversed(),
  clear: (plane) => plane.map(() => 0),
};

export class KernelEditor {
  /** Whether the visitor has a kernel of their own. */
  edited = false;

  /** @type {string} the channel that is edited: its number, or "all" */
  channel = "all";

  /**
   * @param {ShadowRoot} root
   * @param {Record<string, any>} parts
   * @param {ConvolutionControls} controls
   */
  constructor(root, parts, controls) {
    this.root = root;
    this.parts = parts;
    this.controls = controls;
    /** @type {NodeListOf<HTMLButtonElement>} */
    const buttons = root.querySelectorAll("[data-edit]");
    for (const button of buttons) button.onclick = () => this.apply(String(button.dataset.edit));
    parts.editor.addEventListener("change", (/** @type {{target: HTMLInputElement}} */ { target }) => {
      if (target.name === "size") this.resize(Number(target.value));
      if (target.name === "channel") {
        this.channel = target.value;
        this.show();
      }
    });
  }

  /**
   * Return the kernel's planes. In grey, three planes meet the picture as their sum (as in Python), and it is the sum
   * that is edited.
   */
  planes() {
    /** @type {Plane[]} */
    const planes = this.controls.scene.weights.split(";").map((plane) => plane.split(",").map(Number));
    if (this.controls.scene.colour === "rgb" || planes.length === 1) return planes;
    return [planes[0].map((_, cell) => planes.reduce((sum, plane) => sum + plane[cell], 0))];
  }

  /**
   * @param {Plane[]} planes
   * @param {number} [wait] milliseconds in which a further change takes this one along
   */
  save(planes, wait) {
    const text = planes.map((plane) => plane.map((weight) => Number(weight.toPrecision(6))).join(",")).join(";");
    this.edited = true;
    this.controls.change({ kernel: "own", weights: text }, wait);
  }

  /**
   * Begin with the kernel that is in use, or go on with the visitor's own.
   *
   * @param {ConvolutionMessage} message
   */
  start({ size, channels, kernel }) {
    if (this.edited) {
      this.controls.change({ kernel: "own" });
      this.show();
      return;
    }
    const weights = decodeArray(kernel, Float64Array);
    const planes = Array.from({ length: channels }, (_, channel) =>
      Array.from({ length: size * size }, (_, cell) => weights[cell * channels + channel]),
    );
    const same = planes.every((plane) => plane.every((weight, cell) => weight === planes[0][cell]));
    this.save(same ? [planes[0]] : planes);
    this.show();
  }

  /** @param {number} size weights a side */
  resize(size) {
    const planes = this.planes().map((plane) => {
      const old = Math.sqrt(plane.length);
      const shift = (size - old) / 2;
      return Array.from({ length: size * size }, (_, cell) => {
        const [row, column] = [Math.floor(cell / size) - shift, (cell % size) - shift];
        const inside = row >= 0 && column >= 0 && row < old && column < old;
        return inside ? plane[row * old + column] : 0;
      });
    });
    this.save(planes);
    this.show();
  }

  /** @param {string} edit one of EDITS */
  apply(edit) {
    const planes = this.planes();
    const chosen = this.channel === "all" ? planes.map((_, index) => index) : [Number(this.channel)];
    this.save(this.spread(planes).map((plane, index) => (chosen.includes(index) ? EDITS[edit](plane) : plane)));
    this.show();
  }

  /**
   * Return the planes as they are edited: one serves all channels until one channel is edited alone; then there are
   * three.
   *
   * @param {Plane[]} planes
   */
  spread(planes) {
    return this.channel === "all" || planes.length === 3 ? planes : [planes[0], [...planes[0]], [...planes[0]]];
  }

  show() {
    const open = this.controls.scene.kernel === "own";
    const opens = open && this.parts.editor.hidden && this.edited;
    this.parts.editor.hidden = !open;
    if (opens) this.parts.editor.scrollIntoView({ block: "nearest" });
    if (!open) return;
    const colour = this.controls.scene.colour === "rgb";
    this.parts["editor-channels"].hidden = !colour;
    if (!colour) this.channel = "all";
    const planes = this.planes();
    const size = Math.sqrt(planes[0].length);
    this.check("size", String(size));
    this.check("channel", this.channel);
    /** @type {HTMLElement} */
    const box = this.parts["editor-cells"];
    box.style.setProperty("--size", String(size));
    const plane = planes[this.channel === "all" ? 0 : Math.min(Number(this.channel), planes.length - 1)];
    const differ = this.channel === "all" && planes.length === 3;
    if (box.children.length !== plane.length) {
      box.replaceChildren(
        ...plane.map((_, cell) => {
          const input = document.createElement("input");
          input.type = "text";
          input.inputMode = "text";
          input.name = "cell";
          input.className = "field";
          input.autocomplete = "off";
          const place = { row: ordinal(Math.floor(cell / size)), column: ordinal(cell % size) };
          input.setAttribute("aria-label", fillIn(this.controls.data.texts["editor-cell"], place));
          input.oninput = () => this.editCell(cell, input);
          input.onblur = () => setTimeout(() => this.show());
          return input;
        }),
      );
    }
    this.parts["editor-note"].textContent = this.controls.data.texts["editor-note"];
    /** @type {NodeListOf<HTMLInputElement>} */
    const inputs = box.querySelectorAll("input");
    inputs.forEach((input, cell) => {
      const mixed = differ && planes.some((other) => other[cell] !== plane[cell]);
      input.placeholder = mixed ? this.controls.data.texts["editor-mixed"] : "";
      const text = mixed ? "" : String(Number(plane[cell].toPrecision(4)));
      if (this.root.activeElement !== input) {
        input.value = text;
        input.removeAttribute("aria-invalid");
      }
    });
  }

  /**
   * Check the radio button of a name that has a value.
   *
   * @param {string} name
   * @param {string} value
   */
  check(name, value) {
    /** @type {NodeListOf<HTMLInputElement>} */
    const inputs = this.root.querySelectorAll(`input[name="${name}"]`);
    for (const input of inputs) input.checked = input.value === value;
  }

  /**
   * @param {number} cell
   * @param {HTMLInputElement} input
   */
  editCell(cell, input) {
    const text = input.value.trim().replace(",", ".").replace(MINUS, "-");
    const weight = Number(text);
    const valid = text !== "" && Number.isFinite(weight) && Math.abs(weight) <= 1000;
    input.setAttribute("aria-invalid", String(!valid));
    const { texts } = this.controls.data;
    this.parts["editor-note"].textContent = valid ? texts["editor-note"] : texts["editor-refusal"];
    if (!valid) return;
    const planes = this.spread(this.planes());
    const chosen = this.channel === "all" ? planes.map((_, index) => index) : [Number(this.channel)];
    for (const index of chosen) planes[index][cell] = weight;
    this.save(planes, 200);
  }
}
