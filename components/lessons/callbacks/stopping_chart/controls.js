// The controls of the stopping chart: every change moves the stop at once, and Python is told a little later.

import { SceneControls } from "../../../browser/controls.js";

/** @import { Scene } from "../../../browser/controls.js" */
/** @import { StageMessage } from "../../../player/stage.js" */
/** @import { Settings } from "./rule.js" */
/** @import { StoppingMessage } from "./stopping_chart.js" */

/** @extends {SceneControls<StageMessage & StoppingMessage>} */
export class StoppingControls extends SceneControls {
  /**
   * @param {ShadowRoot} root
   * @param {Record<string, any>} parts
   * @param {(scene: Scene) => void} emit
   * @param {() => void} changed called after every change
   */
  constructor(root, parts, emit, changed) {
    super(root, parts, emit);
    this.changed = changed;
    parts.patience.oninput = () => this.change({ patience: parts.patience.value }, 250);
  }

  /** @param {Scene} scene */
  show(scene) {
    const { patience, "min-delta": minDelta } = this.parts;
    patience.max = String(this.data.maxPatience);
    minDelta.max = String(this.data.maxDelta);
    super.show(scene);
    patience.value = scene.patience; // also while it has the focus: a link may change it, too
  }

  /**
   * @param {Scene} changes
   * @param {number} [wait]
   */
  change(changes, wait = 0) {
    super.change(changes, wait);
    this.changed();
  }

  /**
   * The scene as the rules take it; min_delta is limited and rounded as Python does it.
   *
   * @returns {Settings}
   */
  get settings() {
    const { scene, data } = this;
    return {
      patience: Number(scene.patience),
      minDelta: Number(Math.min(Math.max(Number(scene.min_delta), 0), data.maxDelta).toPrecision(6)),
      maximise: scene.monitor === "val_accuracy",
      bestOnly: scene.best_only === "on",
    };
  }
}
