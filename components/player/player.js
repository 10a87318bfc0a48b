// The transport that every animation shares: it owns the one animation frame loop, the buttons and the sliders; keys.js
// brings it the keys. A component gives it draw(position).

import { remSize } from "../browser/canvas.js";
import { decimalsFor, writeUnits } from "../browser/numbers.js";
import { hearKeys } from "./keys.js";
import { GENTLE, paceOf } from "./pace.js";

/**
 * @typedef {object} PlayerOptions what a component gives its player
 * @property {(position: number, arrived: number) => void} draw paints one position; pure apart from the picture.
 *     `arrived` goes from 0 to 1 on the way there from the position before, if the component glides; else it is 1.
 * @property {() => void} restart forgets what was filled in
 * @property {(place: {position: number, speed: number}) => void} settled told when nothing moves any more
 * @property {(position: number) => boolean} [holds] whether playing has to wait at a position
 */

export const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Player {
  /** Positions a second; 0 while nobody has chosen a speed, and the board has a pace of its own. */
  speed = 60;

  /** @type {((passed: number) => number) | null} positions a second after so many since playing began */
  pace = null;

  /** Where playing began. */
  start = 0;

  /** Positions that are owed to the time that has gone by, and when it was counted last. */
  owed = 0;
  lastTime = 0;

  /** When the way to this position began, and how many milliseconds it takes. */
  departure = 0;
  glideTime = 0;

  /** Whether something has changed since the last frame. */
  dirty = false;

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  settleTimer;

  /**
   * @param {ParentNode} root element or shadow root that holds the transport's markup
   * @param {PlayerOptions} options
   */
  constructor(root, options) {
    this.root = root;
    this.options = options;
    this.count = 0;
    this.rowLength = 1;
    this.position = 0;
    this.playing = false;
    this.frame = 0;
    this.glide = 0;
    this.arrived = 1;
    this.scale = { start: 0, step: 1 };
    /** @type {(name: string) => any} */
    const part = (name) => root.querySelector(`[data-player="${name}"]`);
    this.parts = {
      /** @type {HTMLButtonElement} */ restart: part("restart"),
      /** @type {HTMLButtonElement} */ back: part("back"),
      /** @type {HTMLButtonElement} */ play: part("play"),
      /** @type {HTMLElement} */ "play-text": part("play-text"),
      /** @type {HTMLButtonElement} */ forward: part("forward"),
      /** @type {HTMLButtonElement} */ end: part("end"),
      /** @type {HTMLInputElement} */ position: part("position"),
      /** @type {HTMLElement} */ count: part("count"),
      /** @type {HTMLInputElement} */ speed: part("speed"),
      /** @type {HTMLElement} */ "speed-thumb": part("speed-thumb"),
      /** @type {HTMLElement} */ rate: part("rate"),
    };
    this.transport = /** @type {HTMLElement} */ (this.parts.play.closest(".transport"));
    this.texts = {
      play: "Play",
      pause: "Pause",
      count: "{position} / {count}",
      rate: "{speed} / s",
      position: "Position",
    };
    this.setSpeed(60);
    this.listen();
    this.ignoreKeys = hearKeys(this);
  }

  /**
   * Return what the slider says at a position.
   *
   * @param {number} position
   */
  scaled(position) {
    return Number((this.scale.start + position * this.scale.step).toFixed(6));
  }

  /**
   * Return the position of what the slider says.
   *
   * @param {number} value
   */
  unscaled(value) {
    return Math.round((value - this.scale.start) / this.scale.step);
  }

  /**
   * Set what is played.
   * @param {object} settings
   * @param {number} settings.count how many positions there are
   * @param {number} settings.rowLength how many the down key goes on; negative where up is more
   * @param {Record<string, string>} settings.texts what the transport says
   * @param {number} [settings.topSpeed] most positions a second
   * @param {number} [settings.slowest] fewest positions a second
   * @param {number} [settings.glide] milliseconds that the way from one position to the next takes; 0 for no way
   * @param {{start: number, step: number}} [settings.scale] what the slider's numbers mean, where they are no counts
   * @param {boolean} [settings.paced] whether playing begins slowly and gets faster by itself, until somebody chooses a
   *     speed; the scene's default speed is then 0
   */
  configure(settings) {
    const { count, rowLength, texts, topSpeed = 4000, slowest = 1, glide = 0, paced = false } = settings;
    const { scale = { start: 0, step: 1 } } = settings;
    if (!paced) this.pace = null;
    else if (!this.pace || count !== this.count) this.pace = paceOf(count, GENTLE);
    this.count = count;
    this.rowLength = rowLength || 1;
    this.glide = glide;
    this.scale = scale;
    Object.assign(this.texts, texts);
    const { position, speed } = this.parts;
    if (Number(speed.max) !== topSpeed || Number(speed.min) !== slowest) {
      Object.assign(speed, { min: String(slowest), max: String(topSpeed), step: slowest < 1 ? "any" : "1" });
    }
    this.setSpeed(this.speed);
    position.setAttribute("aria-label", this.texts.position);
    Object.assign(position, { min: String(scale.start), step: String(scale.step) });
    position.max = String(this.scaled(Math.max(count - 1, 0)));
    const { restart, back, play, forward, end } = this.parts;
    for (const control of [restart, back, play, forward, end, position]) control.disabled = count === 0;
    if (count === 0) this.pause();
    if (count > 0) this.position = Math.min(this.position, count - 1);
    this.showPlaying();
    this.requestDraw();
  }

  play() {
    if (this.count === 0 || this.playing) return;
    const again = this.position >= this.count - 1;
    if (!again && this.options.holds?.(this.position)) return;
    const fromTheStart = again || (this.glide > 0 && this.position === 0);
    this.playing = true;
    this.start = this.position;
    if (again) this.rewind();
    else if (fromTheStart) this.depart();
    // Half a position ahead: at one position a frame, rounding must not skip a frame now and jump two the next time.
    // With a way to go, something has to move at once: to the first position, or else to the next one.
    this.owed = this.glide === 0 ? 0.5 : fromTheStart ? 0 : 1;
    this.lastTime = performance.now();
    this.showPlaying();
    this.requestFrame();
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.showPlaying();
    this.settle();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  rewind() {
    this.position = this.start = 0;
    this.arrived = 1;
    this.options.restart();
    if (this.playing) this.depart();
    this.drawNow();
    this.settle();
  }

  /**
   * Go to a position at once; with `gliding`, take the way if it is the next one.
   *
   * @param {number} position
   * @param {{gliding?: boolean}} [how]
   */
  seek(position, { gliding = false } = {}) {
    const next = Math.min(Math.max(Math.round(position), 0), Math.max(this.count - 1, 0));
    if (next !== this.position) this.settle();
    const onward = gliding && next === this.position + 1;
    this.position = next;
    this.arrived = 1;
    if (onward) this.depart();
    // At once, not in the next frame: a key or a drag comes at most once a frame anyway.
    this.drawNow();
  }

  /** @param {number} positions to go on from here */
  step(positions) {
    this.pause();
    this.seek(this.position + positions, { gliding: true });
  }

  /**
   * @param {number} speed positions a second; 0 for the board's own pace, if it has one
   */
  setSpeed(speed) {
    const [slowest, top] = [Number(this.parts.speed.min), Number(this.parts.speed.max)];
    const whole = speed < 1 ? Number(speed.toPrecision(2)) : Math.round(speed);
    this.speed = speed === 0 && this.pace ? 0 : Math.min(Math.max(whole, slowest), top);
    this.showSpeed();
  }

  /** Positions a second, now: what was chosen, or else what the pace says. */
  get rate() {
    return this.speed || this.pace?.(this.playing ? Math.max(this.position - this.start, 0) : 0) || 1;
  }

  showSpeed() {
    const { speed: input, rate } = this.parts;
    const [slowest, top] = [Number(input.min), Number(input.max)];
    const shown = this.speed || Math.round(this.rate);
    input.value = String(shown);
    const share = Math.log(Math.min(shown, top) / slowest) / Math.log(top / slowest);
    this.parts["speed-thumb"].style.left = `${share * 100}%`;
    const text = this.texts.rate.replace("{speed}", shown.toLocaleString("en"));
    rate.textContent = text;
    input.setAttribute("aria-valuetext", text);
  }

  // One loop: while playing it asks for the next frame itself; otherwise a frame is asked for when something changed.
  requestDraw() {
    this.dirty = true;
    this.requestFrame();
  }

  requestFrame() {
    if (!this.frame) this.frame = requestAnimationFrame((time) => this.tick(time));
  }

  /** @param {number} time */
  tick(time) {
    this.frame = 0;
    if (this.playing) this.advance(time);
    if (this.arrived < 1) {
      this.arrived = Math.min(Math.max((time - this.departure) / this.glideTime, 0), 1);
      this.dirty = true;
    }
    if (this.dirty) this.drawNow();
    if (this.playing || this.arrived < 1) this.requestFrame();
  }

  /** Set out for `position`, which is drawn from now on with `arrived` growing from 0 to 1. */
  depart() {
    if (this.glide === 0 || calm.matches) return;
    this.arrived = 0;
    this.departure = performance.now();
    this.glideTime = this.playing ? Math.min(this.glide, 1000 / this.rate) : this.glide;
    this.requestFrame();
  }

  drawNow() {
    this.dirty = false;
    this.show();
    if (this.count > 0) this.options.draw(this.position, this.arrived);
  }

  /** @param {number} time */
  advance(time) {
    // A tab that was hidden, or a slow frame, must not make the window leap: at most a tenth of a second is made up.
    const elapsed = Math.min(Math.max((time - this.lastTime) / 1000, 0), 0.1);
    this.lastTime = time;
    this.owed += elapsed * this.rate;
    if (this.arrived < 1) {
      this.owed = Math.min(this.owed, 1); // every arrival is drawn before the next departure
      return;
    }
    if (this.position === this.count - 1 || this.options.holds?.(this.position)) {
      this.pause();
      return;
    }
    const steps = Math.floor(this.owed);
    if (steps === 0) return;
    this.owed -= steps;
    let goal = this.position + 1;
    const farthest = Math.min(this.position + steps, this.count - 1);
    while (goal < farthest && !this.options.holds?.(goal)) goal += 1; // a slow frame leaps over no stop
    this.position = goal;
    this.dirty = true;
    this.arrived = 1;
    if (steps === 1) this.depart();
    if (this.position === this.count - 1 && this.arrived === 1) this.pause();
  }

  /**
   * Say where it stands.
   *
   * @param {number} [at] another position, which is only looked at
   */
  show(at = this.position) {
    const { position, count } = this.parts;
    const decimals = decimalsFor([this.scale.step]);
    position.value = String(this.scaled(at));
    count.textContent = this.texts.count
      .replace("{position}", (at + 1).toLocaleString("en"))
      .replace("{value}", writeUnits(Math.round(this.scaled(at) * 10 ** decimals), decimals))
      .replace("{count}", this.count.toLocaleString("en"));
    count.style.visibility = this.count ? "visible" : "hidden";
    if (this.speed === 0) this.showSpeed();
  }

  showPlaying() {
    const label = this.playing ? this.texts.pause : this.texts.play;
    this.transport.classList.toggle("playing", this.playing);
    this.parts.play.setAttribute("aria-label", label);
    this.parts["play-text"].textContent = label;
    if (this.speed === 0) this.showSpeed();
  }

  settle() {
    clearTimeout(this.settleTimer);
    this.settleTimer = setTimeout(() => {
      if (this.count > 0) this.options.settled({ position: this.position, speed: this.speed });
    }, 400);
  }

  listen() {
    const { restart, back, play, forward, end, position, speed } = this.parts;
    restart.onclick = () => this.rewind();
    back.onclick = () => this.step(-1);
    forward.onclick = () => this.step(1);
    end.onclick = () => this.step(this.count - 1 - this.position);
    play.onclick = () => this.toggle();
    position.oninput = () => this.seek(this.unscaled(Number(position.value)));
    speed.oninput = () => {
      this.setSpeed(Number(speed.value));
      this.settle();
    };
    /** @param {PointerEvent} event */
    const drag = (event) => {
      const box = speed.getBoundingClientRect();
      const thumb = 0.6 * remSize();
      const share = (event.clientX - box.left - thumb) / (box.width - 2 * thumb);
      const [slowest, top] = [Number(speed.min), Number(speed.max)];
      this.setSpeed(slowest * (top / slowest) ** Math.min(Math.max(share, 0), 1));
      this.settle();
    };
    speed.onmousedown = (event) => event.preventDefault();
    speed.onpointerdown = (event) => {
      speed.focus();
      speed.setPointerCapture(event.pointerId);
      drag(event);
    };
    speed.onpointermove = (event) => {
      if (event.buttons & 1) drag(event);
    };
  }

  /** @param {number} factor */
  faster(factor) {
    this.setSpeed(this.rate * factor);
    this.settle();
  }

  destroy() {
    this.playing = false;
    cancelAnimationFrame(this.frame);
    clearTimeout(this.settleTimer);
    this.ignoreKeys();
  }
}
