// The controls of vanishing gradients: how deep the network is, and another draw of its weights.

import { SceneControls } from "../../../browser/controls.js";

export class VanishingControls extends SceneControls {
  /** @param {() => void} deepened told at every move of the depth slider: all depths are here already */
  constructor(root, parts, emit, deepened) {
    super(root, parts, emit);
    const { depth, "new-weights": button } = parts;
    depth.oninput = () => {
      this.change({ depth: depth.value }, 250);
      deepened();
    };
    button.onclick = () => this.change({ seed: String((Number(this.scene.seed) + 1) % this.data.seeds) });
  }

  show(scene) {
    super.show(scene);
    this.parts.depth.max = String(this.data.deepest);
    this.parts.depth.value = scene.depth; // also while it has the focus: a link may change it, too
  }
}
