// Thumbnails of the samples. The first tile opens the picker of the bar's uploader: one uploader, one way of a photo.

import { decodeMessage } from "../../browser/numbers.js";

/** @import { Component } from "../../browser/numbers.js" */

/** @typedef {{ words: string, own: string, tiles: { id: string, label: string, url: string, chosen: boolean }[] }} SampleStripMessage */

const PLUS = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4v16M4 12h16"/></svg>';

/**
 * Make a tile.
 *
 * @param {string} name what it is called
 * @param {() => void} press
 */
function tile(name, press) {
  const button = document.createElement("button");
  button.type = "button";
  button.title = name;
  button.setAttribute("aria-label", name);
  button.onclick = press;
  return button;
}

/** @param {Component<Uint8Array>} component */
export default function sampleStrip({ data, parentElement, setTriggerValue }) {
  /** @type {SampleStripMessage} */
  const message = decodeMessage(data);
  const words = /** @type {HTMLElement} */ (parentElement.querySelector("p"));
  const strip = /** @type {HTMLElement} */ (parentElement.querySelector(".strip"));
  words.textContent = message.words;
  const own = tile(message.own, () => {
    const picker = document.querySelector('[class*="st-key-photo_upload"] input[type="file"]');
    if (picker instanceof HTMLInputElement) picker.click();
  });
  own.className = "own";
  own.innerHTML = PLUS;
  const samples = message.tiles.map((one) => {
    const made = tile(one.label, () => setTriggerValue("chosen", one.id));
    made.setAttribute("aria-pressed", String(one.chosen));
    made.append(Object.assign(document.createElement("img"), { src: one.url, alt: "" }));
    return made;
  });
  strip.replaceChildren(own, ...samples);
}
