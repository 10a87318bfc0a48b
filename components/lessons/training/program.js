// The Keras program of a run: the lines of the open step are marked, and a button copies the whole.

import { copyText } from "../../browser/dom.js";
import { decodeMessage } from "../../browser/numbers.js";

export default ({ data, parentElement }) => {
  const message = decodeMessage(data);
  const pre = parentElement.querySelector("pre");
  pre.setAttribute("aria-label", message.name);
  pre.replaceChildren(
    ...message.steps.map(({ lines, current }) => {
      const span = document.createElement("span");
      span.textContent = `${lines}\n`;
      if (current) span.setAttribute("aria-current", "true");
      return span;
    }),
  );
  const marked = pre.querySelector("[aria-current]");
  if (marked && parentElement.lastMarked !== marked.textContent) {
    pre.scrollTop = Math.max(marked.offsetTop - pre.offsetTop - 40, 0);
    parentElement.lastMarked = marked.textContent;
  }
  const button = parentElement.querySelector("button");
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
