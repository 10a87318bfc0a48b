// The course's eight steps as a list of buttons; each shows what is chosen there.

import { make } from "../../browser/dom.js";
import { decodeMessage } from "../../browser/numbers.js";

/** @import { Component } from "../../browser/numbers.js" */

/**
 * @typedef {object} StepperMessage what Python sends
 * @property {{number: number, title: string, choice: string}[]} steps
 * @property {number} current the step that is open, from 1
 * @property {string} name of the list
 */

export default (/** @type {Component} */ { data, parentElement, setTriggerValue }) => {
  /** @type {StepperMessage} */
  const { steps, current, name } = decodeMessage(data);
  parentElement.querySelector("nav")?.setAttribute("aria-label", name);
  const list = /** @type {HTMLElement} */ (parentElement.querySelector("ol"));
  while (list.children.length < steps.length) list.append(makeStep());
  const buttons = list.querySelectorAll("button");
  steps.forEach((step, index) => {
    const button = buttons[index];
    button.onclick = () => setTriggerValue("step", step.number);
    const [number, title, choice] = button.children;
    number.textContent = String(step.number);
    title.textContent = step.title;
    choice.textContent = step.choice;
    if (step.number === current) button.setAttribute("aria-current", "step");
    else button.removeAttribute("aria-current");
  });
};

function makeStep() {
  const parts = ["number", "title", "choice"].map((className) => make("span", { className }));
  return make("li", {}, make("button", { type: "button" }, ...parts));
}
