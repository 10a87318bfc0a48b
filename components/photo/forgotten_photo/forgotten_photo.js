// A tab remembers that it showed the visitor's own photo, over a reload too, and says so when the server has it no more.

import { decodeMessage } from "../../browser/numbers.js";

/** @import { Component } from "../../browser/numbers.js" */

/** @typedef {{own: boolean, words: string, close: string}} ForgottenPhotoMessage */

const FLAG = "course:own-photo";
let shown = false; // since this page was loaded, the visitor's own photo was there
let lost = false; // it was not, although this tab showed it before

/** @param {Component<Uint8Array>} component */
export default function forgottenPhoto({ data, parentElement }) {
  /** @type {ForgottenPhotoMessage} */
  const message = decodeMessage(data);
  const note = /** @type {HTMLElement} */ (parentElement.querySelector("[role=status]"));
  const button = /** @type {HTMLElement} */ (note.querySelector("button"));
  /** @type {HTMLElement} */ (note.querySelector("p")).textContent = message.words;
  button.textContent = message.close;
  button.onclick = () => {
    lost = false;
    note.hidden = true;
  };
  if (message.own) {
    shown = true;
    lost = false;
    sessionStorage.setItem(FLAG, "yes");
  } else if (sessionStorage.getItem(FLAG)) {
    lost = !shown; // else another picture was chosen
    sessionStorage.removeItem(FLAG);
  }
  note.hidden = !lost;
}
