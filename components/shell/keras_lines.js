// Keras lines with a copy button.

/** @import { Component } from "../browser/numbers.js" */

/**
 * Copy a text and return whether that was done. Browsers give the clipboard to pages over https only; in a school's
 * network a selection must do.
 *
 * @param {string} text
 * @param {Element} element shows the text
 */
async function copy(text, element) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return true;
  }
  const selection = getSelection();
  selection?.selectAllChildren(element);
  return document.execCommand("copy");
}

/** @param {Component<{code: string, copy: string, copied: string}>} component */
export default function kerasLines({ data, parentElement }) {
  const code = /** @type {HTMLElement} */ (parentElement.querySelector("code"));
  const button = /** @type {HTMLButtonElement} */ (parentElement.querySelector("button"));
  if (code.textContent !== data.code) code.textContent = data.code;
  button.textContent = data.copy;
  button.onclick = async () => {
    const done = await copy(data.code, code).catch(() => false);
    button.textContent = done ? data.copied : data.copy;
    setTimeout(() => {
      button.textContent = data.copy;
    }, 2000);
  };
}
