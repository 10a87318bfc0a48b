// What all animations' views share: their parts, their texts, their colours, their player, pointing at a picture.

import { View } from "../browser/board.js";
import { readColours } from "../browser/colours.js";
import { make } from "../browser/dom.js";
import { Player } from "./player.js";

export class StageView extends View {
  /** @param {ShadowRoot} root holds the component's markup */
  constructor(root) {
    super(root);
    this.root = root;
    this.stage = root.querySelector(".stage");
    this.parts = {};
    for (const element of root.querySelectorAll("[data-part]")) this.parts[element.dataset.part] ??= element;
    this.player = new Player(root, {
      draw: (position, arrived) => this.draw(position, arrived),
      restart: () => this.restart(),
      holds: (position) => this.holds(position),
      settled: (place) => this.setState("place", place),
    });
  }

  /** Tell Python the scene. */
  emit(scene) {
    this.setState("scene", scene);
  }

  /**
   * Draw a position; pure apart from the picture.
   *
   * @param {number} _position
   * @param {number} _arrived from 0 to 1 on the way there from the position before
   */
  draw(_position, _arrived) {}

  /** Forget what was filled in. */
  restart() {}

  /** Return whether playing has to wait at a position. */
  holds(_position) {
    return false;
  }

  leave() {
    this.player.destroy();
  }

  /** Take over a message: colours, words, controls. Returns the message before it and what is new. */
  begin(data) {
    const before = this.data;
    this.data = data;
    const recoloured = this.takeColours();
    this.writeTexts(data.texts);
    this.controls.load(data, this.colours);
    return { before, imposed: data.epoch !== before?.epoch, recoloured };
  }

  /** A message is shown: go where it says, if it imposes a place, and draw. */
  end(imposed) {
    if (imposed) this.imposePlace(this.data);
    this.player.requestDraw();
    this.stage.dataset.ready = String(this.data.edit);
  }

  writeList(list, lines) {
    list.replaceChildren(...lines.map((line) => make("li", { textContent: line })));
  }

  writeTexts(texts) {
    for (const element of this.root.querySelectorAll("[data-text]")) element.textContent = texts[element.dataset.text];
  }

  /** Read the theme's colours and return whether they are others than before. */
  takeColours() {
    const colours = readColours(this.stage);
    const recoloured = JSON.stringify(colours) !== JSON.stringify(this.colours);
    this.colours = colours;
    return recoloured;
  }

  /** Go where a link or a new photo says. */
  imposePlace({ position, speed }) {
    this.player.setSpeed(speed);
    this.player.position = Math.min(position, Math.max(this.player.count - 1, 0));
  }

  /** Let the visitor click or drag on a picture; `toPosition` gets a point from 0 to 1 and returns a position or null. */
  listenToPlate(plate, toPosition) {
    const move = (event) => {
      const box = plate.getBoundingClientRect();
      const position = toPosition((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
      if (position !== null) {
        this.player.pause();
        this.player.seek(position);
      }
    };
    plate.onpointerdown = (event) => {
      if (event.button !== 0) return;
      plate.setPointerCapture(event.pointerId);
      move(event);
    };
    plate.onpointermove = (event) => {
      if (event.buttons & 1) move(event);
    };
  }
}
