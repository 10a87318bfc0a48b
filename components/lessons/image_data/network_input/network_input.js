// From a photo to a network's input: one card a step, with the picture and what the array is; the player goes through them.

import { mount } from "../../../browser/board.js";
import { SceneControls } from "../../../browser/controls.js";
import { make } from "../../../browser/dom.js";
import { fillIn } from "../../../browser/numbers.js";
import { StageView } from "../../../player/stage.js";

/** @import { StageMessage } from "../../../player/stage.js" */

/** @typedef {"shape" | "dtype" | "span" | "centre"} Fact what is said of an array */

/** @typedef {Record<Fact | "title" | "words" | "code" | "picture", string>} Step `picture` is a URL */

/**
 * @typedef {object} InputMessage what Python's payload says
 * @property {number} slowest
 * @property {number} topSpeed
 * @property {Step[]} steps
 * @property {[left: number, top: number, width: number, height: number]} frame of the cut, as shares of the photo
 */

/**
 * @typedef {object} Card a step's elements
 * @property {HTMLElement} card
 * @property {HTMLButtonElement} button
 * @property {HTMLElement} held around the picture
 * @property {HTMLImageElement} image
 * @property {HTMLElement} title
 * @property {Record<string, HTMLElement>} facts
 */

/** @type {Fact[]} */
const FACTS = ["shape", "dtype", "span", "centre"];

/** @extends {StageView<StageMessage & InputMessage>} */
class NetworkInputView extends StageView {
  /** @type {HTMLSpanElement} */ frame;

  /** @param {ShadowRoot} root */
  constructor(root) {
    super(root);
    this.controls = new SceneControls(root, this.parts, (scene) => this.emit(scene));
    /** @type {Card[]} */
    this.cards = [];
  }

  /** @param {StageMessage & InputMessage} data */
  load(data) {
    const { imposed } = this.begin(data);
    const { texts, steps, slowest, topSpeed } = data;
    this.parts.names.replaceChildren(...FACTS.map((name) => make("span", { textContent: texts[name] })));
    while (this.cards.length < steps.length) this.cards.push(this.card(this.cards.length));
    steps.forEach((step, number) => this.fill(this.cards[number], step, number));
    this.player.configure({ count: steps.length, rowLength: 1, texts: texts.player, slowest, topSpeed });
    this.end(imposed);
  }

  /** @type {(number: number) => Card} */
  card(number) {
    const image = make("img", { alt: "", draggable: false });
    const held = make("span", { className: "held" }, image);
    const title = make("strong");
    const facts = Object.fromEntries(FACTS.map((name) => [name, make("dd")]));
    const list = make("dl");
    for (const name of FACTS) list.append(make("dt", { textContent: this.data.texts[name] }), facts[name]);
    // A list of terms has no place in a button: the card is pressed, the button is its title.
    const button = make("button", { type: "button", className: "title" }, title);
    const card = make("div", { className: "step" }, button, make("span", { className: "shown" }, held), list);
    card.onclick = () => {
      this.player.pause();
      this.player.seek(number);
    };
    this.parts.steps.append(make("li", {}, card));
    return { card, button, held, image, title, facts };
  }

  /** @type {(card: Card, step: Step, number: number) => void} */
  fill({ image, held, title, facts, button }, step, number) {
    const { texts, frame } = this.data;
    if (image.getAttribute("src") !== step.picture) image.src = step.picture;
    title.textContent = `${number + 1}. ${step.title}`;
    button.setAttribute("aria-label", fillIn(texts.open, { number: number + 1, title: step.title }));
    for (const name of FACTS) {
      facts[name].textContent = step[name];
      facts[name].dataset.testid = `input-${number}-${name}`;
    }
    held.classList.toggle("square", number > 1);
    if (number > 0) return;
    const [left, top, width, height] = frame;
    if (!this.frame) {
      this.frame = make("span", { className: "window-frame" });
      held.append(this.frame);
    }
    const share = (/** @type {number} */ value) => `${value * 100}%`;
    Object.assign(this.frame.style, { left: share(left), top: share(top), width: share(width), height: share(height) });
    this.frame.hidden = width * height >= 1; // nothing is cut away
  }

  /** @param {number} position */
  draw(position) {
    this.cards.forEach(({ card }, number) => {
      card.classList.toggle("coming", number > position);
      if (number === position) card.setAttribute("aria-current", "step");
      else card.removeAttribute("aria-current");
    });
    const { words, code } = this.data.steps[position];
    this.parts.words.textContent = words;
    this.parts.code.textContent = code;
  }
}

export default mount(NetworkInputView);
