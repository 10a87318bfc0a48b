// The convolution page's own controls: filters with a picture of their weights, and the editor of the visitor's own.

import { contextOf } from "../../../browser/canvas.js";
import { SceneControls } from "../../../browser/controls.js";
import { signedColour } from "../../../browser/colours.js";
import { make } from "../../../browser/dom.js";
import { FAINTEST, decodeArray, fillIn } from "../../../browser/numbers.js";
import { KernelEditor } from "./kernel_editor.js";

/** @import { Scene } from "../../../browser/controls.js" */
/** @import { StageMessage } from "../../../player/stage.js" */
/** @import { ConvolutionMessage } from "./slide.js" */

/** How many learned filters are shown at first. */
const FEW = 10;

/** @extends {SceneControls<StageMessage & ConvolutionMessage>} */
export class ConvolutionControls extends SceneControls {
  /**
   * @param {ShadowRoot} root
   * @param {Record<string, any>} parts
   * @param {(scene: Scene) => void} emit
   */
  constructor(root, parts, emit) {
    super(root, parts, emit);
    this.editor = new KernelEditor(root, parts, this);
    /** Whether the visitor sees all learned filters; those that are hidden otherwise, and the button that shows them. */
    this.allLearned = false;
    this.rest = { options: /** @type {HTMLElement[]} */ ([]), button: make("button") };
    const { "more-button": button, more } = parts;
    button.onclick = () => {
      this.unfold(more.hidden);
      more.scrollIntoView({ block: "nearest" });
    };
    button.onkeydown = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape" || more.hidden) return;
      event.preventDefault(); // it leaves no projector view
      this.unfold(false);
    };
  }

  /** @param {boolean} open whether what lies under "More" is seen */
  unfold(open) {
    this.parts.more.hidden = !open;
    this.parts["more-button"].setAttribute("aria-expanded", String(open));
  }

  build() {
    super.build();
    const { presets, learned } = this.data;
    this.parts.presets.replaceChildren(
      ...presets.map(({ id, label, weights }) =>
        this.option("kernel", id, label, { picture: weights ? this.kernelPicture(weights, 1) : undefined }),
      ),
    );
    const filters = decodeArray(learned.weights, Float32Array);
    const options = learned.labels.map((title, number) => {
      const weights = filters.slice(number * 27, number * 27 + 27);
      return this.option("kernel", `learned-${number}`, "", { picture: this.kernelPicture(weights, 3), title });
    });
    const onclick = () => {
      this.allLearned = !this.allLearned;
      this.showLearned();
    };
    this.rest = { options: options.slice(FEW), button: make("button", { type: "button", className: "tool", onclick }) };
    this.parts.learned.replaceChildren(...options, this.rest.button);
    this.parts["more-button"].title = this.data.texts["more-title"];
  }

  /** Show ten of the learned filters or all; all, where one of the others is in use. */
  showLearned() {
    const { options, button } = this.rest;
    const { texts, learned } = this.data;
    const words = texts[this.allLearned ? "fewer-learned" : "all-learned"];
    for (const option of options) option.hidden = !this.allLearned;
    button.textContent = fillIn(words, { count: learned.labels.length });
    button.setAttribute("aria-expanded", String(this.allLearned));
  }

  /**
   * Draw a kernel as a small picture: one plane in the map's colours, three planes as red, green and blue.
   *
   * @param {number[] | Float32Array} weights (3, 3, channels)
   * @param {1 | 3} channels
   */
  kernelPicture(weights, channels) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 3;
    canvas.setAttribute("aria-hidden", "true");
    const context = contextOf(canvas);
    const picture = context.createImageData(3, 3);
    const strongest = Math.max(...Array.from(weights, Math.abs), FAINTEST);
    for (let cell = 0; cell < 9; cell += 1) {
      const rgb =
        channels === 1
          ? signedColour(this.colours, weights[cell], strongest)
          : [0, 1, 2].map((channel) => Math.round(127.5 + (127.5 * weights[cell * 3 + channel]) / strongest));
      picture.data.set([...rgb, 255], cell * 4);
    }
    context.putImageData(picture, 0, 0);
    return canvas;
  }

  /** @param {Scene} scene */
  show(scene) {
    super.show(scene);
    if (Number(scene.kernel.replace("learned-", "")) >= FEW) this.allLearned = true;
    this.showLearned();
    if (Object.entries(this.data.folded).some(([name, usual]) => scene[name] !== usual)) this.unfold(true);
    this.editor.show();
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  choose(name, value) {
    if (name === "kernel" && value === "own") this.editor.start(this.data);
    else super.choose(name, value);
  }
}
