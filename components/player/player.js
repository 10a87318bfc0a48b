// The transport that every animation shares: it owns the one animation frame loop, the buttons, the sliders and the
// keys. A component gives it draw(position).

const playersByRoot = new WeakMap();

class Player {
  /**
   * @param {ParentNode} root element or shadow root that holds the transport's markup
   * @param {object} options
   * @param {(position: number) => void} options.draw paints one position; pure apart from the picture
   * @param {() => void} options.restart forgets what was filled in
   * @param {(state: {position: number, speed: number}) => void} options.settled told when nothing moves any more
   */
  constructor(root, { draw, restart, settled }) {
    this.root = root;
    this.options = { draw, restart, settled };
    this.count = 0;
    this.rowLength = 1;
    this.position = 0;
    this.playing = false;
    this.frame = 0;
    this.settleTimer = 0;
    this.part = (name) => root.querySelector(`[data-player="${name}"]`);
    this.parts = Object.fromEntries(
      ["restart", "back", "play", "play-text", "forward", "position", "count", "speed", "speed-thumb", "rate"].map(
        (name) => [name, this.part(name)],
      ),
    );
    this.transport = this.parts.play.closest(".transport");
    this.texts = { play: "Play", pause: "Pause", count: "{position} / {count}", rate: "{speed} / s" };
    this.setSpeed(60);
    this.listen();
  }

  /** Set the number of positions, how many make a row (for the up and down keys) and the texts. */
  configure({ count, rowLength, texts }) {
    this.count = count;
    this.rowLength = Math.max(rowLength, 1);
    Object.assign(this.texts, texts);
    this.parts.position.max = String(Math.max(count - 1, 0));
    for (const name of ["restart", "back", "play", "forward", "position"]) this.parts[name].disabled = count === 0;
    if (count === 0) this.pause();
    if (count > 0) this.position = Math.min(this.position, count - 1);
    this.showPlaying();
    this.requestDraw();
  }

  play() {
    if (this.count === 0 || this.playing) return;
    if (this.position >= this.count - 1) this.rewind();
    this.playing = true;
    // Half a position ahead: at one position a frame, rounding must not skip a frame now and jump two the next time.
    this.owed = 0.5;
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
    this.position = 0;
    this.options.restart();
    this.drawNow();
    this.settle();
  }

  seek(position) {
    const next = Math.min(Math.max(Math.round(position), 0), Math.max(this.count - 1, 0));
    if (next !== this.position) this.settle();
    this.position = next;
    // At once, not in the next frame: a key or a drag comes at most once a frame anyway.
    this.drawNow();
  }

  step(positions) {
    this.pause();
    this.seek(this.position + positions);
  }

  setSpeed(speed) {
    const input = this.parts.speed;
    this.speed = Math.min(Math.max(Math.round(speed), Number(input.min)), Number(input.max));
    input.value = String(this.speed);
    const share = Math.log(this.speed) / Math.log(Number(input.max));
    this.parts["speed-thumb"].style.left = `${share * 100}%`;
    const text = this.texts.rate.replace("{speed}", this.speed.toLocaleString("en"));
    this.parts.rate.textContent = text;
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

  tick(time) {
    this.frame = 0;
    if (this.playing) this.advance(time);
    if (this.dirty) this.drawNow();
    if (this.playing) this.requestFrame();
  }

  drawNow() {
    this.dirty = false;
    this.show();
    if (this.count > 0) this.options.draw(this.position);
  }

  advance(time) {
    // A tab that was hidden, or a slow frame, must not make the window leap: at most a tenth of a second is made up.
    const elapsed = Math.min(Math.max((time - this.lastTime) / 1000, 0), 0.1);
    this.lastTime = time;
    this.owed += elapsed * this.speed;
    const steps = Math.floor(this.owed);
    if (steps === 0) return;
    this.owed -= steps;
    this.position = Math.min(this.position + steps, this.count - 1);
    this.dirty = true;
    if (this.position === this.count - 1) this.pause();
  }

  show() {
    const { position, count } = this.parts;
    position.value = String(this.position);
    count.textContent = this.texts.count
      .replace("{position}", (this.position + 1).toLocaleString("en"))
      .replace("{count}", this.count.toLocaleString("en"));
    count.style.visibility = this.count ? "visible" : "hidden";
  }

  showPlaying() {
    const label = this.playing ? this.texts.pause : this.texts.play;
    this.transport.classList.toggle("playing", this.playing);
    this.parts.play.setAttribute("aria-label", label);
    this.parts["play-text"].textContent = label;
  }

  settle() {
    clearTimeout(this.settleTimer);
    this.settleTimer = setTimeout(() => {
      if (this.count > 0) this.options.settled({ position: this.position, speed: this.speed });
    }, 400);
  }

  listen() {
    const { restart, back, play, forward, position, speed } = this.parts;
    restart.onclick = () => this.rewind();
    back.onclick = () => this.step(-1);
    forward.onclick = () => this.step(1);
    play.onclick = () => this.toggle();
    position.oninput = () => this.seek(Number(position.value));
    speed.oninput = () => {
      this.setSpeed(Number(speed.value));
      this.settle();
    };
    const drag = (event) => {
      const box = speed.getBoundingClientRect();
      const thumb = 0.6 * parseFloat(getComputedStyle(document.documentElement).fontSize);
      const share = (event.clientX - box.left - thumb) / (box.width - 2 * thumb);
      this.setSpeed(Number(speed.max) ** Math.min(Math.max(share, 0), 1));
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
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
  }

  key(event) {
    if (!this.root.isConnected && !this.root.host?.isConnected) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.composedPath()[0];
    const action = this.actionFor(event.key, target);
    if (!action) return;
    event.preventDefault();
    action();
  }

  actionFor(key, target) {
    const tag = target.tagName ?? "";
    const type = tag === "INPUT" ? target.type : "";
    const inside = target.getRootNode?.() === this.parts.play.getRootNode();
    if (target.isContentEditable || ["TEXTAREA", "SELECT"].includes(tag)) return null;
    if (type && type !== "range" && type !== "checkbox" && type !== "radio") return null;
    const activatable = ["BUTTON", "A", "SUMMARY"].includes(tag) || ["checkbox", "radio"].includes(type);
    if (key === " ") return activatable ? null : () => this.toggle();
    if (key === "+" || key === "=") return () => this.faster(2);
    if (key === "-" || key === "_") return () => this.faster(0.5);
    // Elsewhere on the page, widgets keep their own arrow keys; plain areas, which a click may focus, have none.
    if (!inside && (target.hasAttribute("role") || !["BODY", "MAIN", "DIV", "SECTION", "A", "BUTTON"].includes(tag))) return null;
    if (type === "radio" || target === this.parts.speed) return null;
    const moves = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -this.rowLength,
      ArrowDown: this.rowLength,
    };
    if (key in moves) return () => this.step(moves[key]);
    if (key === "Home") return () => this.step(-this.position);
    if (key === "End") return () => this.step(this.count - 1 - this.position);
    return null;
  }

  faster(factor) {
    this.setSpeed(Math.max(this.speed * factor, 1));
    this.settle();
  }

  destroy() {
    this.playing = false;
    cancelAnimationFrame(this.frame);
    clearTimeout(this.settleTimer);
    document.removeEventListener("keydown", this.onKey);
    playersByRoot.delete(this.root);
  }
}

/** Return the component's one Player, made on the first call: Streamlit calls a component again on every change. */
function playerFor(root, options) {
  let player = playersByRoot.get(root);
  if (!player) {
    player = new Player(root, options);
    playersByRoot.set(root, player);
  }
  player.options = options;
  return player;
}
