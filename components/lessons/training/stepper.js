// The course's eight steps as a list of buttons; each shows what is chosen there.

import { decodeMessage } from "../../browser/numbers.js";

export default ({ data, parentElement, setTriggerValue }) => {
  const { steps, current, name } = decodeMessage(data);
  parentElement.querySelector("nav").setAttribute("aria-label", name);
  const list = parentElement.querySelector("ol");
  while (list.children.length < steps.length) list.append(makeStep());
  steps.forEach(({ number, title, choice }, index) => {
    const button = list.children[index].firstChild;
    button.onclick = () => setTriggerValue("step", number);
    button.querySelector(".number").textContent = number;
    button.querySelector(".title").textContent = title;
    button.querySelector(".choice").textContent = choice;
    if (number === current) button.setAttribute("aria-current", "step");
    else button.removeAttribute("aria-current");
  });
};

function makeStep() {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  for (const part of ["number", "title", "choice"]) {
    const span = document.createElement("span");
    span.className = part;
    button.append(span);
  }
  item.append(button);
  return item;
}
