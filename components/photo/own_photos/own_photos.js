// Thumbnails with a button on each that takes the picture away.

import { make } from "../../browser/dom.js";
import { decodeMessage } from "../../browser/numbers.js";

/** @import { Component } from "../../browser/numbers.js" */

/** @typedef {{id: string, picture: string, label: string, name: string}} Thumbnail `label` says what its button does */

/**
 * @param {Element} list
 * @param {{pictures: Thumbnail[], name: string}} message
 * @param {(id: string) => void} remove
 */
function drawThumbnails(list, { pictures, name }, remove) {
  list.setAttribute("aria-label", name);
  /** @type {NodeListOf<HTMLElement>} */
  const items = list.querySelectorAll("li");
  const known = new Map(Array.from(items, (item) => [String(item.dataset.id), item]));
  const wanted = new Set(pictures.map(({ id }) => id));
  for (const [id, item] of known) if (!wanted.has(id)) item.remove();
  pictures.forEach(({ id, picture, label, name: title }, place) => {
    const item = known.get(id) ?? makeItem(id, picture, title);
    const button = /** @type {HTMLButtonElement} */ (item.querySelector("button"));
    button.setAttribute("aria-label", label);
    button.onclick = () => {
      // The next button gets the focus, so that a keyboard does not fall out of the list.
      const next = item.nextElementSibling ?? item.previousElementSibling;
      item.remove();
      next?.querySelector("button")?.focus();
      remove(id);
    };
    if (list.children[place] !== item) list.insertBefore(item, list.children[place] ?? null);
  });
}

/** @type {(id: string, picture: string, title: string) => HTMLElement} */
function makeItem(id, picture, title) {
  const item = make("li");
  item.dataset.id = id;
  const image = make("img", { src: picture, alt: title });
  const button = make("button", { type: "button", textContent: "✕" });
  item.append(image, button);
  return item;
}

/** @param {Component} component */
export default function ownPhotos({ data, parentElement, setTriggerValue }) {
  const list = /** @type {Element} */ (parentElement.querySelector(".thumbnails"));
  drawThumbnails(list, decodeMessage(data), (id) => setTriggerValue("remove", id));
}
