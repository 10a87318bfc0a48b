// The pooling boards' own controls: the grid's numbers are typed, random or pasted, and its size can change.

import { SceneControls } from "../../../browser/controls.js";
import { make } from "../../../browser/dom.js";

/** @import { Colours } from "../../../browser/colours.js" */
/** @import { Scene } from "../../../browser/controls.js" */
/** @import { StageMessage } from "../../../player/stage.js" */
/** @import { PoolingMessage } from "./boards.js" */

/** @extends {SceneControls<StageMessage & PoolingMessage>} */
export class PoolingControls extends SceneControls {
  /**
   * @param {ShadowRoot} root
   * @param {Record<string, any>} parts
   * @param {(scene: Scene) => void} emit
   * @param {(event: string, value: string) => void} trigger tells Python an event
   */
  constructor(root, parts, emit, trigger) {
    super(root, parts, emit);
    this.trigger = trigger;
    parts.random.onclick = () =>
      this.changeGrid(this.values().map((row) => row.map(() => Math.floor(Math.random() * 100))));
    parts.paste.onclick = () => this.openPaste(parts["paste-panel"].hidden);
    parts["paste-close"].onclick = () => this.openPaste(false);
    parts["paste-use"].onclick = () => trigger("paste", parts["paste-text"].value);
    // Several numbers pasted into one cell are a grid.
    parts.input.addEventListener("paste", (/** @type {ClipboardEvent} */ event) => {
      const text = event.clipboardData?.getData("text") ?? "";
      if (!/[\s;]|,.*,/.test(text.trim())) return; // one number, perhaps with a decimal comma
      event.preventDefault();
      trigger("paste", text);
    });
  }

  /**
   * @param {StageMessage & PoolingMessage} data
   * @param {Colours} colours
   */
  load(data, colours) {
    const pasted = this.data && data.pasted.count !== this.data.pasted.count;
    super.load(data, colours);
    if (pasted) {
      if (data.pasted.taken) this.openPaste(false);
      this.say(data.pasted.problem, data.pasted.readings);
    }
  }

  /** @param {Scene} scene */
  show(scene) {
    super.show(scene);
    const rows = scene.grid.split(";");
    const side = rows.length === rows[0].split(",").length ? String(rows.length) : "";
    /** @type {NodeListOf<HTMLInputElement>} */
    const sides = this.root.querySelectorAll('input[name="side"]');
    for (const input of sides) input.checked = input.value === side;
  }

  /** Return the grid, row by row. */
  values() {
    return this.scene.grid.split(";").map((row) => row.split(",").map(Number));
  }

  /**
   * @param {number[][]} values
   * @param {number} [wait] milliseconds in which a further change takes this one along
   */
  changeGrid(values, wait = 0) {
    this.say("");
    this.change({ grid: values.map((row) => row.join(",")).join(";") }, wait);
    this.show(this.scene);
  }

  /**
   * @param {number} row
   * @param {number} column
   * @param {number} number
   */
  changeCell(row, column, number) {
    const values = this.values();
    values[row][column] = number;
    this.changeGrid(values, 150);
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  choose(name, value) {
    this.say("");
    super.choose(name, value);
    if (name === "grid") this.show(this.scene);
  }

  /**
   * Keep what fits into another size; new cells get random numbers.
   *
   * @param {number} side
   */
  resize(side) {
    const old = this.values();
    this.changeGrid(
      Array.from({ length: side }, (_, row) =>
        Array.from({ length: side }, (_, column) => old[row]?.[column] ?? Math.floor(Math.random() * 100)),
      ),
    );
  }

  /** @param {boolean} open */
  openPaste(open) {
    this.parts["paste-panel"].hidden = !open;
    this.parts.paste.setAttribute("aria-expanded", String(open));
    if (open) {
      this.parts["paste-text"].focus({ preventScroll: true });
      this.parts["paste-panel"].scrollIntoView({ block: "nearest" });
    } else this.say("");
  }

  /**
   * @param {string} problem with what was typed or pasted, "" for none
   * @param {string[][]} [readings] name and words of each meaning of an unclear grid
   */
  say(problem, readings = []) {
    this.parts.problem.textContent = problem;
    this.parts.problem.hidden = !problem;
    this.parts.readings.hidden = !readings.length;
    this.parts.readings.replaceChildren(
      ...readings.map(([name, words]) =>
        make("button", {
          type: "button",
          className: "tool",
          textContent: words,
          onclick: () => this.trigger("reading", name),
        }),
      ),
    );
  }
}
