// Keras lines with a copy button.

import { copyText, write } from "../browser/dom.js";

/** @import { Component } from "../browser/numbers.js" */

/** @param {Component<{code: string, copy: string, copied: string}>} component */
export default function kerasLines({ data, parentElement }) {
  const code = /** @type {HTMLElement} */ (parentElement.querySelector("code"));
  const button = /** @type {HTMLButtonElement} */ (parentElement.querySelector("button"));
  write(code, data.code);
  button.textContent = data.copy;
  button.onclick = async () => {
    const done = await copyText(data.code);
    button.textContent = done ? data.copied : data.copy;
    setTimeout(() => {
      button.textContent = data.copy;
    }, 2000);
  };
}
