// A part that is pointed at, or chosen by its button, lights up in the picture and in every notation at once.

import { Edits, View, mount } from "../../../browser/board.js";
import { make, write } from "../../../browser/dom.js";

class Notations extends View {
  /** @type {any} */ still;
  /** @type {any} */ buttons;
  /** @type {any} */ message;

  constructor(parent) {
    super(parent);
    const root = (this.root = parent.querySelector(".notations"));
    this.edits = new Edits((edit) => this.setState("scene", { part: this.chosen, edit: String(edit) }), {
      yields: true,
    });
    this.chosen = "";
    this.pointed = null;
    this.focused = null;
    this.box = root.querySelector(".parts");
    this.words = root.querySelector(".words");
    root.onpointermove = (event) => {
      if (event.pointerType === "mouse" && this.hasMoved(event)) this.point(this.partsOf(event));
    };
    root.onpointerleave = () => this.point(null);
    // On a touch screen nothing is pointed at: a tap chooses.
    root.onclick = (event) => {
      const [part, more] = this.partsOf(event) ?? [];
      if (part && !more && event.target.tagName !== "BUTTON") this.choose(part === this.chosen ? "" : part);
    };
  }

  /** What merely scrolls below a mouse that lies still must not take the light from what has just got the focus. */
  hasMoved({ screenX, screenY }) {
    const at = `${screenX} ${screenY}`;
    if (this.still === undefined || (this.still && this.still !== at)) {
      this.still = undefined;
      return true;
    }
    this.still = at;
    return false;
  }

  partsOf(event) {
    return event.target.closest("[data-parts]")?.dataset.parts.split(" ") ?? null;
  }

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

  choose(part) {
    this.chosen = part;
    this.light();
    this.edits.add();
  }

  /** The mouse is on parts, or on none. */
  point(parts) {
    if (String(parts) === String(this.pointed)) return;
    this.pointed = parts;
    this.light();
  }

  /** A part's button has the focus, or none has. */
  focus(parts) {
    this.focused = parts;
    this.pointed = null;
    this.still = parts ? "" : undefined;
    this.light();
  }

  /** Light up what is pointed at, else what has the focus, else what was chosen. */
  light() {
    if (!this.message) return;
    const lit = this.pointed ?? this.focused ?? (this.chosen ? [this.chosen] : []);
    for (const element of this.root.querySelectorAll("[data-parts]")) {
      const own = element.dataset.parts.split(" ");
      element.classList.toggle(
        "lit",
        own.some((part) => lit.includes(part)),
      );
    }
    for (const button of this.buttons)
      button.setAttribute("aria-pressed", String(button.dataset.parts === this.chosen));
    const words = lit.length ? lit.map((part) => this.message.words[part]).join(" ") : this.message.texts.none;
    write(this.words, words);
  }
}

export default mount(Notations);
