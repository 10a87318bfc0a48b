// What stands above the network: one line of tools over the overview, or the way back out of what is open.

import { make, write } from "../../../browser/dom.js";
import { fillIn } from "../../../browser/numbers.js";
import { icon } from "../../../browser/icons.js";

/** @import { Scene } from "../../../browser/controls.js" */

/**
 * @typedef {object} ToolActs
 * @property {(changes: Scene) => void} change settings
 * @property {() => void} run
 * @property {() => void} back
 * @property {(layer: string) => void} open a layer
 */

/**
 * @typedef {object} Shown what the line is about
 * @property {Scene} scene
 * @property {boolean} outline whether the network has not answered yet
 * @property {boolean} foldable whether there are blocks of several layers
 * @property {string[]} layers that can be opened, in the network's order
 * @property {number} pages
 * @property {string} title of what is open
 */

const SELECTS = ["network", "which", "beside", "order", "count", "scale"];
const IN_VIEW = ["beside", "order", "count", "scale"];

/** @type {(name: string) => Scene} what else changes with a setting */
const withIt = (name) => {
  if (name === "network" || name === "which") return { unfold: "", layer: "", map: "-1", page: "0" };
  return name === "scale" || name === "beside" ? {} : { page: "0" };
};

export class Toolbar {
  /**
   * @param {{texts: Record<string, string>, choices: Record<string, string[][]>}} message
   * @param {ToolActs} does
   */
  constructor({ texts, choices }, does) {
    this.texts = texts;
    this.does = does;
    /** @type {Record<string, HTMLSelectElement>} */
    this.selects = {};
    /** @type {Record<string, HTMLElement>} */
    this.labels = {};
    for (const name of SELECTS) {
      const select = make("select", { name });
      select.replaceChildren(...choices[name].map(([value, label]) => new Option(label, value)));
      select.onchange = () => does.change({ [name]: select.value, ...withIt(name) });
      this.selects[name] = select;
      this.labels[name] = make("label", {}, make("span", { textContent: texts[name] }), select);
    }
    /** @type {(act: () => void, ...children: (Node | string)[]) => HTMLButtonElement} */
    const tool = (act, ...children) => {
      const button = make("button", { type: "button", className: "tool" }, ...children);
      button.onclick = act;
      return button;
    };
    this.run = tool(does.run, icon("play"), texts.run);
    this.run.classList.add("primary");
    this.run.setAttribute("aria-label", texts["run-label"]);
    this.run.title = texts["run-label"];
    this.unfold = tool(() => does.change({ unfold: this.scene.unfold === "all" ? "" : "all" }));
    this.previous = tool(() => this.turn(-1), texts.previous);
    this.next = tool(() => this.turn(1), texts.next);
    this.page = make("span", { className: "page" });
    this.turning = make("div", { className: "turning" }, this.previous, this.page, this.next);
    this.view = tool(() => this.toggle(!this.isOpen), icon("more"), texts.view);
    this.view.setAttribute("aria-expanded", "false");
    this.panel = make("div", { className: "panel", hidden: true }, ...IN_VIEW.map((name) => this.labels[name]));
    const disclosure = make("div", { className: "disclosure" }, this.view, this.panel);
    disclosure.onkeydown = (event) => {
      if (event.key !== "Escape" || !this.isOpen) return;
      event.stopPropagation();
      event.preventDefault();
      this.toggle(false);
      this.view.focus();
    };
    disclosure.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !disclosure.contains(/** @type {Node} */ (relatedTarget))) this.toggle(false);
    });
    this.disclosure = disclosure;
    this.tools = make("div", { className: "tools" }, this.run, this.labels.network, this.labels.which, this.unfold);
    this.back = tool(does.back, icon("left"), texts.back);
    this.where = make("strong");
    this.every = tool(() => does.open(this.scene.layer));
    this.before = tool(() => this.walk(-1), icon("left"), make("span"));
    this.after = tool(() => this.walk(1), make("span"), icon("right"));
    this.crumbs = make("div", { className: "crumbs" }, this.back, this.where, this.every, this.before, this.after);
    /** @type {Scene} */
    this.scene = {};
    /** @type {string[]} */
    this.layers = [];
    this.elements = [this.tools, this.crumbs];
    this.outside = (/** @type {Event} */ event) => {
      if (this.isOpen && !event.composedPath().includes(disclosure)) this.toggle(false);
    };
    document.addEventListener("pointerdown", this.outside);
  }

  leave() {
    document.removeEventListener("pointerdown", this.outside);
  }

  get isOpen() {
    return !this.panel.hidden;
  }

  /** @param {boolean} open */
  toggle(open) {
    this.panel.hidden = !open;
    this.view.setAttribute("aria-expanded", String(open));
  }

  /** @param {number} pages */
  turn(pages) {
    this.does.change({ page: String(Math.max(Number(this.scene.page) + pages, 0)) });
  }

  /**
   * Open the layer before or after the one that is open.
   *
   * @param {number} step
   */
  walk(step) {
    const to = this.layers[this.layers.indexOf(this.scene.layer) + step];
    if (to) this.does.open(to);
  }

  /**
   * Return the name of a network, with the epoch where there are several.
   *
   * @param {Scene} scene
   */
  titleOf({ network, which }) {
    const label = [...this.selects.network.options].find(({ value }) => value === network)?.label ?? network;
    return network.startsWith("run:") ? `${label} (${which})` : label;
  }

  /** @param {Shown} shown */
  show({ scene, outline, foldable, layers, pages, title }) {
    const { texts } = this;
    this.scene = scene;
    this.layers = layers;
    for (const name of SELECTS) this.selects[name].value = scene[name];
    const inside = Boolean(scene.layer);
    const single = inside && scene.map !== "-1";
    this.labels.which.hidden = !scene.network.startsWith("run:");
    this.labels.count.hidden = inside;
    this.tools.hidden = inside;
    this.crumbs.hidden = !inside;
    this.run.disabled = outline;
    this.unfold.hidden = !foldable;
    this.unfold.textContent =
      scene.unfold === "all" ? texts["fold-all"] : fillIn(texts["unfold-all"], { layers: layers.length });
    write(this.where, title);
    this.every.hidden = !single;
    this.every.textContent = fillIn(texts["all-maps"], { layer: scene.layer });
    const at = layers.indexOf(scene.layer);
    for (const [button, name, label] of /** @type {const} */ ([
      [this.before, layers[at - 1], texts["previous-layer-label"]],
      [this.after, layers[at + 1], texts["next-layer-label"]],
    ])) {
      button.hidden = !inside || single || !name;
      const words = button.querySelector("span");
      if (!name || !words) continue;
      words.textContent = name;
      button.setAttribute("aria-label", fillIn(label, { layer: name }));
    }
    const page = Math.min(Number(scene.page), pages - 1);
    this.turning.hidden = single || pages <= 1;
    this.previous.disabled = page <= 0;
    this.next.disabled = page >= pages - 1;
    this.page.textContent = fillIn(texts.page, { page: page + 1, pages });
    // Over the network, one turns pages seldom; over a layer's maps, often.
    const [line, pager] = inside ? [this.crumbs, this.crumbs] : [this.tools, this.panel];
    if (this.turning.parentElement !== pager) pager.append(this.turning);
    if (this.disclosure.parentElement !== line) line.append(this.disclosure);
    this.disclosure.hidden = single;
  }
}
