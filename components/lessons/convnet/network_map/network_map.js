// The network map: the overview of all layers, a layer with all its maps, a map with what made it; and the ways between.

import { Edits, View, mount } from "../../../browser/board.js";
import { carriedMessage, onCarried } from "../../../browser/carrier.js";
import { readColours } from "../../../browser/colours.js";
import { make, write } from "../../../browser/dom.js";
import { fillIn } from "../../../browser/numbers.js";
import { drawLayer, drawMap } from "./detail.js";
import { Overview } from "./overview.js";
import { writeValue } from "../../../networks/paint.js";

/** @import { Colours } from "../../../browser/colours.js" */

/** @import { Scene } from "../../../browser/controls.js" */

const AGAIN_MS = 900;
const SELECTS = ["network", "which", "beside", "order", "count", "scale"];

class NetworkMap extends View {
  /** @type {any} */ message;
  /** @type {any} */ scene;
  /** @type {Colours} */ colours;
  /** @type {Record<string, any>} */ parts;
  /** @type {Overview} */ overview;
  /** @type {() => void} */ forget;
  /** @type {boolean} */ focusNext;
  /** @type {any} */ sheet;
  /** @type {any} */ drawn;

  constructor(parent) {
    super(parent);
    this.root = parent.querySelector(".network-map");
    this.edits = new Edits((edit) => this.setState("scene", { ...this.scene, edit: String(edit) }), {
      again: AGAIN_MS,
      yields: true,
    });
  }

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

  /** Change the scene here at once and tell Python, which answers with new numbers. */
  change(changes) {
    Object.assign(this.scene, changes);
    this.refresh();
    this.edits.add();
  }

  open(layer, map) {
    this.focusNext = true;
    this.change({ layer, map: String(map), page: map < 0 ? "0" : this.scene.page });
  }

  /** From a map to its layer, from a layer to the overview. */
  back() {
    this.focusNext = true;
    this.change(this.scene.map === "-1" ? { layer: "", page: "0" } : { map: "-1", page: "0" });
  }

  turn(pages) {
    this.change({ page: String(Math.max(Number(this.scene.page) + pages, 0)) });
  }

  /** To the layer before or after: of the overview on a phone, of the network where a layer is open. */
  walk(step) {
    if (!this.scene.layer) {
      this.overview.show(this.overview.column + step);
      this.writeCrumbs();
      return;
    }
    const names = this.sheet.layers;
    const to = names[names.indexOf(this.scene.layer) + step];
    if (to) this.open(to, -1);
  }

  // What is drawn -------------------------------------------------------------------------------------------------------

  refresh() {
    const { message, parts, scene } = this;
    const sheet = carriedMessage(message.sheet);
    const detail = carriedMessage(message.detail);
    for (const name of SELECTS) parts[name].value = scene[name];
    parts["which-label"].hidden = !scene.network.startsWith("run:");
    if (sheet) this.sheet = sheet;
    // Another photo's maps are never shown, not even while the new ones are computed.
    const old = this.sheet && this.sheet.subject !== message.subject;
    const fits = sheet && !old;
    const inside = Boolean(scene.layer);
    parts.wait.hidden = Boolean(message.problem) || (inside ? this.fits(detail) : Boolean(this.sheet && !old));
    parts.stage.hidden = inside || !this.sheet || old;
    parts.detail.hidden = !inside || !this.fits(detail);
    for (const name of ["order", "count"]) parts[`${name}-label`].hidden = inside && name === "count";
    if (!inside && fits) this.overview.load(sheet, scene, this.colours, message.texts);
    if (inside && this.fits(detail)) this.drawDetail(detail);
    this.writeCrumbs(detail);
    if (!inside && this.focusNext && fits) {
      this.focusNext = false;
      this.overview.top.focus({ preventScroll: true });
    }
    // What had the focus is gone, what will have it is not there yet: keys go on reaching the map.
    if (this.focusNext) this.root.focus({ preventScroll: true });
    parts.readout.hidden = inside;
    const beside = inside ? this.fits(detail) && detail.beside : fits && sheet.beside;
    parts.pairs.hidden = !beside;
    if (beside)
      parts.pairs.textContent = fillIn(message.texts.pairs, { left: this.titleOf(scene), right: beside.title });
    parts.scaleWords.textContent = message.texts[`scale-${scene.scale}`];
    if (!this.overview.pointed && !inside) parts.readout.textContent = message.texts.hint;
    if (fits && (!inside || this.fits(detail))) this.root.dataset.ready = String(message.edit);
    else delete this.root.dataset.ready;
  }

  /** The name of the network that is shown, with the epoch where there are several. */
  titleOf({ network, which }) {
    const label = [...this.parts.network.options].find(({ value }) => value === network)?.label ?? network;
    return network.startsWith("run:") ? `${label} (${which})` : label;
  }

  /** Whether these are the numbers of what is open. */
  fits(detail) {
    return (
      Boolean(detail) &&
      detail.layer === this.scene.layer &&
      String(detail.map) === this.scene.map &&
      detail.subject === this.message.subject
    );
  }

  drawDetail(detail) {
    const state = JSON.stringify([detail.id, this.scene.scale, this.colours]);
    if (state === this.drawn) return;
    this.drawn = state;
    const { texts } = this.message;
    const about = { detail, texts, scene: this.scene, colours: this.colours };
    const first =
      detail.map < 0
        ? drawLayer(this.parts.detail, { ...about, open: (map) => this.open(detail.layer, map) })
        : drawMap(this.parts.detail, {
            ...about,
            open: (layer, map) => this.open(layer, map),
            go: (way) => this.trigger("go", way),
          });
    if (this.focusNext) first?.focus({ preventScroll: true });
    this.focusNext = false;
  }

  writeCrumbs(detail) {
    const { parts, scene, message } = this;
    const { texts } = message;
    const inside = Boolean(scene.layer);
    const single = Boolean(this.overview.layout?.single);
    parts.back.hidden = !inside;
    const shown = inside && this.fits(detail) ? detail.title : "";
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
    const pages = inside ? (scene.map === "-1" && this.fits(detail) ? detail.pages : 1) : (this.sheet?.pages ?? 1);
    const page = Math.min(Number(scene.page), pages - 1);
    parts.previous.hidden = parts.next.hidden = parts.page.hidden = pages <= 1;
    parts.previous.disabled = page <= 0;
    parts.next.disabled = page >= pages - 1;
    parts.page.textContent = fillIn(texts.page, { page: page + 1, pages });
  }

  /** Say what the map is that is looked at. */
  read(at) {
    const { texts } = this.message;
    const words = at
      ? fillIn(at.picture ? texts["read-picture"] : texts.read, {
          layer: at.layer,
          channel: at.channel,
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
