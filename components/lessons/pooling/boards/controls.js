// The pooling boards' own controls: the numbers of the grid, typed, drawn by lot, pasted or of another size.

import { SceneControls } from "../../../browser/controls.js";

export class PoolingControls extends SceneControls {
  constructor(root, parts, emit, trigger) {
    super(root, parts, emit);
    parts.random.onclick = () =>
      this.changeGrid(this.values().map((row) => row.map(() => Math.floor(Math.random() * 100))));
    parts.paste.onclick = () => this.openPaste(parts["paste-panel"].hidden);
    parts["paste-close"].onclick = () => this.openPaste(false);
    parts["paste-use"].onclick = () => trigger("paste", parts["paste-text"].value);
    // Several numbers pasted into one cell are a grid.
    parts.input.addEventListener("paste", (event) => {
      const text = event.clipboardData.getData("text");
      if (!/\S[\s,;]+\S/.test(text.trim())) return;
      event.preventDefault();
      trigger("paste", text);
    });
  }

  load(data, colours) {
    const pasted = this.data && data.pasted.count !== this.data.pasted.count;
    super.load(data, colours);
    if (pasted) {
      this.say(data.pasted.problem);
      if (!data.pasted.problem) this.openPaste(false);
    }
  }

  show(scene) {
    super.show(scene);
    const rows = scene.grid.split(";");
    const side = rows.length === rows[0].split(",").length ? String(rows.length) : "";
    /** @type {NodeListOf<HTMLInputElement>} */
    const sides = this.root.querySelectorAll('input[name="side"]');
    for (const input of sides) input.checked = input.value === side;
  }

  values() {
    return this.scene.grid.split(";").map((row) => row.split(",").map(Number));
  }

  changeGrid(values, wait = 0) {
    this.say("");
    this.change({ grid: values.map((row) => row.join(",")).join(";") }, wait);
    this.show(this.scene);
  }

  changeCell(row, column, number) {
    const values = this.values();
    values[row][column] = number;
    this.changeGrid(values, 150);
  }

  choose(name, value) {
    this.say("");
    super.choose(name, value);
    if (name === "grid") this.show(this.scene);
  }

  /** Keep what fits into another size; new cells are drawn by lot. */
  resize(side) {
    const old = this.values();
    this.changeGrid(
      Array.from({ length: side }, (_, row) =>
        Array.from({ length: side }, (_, column) => old[row]?.[column] ?? Math.floor(Math.random() * 100)),
      ),
    );
  }

  openPaste(open) {
    this.parts["paste-panel"].hidden = !open;
    this.parts.paste.setAttribute("aria-expanded", String(open));
    if (open) {
      this.parts["paste-text"].focus({ preventScroll: true });
      this.parts["paste-panel"].scrollIntoView({ block: "nearest" });
    } else this.say("");
  }

  say(problem) {
    this.parts.problem.textContent = problem;
    this.parts.problem.hidden = !problem;
  }
}
