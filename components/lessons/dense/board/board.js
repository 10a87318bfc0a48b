// The board of a dense layer: terms as bars, their sum, the answer. What a visitor changes is computed here at once.

import { SceneControls } from "../../../browser/controls.js";
import { View, mount } from "../../../browser/board.js";
import { carriedMessage, onCarried } from "../../../browser/carrier.js";
import { readColours } from "../../../browser/colours.js";
import { make } from "../../../browser/dom.js";
import { icon } from "../../../browser/icons.js";
import { fillIn } from "../../../browser/numbers.js";
import { percent } from "../../../networks/percent.js";
import { TermCurve } from "./curve.js";
import { Look } from "./look.js";
import { orderOf } from "./order.js";
import { Outcome } from "./outcome.js";
import { decodePart } from "./part.js";
import { NO_CHANGES, addUp, readChanges, writeChanges } from "./sums.js";
import { TermRows } from "./terms.js";

/** @import { Colours } from "../../../browser/colours.js" */
/** @import { SceneMessage } from "../../../browser/controls.js" */
/** @import { Sides } from "./curve.js" */
/** @import { DensePart, Part } from "./part.js" */
/** @import { Changes, Sums } from "./sums.js" */

/**
 * @typedef {object} DenseMessage what Python's payload says
 * @property {string} subject photo and network, as a digest
 * @property {string} part id of the message with the numbers, "" where there is none
 * @property {Record<string, string>} texts
 */

/** @extends {SceneControls<SceneMessage & DenseMessage>} */
class DenseControls extends SceneControls {
  /** Called after a choice. */
  chosen = () => {};

  /**
   * Another network or unit has other weights: what was changed belongs to the old ones.
   *
   * @param {string} name
   * @param {string} value
   */
  choose(name, value) {
    const fresh = { page: "0", feature: "-1" };
    const untouched = { ...fresh, silent: "", weights: "", bias: "" };
    if (name === "network" || name === "which") this.change({ [name]: value, layer: "", map: "-1", ...untouched });
    else if (name === "map") this.change({ [name]: value, ...untouched });
    else this.change({ [name]: value, ...fresh });
    this.chosen();
  }
}

/** @extends {View<SceneMessage & DenseMessage>} */
class DenseBoard extends View {
  /** @type {SceneMessage & DenseMessage} */
  message;

  /** @type {Colours} */
  colours;

  /** @type {Record<string, any>} */
  parts;

  /** @type {TermRows} */
  rows;

  /** @type {Outcome} */
  outcome;

  /** @type {TermCurve} */
  curve;

  /** @type {Look} */
  look;

  /** @type {DenseControls} */
  controls;

  /** @type {() => void} no longer wait for numbers */
  forget;

  /** @type {DensePart | undefined} the message whose numbers are shown */
  taken;

  /** @type {Part | undefined} its numbers */
  part;

  /** @type {Sums} what they add up to without changes */
  untouched;

  /** The colours in which the rows were made, as one text. */
  painted = "";

  /** @type {Sides} */
  sides;

  /** @type {Changes} */
  changes;

  /** @param {ShadowRoot} parent */
  constructor(parent) {
    super(parent);
    this.root = /** @type {HTMLElement} */ (parent.querySelector(".dense-board"));
  }

  /** @param {SceneMessage & DenseMessage} message */
  load(message) {
    this.message = message;
    this.colours = readColours(this.root);
    if (!this.parts) this.build();
    this.controls.load(message, this.colours);
    this.refresh();
  }

  build() {
    const { texts } = this.message;
    /** @type {Record<string, any>} */
    const parts = (this.parts = {});
    /** @type {(name: string, options?: boolean) => HTMLElement} */
    const select = (name, options = true) => {
      const field = make("select", { name });
      if (options) field.dataset.options = name;
      const label = make(
        "label",
        { className: "choice" },
        make("span", { textContent: texts[name === "map" ? "unit" : name] }),
        field,
      );
      parts[name] = field;
      parts[`${name}-label`] = label;
      return label;
    };
    /** @type {(face: Node | string, name: string, act: () => void) => HTMLElement} */
    const tool = (face, name, onclick) =>
      make("button", { type: "button", className: "tool", title: name, aria: { label: name }, onclick }, face);
    parts.previous = tool(icon("left"), texts.previous, () => this.turn(-1));
    parts.next = tool(icon("right"), texts.next, () => this.turn(1));
    parts.page = make("span", { className: "page" });
    parts.reset = tool(texts.reset, texts.reset, () => this.change(NO_CHANGES));
    parts.controls = make(
      "div",
      { className: "tools" },
      select("network"),
      select("which"),
      select("map", false),
      select("order", false),
      make("span", { className: "pages" }, parts.previous, parts.page, parts.next),
      parts.reset,
    );
    parts.controls.dataset.part = "controls";
    parts.wait = make("p", { className: "wait", textContent: texts.wait });
    parts.wait.setAttribute("role", "status");
    this.rows = new TermRows(texts, {
      silence: (feature, silent) => {
        const set = new Set(this.changes.silent);
        if (silent) set.add(feature);
        else set.delete(feature);
        this.change({ ...this.changes, silent: set });
      },
      move: (feature, weight) =>
        this.change({ ...this.changes, moved: new Map(this.changes.moved).set(feature, weight) }, 250),
      look: (feature) => {
        this.controls.change({ feature: String(feature) });
        this.draw();
      },
    });
    this.outcome = new Outcome(texts, (bias) => this.change({ ...this.changes, bias }, 250));
    this.curve = new TermCurve(texts, (feature) => this.open(feature));
    this.look = new Look(texts, (feature) => this.trigger("go", { feature }));
    parts.left = make("span", { className: "side left" });
    parts.right = make("span", { className: "side right" });
    /** @type {(name: string, className?: string) => HTMLElement} */
    const head = (name, className = "") => make("span", { textContent: texts[`head-${name}`], className });
    parts.heads = make(
      "div",
      { className: "term heads" },
      head("part"),
      make("span"),
      head("feature"),
      head("x", "x"),
      head("w"),
      make("span", { className: "sides" }, parts.left, parts.right),
      head("term", "value"),
    );
    parts.desk = make(
      "div",
      { className: "desk" },
      make("div", { className: "terms" }, parts.heads, this.rows.list, this.rows.axis, this.curve.box),
      this.outcome.sum,
      this.outcome.formula,
      this.look.box,
      this.outcome.verdict,
    );
    this.root.setAttribute("aria-label", texts.region);
    this.root.replaceChildren(parts.controls, parts.wait, parts.desk);
    this.controls = new DenseControls(this.parent, parts, (scene) => this.setState("scene", scene));
    this.controls.chosen = () => this.refresh();
    this.forget = onCarried(() => this.refresh());
  }

  leave() {
    this.forget?.();
  }

  // What the visitor does -----------------------------------------------------------------------------------------------

  /**
   * @param {Changes} changes
   * @param {number} [wait] milliseconds in which a further change takes this one along
   */
  change(changes, wait = 0) {
    this.controls.change(writeChanges(changes), wait);
    this.draw();
  }

  /** @param {number} pages */
  turn(pages) {
    if (!this.part) return;
    this.controls.change({ page: String(this.part.page + pages), feature: "-1" });
    this.refresh();
  }

  /**
   * Turn to the page that holds an input, and look at it.
   *
   * @param {number} feature
   */
  open(feature) {
    if (!this.part) return;
    const { size, unit, logits } = this.part;
    const order = orderOf(this.curve.first, this.controls.scene.order, logits[unit], size);
    const page = Math.floor(order.indexOf(feature) / size);
    this.controls.change({ page: String(page), feature: String(feature) });
    this.refresh();
  }

  // What is drawn -------------------------------------------------------------------------------------------------------

  /** Take over numbers that came; hide what belongs to another photo or network. */
  refresh() {
    const { message, parts } = this;
    const { scene } = this.controls;
    /** @type {DensePart | undefined} */
    const came = carriedMessage(message.part);
    if (came && came !== this.taken) this.take(came);
    const { part } = this;
    const fits = part?.subject === message.subject && part.network === scene.network && part.which === scene.which;
    parts.desk.hidden = !fits;
    // Without an engine, or if it refused, no numbers will come: the page says so.
    parts.wait.hidden = fits || !message.part;
    parts["which-label"].hidden = !scene.network.startsWith("run:");
    for (const name of ["map-label", "order-label"])
      parts[name].hidden = !fits || (name === "map-label" && part.units === 1);
    parts.previous.closest(".pages").hidden = parts.reset.hidden = !fits;
    if (fits) this.draw();
    if (fits && part.id === message.part) this.root.dataset.ready = String(message.edit);
    else delete this.root.dataset.ready;
  }

  /** @param {DensePart} came */
  take(came) {
    const part = decodePart(came, this.message.texts.number);
    Object.assign(this, { taken: came, part });
    this.untouched = addUp(part, NO_CHANGES);
    this.outcome.load(part, this.untouched);
    this.rows.load(part, this.colours);
    this.painted = JSON.stringify(this.colours);
    this.writeHeads(part);
    this.curve.load(part, this.sides);
  }

  /** @param {Part} part */
  writeHeads(part) {
    const { parts, root } = this;
    const { texts } = this.message;
    const own = part.last ? part.classes[part.units === 1 ? 1 : part.unit] : texts.higher;
    const other = !part.last ? texts.lower : part.units === 1 ? part.classes[0] : fillIn(texts.not, { name: own });
    this.sides = [other, own];
    parts.left.textContent = `← ${other}`;
    parts.right.textContent = `${own} →`;
    root.classList.toggle("pets", part.pets);
    const options = ["sides", "strength", "for", "against"].map(
      (order) => new Option(fillIn(texts[`order-${order}`], { for: own, against: other }), order),
    );
    parts.order.replaceChildren(...options);
    parts["map-label"].firstChild.textContent = texts[part.last ? "unit" : "unit-hidden"];
    const places = Array.from(part.logits.keys()).toSorted(
      (a, b) => this.untouched.outputs[b] - this.untouched.outputs[a],
    );
    /** @param {number} place */
    const label = (place) =>
      part.last ? `${part.classes[place]} (${percent(this.untouched.outputs[place])}\u00a0%)` : String(place);
    parts.map.replaceChildren(
      ...(part.units > 1 ? places.map((place) => new Option(label(place), String(place))) : []),
    );
  }

  draw() {
    const { part, parts, controls } = this;
    if (!part) return;
    if (this.painted !== JSON.stringify(this.colours)) {
      this.painted = JSON.stringify(this.colours);
      this.rows.load(part, this.colours);
    }
    const { scene } = controls;
    const { texts } = this.message;
    this.changes = readChanges(scene);
    const { silent, moved, bias } = this.changes;
    const changed = silent.size > 0 || moved.size > 0 || bias !== null;
    const sums = addUp(part, this.changes);
    const active = this.parent.activeElement;
    const units = this.outcome.draw(sums, changed, active);
    const asked = Number(scene.feature);
    const looked = part.shown.includes(asked) ? asked : part.shown[0];
    this.rows.draw(sums, this.changes, units, looked, active);
    this.curve.draw(sums, this.colours);
    this.look.draw(part, looked, sums, { colours: this.colours, name: this.rows.name(looked), sides: this.sides });
    parts.order.value = scene.order;
    parts.map.value = scene.map;
    if (parts.map.selectedIndex < 0) parts.map.value = String(part.unit);
    parts.previous.disabled = part.page <= 0;
    parts.next.disabled = part.page >= part.pages - 1;
    parts.page.textContent = fillIn(texts.page, {
      first: part.first,
      last: part.first + part.shown.length - 1,
      count: part.x.length.toLocaleString("en"),
    });
    parts.reset.disabled = !changed;
  }
}

export default mount(DenseBoard);
