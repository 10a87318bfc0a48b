// Files that were chosen while the connection was down wait here, until their uploader works again.

import { decodeMessage } from "../../browser/numbers.js";

/** @import { Component } from "../../browser/numbers.js" */

/** @typedef {{waiting: string, lost: string}} WaitingTexts `{names}` stands for the files' names */

/** @typedef {object} Waiting
 * @property {File[]} files
 * @property {string} place the beginning of the uploader's key: after each upload another number follows it
 */

const UPLOADER = '[data-testid="stFileUploader"]';

/** @type {Waiting | null} */
let waiting = null;
/** @type {HTMLElement | null} */
let note = null;
/** @type {WaitingTexts} */
let texts = { waiting: "", lost: "" };

/** @param {string} words */
function say(words) {
  if (!note) return;
  note.textContent = words;
  note.hidden = !words;
}

/** @param {string} text */
function filled(text) {
  return text.replace("{names}", (waiting?.files ?? []).map(({ name }) => name).join(", "));
}

/** @param {Element | null} uploader */
function isOff(uploader) {
  return Boolean(uploader?.querySelector("button:disabled, input:disabled"));
}

/** @param {Element} uploader */
function placeOf(uploader) {
  const key = /st-key-(\S+?)-?\d*(?=\s|$)/.exec(uploader.closest('[class*="st-key-"]')?.className ?? "");
  return key?.[1] ?? "";
}

/** Hand the files over as if they were chosen now, if their uploader works again. */
function deliver() {
  if (!waiting) return;
  const { files, place } = waiting;
  const uploaders = [...document.querySelectorAll(UPLOADER)];
  if (!uploaders.length || uploaders.some(isOff)) return;
  const input = uploaders.find((uploader) => placeOf(uploader) === place)?.querySelector("input");
  if (input) {
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    input.files = transfer.files;
    say("");
    waiting = null;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  } else {
    say(filled(texts.lost)); // the visitor went on to a page without this uploader
    waiting = null;
  }
  watcher?.disconnect();
}

/** Begins with the first file that has to wait: where modules are only read, there is no page to watch.
 * @type {MutationObserver | null} */
let watcher = null;

/**
 * @param {Event} event
 * @param {FileList | null | undefined} files
 */
function keep(event, files) {
  const target = event.composedPath()[0];
  const uploader = target instanceof Element ? target.closest(UPLOADER) : null;
  if (!uploader || !files?.length) return;
  if (!isOff(uploader)) {
    waiting = null;
    say("");
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  waiting = { files: [...files], place: placeOf(uploader) };
  say(filled(texts.waiting));
  watcher ??= new MutationObserver(deliver);
  watcher.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["disabled"] });
}

/** @param {Event} event */
const onChange = (event) => {
  const target = event.composedPath()[0];
  if (target instanceof HTMLInputElement && target.type === "file") keep(event, target.files);
};
/** @param {DragEvent} event */
const onDrop = (event) => keep(event, event.dataTransfer?.files);
/** @param {DragEvent} event */
const onDragOver = (event) => {
  // Without this, the browser would leave the page and open the file.
  const target = event.composedPath()[0];
  if (target instanceof Element && isOff(target.closest(UPLOADER))) event.preventDefault();
};

/** @param {Component} component */
export default function waitingFiles({ data, parentElement }) {
  note = /** @type {HTMLElement} */ (parentElement.querySelector("p"));
  ({ texts } = decodeMessage(data));
  if (waiting) say(filled(texts.waiting));
  document.addEventListener("change", onChange, true); // the same function is added once
  document.addEventListener("drop", onDrop, true);
  document.addEventListener("dragover", onDragOver, true);
  deliver();
}
