// Buttons that turn an SVG picture into PNG: Python writes the SVG when one is pressed, and the browser paints it.

import { contextOf } from "../../../browser/canvas.js";
import { make } from "../../../browser/dom.js";
import { icon } from "../../../browser/icons.js";
import { decodeMessage } from "../../../browser/numbers.js";

const SCALE = 2; // sharp when it is printed or projected
const LONGEST = 8000; // pixels; browsers refuse much larger canvases

/** @import { Component } from "../../../browser/numbers.js" */

/**
 * @typedef {object} SavePngMessage what Python sends
 * @property {[name: string, label: string][]} buttons
 * @property {{svg: string, file: string, press: string} | null} answer to a press
 */

/** @type {WeakMap<ShadowRoot, string>} the press whose picture is on its way */
const asked = new WeakMap();

/**
 * @param {string} svg
 * @param {(png: Blob) => void} saved
 */
function rasterise(svg, saved) {
  const image = new Image();
  const source = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  image.onload = () => {
    const scale = Math.min(SCALE, LONGEST / Math.max(image.width, image.height));
    const canvas = make("canvas", {
      width: Math.round(image.width * scale),
      height: Math.round(image.height * scale),
    });
    const pen = contextOf(canvas);
    pen.scale(scale, scale);
    pen.drawImage(image, 0, 0);
    URL.revokeObjectURL(source);
    canvas.toBlob((png) => png && saved(png), "image/png");
  };
  image.src = source;
}

/**
 * @param {Blob} blob
 * @param {string} name of the file
 */
function save(blob, name) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** @param {Component} component */
export default function savePng({ data, parentElement, setTriggerValue }) {
  /** @type {SavePngMessage} */
  const message = decodeMessage(data);
  const box = /** @type {HTMLElement} */ (parentElement.querySelector(".save-png"));
  if (box.childElementCount !== message.buttons.length) {
    box.replaceChildren(...message.buttons.map(() => make("button", { type: "button" })));
  }
  const buttons = box.querySelectorAll("button");
  message.buttons.forEach(([name, label], place) => {
    const button = buttons[place];
    button.replaceChildren(icon("download"), label);
    button.onclick = () => {
      // The answer to this press is saved, once; a page that is drawn again saves nothing.
      asked.set(parentElement, `${name} ${Date.now()}`);
      setTriggerValue("want", { name, press: asked.get(parentElement) });
    };
  });
  const { answer } = message;
  if (answer && asked.get(parentElement) === answer.press) {
    asked.delete(parentElement);
    rasterise(answer.svg, (blob) => save(blob, answer.file));
  }
}
