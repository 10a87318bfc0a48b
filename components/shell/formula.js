// A formula in MathML. Streamlit's own HTML element drops MathML, and its LaTeX element loads half a megabyte of fonts.

/** @import { Component } from "../browser/numbers.js" */

/** @param {Component<{mathml: string}>} component */
export default function formula({ data, parentElement }) {
  const box = /** @type {HTMLElement} */ (parentElement.querySelector(".formula"));
  if (box.dataset.shown === data.mathml) return;
  box.dataset.shown = data.mathml;
  box.innerHTML = `<math display="block">${data.mathml}</math>`;
  // Where a long formula has to scroll, it scrolls by keyboard, too.
  new ResizeObserver(() => {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }).observe(box);
}
