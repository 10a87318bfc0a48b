// The Keras program of a run: the lines of the open step are marked, and a button copies the whole.

import { copyText, make } from "../../browser/dom.js";
import { decodeMessage } from "../../browser/numbers.js";

/** @import { Component } from "../../browser/numbers.js" */

/**
 * @typedef {object} ProgramMessage what Python sends
 * @property {{number: number, lines: string, current: boolean}[]} steps the program's lines, step by step
 * @property {string} copy what the button says
 * @property {string} copied what it says for a while after that
 * @property {string} name of the program
 */

/** @type {WeakMap<ShadowRoot, string | null>} the lines that were scrolled to last */
const lastMarked = new WeakMap();

/**
 * Return a line of the program; what does not fit goes on below, further in than the line begins.
 *
 * @param {string} text
 */
function lineOf(text) {
  const line = make("span", { className: "line", textContent: `${text}\n` });
  line.style.setProperty("--further", `${text.length - text.trimStart().length + 4}ch`);
  return line;
}

export default (/** @type {Component} */ { data, parentElement }) => {
  /** @type {ProgramMessage} */
  const message = decodeMessage(data);
  const pre = /** @type {HTMLElement} */ (parentElement.querySelector("pre"));
  pre.setAttribute("aria-label", message.name);
  pre.replaceChildren(
    ...message.steps.map(({ lines, current }) => {
      const step = make("span", { className: "step" }, ...lines.split("\n").map(lineOf));
      if (current) step.setAttribute("aria-current", "true");
      return step;
    }),
  );
  /** @type {HTMLElement | null} */
  const marked = pre.querySelector("[aria-current]");
  if (marked && lastMarked.get(parentElement) !== marked.textContent) {
    pre.scrollTop = Math.max(marked.offsetTop - pre.offsetTop - parseFloat(getComputedStyle(pre).paddingTop), 0);
    lastMarked.set(parentElement, marked.textContent);
  }
  const button = /** @type {HTMLButtonElement} */ (parentElement.querySelector("button"));
  if (button.textContent !== message.copied) button.textContent = message.copy;
  button.onclick = async () => {
    const code = `${message.steps.map(({ lines }) => lines).join("\n")}\n`;
    if (!(await copyText(code))) return;
    button.textContent = message.copied;
    setTimeout(() => {
      button.textContent = message.copy;
    }, 2000);
  };
};
