// The convolution page's controls: they show the scene and tell Python what the visitor changes in it.

class ConvolutionControls {
  /** @param {(scene: object) => void} emit takes the whole scene, with the number of the edit */
  constructor(root, parts, emit) {
    this.root = root;
    this.parts = parts;
    this.emit = emit;
    this.edits = 0;
    this.editor = new KernelEditor(root, parts, this);
    this.listen();
  }

  /** Show what Python sent, unless the visitor has changed something since. */
  load(data, colours) {
    const recoloured = JSON.stringify(colours) !== JSON.stringify(this.colours);
    const newSession = this.data && data.session !== this.data.session;
    this.data = data;
    this.colours = colours;
    if (recoloured) this.buildChoices();
    if (recoloured || data.edit >= this.edits) this.showScene(data.edit >= this.edits ? data.scene : this.scene);
    // The server was started again and knows nothing: tell it what this page shows.
    if (newSession && data.edit < this.edits) this.change({});
  }

  buildChoices() {
    const { choices, presets, learned } = this.data;
    for (const [name, options] of Object.entries(choices)) {
      const box = this.root.querySelector(`[data-options="${name}"]`);
      box.replaceChildren(...options.map(([value, label]) => this.option(name, value, label)));
    }
    this.parts.presets.replaceChildren(
      ...presets.map(({ id, label, weights }) => this.option("kernel", id, label, { weights, size: 3, channels: 1 })),
    );
    const filters = decodeArray(learned.weights, Float32Array);
    this.parts.learned.replaceChildren(
      ...learned.labels.map((label, number) =>
        this.option("kernel", `learned-${number}`, "", {
          weights: filters.slice(number * 27, number * 27 + 27), size: 3, channels: 3, title: label,
        }),
      ),
    );
  }

  option(name, value, label, kernel) {
    const wrapper = document.createElement("label");
    const input = document.createElement("input");
    input.type = "radio";
    input.name = name;
    input.value = value;
    const face = document.createElement("span");
    if (kernel?.weights) face.append(this.kernelPicture(kernel));
    if (kernel?.title) {
      input.setAttribute("aria-label", kernel.title);
      wrapper.title = kernel.title;
    }
    face.append(label);
    wrapper.append(input, face);
    return wrapper;
  }

  /** Draw a kernel as a small picture: one plane in the map's colours, three planes as red, green and blue. */
  kernelPicture({ weights, size, channels }) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = size;
    canvas.setAttribute("aria-hidden", "true");
    const context = canvas.getContext("2d");
    const picture = context.createImageData(size, size);
    const strongest = Math.max(...weights.map(Math.abs), FAINTEST);
    for (let cell = 0; cell < size * size; cell += 1) {
      const rgb =
        channels === 1
          ? signedColour(this.colours, weights[cell], strongest)
          : [0, 1, 2].map((channel) => Math.round(127.5 + (127.5 * weights[cell * 3 + channel]) / strongest));
      picture.data.set([...rgb, 255], cell * 4);
    }
    context.putImageData(picture, 0, 0);
    return canvas;
  }

  showScene(scene) {
    this.scene = { ...scene };
    for (const [name, value] of Object.entries(scene)) {
      for (const input of this.root.querySelectorAll(`input[name="${name}"]`)) input.checked = input.value === value;
    }
    if (this.root.activeElement !== this.parts["bias-input"]) this.parts["bias-input"].value = scene.bias;
    this.parts.relu.checked = scene.relu === "on";
    this.editor.show();
  }

  listen() {
    this.parts.controls.addEventListener("change", (event) => {
      const { name, value } = event.target;
      if (event.target === this.parts.relu) this.change({ relu: this.parts.relu.checked ? "on" : "off" });
      else if (name === "kernel" && value === "own") this.editor.start(this.data);
      else if (name in this.scene) this.change({ [name]: value });
    });
    this.parts["bias-input"].oninput = () => {
      const value = this.parts["bias-input"].valueAsNumber;
      if (Number.isFinite(value)) this.change({ bias: String(value) }, 250);
    };
    this.parts["bias-input"].onblur = () => {
      this.parts["bias-input"].value = this.scene.bias;
    };
  }

  /** Change the scene here at once and tell Python, which answers with new arrays. */
  change(changes, wait = 0) {
    Object.assign(this.scene, changes);
    this.edits += 1;
    clearTimeout(this.emitTimer);
    const emit = () => this.emit({ ...this.scene, edit: String(this.edits) });
    if (wait) this.emitTimer = setTimeout(emit, wait);
    else emit();
  }
}
