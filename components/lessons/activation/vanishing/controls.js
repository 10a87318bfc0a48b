// The controls of vanishing gradients: how deep the network is, and another draw of its weights.

import { SceneControls } from "../../../browser/controls.js";

/** @import { Scene } from "../../../browser/controls.js" */
/** @import { StageMessage } from "../../../player/stage.js" */
/** @import { VanishingMessage } from "./vanishing.js" */

/** @extends {SceneControls<StageMessage & VanishingMessage>} */
export class VanishingControls extends SceneControls {
  /**
   * @param {ShadowRoot} root
   * @param {Record<string, any>} parts
   * @param {(scene: Scene) => void} emit
   * @param {() => void} deepened called at every move of the depth slider: all depths are here already
   */
  constructor(root, parts, emit, deepened) {
    super(root, parts, emit);
    const { depth, "new-weights": button } = parts;
    depth.oninput = () => {
      this.change({ depth: depth.value }, 250);
      deepened();
    };
    button.onclick = () => this.change({ seed: String((Number(this.scene.seed) + 1) % this.data.seeds) });
  }

  /** @param {Scene} scene */
  show(scene) {
    super.show(scene);
    this.parts.depth.max = String(this.data.deepest);
    this.parts.depth.value = scene.depth; // also while it has the focus: a link may change it, too
  }
}
