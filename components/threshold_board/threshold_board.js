// The board of the threshold: everything that one number decides is drawn anew at every move, without asking the server.

const SETTLED_MS = 350;
const CELL_NAMES = ["tn", "fp", "fn", "tp"];
const ERROR_CELLS = ["fp", "fn"];
const STEPS = { ArrowLeft: -0.01, ArrowDown: -0.01, ArrowRight: 0.01, ArrowUp: 0.01, PageDown: -0.1, PageUp: 0.1 };

class ThresholdBoard {
  constructor(root) {
    this.root = root;
    this.edits = 0;
    this.revealed = new Map();
  }

  // What Python sends ---------------------------------------------------------------------------------------------------

  load(message) {
    const before = this.message;
    this.message = message;
    if (!this.parts) this.build();
    // A message that does not know the newest change yet must not undo it.
    if (message.edit >= this.edits || message.epoch !== before?.epoch) {
      this.edits = Math.max(this.edits, message.edit);
      this.scene = { ...message.scene };
    }
    if (before && message.session !== before.session && message.edit < this.edits) this.change({});
    // Of two changes in a moment Streamlit may lose the second: who is told of an older one says it again.
    else if (message.edit < this.edits) this.tell(2 * SETTLED_MS);
    if (before?.subject !== message.subject) this.revealed.clear();
    this.colours = readColours(this.root);
    this.takeScores(message.key);
    this.refresh();
  }

  takeScores(key) {
    const sent = scoreStore().messages.get(this.message.key);
    if (key !== this.message.key || !sent || sent.subject !== this.message.subject || sent === this.sent) return;
    this.sent = sent;
    const { labels, scores, ranks } = decodeScores(sent);
    Object.assign(this, { labels, ranks, figures: new ThresholdFigures(labels, scores), included: "" });
    this.film.forget();
    this.supplied.clear();
  }

  // What is made once ---------------------------------------------------------------------------------------------------

  build() {
    const { texts, choices, supply, metrics } = this.message;
    const make = (tag, properties = {}, ...children) => {
      const { data = {}, aria = {}, ...rest } = properties;
      const made = Object.assign(document.createElement(tag), rest);
      for (const [name, value] of Object.entries(data)) made.dataset[name] = value;
      for (const [name, value] of Object.entries(aria)) made.setAttribute(name === "role" ? name : `aria-${name}`, value);
      made.append(...children);
      return made;
    };
    const segments = (name) => {
      const options = choices[name].map(([value, label]) => {
        const input = make("input", { type: "radio", name: `board-${name}`, value });
        input.onchange = () => this.change({ [name]: value });
        return make("label", {}, make("span", {}, input, label));
      });
      return make("fieldset", { className: "segments", data: { choice: name } }, make("legend", { textContent: texts[name] }), make("div", {}, ...options));
    };
    const number = (name, label) => {
      const input = make("input", { type: "number", name, min: "0", max: "1000", step: "0.5" });
      input.oninput = () => Number.isFinite(input.valueAsNumber) && input.valueAsNumber >= 0 && this.change({ [name]: input.value }, SETTLED_MS);
      return [input, make("label", { className: "number" }, make("span", { textContent: this.named(label) }), input)];
    };
    const share = (name) => {
      const input = make("input", { type: "range", name, min: "1", max: "100", step: "1" });
      input.oninput = () => this.change({ [name]: input.value }, SETTLED_MS);
      const words = make("span"); // an output would be what the label names, instead of the slider
      return [input, words, make("label", { className: "share" }, words, input)];
    };
    const parts = {};
    parts.histogram = make("canvas", { className: "scores", aria: { role: "img", label: this.named(texts.histogram) } });
    parts.handle = make("div", { className: "handle", tabIndex: 0, aria: { role: "slider", label: texts.slider, valuemin: "0", valuemax: "1" } });
    parts.value = make("strong", { className: "value", data: { testid: "board-threshold" } });
    parts.plate = make("div", { className: "plate" }, parts.histogram, parts.handle);
    parts.film = make("canvas", { className: "film", title: this.named(texts.film), aria: { role: "img", label: this.named(texts.film) } });
    parts.matrix = make("div", { className: "matrix" });
    parts.cells = new Map();
    const heads = [0, 1].map((label) => make("span", { className: "head", textContent: fillIn(texts.says, { name: this.message.classes[label] }) }));
    const rows = [0, 1].map((label) => make("span", { className: "side", textContent: fillIn(texts.is, { name: this.message.classes[label] }) }));
    for (const name of CELL_NAMES) {
      const parts_ = { count: make("b"), percent: make("span"), word: make("span", { textContent: texts[name] }) };
      const button = make("button", { type: "button", className: `cell ${name}`, data: { cell: name, testid: `board-${name}` } }, parts_.count, parts_.percent, parts_.word);
      button.onclick = (event) => this.press(name, event.detail === 0);
      parts.cells.set(name, { button, ...parts_ });
    }
    const cell = (name) => parts.cells.get(name).button;
    parts.air = make("div", { className: "air" });
    parts.matrix.append(make("span"), ...heads, rows[0], cell("tn"), cell("fp"), rows[1], cell("fn"), cell("tp"), parts.air);
    Object.assign(parts, { heads, rows });
    parts.mine = make("p", { className: "mine" });
    parts.guessed = make("p", { className: "guessed", aria: { role: "status" } });
    parts.guess = make("form", { className: "guess", hidden: true });
    parts.curve = make("canvas", { className: "curve", aria: { role: "img" } });
    parts.area = make("p", { className: "area", data: { testid: "board-area" } });
    parts.metrics = metrics.map(([name, label]) => {
      const row = { name, value: make("b", { data: { testid: `board-${name}` } }), formula: make("span") };
      row.element = make("li", {}, make("span", { textContent: label }), row.value, row.formula);
      return row;
    });
    parts.majority = make("li", { className: "majority", data: { testid: "board-majority" } });
    const cover = make("input", { type: "checkbox", name: "cover" });
    cover.onchange = () => {
      this.revealed.clear();
      parts.guessed.textContent = "";
      this.change({ cover: cover.checked ? "on" : "off" });
    };
    const [missed, missedLabel] = number("missed", texts["missed-cost"]);
    const [alarm, alarmLabel] = number("alarm", texts["alarm-cost"]);
    parts.cost = make("p", { data: { testid: "board-cost" } });
    parts.go = make("button", { type: "button", className: "tool", textContent: texts.go });
    parts.go.onclick = () => this.least && this.change({ threshold: String(this.least.threshold) });
    const [positives, positiveWords, positiveLabel] = share("positives");
    const [negatives, negativeWords, negativeLabel] = share("negatives");
    Object.assign(parts, { cover, missed, alarm, positives, negatives, shares: [negativeWords, positiveWords] });
    parts.low = make("span", { textContent: this.named(texts.low) });
    parts.high = make("span", { textContent: this.named(texts.high) });
    const photos = make("div", { className: "photos" });
    this.parts = parts;
    this.root.setAttribute("aria-label", texts.region);
    this.root.replaceChildren(
      make("div", { className: "value-line" }, parts.value, make("span", { textContent: texts.hint })),
      parts.plate,
      make("div", { className: "ends" }, parts.low, parts.high),
      parts.film,
      make(
        "div", { className: "board" },
        make("div", { className: "left" }, parts.matrix, parts.mine, parts.guess, parts.guessed),
        make("div", { className: "middle" }, parts.curve, parts.area),
        make("ul", { className: "metrics" }, ...parts.metrics.map(({ element }) => element), parts.majority),
      ),
      make("div", { className: "row" }, segments("percent"), segments("curve"), make("label", { className: "check" }, cover, make("span", { textContent: texts.cover }))),
      make("div", { className: "row" }, missedLabel, alarmLabel, parts.cost, parts.go),
      make("div", { className: "row" }, make("strong", { textContent: texts.keep }), negativeLabel, positiveLabel),
      photos,
    );
    this.make = make;
    this.makePictures();
    this.makeStrips(photos, supply);
    this.listen();
  }

  makePictures() {
    const { parts } = this;
    const again = () => this.figures && this.refresh();
    this.histogram = new ScoreHistogram(parts.histogram, again);
    this.curve = new RateCurve(parts.curve, again);
    this.film = new PhotoFilm(parts.film, { resized: again, wants: (ids) => this.supply?.wish("film", ids) });
    this.flights = new CellFlights(parts.air, new Map([...parts.cells].map(([name, { button }]) => [name, button])));
  }

  makeStrips(parent, supply) {
    const { texts } = this.message;
    this.supply = photoSupply(supply);
    this.supplied = { clear: () => this.strips?.forEach((strip) => strip.forget()) };
    const strip = (name, rows) =>
      makePhotoStrip(parent, {
        texts: texts.strip, rows,
        onWant: (ids) => this.supply.wish(name, ids),
        onOpen: (photo) => this.change({ photo: String(photo) }),
      });
    this.strips = new Map([["fp", strip("fp", 1)], ["fn", strip("fn", 1)], ["cell", strip("cell", 2)]]);
    const give = (urls) => {
      for (const one of this.strips.values()) one.give(urls);
      this.film.give(urls);
    };
    give(Object.fromEntries(this.supply.urls));
    this.supply.listeners.add(give);
    const take = (key) => {
      this.takeScores(key);
      if (this.figures) this.refresh();
    };
    scoreStore().listeners.add(take);
    this.leave = () => {
      this.supply.listeners.delete(give);
      scoreStore().listeners.delete(take);
    };
    parent.onkeydown = (event) => {
      if (event.key === "Escape" && this.scene.cell) this.parts.cells.get(this.scene.cell).button.focus();
    };
  }

  listen() {
    const { handle, plate, film } = this.parts;
    handle.onkeydown = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !this.figures) return;
      const step = STEPS[event.key];
      const now = this.threshold;
      let next = null;
      if (event.key === "Home") next = 0;
      else if (event.key === "End") next = 1;
      else if (step && event.shiftKey) next = this.figures.nextThreshold(now, Math.sign(step));
      else if (step) next = Math.round((now + step) * 100) / 100;
      if (next === null) return;
      event.preventDefault();
      this.moveTo(next);
    };
    const toPointer = (event) => {
      if (this.histogram.ready) this.moveTo(Math.round(this.histogram.scoreAt(event.clientX - plate.getBoundingClientRect().left) * 1000) / 1000);
    };
    plate.onpointerdown = (event) => {
      if (event.button !== 0) return;
      plate.setPointerCapture(event.pointerId);
      toPointer(event);
      handle.focus({ preventScroll: true });
      event.preventDefault();
    };
    plate.onpointermove = (event) => plate.hasPointerCapture(event.pointerId) && toPointer(event);
    film.onclick = (event) => {
      const photo = this.film.photoAt(event.offsetX);
      if (photo !== null) this.change({ photo: String(photo) });
    };
  }

  // What the visitor does -----------------------------------------------------------------------------------------------

  get threshold() {
    return Number(this.scene.threshold);
  }

  moveTo(threshold) {
    const kept = Math.min(Math.max(threshold, 0), 1);
    if (kept !== this.threshold) this.change({ threshold: String(kept) }, SETTLED_MS);
  }

  /** Change the scene here at once and tell Python, now or when the visitor has come to rest. */
  change(changes, wait = 0) {
    Object.assign(this.scene, changes);
    this.edits += 1;
    if (this.figures) this.refresh();
    this.tell(wait);
  }

  /** Tell Python the whole scene, now or a little later. */
  tell(wait) {
    clearTimeout(this.timer);
    const tell = () => this.emit({ ...this.scene, edit: String(this.edits) });
    if (wait) this.timer = setTimeout(tell, wait);
    else tell();
  }

  press(cell, byKey) {
    if (this.covered(cell)) return this.ask(cell);
    const closes = this.scene.cell === cell;
    this.change({ cell: closes ? "" : cell });
    if (!closes && byKey) this.strips.get("cell").focus();
    return undefined;
  }

  covered(cell) {
    return this.scene.cover === "on" && !this.revealed.has(cell);
  }

  /** Ask for a guess before a cell is uncovered. */
  ask(cell) {
    const { texts } = this.message;
    const { guess, guessed } = this.parts;
    const [is, says] = this.namesOf(cell);
    const input = this.make("input", { type: "number", min: "0", name: "guess" });
    const button = this.make("button", { type: "submit", className: "tool", textContent: texts.reveal });
    guess.replaceChildren(this.make("label", {}, this.make("span", { textContent: fillIn(texts.guess, { is, says }) }), input), button);
    guess.hidden = false;
    guess.onsubmit = (event) => {
      event.preventDefault();
      const count = this.counts[cell];
      const value = input.valueAsNumber;
      const off = Math.abs(value - count);
      const words = Number.isFinite(value) ? (off ? texts["off-guess"] : texts["right-guess"]) : texts["no-guess"];
      guessed.textContent = fillIn(words, { guess: writeCount(value), count: writeCount(count), off: writeCount(off) });
      guess.hidden = true;
      this.revealed.set(cell, true);
      this.refresh();
      this.parts.cells.get(cell).button.focus();
    };
    input.focus();
  }

  // What is drawn -------------------------------------------------------------------------------------------------------

  named(text, more = {}) {
    const [negative, positive] = this.message.classes;
    return fillIn(text, { negative, positive, ...more });
  }

  namesOf(cell) {
    const [negative, positive] = this.message.classes;
    return [cell === "fn" || cell === "tp" ? positive : negative, cell === "fp" || cell === "tp" ? positive : negative];
  }

  /** Draw everything: what depends on the photos that count, then what depends on the threshold. */
  refresh() {
    const { message, scene, parts, colours } = this;
    if (!this.figures) return;
    const shares = { positives: Number(scene.positives), negatives: Number(scene.negatives) };
    const included = JSON.stringify([shares, message.aside]);
    if (included !== this.included) {
      this.included = included;
      this.figures.include(keptMask(this.labels, this.ranks, shares, message.aside));
    }
    for (const input of this.root.querySelectorAll("[data-choice] input")) {
      input.checked = scene[input.closest("[data-choice]").dataset.choice] === input.value;
    }
    const active = this.root.getRootNode().activeElement;
    for (const name of ["missed", "alarm", "positives", "negatives"]) if (parts[name] !== active) parts[name].value = scene[name];
    parts.cover.checked = scene.cover === "on";
    this.pair = message.palette.map((name) => colours[name]);
    this.ink = { text: colours.text, ground: colours.ground, negative: colours.negative };
    for (const [label, name] of ["--negative-class", "--positive-class"].entries()) this.root.style.setProperty(name, cssColour(this.pair[label]));
    this.drawFixed();
    this.move();
    this.root.dataset.ready = String(message.edit);
  }

  /** What stays when the threshold moves: bars, curve, areas, costs, shares. */
  drawFixed() {
    const { message, scene, parts, figures } = this;
    const { texts } = message;
    const state = JSON.stringify([this.included, scene.curve, scene.missed, scene.alarm, message.classes, this.pair, this.ink, this.curve.plate.size, this.histogram.plate.size, this.film.plate.size]);
    if (state === this.fixed && this.sent === this.fixedFor) return;
    [this.fixed, this.fixedFor] = [state, this.sent];
    const roc = scene.curve === "roc";
    this.histogram.load(figures.histogram(HISTOGRAM_PARTS));
    const words = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, typeof text === "string" && name !== "equal-f1" ? this.named(text) : text]));
    this.curve.load(figures, roc, this.colours.positive, this.ink, words);
    this.film.load(figures.photos, this.labels);
    const { averagePrecision, area } = figures.makeCurves();
    const found = roc ? area : averagePrecision;
    const missing = texts[roc ? "no-area" : "no-average-precision"];
    parts.area.textContent = found === null ? this.named(missing) : fillIn(texts[roc ? "area" : "average-precision"], { value: found.toFixed(4) });
    parts.area.dataset.value = String(found);
    parts.curve.setAttribute("aria-label", fillIn(texts.picture, { curve: message.choices.curve.find(([value]) => value === scene.curve)[1] }));
    this.least = figures.cheapest(Number(scene.missed), Number(scene.alarm));
    const totals = [figures.negatives, figures.positives];
    const percents = [scene.negatives, scene.positives];
    for (const label of [0, 1]) {
      parts.shares[label].textContent = fillIn(texts.kept, { name: message.classes[label], percent: percents[label], count: writeCount(totals[label]) });
    }
    const more = figures.positives > figures.negatives ? 1 : 0;
    const { majority } = figuresOf(figures.countsAt(1));
    parts.majority.textContent = majority === null ? "" : fillIn(texts.majority, { name: message.classes[more], value: majority.toFixed(3) });
    parts.majority.dataset.value = String(majority);
  }

  /** What the threshold decides. This runs with every move. */
  move() {
    const { figures, parts, message, threshold } = this;
    const { texts } = message;
    const below = figures.below(threshold);
    const counts = figures.countsBelow(below);
    this.fly(below);
    this.counts = counts;
    const written = writeThreshold(threshold);
    const mine = message.mine === null ? null : { score: message.mine, text: fillIn(texts.mine, { score: writeScore(message.mine) }) };
    if (this.histogram.ready) {
      this.histogram.draw(threshold, this.pair, this.ink, mine);
      parts.handle.style.transform = `translateX(${this.histogram.across(threshold)}px)`;
    }
    if (this.film.plate.size) this.film.show(below, this.pair, this.ink);
    this.curve.draw(counts);
    this.write(parts.value, fillIn(texts.threshold, { threshold: written }));
    parts.value.dataset.value = String(threshold);
    parts.handle.setAttribute("aria-valuenow", String(threshold));
    const all = counts.tn + counts.fp + counts.fn + counts.tp;
    parts.handle.setAttribute("aria-valuetext", this.named(texts.value, { threshold: written, called: writeCount(counts.tp + counts.fp), all: writeCount(all) }));
    this.writeCells(counts, all);
    this.writeMetrics(counts, all);
    this.writeCost(counts);
    this.showStrips(counts);
    const called = message.mine === null ? null : message.classes[message.mine > threshold ? 1 : 0];
    this.write(parts.mine, called === null ? "" : fillIn(texts["mine-words"], { score: writeScore(message.mine), name: called }));
  }

  /** Photos that have crossed the threshold since it was drawn last. */
  fly(below) {
    const { figures } = this;
    const before = this.belowBefore;
    const same = this.includedBefore === this.included && this.sentBefore === this.sent;
    [this.belowBefore, this.includedBefore, this.sentBefore] = [below, this.included, this.sent];
    if (!same || before === undefined || before === below || this.scene.cover === "on") return;
    const raised = below > before;
    const crossed = raised ? figures.photos.slice(Math.max(before, below - 40), below).reverse() : figures.photos.slice(below, Math.min(before, below + 40));
    this.flights.fly(crossed, (photo) => this.labels[photo], raised, (photo) => this.supply.urls.get(photo));
  }

  write(node, text) {
    if (node.textContent !== text) node.textContent = text;
  }

  writeCells(counts, all) {
    const { scene, parts } = this;
    const { texts } = this.message;
    const wholes = {
      row: { tn: counts.tn + counts.fp, fp: counts.tn + counts.fp, fn: counts.fn + counts.tp, tp: counts.fn + counts.tp },
      column: { tn: counts.tn + counts.fn, fn: counts.tn + counts.fn, fp: counts.fp + counts.tp, tp: counts.fp + counts.tp },
      all: { tn: all, fp: all, fn: all, tp: all },
    }[scene.percent];
    for (const [name, { button, count, percent }] of parts.cells) {
      const covered = this.covered(name);
      const share = wholes[name] ? `${((100 * counts[name]) / wholes[name]).toFixed(1)} %` : "–";
      this.write(count, covered ? "?" : writeCount(counts[name]));
      this.write(percent, covered ? "" : share);
      const [is, says] = this.namesOf(name);
      const label = fillIn(covered ? texts.covered : texts.cell, { is, says, count: writeCount(counts[name]), percent: share });
      if (button.getAttribute("aria-label") !== label) button.setAttribute("aria-label", label);
      button.setAttribute("aria-pressed", String(scene.cell === name));
      button.dataset.value = covered ? "" : String(counts[name]);
      button.dataset.mine = String(this.message.mine !== null && (this.message.mine > this.threshold) === (name === "fp" || name === "tp"));
    }
  }

  writeMetrics(counts, all) {
    const { message, parts } = this;
    const values = figuresOf(counts);
    const short = (value) => (value === null ? "–" : value.toFixed(3));
    // While a cell is covered, no figure may tell what lies in it.
    const hidden = CELL_NAMES.some((name) => this.covered(name));
    const numbers = { ...Object.fromEntries(CELL_NAMES.map((name) => [name, writeCount(counts[name])])), all: writeCount(all), recall: short(values.recall), specificity: short(values.specificity) };
    for (const [place, [name, , formula, missing]] of message.metrics.entries()) {
      const row = parts.metrics[place];
      const value = values[name];
      this.write(row.value, hidden ? "?" : short(value));
      row.value.dataset.value = hidden ? "" : String(value);
      this.write(row.formula, hidden ? "" : value === null ? this.named(missing) : fillIn(formula, numbers));
    }
  }

  writeCost({ fn, fp }) {
    const { scene, parts, least } = this;
    const { texts } = this.message;
    const plain = (number) => String(Number(number.toFixed(2)));
    const [missed, alarm] = [Number(scene.missed), Number(scene.alarm)];
    const hidden = ERROR_CELLS.some((name) => this.covered(name));
    const numbers = {
      fn: writeCount(fn), fp: writeCount(fp), missed: plain(missed), alarm: plain(alarm),
      cost: plain(costOf({ fp, fn }, missed, alarm)), least: plain(least.cost), threshold: writeThreshold(least.threshold),
    };
    this.write(parts.cost, hidden ? "" : fillIn(texts.cost, numbers));
    parts.cost.dataset.value = String(costOf({ fp, fn }, missed, alarm));
    parts.go.disabled = hidden || least.threshold === this.threshold;
  }

  showStrips(counts) {
    const { scene, figures, strips } = this;
    const { texts } = this.message;
    const photo = Number(scene.photo);
    const show = (strip, cell) => {
      const hidden = this.covered(cell);
      strip.element.hidden = hidden;
      if (hidden) return;
      strip.show({
        title: this.named(texts[`strip-${cell}`], { count: writeCount(counts[cell]) }),
        ids: figures.photosIn(cell, counts),
        captions: (id) => writeScore(figures.all[id]),
        current: photo >= 0 ? photo : null,
      });
    };
    const chosen = scene.cell;
    for (const cell of ERROR_CELLS) {
      if (chosen) strips.get(cell).element.hidden = true;
      else show(strips.get(cell), cell);
    }
    if (chosen) show(strips.get("cell"), chosen);
    else strips.get("cell").element.hidden = true;
  }
}

const boards = new WeakMap();

export default function thresholdBoard({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".threshold-board");
  let board = boards.get(parentElement);
  if (!board) {
    board = new ThresholdBoard(root);
    boards.set(parentElement, board);
  }
  board.emit = (scene) => setStateValue("scene", scene);
  const message = decodeMessage(data);
  board.latest = message;
  let tries = 100;
  const start = () => {
    // On a slow first load the theme's style sheet may come after this script; without it all colours are the same.
    const themed = getComputedStyle(root).getPropertyValue("--map-zero").trim() !== "";
    if (!themed && (tries -= 1) > 0) requestAnimationFrame(start);
    else if (board.latest === message) board.load(message);
  };
  start();
  return () => {
    board.leave?.();
    boards.delete(parentElement);
  };
}
