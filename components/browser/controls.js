// The controls of a scene: radio buttons, check boxes and number fields named as the scene's parameters. They show the
// scene and tell Python what the visitor changes in it.

import { Edits } from "./board.js";

export class SceneControls {
  /** @param {(scene: object) => void} emit takes the whole scene, with the number of the edit */
  constructor(root, parts, emit) {
    this.root = root;
    this.parts = parts;
    this.edits = new Edits((edit) => emit({ ...this.scene, edit: String(edit) }));
    parts.controls.addEventListener("change", (event) => {
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

  numbers() {
    return this.root.querySelectorAll('[data-part="controls"] input[type="number"][name]');
  }

  /** Show what Python sent, unless the visitor has changed something since. */
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
      const box = this.root.querySelector(`[data-options="${name}"]`);
      if (box.tagName === "SELECT") box.replaceChildren(...options.map(([value, label]) => new Option(label, value)));
      else box.replaceChildren(...options.map(([value, label]) => this.option(name, value, label)));
    }
  }

  /** Return a radio button with its face; `picture` comes before the label, `title` names a face without one. */
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

  show(scene) {
    this.scene = { ...scene };
    for (const [name, value] of Object.entries(scene)) {
      for (const input of this.root.querySelectorAll(`[data-part="controls"] [name="${name}"]`)) {
        if (input.type === "radio") input.checked = input.value === value;
        else if (input.type === "checkbox") input.checked = value === "on";
        else if (this.root.activeElement !== input) input.value = value;
      }
    }
  }

  /** A radio button was chosen. */
  choose(name, value) {
    this.change({ [name]: value });
  }

  /** Change the scene here at once and tell Python, which answers with new arrays. */
  change(changes, wait = 0) {
    Object.assign(this.scene, changes);
    this.edits.add(wait);
  }
}
