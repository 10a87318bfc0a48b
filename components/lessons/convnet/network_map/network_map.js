// The network map: an overview of all layers, a layer with all its maps, or a map with what made it.

import { Edits, View, mount } from "../../../browser/board.js";
import { carriedMessage, onCarried } from "../../../browser/carrier.js";
import { readColours } from "../../../browser/colours.js";
import { make, write } from "../../../browser/dom.js";
import { fillIn, ordinal } from "../../../browser/numbers.js";
import { writeValue } from "../../../networks/paint.js";
import { drawComing, drawLayer, drawMap } from "./detail.js";
import { copyOf, fade, grow, shrink } from "./growing.js";
import { Overview } from "./overview.js";
import { Toolbar } from "./toolbar.js";

/** @import { Colours } from "../../../browser/colours.js" */
/** @import { Scene, SceneMessage } from "../../../browser/controls.js" */
/** @import { LayerDetail, MapDetail } from "./detail.js" */
/** @import { Pointed } from "./overview.js" */
/** @import { Sheet } from "./sheet.js" */

/**
 * @typedef {object} MapMessage what Python's payload says
 * @property {string} subject photo and network, as a digest
 * @property {string} photo id of the message with the photo
 * @property {string} sheet id of the message with the overview
 * @property {string} detail id of the message with what is open, "" where nothing is
 * @property {number} rows maps of a layer that the overview shows at once
 * @property {{words: string, late: boolean, problem: boolean} | null} waiting what is said in place of what has not come
 * @property {boolean} lost whether the network does not have what is open
 * @property {Record<string, string[][]>} choices
 * @property {Record<string, string>} texts
 */

/** @typedef {LayerDetail | MapDetail} Detail */

/** @typedef {{picture: HTMLCanvasElement, box: DOMRect}} Thumbnail a small map, and where it is on the screen */

const AGAIN_MS = 900;

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

  /** @type {Record<string, HTMLElement>} */
  parts;

  /** @type {Overview} */
  overview;

  /** @type {Toolbar} */
  toolbar;

  /** @type {() => void} no longer wait for numbers */
  forget;

  /** @type {Sheet | undefined} the overview that came last */
  sheet;

  /** The network of that overview. */
  network = "";

  /** The detail that is drawn, and how, as one text. */
  drawn = "";

  /** Whether what opens next gets the focus. */
  focusNext = false;

  /** @type {Thumbnail | null} out of which the map grows that is being opened */
  from = null;

  /** Whether it is growing. */
  growing = false;

  /** @type {(Thumbnail & {layer: string, map: number}) | null} the map that was closed, until it is back in its place */
  closed = null;

  /** @type {Scene[]} where the visitor came from, step by step */
  way = [];

  /** Whether the overview is shown. */
  staged = true;

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
    const { texts } = this.message;
    this.toolbar = new Toolbar(this.message, {
      change: (changes) => this.change(changes),
      run: () => this.run(),
      back: () => this.back(),
      open: (layer) => this.open(layer, -1),
    });
    const again = make("button", { type: "button", className: "tool", textContent: texts.again });
    again.onclick = () => this.trigger("again", Date.now());
    const words = make("span");
    /** @type {Record<string, HTMLElement>} */
    const parts = (this.parts = {
      words,
      again,
      wait: make("p", { className: "wait", hidden: true, aria: { role: "status" } }, words, again),
      stage: make("div", { className: "stage" }),
      detail: make("div", { className: "detail", hidden: true }),
      pairs: make("p", { className: "pairs" }),
      readout: make("p", { className: "readout", aria: { live: "polite" } }),
      scaleWords: make("span"),
      legend: make("p", { className: "legend" }),
    });
    this.root.setAttribute("aria-label", texts.region);
    this.root.tabIndex = -1;
    const ramp = make("span", {}, texts.negative, make("span", { className: "ramp" }), texts.positive);
    parts.legend.append(ramp, parts.scaleWords);
    this.root.replaceChildren(
      ...this.toolbar.elements,
      parts.pairs,
      make("div", { className: "panes" }, parts.stage, parts.detail, parts.wait),
      parts.readout,
      parts.legend,
    );
    this.overview = new Overview(parts.stage, {
      open: (layer, map) => this.open(layer, map, map < 0 ? null : this.overview.thumbnail(layer, map)),
      unfold: (block) => this.change({ unfold: block }),
      point: (at) => this.read(at),
    });
    this.forget = onCarried(() => this.refresh());
    this.root.onkeydown = (event) => {
      if (event.key !== "Escape" || !this.scene.layer) return;
      event.preventDefault();
      event.stopPropagation();
      this.back();
    };
  }

  leave() {
    this.forget?.();
    this.overview?.leave();
    this.toolbar?.leave();
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

  run() {
    const { run } = this.toolbar;
    run.disabled = true;
    this.overview.run(() => {
      run.disabled = !this.overview.sheet;
    });
  }

  /**
   * @param {string} layer
   * @param {number} map −1 for all maps of the layer
   * @param {Thumbnail | null} [from] out of which the map grows
   */
  open(layer, map, from = null) {
    const { scene } = this;
    this.way.push({ layer: scene.layer, map: scene.map, page: scene.page });
    this.focusNext = true;
    this.from = from;
    this.change({ layer, map: String(map), page: map < 0 ? "0" : scene.page });
    // What opens begins where the board does, which may lie above the window by now.
    if (this.root.getBoundingClientRect().top < 0) this.root.scrollIntoView({ block: "start" });
  }

  /** Go back to where the map or layer was opened; from a link, from a map to its layer and on to the overview. */
  back() {
    const { scene } = this;
    const single = scene.map !== "-1";
    const picture = this.parts.detail.querySelector("canvas");
    this.closed =
      single && picture && !this.parts.detail.hidden
        ? { layer: scene.layer, map: Number(scene.map), picture: copyOf(picture), box: picture.getBoundingClientRect() }
        : null;
    this.focusNext = true;
    this.from = null;
    this.change(this.way.pop() ?? { layer: single ? scene.layer : "", map: "-1", page: "0" });
  }

  // What is drawn -------------------------------------------------------------------------------------------------------

  refresh() {
    const { message, parts, scene } = this;
    /** @type {Sheet | undefined} */
    const newest = carriedMessage(message.sheet);
    const inside = Boolean(scene.layer);
    const came = inside ? this.fitting(carriedMessage(message.detail)) : null;
    if (newest && newest !== this.sheet) {
      this.sheet = newest;
      this.network = scene.network;
    }
    // Another photo's maps are never shown, not even while the new ones are computed.
    const sheet = this.sheet?.subject === message.subject ? this.sheet : null;
    if (!inside) this.way = [];
    if (inside && this.from) void this.drawGrowing(this.from);
    const open = this.growing ? null : came;
    if (open) this.drawDetail(open);
    const shown = inside && (open !== null || this.growing || (!parts.detail.hidden && this.drawn === ""));
    parts.detail.hidden = !shown;
    if (!shown) this.drawn = "";
    void this.stage(!shown);
    if (!shown) this.drawOverview(sheet);
    parts.stage.classList.toggle("dim", inside && !shown);
    if (!inside) this.comeBack(sheet !== null);
    // The element that had the focus is gone and the next one is not there yet: until then, keys go to the map.
    if (this.focusNext) this.root.focus({ preventScroll: true });
    this.writeWords(sheet, open, inside ? came !== null || this.growing : Boolean(newest));
    if (inside ? open && sheet : newest && sheet) this.root.dataset.ready = String(message.edit);
    else delete this.root.dataset.ready;
  }

  /**
   * Write all that stands around the picture.
   *
   * @param {Sheet | null} sheet
   * @param {Detail | null} open
   * @param {boolean} complete whether all has come that is to be shown
   */
  writeWords(sheet, open, complete) {
    const { parts, scene, message } = this;
    const { waiting, texts } = message;
    const inside = Boolean(scene.layer);
    write(parts.words, waiting?.words ?? "");
    parts.wait.hidden = !waiting || complete;
    parts.again.hidden = !waiting?.late;
    this.toolbar.show({
      scene,
      outline: !sheet || this.overview.running,
      foldable: sheet?.foldable ?? false,
      layers: sheet?.layers ?? [],
      pages: inside ? (open && "pages" in open ? open.pages : 1) : (sheet?.pages ?? 1),
      title: open?.title ?? "",
    });
    this.writePairs((inside ? open && "beside" in open && open.beside : sheet?.beside) || null);
    // The photo's planes are grey: bright is much.
    parts.legend.hidden = Boolean(open && ("channels" in open ? open.names : open.grey));
    parts.scaleWords.textContent = texts[`scale-${scene.scale}`];
    parts.readout.hidden = inside;
    if (!this.overview.pointed && !inside) parts.readout.textContent = texts.hint;
  }

  /** @param {Sheet | null} sheet */
  drawOverview(sheet) {
    const { message, scene, colours } = this;
    const photo = carriedMessage(message.photo)?.url ?? "";
    const look = { scale: scene.scale, colours, texts: message.texts, photo };
    if (sheet) this.overview.load(sheet, look);
    else this.overview.outline({ ...look, known: this.network === scene.network, rows: message.rows });
  }

  /**
   * Show the overview, or fade it behind what is open.
   *
   * @param {boolean} shown
   */
  async stage(shown) {
    const { stage } = this.parts;
    if (shown === this.staged) return;
    this.staged = shown;
    stage.classList.toggle("leaving", !shown);
    if (shown) stage.hidden = false;
    await fade(stage, shown ? "in" : "out");
    stage.hidden = !this.staged;
  }

  /**
   * Let the map that is being opened grow out of its thumbnail, with what the thumbnail shows until its numbers come.
   *
   * @param {Thumbnail} from
   */
  async drawGrowing({ picture, box }) {
    const { detail } = this.parts;
    const photo = carriedMessage(this.message.photo)?.url ?? "";
    this.from = null;
    this.drawn = "";
    this.growing = true;
    detail.hidden = false;
    const plate = drawComing(detail, { picture: copyOf(picture), photo, words: make("div") });
    await Promise.resolve(); // the rest is drawn, and the board in the window
    await grow(plate, box);
    this.growing = false;
    this.refresh();
  }

  /**
   * The overview is back: the map that was closed shrinks into its thumbnail, which gets the focus.
   *
   * @param {boolean} ready whether the overview has its maps
   */
  comeBack(ready) {
    if (!this.focusNext || !ready) return;
    this.focusNext = false;
    const { closed } = this;
    this.closed = null;
    const at = closed ? this.overview.spotOf(closed.layer, closed.map) : null;
    this.overview.focus(at);
    const thumbnail = closed && this.overview.thumbnail(closed.layer, closed.map);
    if (closed && thumbnail) void shrink(this.root, closed.picture, closed.box, thumbnail.box);
  }

  /** @param {{title: string} | null} beside the second network */
  writePairs(beside) {
    const { pairs } = this.parts;
    pairs.hidden = !beside;
    if (!beside) return;
    const left = this.toolbar.titleOf(this.scene);
    write(pairs, fillIn(this.message.texts.pairs, { left, right: beside.title }));
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
    this.parts.detail.hidden = false;
    /** @type {(canvas: HTMLCanvasElement) => Thumbnail} */
    const from = (canvas) => ({ picture: canvas, box: canvas.getBoundingClientRect() });
    const about = { texts, scene: this.scene, colours: this.colours };
    const first =
      "channels" in detail
        ? drawLayer(this.parts.detail, {
            ...about,
            detail,
            open: (map, canvas) => this.open(detail.layer, map, from(canvas)),
          })
        : drawMap(this.parts.detail, {
            ...about,
            detail,
            open: (layer, map, canvas) => this.open(layer, map, from(canvas)),
            go: (way) => this.trigger("go", way),
          });
    if (this.focusNext) (this.tileOf(detail) ?? first)?.focus({ preventScroll: true });
    this.focusNext = false;
    if (!("channels" in detail)) setTimeout(loadAhead);
  }

  /**
   * A layer is back: return the tile of the map that was closed, which shrinks into it; null for any other.
   *
   * @param {Detail} detail
   */
  tileOf(detail) {
    const { closed } = this;
    this.closed = null;
    if (!closed || !("channels" in detail) || closed.layer !== detail.layer) return null;
    /** @type {HTMLElement | null} */
    const tile = this.parts.detail.querySelector(`.tile[data-map="${closed.map}"]`);
    const canvas = tile?.querySelector("canvas");
    if (canvas) void shrink(this.root, closed.picture, closed.box, canvas.getBoundingClientRect());
    return tile;
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
          low: writeValue(at.picture ? Math.min(...at.low) : at.low[at.row]),
          high: writeValue(at.picture ? Math.max(...at.high) : at.high[at.row]),
          sees: at.sees,
        })
      : texts.hint;
    write(this.parts.readout, words);
  }
}

export default mount(NetworkMap);
