// A part that is pointed at, or chosen by its button, lights up in the picture and in every notation at once.

import { Edits, View, mount } from "../../../browser/board.js";
import { make, write } from "../../../browser/dom.js";

/** @import { SceneMessage } from "../../../browser/controls.js" */

/**
 * @typedef {object} NotationsMessage what Python's payload says
 * @property {[part: string, name: string][]} parts
 * @property {Record<string, string>} words what is said of each part
 * @property {Record<string, string>} texts
 */

/** @param {Element} element with the names of parts in its data-parts */
const namesOf = (element) => String(element.getAttribute("data-parts")).split(" ");

/** @extends {View<SceneMessage & NotationsMessage>} */
class Notations extends View {
  /** @type {(SceneMessage & NotationsMessage) | undefined} */
  message;

  /** @type {HTMLButtonElement[]} */
  buttons = [];

  /** The part that was chosen, "" for none. */
  chosen = "";

  /** @type {string[] | null} the parts under the mouse */
  pointed = null;

  /** @type {string[] | null} the part whose button has the focus */
  focused = null;

  /**
   * @type {string | undefined} since a button got the focus, where the mouse lies still: "" while that is not known,
   *     undefined once it has moved
   */
  still;

  /** @param {ShadowRoot} parent */
  constructor(parent) {
    super(parent);
    const root = (this.root = /** @type {HTMLElement} */ (parent.querySelector(".notations")));
    this.edits = new Edits((edit, told) => this.setState("scene", { part: this.chosen, edit: String(edit), told }), {
      yields: true,
    });
    this.box = /** @type {HTMLElement} */ (root.querySelector(".parts"));
    this.words = /** @type {HTMLElement} */ (root.querySelector(".words"));
    root.onpointermove = (event) => {
      if (event.pointerType === "mouse" && this.hasMoved(event)) this.point(this.partsOf(event));
    };
    root.onpointerleave = () => this.point(null);
    // On a touch screen nothing is pointed at: a tap chooses.
    root.onclick = (event) => {
      const [part, more] = this.partsOf(event) ?? [];
      if (part && !more && !(event.target instanceof HTMLButtonElement)) this.choose(part === this.chosen ? "" : part);
    };
  }

  /**
   * Return whether the mouse has moved. Scrolling below a mouse at rest must not take the highlight from the part
   * whose button has just got the focus.
   *
   * @param {PointerEvent} event
   */
  hasMoved({ screenX, screenY }) {
    const at = `${screenX} ${screenY}`;
    if (this.still === undefined || (this.still && this.still !== at)) {
      this.still = undefined;
      return true;
    }
    this.still = at;
    return false;
  }

  /**
   * Return the parts that the element below a pointer stands for.
   *
   * @param {Event} event
   */
  partsOf({ target }) {
    const marked = target instanceof Element ? target.closest("[data-parts]") : null;
    return marked ? namesOf(marked) : null;
  }

  /** @param {SceneMessage & NotationsMessage} message */
  load(message) {
    const { parts, edit, scene } = message;
    if (!this.message) {
      this.buttons = parts.map(([part, name]) => {
        const button = make("button", { type: "button", textContent: name });
        button.dataset.parts = part;
        button.onclick = () => this.choose(part === this.chosen ? "" : part);
        button.onfocus = () => this.focus([part]);
        button.onblur = () => this.focus(null);
        return button;
      });
      this.box.replaceChildren(...this.buttons);
    }
    if (this.edits.take(message)) this.chosen = scene.part;
    this.message = message;
    this.light();
    this.root.dataset.ready = String(edit);
  }

  /** @param {string} part "" for none */
  choose(part) {
    this.chosen = part;
    this.light();
    this.edits.add();
  }

  /**
   * The mouse is on parts, or on none.
   *
   * @param {string[] | null} parts
   */
  point(parts) {
    if (String(parts) === String(this.pointed)) return;
    this.pointed = parts;
    this.light();
  }

  /**
   * A part's button has the focus, or none has.
   *
   * @param {string[] | null} parts
   */
  focus(parts) {
    this.focused = parts;
    this.pointed = null;
    this.still = parts ? "" : undefined;
    this.light();
  }

  /** Light up what is pointed at, else what has the focus, else what was chosen. */
  light() {
    const { message } = this;
    if (!message) return;
    const lit = this.pointed ?? this.focused ?? (this.chosen ? [this.chosen] : []);
    for (const element of this.root.querySelectorAll("[data-parts]")) {
      const shines = namesOf(element).some((part) => lit.includes(part));
      element.classList.toggle("lit", shines);
    }
    for (const button of this.buttons)
      button.setAttribute("aria-pressed", String(button.dataset.parts === this.chosen));
    const words = lit.length ? lit.map((part) => message.words[part]).join(" ") : message.texts.none;
    write(this.words, words);
  }
}

export default mount(Notations);
