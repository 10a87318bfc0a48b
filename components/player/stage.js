// What all animations' views share: their parts, their texts, their colours, their player, pointing at a picture.

import { View } from "../browser/board.js";
import { readColours } from "../browser/colours.js";
import { make } from "../browser/dom.js";
import { Player } from "./player.js";

/** @import { Colours } from "../browser/colours.js" */
/** @import { Scene, SceneControls, SceneMessage } from "../browser/controls.js" */

/**
 * @typedef {SceneMessage & Place & {epoch: number, texts: Record<string, any>}} StageMessage what every message to an
 *     animation has; `epoch` grows with every place that a link or another subject imposes, `texts.player` is what the
 *     transport says
 */

/** @typedef {{position: number, speed: number}} Place where an animation stands, and its positions a second */

/**
 * @template {StageMessage} [Message=any] what Python sends to this view
 * @extends {View<Message>}
 */
export class StageView extends View {
  /** @type {Message} the message that is shown */
  data;

  /** @type {Colours} */
  colours;

  /** @type {SceneControls} */
  controls;

  /** @param {ShadowRoot} root holds the component's markup */
  constructor(root) {
    super(root);
    this.root = root;
    this.stage = /** @type {HTMLElement} */ (root.querySelector(".stage"));
    /** @type {Record<string, any>} the markup's elements by their data-part */
    this.parts = {};
    /** @type {NodeListOf<HTMLElement>} */
    const named = root.querySelectorAll("[data-part]");
    for (const element of named) this.parts[String(element.dataset.part)] ??= element;
    this.player = new Player(root, {
      draw: (position, arrived) => this.draw(position, arrived),
      restart: () => this.restart(),
      holds: (position) => this.holds(position),
      settled: (place) => this.setState("place", { ...place, told: Date.now() }),
    });
  }

  /**
   * Tell Python the scene.
   *
   * @param {Scene} scene
   */
  emit(scene) {
    this.setState("scene", scene);
  }

  leave() {
    this.player.destroy();
  }

  /**
   * Show a message.
   *
   * @param {Message} _message
   */
  load(_message) {}

  /**
   * Draw a position; pure apart from the picture.
   *
   * @param {number} _position
   * @param {number} _arrived from 0 to 1 on the way there from the position before
   */
  draw(_position, _arrived) {}

  /** Forget what was filled in. */
  restart() {}

  /**
   * Return whether playing has to wait at a position.
   *
   * @param {number} _position
   */
  holds(_position) {
    return false;
  }

  /**
   * Take over a message: colours, words, controls. Returns the message before it and what is new.
   *
   * @param {Message} data
   */
  begin(data) {
    /** @type {Message | undefined} */
    const before = this.data;
    this.data = data;
    const recoloured = this.takeColours();
    this.writeTexts(data.texts);
    this.controls.load(data, this.colours);
    return { before, imposed: data.epoch !== before?.epoch, recoloured };
  }

  /**
   * A message is shown: go where it says, if it imposes a place, and draw.
   *
   * @param {boolean} imposed
   */
  end(imposed) {
    if (imposed) this.imposePlace(this.data);
    this.player.requestDraw();
    this.stage.dataset.ready = String(this.data.edit);
    this.parent.host?.setAttribute("data-drawn", "");
  }

  /**
   * Write lines into a list.
   *
   * @param {Element} list
   * @param {string[]} lines
   */
  writeList(list, lines) {
    list.replaceChildren(...lines.map((line) => make("li", { textContent: line })));
  }

  /** @param {Record<string, string>} texts by their data-text */
  writeTexts(texts) {
    /** @type {NodeListOf<HTMLElement>} */
    const elements = this.root.querySelectorAll("[data-text]");
    for (const element of elements) element.textContent = texts[String(element.dataset.text)];
  }

  /** Read the theme's colours and return whether they are others than before. */
  takeColours() {
    const colours = readColours(this.stage);
    const recoloured = JSON.stringify(colours) !== JSON.stringify(this.colours);
    this.colours = colours;
    return recoloured;
  }

  /**
   * Go where a link or a new photo says.
   *
   * @param {Place} place
   */
  imposePlace({ position, speed }) {
    this.player.setSpeed(speed);
    this.player.position = Math.min(position, Math.max(this.player.count - 1, 0));
  }

  /**
   * Let the visitor click or drag on a picture.
   *
   * @param {HTMLElement} plate
   * @param {(x: number, y: number) => number | null} toPosition gets a point from 0 to 1
   */
  listenToPlate(plate, toPosition) {
    /** @param {PointerEvent} event */
    const move = (event) => {
      if (!this.data) return; // a pointer may come before the first message
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
