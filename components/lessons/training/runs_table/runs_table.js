// The table of runs: rows change in place, so that focus, scroll and a press that has begun stay as they are.

import { Edits, View, mount } from "../../../browser/board.js";
import { make, write } from "../../../browser/dom.js";
import { icon } from "../../../browser/icons.js";
import { fillIn } from "../../../browser/numbers.js";

/** @import { ICONS } from "../../../browser/icons.js" */

/**
 * @typedef {object} RunLine a row of the table
 * @property {string} name of the run
 * @property {boolean} mine whether the visitor began it
 * @property {keyof typeof ICONS} icon of its state
 * @property {[text: string, below: string, value: Value][]} cells in the columns' order; rows are sorted by the value
 */

/** @typedef {string | number | null} Value null where it is not known yet; a time in seconds since 1970 */

/**
 * @typedef {object} RunsMessage what Python's payload says
 * @property {[name: string, heading: string, kind: string][]} columns of the kinds text, number and time
 * @property {RunLine[]} rows
 * @property {string | null} opened the run that the page shows
 * @property {string[]} compared the runs that the page compares
 * @property {number} most runs that can be compared
 * @property {number} edit the visitor's last change that Python knew
 * @property {Record<string, string>} texts
 */

/**
 * @typedef {object} Row the elements of a row
 * @property {HTMLTableRowElement} element
 * @property {HTMLInputElement} tick
 * @property {HTMLElement} open
 * @property {{first: HTMLElement, second: HTMLElement}[]} cells
 * @property {HTMLElement} state the place of the state's icon
 * @property {Value[]} values
 */

/**
 * Write a moment as the visitor's clock shows it: today only the time.
 *
 * @param {number} seconds since 1970
 */
function writeMoment(seconds) {
  const moment = new Date(seconds * 1000);
  const time = moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (moment.toDateString() === new Date().toDateString()) return [time, "today"];
  const year = moment.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return [moment.toLocaleDateString("en-GB", { day: "numeric", month: "short", year }), time];
}

/**
 * Put an icon into its place, or none.
 *
 * @param {HTMLElement} place
 * @param {keyof typeof ICONS | ""} name
 */
function mark(place, name) {
  if (place.dataset.icon === name) return;
  place.dataset.icon = name;
  place.replaceChildren(...(name ? [icon(name)] : []));
}

const AGAIN_MS = 900;

/** @extends {View<RunsMessage>} */
class RunsTable extends View {
  /** @type {Record<string, string>} */ texts;
  /** @type {RunsMessage["columns"]} */ columns;
  /** @type {number} */ most;
  /** @type {string[]} */ names;
  /** @type {HTMLParagraphElement} */ hint;
  /** @type {HTMLParagraphElement} */ foot;
  /** @type {Map<string, {cell: HTMLElement, arrow: HTMLElement}>} by column */ heads;
  /** @type {HTMLTableSectionElement} */ body;
  /** @type {HTMLTableElement} */ table;
  /** @type {HTMLDivElement} */ box;

  /** @type {{name: string, descending: boolean} | null} in Python's order until somebody sorts */
  sorted = null;

  /** @type {string | null} */
  opened = null;

  /** @type {string[]} */
  compared = [];

  /** @param {ShadowRoot} parent */
  constructor(parent) {
    super(parent);
    this.root = /** @type {HTMLElement} */ (parent.querySelector(".runs-table"));
    /** @type {Map<string, Row>} */
    this.rows = new Map();
    this.edits = new Edits(
      (edit, told) => this.setState("choice", { opened: this.opened, compared: this.compared, edit, told }),
      {
        again: AGAIN_MS,
      },
    );
  }

  /** @param {RunsMessage} message */
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

  /** @param {RunLine} run */
  update({ name, mine, icon: state, cells }) {
    const row = this.rows.get(name) ?? this.add(name);
    row.element.classList.toggle("mine", mine);
    mark(row.state, state);
    row.values = cells.map(([, , value]) => value);
    cells.forEach(([text, below, value], index) => {
      const kind = this.columns[index][2];
      const [first, second] = kind === "time" ? writeMoment(Number(value)) : [text, below];
      write(row.cells[index].first, first);
      write(row.cells[index].second, second);
    });
  }

  /** @param {string} name of the run */
  add(name) {
    const tick = make("input", { type: "checkbox" });
    tick.setAttribute("aria-label", fillIn(this.texts["compare-run"], { name }));
    tick.onchange = () => {
      this.compared = tick.checked ? [...this.compared, name] : this.compared.filter((other) => other !== name);
      this.tell();
    };
    const line = make("tr", {}, make("td", { className: "tick" }, make("label", {}, tick)));
    const state = make("span", { className: "state" });
    const cells = this.columns.map(([column, , kind], index) => {
      const second = make("span", { className: "below" });
      if (index > 0) {
        const first = make("span", { className: "first" });
        const cell = make("td", { className: `${kind} of-${column}` }, first, second);
        if (column === "state") cell.prepend(state);
        line.append(cell);
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
    /** @type {Row} */
    const row = { element: line, tick, open: cells[0].first, cells, state, values: [] };
    this.rows.set(name, row);
    return row;
  }

  tell() {
    this.mark();
    this.edits.add();
  }

  /** @param {string} name of the column */
  sortBy(name) {
    const kind = this.columns.find(([column]) => column === name)?.[2];
    // The highest number and the newest time come first.
    this.sorted = { name, descending: this.sorted?.name === name ? !this.sorted.descending : kind !== "text" };
    this.arrange();
  }

  /** Put the rows in order; those that are in their place are not touched. */
  arrange() {
    const { sorted } = this;
    let names = this.names;
    if (sorted) {
      const index = this.columns.findIndex(([column]) => column === sorted.name);
      const sign = sorted.descending ? -1 : 1;
      const valueOf = (/** @type {string} */ name) => this.rows.get(name)?.values[index] ?? null;
      names = names.toSorted((one, other) => {
        const [a, b] = [valueOf(one), valueOf(other)];
        if (a === b) return 0;
        if (a === null || b === null) return a === null ? 1 : -1; // what is not known yet comes last either way
        const smaller = typeof a === "string" && typeof b === "string" ? a < b : Number(a) < Number(b);
        return (smaller ? -1 : 1) * sign;
      });
    }
    const focused = this.parent.activeElement;
    names.forEach((name, place) => {
      const line = this.rows.get(name)?.element;
      if (line && this.body.children[place] !== line) this.body.insertBefore(line, this.body.children[place] ?? null);
    });
    if (focused instanceof HTMLElement && this.parent.activeElement !== focused) focused.focus({ preventScroll: true });
    for (const [name, { cell, arrow }] of this.heads) {
      const direction = sorted?.name === name ? (sorted.descending ? "descending" : "ascending") : "none";
      cell.setAttribute("aria-sort", direction);
      mark(arrow, direction === "none" ? "" : direction === "descending" ? "down" : "up");
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
