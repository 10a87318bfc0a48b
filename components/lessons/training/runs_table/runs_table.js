// The table of runs: rows change in place, so that focus, scroll and what is being pressed stay as they are.

import { Edits, View, mount } from "../../../browser/board.js";
import { make, write } from "../../../browser/dom.js";
import { fillIn } from "../../../browser/numbers.js";

/** A moment, as the visitor's clock shows it: today only the time. */
function writeMoment(seconds) {
  const moment = new Date(seconds * 1000);
  const time = moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (moment.toDateString() === new Date().toDateString()) return [time, "today"];
  const year = moment.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return [moment.toLocaleDateString("en-GB", { day: "numeric", month: "short", year }), time];
}

const AGAIN_MS = 900;

class RunsTable extends View {
  /** @type {any} */ texts;
  /** @type {any} */ columns;
  /** @type {any} */ most;
  /** @type {any} */ names;
  /** @type {HTMLParagraphElement} */ hint;
  /** @type {HTMLParagraphElement} */ foot;
  /** @type {Map<any, any>} */ heads;
  /** @type {HTMLTableSectionElement} */ body;
  /** @type {HTMLTableElement} */ table;
  /** @type {HTMLDivElement} */ box;

  constructor(parent) {
    super(parent);
    this.root = parent.querySelector(".runs-table");
    this.rows = new Map();
    this.sorted = null; // as Python gives them, until somebody sorts
    this.opened = null;
    this.compared = [];
    this.edits = new Edits((edit) => this.setState("choice", { opened: this.opened, compared: this.compared, edit }), {
      again: AGAIN_MS,
    });
  }

  load(message) {
    this.texts = message.texts;
    this.columns = message.columns;
    this.most = message.most;
    if (!this.table) this.build();
    if (this.edits.take(message)) {
      this.opened = message.opened;
      this.compared = message.compared;
    }
    this.names = message.rows.map(({ name }) => name);
    for (const [name, row] of this.rows) {
      if (this.names.includes(name)) continue;
      row.element.remove();
      this.rows.delete(name);
    }
    for (const run of message.rows) this.update(run);
    this.arrange();
    this.mark();
    this.root.dataset.ready = String(message.edit);
  }

  build() {
    this.hint = make("p", { className: "hint" });
    this.foot = make("p", { className: "foot", textContent: this.texts.foot });
    const head = make("tr", {}, make("th", { scope: "col", className: "tick", textContent: this.texts.compare }));
    this.heads = new Map();
    for (const [name, heading, kind] of this.columns) {
      const arrow = make("span", { className: "arrow", ariaHidden: "true" });
      const button = make("button", { type: "button" }, make("span", { textContent: heading }), arrow);
      const cell = make("th", { scope: "col", className: `${kind} of-${name}` }, button);
      button.onclick = () => this.sortBy(name);
      this.heads.set(name, { cell, arrow });
      head.append(cell);
    }
    this.body = make("tbody");
    this.table = make("table", {}, make("thead", {}, head), this.body);
    this.box = make("div", { className: "box", tabIndex: 0 }, this.table);
    this.box.setAttribute("role", "region");
    this.box.setAttribute("aria-label", this.texts.table);
    this.root.replaceChildren(this.hint, this.box, this.foot);
  }

  update({ name, mine, cells }) {
    const row = this.rows.get(name) ?? this.add(name);
    row.element.classList.toggle("mine", mine);
    row.values = cells.map(([, , value]) => value);
    cells.forEach(([text, below, value], index) => {
      const kind = this.columns[index][2];
      const [first, second] = kind === "time" ? writeMoment(value) : [text, below];
      write(row.cells[index].first, first);
      write(row.cells[index].second, second);
    });
  }

  add(name) {
    const tick = make("input", { type: "checkbox" });
    tick.setAttribute("aria-label", fillIn(this.texts["compare-run"], { name }));
    tick.onchange = () => {
      this.compared = tick.checked ? [...this.compared, name] : this.compared.filter((other) => other !== name);
      this.tell();
    };
    const line = make("tr", {}, make("td", { className: "tick" }, make("label", {}, tick)));
    const cells = this.columns.map(([column, , kind], index) => {
      const second = make("span", { className: "below" });
      if (index > 0) {
        const first = make("span", { className: "first" });
        line.append(make("td", { className: `${kind} of-${column}` }, first, second));
        return { first, second };
      }
      const first = make("button", { type: "button", className: "name" });
      first.setAttribute("aria-label", fillIn(this.texts.open, { name }));
      first.onclick = () => {
        this.opened = name;
        this.tell();
      };
      line.append(make("th", { scope: "row", className: `${kind} of-${column}` }, first, second));
      return { first, second };
    });
    const row = { element: line, tick, open: cells[0].first, cells, values: [] };
    this.rows.set(name, row);
    return row;
  }

  tell() {
    this.mark();
    this.edits.add();
  }

  sortBy(name) {
    const descending = this.sorted?.name === name ? !this.sorted.descending : false;
    const kind = this.columns.find(([column]) => column === name)[2];
    // What one asks a number for first is the highest, and of times the newest.
    this.sorted = { name, descending: this.sorted?.name === name ? descending : kind !== "text" };
    this.arrange();
  }

  /** Put the rows in order; those that are in their place are not touched. */
  arrange() {
    let names = this.names;
    if (this.sorted) {
      const index = this.columns.findIndex(([column]) => column === this.sorted.name);
      const sign = this.sorted.descending ? -1 : 1;
      names = names.toSorted((one, other) => {
        const [a, b] = [this.rows.get(one).values[index], this.rows.get(other).values[index]];
        if (a === b) return 0;
        if (a === null || b === null) return a === null ? 1 : -1; // what is not known yet comes last either way
        return (a < b ? -1 : 1) * sign;
      });
    }
    const focused = this.root.getRootNode().activeElement;
    names.forEach((name, place) => {
      const line = this.rows.get(name).element;
      if (this.body.children[place] !== line) this.body.insertBefore(line, this.body.children[place] ?? null);
    });
    if (focused && this.root.getRootNode().activeElement !== focused) focused.focus({ preventScroll: true });
    for (const [name, { cell, arrow }] of this.heads) {
      const direction = this.sorted?.name === name ? (this.sorted.descending ? "descending" : "ascending") : "none";
      cell.setAttribute("aria-sort", direction);
      write(arrow, { descending: "▼", ascending: "▲", none: "" }[direction]);
    }
  }

  mark() {
    const full = this.compared.length >= this.most;
    for (const [name, row] of this.rows) {
      row.tick.checked = this.compared.includes(name);
      row.tick.disabled = full && !row.tick.checked;
      row.element.classList.toggle("opened", name === this.opened);
      if (name === this.opened) row.open.setAttribute("aria-current", "true");
      else row.open.removeAttribute("aria-current");
    }
    const some = this.rows.size > 0;
    this.box.hidden = this.foot.hidden = !some;
    const { hint, none } = this.texts;
    write(this.hint, some ? fillIn(hint, { most: this.most, count: this.compared.length }) : none);
  }
}

export default mount(RunsTable);
