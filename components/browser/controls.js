// The controls of a scene: radio buttons, check boxes and number fields named as the scene's parameters. They show the
// scene and tell Python what the visitor changes in it.

import { Edits } from "./board.js";

/** @import { Colours } from "./colours.js" */

/** @typedef {Record<string, string>} Scene a scene's parameters by name, as a link writes them */

/**
 * @typedef {object} SceneMessage what every message about a scene has
 * @property {Scene} scene
 * @property {number} edit the last of the visitor's edits that Python knew
 * @property {string} session of the server: another one after it was started again
 * @property {Record<string, [value: string, label: string][]>} choices the options by the parameter's name
 */

/** @template {SceneMessage} [Message=any] */
export class SceneControls {
  /** @type {Message} the message that is shown */
  data;

  /** @type {Colours} */
  colours;

  /** @type {Scene} what is shown: Python's, and what the visitor has changed since */
  scene;

  /**
   * @param {ShadowRoot} root holds the component's markup
   * @param {Record<string, any>} parts the markup's elements by their data-part; `controls` is around the controls
   * @param {(scene: Scene) => void} emit takes the whole scene, with the number of the edit
   */
  constructor(root, parts, emit) {
    this.root = root;
    this.parts = parts;
    this.edits = new Edits((edit, told) => emit({ ...this.scene, edit: String(edit), told: String(told) }));
    parts.controls.addEventListener("change", (/** @type {any} */ event) => {
      const { name, type, checked, value } = event.target;
      if (type === "checkbox" && name in this.scene) this.change({ [name]: checked ? "on" : "off" });
      else if ((type === "radio" || event.target.tagName === "SELECT") && name in this.scene) this.choose(name, value);
    });
    for (const input of this.numbers()) {
      input.oninput = () => {
        if (Number.isFinite(input.valueAsNumber)) this.change({ [input.name]: String(input.valueAsNumber) }, 250);
      };
      input.onblur = () => {
        input.value = this.scene[input.name];
      };
    }
  }

  /** Return the number fields. */
  numbers() {
    /** @type {NodeListOf<HTMLInputElement>} */
    const found = this.root.querySelectorAll('[data-part="controls"] input[type="number"][name]');
    return found;
  }

  /**
   * Show what Python sent, unless the visitor has changed something since.
   *
   * @param {Message} data
   * @param {Colours} colours
   */
  load(data, colours) {
    const recoloured = JSON.stringify(colours) !== JSON.stringify(this.colours);
    this.data = data;
    this.colours = colours;
    if (recoloured) this.build();
    const taken = this.edits.take(data);
    if (taken || recoloured) this.show(taken ? data.scene : this.scene);
  }

  /** Make the options, once and again when the colours change. */
  build() {
    for (const [name, options] of Object.entries(this.data.choices)) {
      /** @type {HTMLElement | null} */
      const box = this.root.querySelector(`[data-options="${name}"]`);
      if (!box) continue;
      if (box.tagName === "SELECT") box.replaceChildren(...options.map(([value, label]) => new Option(label, value)));
      else box.replaceChildren(...options.map(([value, label]) => this.option(name, value, label)));
    }
  }

  /**
   * Return a radio button with its face.
   *
   * @param {string} name
   * @param {string} value
   * @param {string} label
   * @param {object} [face]
   * @param {Element} [face.picture] comes before the label
   * @param {string} [face.title] names a face without a label
   */
  option(name, value, label, { picture, title } = {}) {
    const wrapper = document.createElement("label");
    const input = document.createElement("input");
    input.type = "radio";
    input.name = name;
    input.value = value;
    const face = document.createElement("span");
    face.append(input);
    if (picture) face.append(picture);
    if (title) {
      input.setAttribute("aria-label", title);
      wrapper.title = title;
    }
    face.append(label);
    wrapper.append(face);
    return wrapper;
  }

  /** @param {Scene} scene */
  show(scene) {
    this.scene = { ...scene };
    for (const [name, value] of Object.entries(scene)) {
      /** @type {NodeListOf<HTMLInputElement>} */
      const inputs = this.root.querySelectorAll(`[data-part="controls"] [name="${name}"]`);
      for (const input of inputs) {
        if (input.type === "radio") input.checked = input.value === value;
        else if (input.type === "checkbox") input.checked = value === "on";
        else if (this.root.activeElement !== input) input.value = value;
      }
    }
  }

  /**
   * A radio button was chosen.
   *
   * @param {string} name
   * @param {string} value
   */
  choose(name, value) {
    this.change({ [name]: value });
  }

  /**
   * Change the scene here at once and tell Python, which answers with new arrays.
   *
   * @param {Scene} changes
   * @param {number} [wait] milliseconds in which a further change takes this one along
   */
  change(changes, wait = 0) {
    Object.assign(this.scene, changes);
    this.edits.add(wait);
  }
}
