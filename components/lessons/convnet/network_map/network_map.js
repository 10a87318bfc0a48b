// The network map: an overview of all layers, a layer with all its maps, or a map with what made it.

import { Edits, View, mount } from "../../../browser/board.js";
import { carriedMessage, onCarried } from "../../../browser/carrier.js";
import { readColours } from "../../../browser/colours.js";
import { make, write } from "../../../browser/dom.js";
import { fillIn, ordinal } from "../../../browser/numbers.js";
import { drawLayer, drawMap } from "./detail.js";
import { Overview } from "./overview.js";
import { writeValue } from "../../../networks/paint.js";

/** @import { Colours } from "../../../browser/colours.js" */
/** @import { Scene, SceneMessage } from "../../../browser/controls.js" */
/** @import { LayerDetail, MapDetail } from "./detail.js" */
/** @import { Pointed } from "./overview.js" */
/** @import { Sheet } from "./sheet.js" */

/**
 * @typedef {object} MapMessage what Python's payload says
 * @property {string} subject photo and network, as a digest
 * @property {string} sheet id of the message with the overview
 * @property {string} detail id of the message with what is open, "" where nothing is
 * @property {boolean} problem whether there is nothing to show
 * @property {boolean} lost whether the network does not have what is open
 * @property {Record<string, string>} texts
 */

/** @typedef {LayerDetail | MapDetail} Detail */

const AGAIN_MS = 900;
const SELECTS = ["network", "which", "beside", "order", "count", "scale"];

/**
 * Load the modules of the page that computes a number, as long as the visitor looks at the map: they are one click away.
 * Where that fails, that page loads them itself.
 */
const loadAhead = () => import("../../../networks/layer_step/layer_step.js").catch(() => null);

/** @extends {View<SceneMessage & MapMessage>} */
class NetworkMap extends View {
  /** @type {SceneMessage & MapMessage} */
  message;

  /** @type {Scene} what is shown: Python's, and what the visitor has changed since */
  scene;

  /** @type {Colours} */
  colours;

  /** @type {Record<string, any>} */
  parts;

  /** @type {Overview} */
  overview;

  /** @type {() => void} no longer wait for numbers */
  forget;

  /** @type {Sheet | undefined} the overview that came last */
  sheet;

  /** The detail that is drawn, and how, as one text. */
  drawn = "";

  /** Whether what opens next gets the focus. */
  focusNext = false;

  /** @param {ShadowRoot} parent */
  constructor(parent) {
    super(parent);
    this.root = /** @type {HTMLElement} */ (parent.querySelector(".network-map"));
    this.edits = new Edits((edit, told) => this.setState("scene", { ...this.scene, edit: String(edit), told }), {
      again: AGAIN_MS,
      yields: true,
    });
  }

  /** @param {SceneMessage & MapMessage} message */
  load(message) {
    this.message = message;
    if (!this.parts) this.build();
    if (this.edits.take(message)) this.scene = { ...message.scene };
    this.colours = readColours(this.root);
    if (message.lost && this.edits.knownTo(message)) this.change({ layer: "", map: "-1" });
    else this.refresh();
  }

  // What is made once ---------------------------------------------------------------------------------------------------

  build() {
    const { texts, choices } = this.message;
    /** @type {Record<string, any>} */
    const parts = (this.parts = {});
    /** @param {string} name */
    const select = (name) => {
      const made = make("select", { name });
      made.onchange = () =>
        this.change({
          [name]: made.value,
          ...(["network", "which"].includes(name)
            ? { unfold: "", layer: "", map: "-1", page: "0" }
            : ["scale", "beside"].includes(name)
              ? {}
              : { page: "0" }),
        });
      const label = make("label", {}, make("span", { textContent: texts[name] }), made);
      parts[name] = made;
      parts[`${name}-label`] = label;
      return label;
    };
    for (const name of SELECTS) select(name);
    for (const [name, options] of Object.entries(choices))
      parts[name].replaceChildren(...options.map(([value, label]) => new Option(label, value)));
    /** @type {(text: string, act: () => void) => HTMLElement} */
    const tool = (text, act) => {
      const button = make("button", { type: "button", className: "tool", textContent: text });
      button.onclick = act;
      return button;
    };
    parts.back = tool(texts.back, () => this.back());
    parts.where = make("strong");
    parts.run = tool(texts.run, () => {
      parts.run.disabled = true;
      this.overview.run(() => {
        parts.run.disabled = false;
      });
    });
    parts.unfold = tool("", () => this.change({ unfold: this.scene.unfold === "all" ? "" : "all" }));
    parts.previous = tool("‹", () => this.turn(-1));
    parts.next = tool("›", () => this.turn(1));
    parts.previous.setAttribute("aria-label", texts.previous);
    parts.next.setAttribute("aria-label", texts.next);
    parts.page = make("span");
    parts.left = tool("‹", () => this.walk(-1));
    parts.right = tool("›", () => this.walk(1));
    parts.left.setAttribute("aria-label", texts["previous-layer"]);
    parts.right.setAttribute("aria-label", texts["next-layer"]);
    parts.wait = make("p", { className: "wait", textContent: texts.wait });
    parts.wait.setAttribute("role", "status");
    parts.stage = make("div");
    parts.detail = make("div", { className: "detail" });
    parts.pairs = make("p", { className: "pairs" });
    parts.readout = make("p", { className: "readout" });
    parts.readout.setAttribute("aria-live", "polite");
    parts.scaleWords = make("span");
    parts.legend = make(
      "p",
      { className: "legend" },
      make("span", {}, texts.negative, make("span", { className: "ramp" }), texts.positive),
      parts.scaleWords,
    );
    this.root.setAttribute("aria-label", texts.region);
    this.root.tabIndex = -1;
    this.root.replaceChildren(
      make(
        "div",
        { className: "tools" },
        parts["network-label"],
        parts["which-label"],
        parts["beside-label"],
        parts["order-label"],
        parts["count-label"],
        parts["scale-label"],
      ),
      make(
        "div",
        { className: "crumbs" },
        parts.back,
        parts.where,
        parts.left,
        parts.right,
        parts.run,
        parts.unfold,
        parts.previous,
        parts.page,
        parts.next,
      ),
      parts.pairs,
      parts.wait,
      parts.stage,
      parts.detail,
      parts.readout,
      parts.legend,
    );
    this.overview = new Overview(parts.stage, {
      open: (layer, map) => this.open(layer, map),
      unfold: (block) => this.change({ unfold: block }),
      point: (at) => this.read(at),
    });
    this.forget = onCarried(() => this.refresh());
    this.root.onkeydown = (event) => {
      if (event.key !== "Escape" || !this.scene.layer) return;
      event.preventDefault();
      this.back();
    };
  }

  leave() {
    this.forget?.();
  }

  // What the visitor does -----------------------------------------------------------------------------------------------

  /**
   * Change the scene here at once and tell Python, which answers with new numbers.
   *
   * @param {Scene} changes
   */
  change(changes) {
    Object.assign(this.scene, changes);
    this.refresh();
    this.edits.add();
  }

  /**
   * @param {string} layer
   * @param {number} map −1 for all maps of the layer
   */
  open(layer, map) {
    this.focusNext = true;
    this.change({ layer, map: String(map), page: map < 0 ? "0" : this.scene.page });
  }

  /** Go from a map to its layer, from a layer to the overview. */
  back() {
    this.focusNext = true;
    this.change(this.scene.map === "-1" ? { layer: "", page: "0" } : { map: "-1", page: "0" });
  }

  /** @param {number} pages */
  turn(pages) {
    this.change({ page: String(Math.max(Number(this.scene.page) + pages, 0)) });
  }

  /**
   * Go to the layer before or after: of the overview on a phone, of the network where a layer is open.
   *
   * @param {number} step
   */
  walk(step) {
    if (!this.scene.layer) {
      this.overview.show(this.overview.column + step);
      this.writeCrumbs();
      return;
    }
    const names = this.sheet?.layers ?? [];
    const to = names[names.indexOf(this.scene.layer) + step];
    if (to) this.open(to, -1);
  }

  // What is drawn -------------------------------------------------------------------------------------------------------

  refresh() {
    const { message, parts, scene } = this;
    /** @type {Sheet | undefined} */
    const sheet = carriedMessage(message.sheet);
    const detail = this.fitting(carriedMessage(message.detail));
    for (const name of SELECTS) parts[name].value = scene[name];
    parts["which-label"].hidden = !scene.network.startsWith("run:");
    // Its longest option would need a line of its own.
    parts.beside.classList.toggle("nothing", !scene.beside);
    if (sheet) this.sheet = sheet;
    // Another photo's maps are never shown, not even while the new ones are computed.
    const old = this.sheet && this.sheet.subject !== message.subject;
    const inside = Boolean(scene.layer);
    const shown = sheet && !old ? sheet : null;
    const overview = inside ? null : shown;
    const open = inside ? detail : null;
    parts.wait.hidden = message.problem || Boolean(inside ? open : this.sheet && !old);
    parts.stage.hidden = inside || !this.sheet || old;
    parts.detail.hidden = !open;
    for (const name of ["order", "count"]) parts[`${name}-label`].hidden = inside && name === "count";
    if (overview) this.overview.load(overview, scene.scale, this.colours, message.texts);
    if (open) this.drawDetail(open);
    this.writeCrumbs(open);
    if (overview && this.focusNext) {
      this.focusNext = false;
      this.overview.top.focus({ preventScroll: true });
    }
    // The element that had the focus is gone and the next one is not there yet: until then, keys go to the map.
    if (this.focusNext) this.root.focus({ preventScroll: true });
    parts.readout.hidden = inside;
    this.writePairs(overview?.beside ?? (open && "beside" in open ? open.beside : null));
    parts.scaleWords.textContent = message.texts[`scale-${scene.scale}`];
    if (!this.overview.pointed && !inside) parts.readout.textContent = message.texts.hint;
    if (shown && (overview || open)) this.root.dataset.ready = String(message.edit);
    else delete this.root.dataset.ready;
  }

  /** @param {{title: string} | null} beside the second network */
  writePairs(beside) {
    const { pairs } = this.parts;
    pairs.hidden = !beside;
    if (!beside) return;
    write(pairs, fillIn(this.message.texts.pairs, { left: this.titleOf(this.scene), right: beside.title }));
  }

  /**
   * Return the name of the network that is shown, with the epoch where there are several.
   *
   * @param {Scene} scene
   */
  titleOf({ network, which }) {
    /** @type {HTMLOptionElement[]} */
    const options = [...this.parts.network.options];
    const label = options.find(({ value }) => value === network)?.label ?? network;
    return network.startsWith("run:") ? `${label} (${which})` : label;
  }

  /**
   * Return the numbers that came if they belong to what is open, else null.
   *
   * @param {Detail | undefined} came
   */
  fitting(came) {
    const { layer, map } = this.scene;
    const fits = came?.layer === layer && String(came.map) === map && came.subject === this.message.subject;
    return fits ? came : null;
  }

  /** @param {Detail} detail */
  drawDetail(detail) {
    const state = JSON.stringify([detail.id, this.scene.scale, this.colours]);
    if (state === this.drawn) return;
    this.drawn = state;
    const { texts } = this.message;
    const about = { texts, scene: this.scene, colours: this.colours };
    const first =
      "channels" in detail
        ? drawLayer(this.parts.detail, { ...about, detail, open: (map) => this.open(detail.layer, map) })
        : drawMap(this.parts.detail, {
            ...about,
            detail,
            open: (layer, map) => this.open(layer, map),
            go: (way) => this.trigger("go", way),
          });
    if (this.focusNext) first?.focus({ preventScroll: true });
    this.focusNext = false;
    if (!("channels" in detail)) setTimeout(loadAhead);
  }

  /** @param {Detail | null} [detail] the numbers of what is open */
  writeCrumbs(detail) {
    const { parts, scene, message } = this;
    const { texts } = message;
    const inside = Boolean(scene.layer);
    const single = Boolean(this.overview.layout?.single);
    parts.back.hidden = !inside;
    const shown = inside && detail ? detail.title : "";
    const column = !inside && single ? this.sheet?.columns[this.overview.column]?.about : "";
    parts.where.textContent = shown || column || "";
    parts.where.hidden = !parts.where.textContent;
    const names = this.sheet?.layers ?? [];
    parts.left.hidden = parts.right.hidden = inside ? scene.map !== "-1" : !single;
    const [at, last] = inside
      ? [names.indexOf(scene.layer), names.length - 1]
      : [this.overview.column, (this.sheet?.columns.length ?? 1) - 1];
    parts.left.disabled = at <= 0;
    parts.right.disabled = at >= last;
    parts.run.hidden = inside || single;
    parts.unfold.hidden = inside || !this.sheet?.foldable;
    parts.unfold.textContent =
      scene.unfold === "all" ? texts["fold-all"] : fillIn(texts["unfold-all"], { layers: names.length });
    const pages = inside ? (detail && "pages" in detail ? detail.pages : 1) : (this.sheet?.pages ?? 1);
    const page = Math.min(Number(scene.page), pages - 1);
    parts.previous.hidden = parts.next.hidden = parts.page.hidden = pages <= 1;
    parts.previous.disabled = page <= 0;
    parts.next.disabled = page >= pages - 1;
    parts.page.textContent = fillIn(texts.page, { page: page + 1, pages });
  }

  /**
   * Describe the map that is pointed at.
   *
   * @param {Pointed | null} at
   */
  read(at) {
    const { texts } = this.message;
    const words = at
      ? fillIn(at.picture ? texts["read-picture"] : texts.read, {
          layer: at.layer,
          channel: ordinal(at.channel),
          channels: at.channels,
          size: at.size,
          low: writeValue(at.low[at.row]),
          high: writeValue(at.high[at.row]),
          sees: at.sees,
        })
      : texts.hint;
    write(this.parts.readout, words);
  }
}

export default mount(NetworkMap);
