// Files that were chosen while the connection was down wait here, until their uploader works again, and files whose
// sending broke off, to be sent once more.

import { decodeMessage } from "../../browser/numbers.js";

/** @import { Component } from "../../browser/numbers.js" */

/** @typedef {{waiting: string, lost: string}} WaitingTexts `{names}` stands for the files' names */

/** @typedef {object} Waiting
 * @property {File[]} files
 * @property {string} place the beginning of the uploader's key: after each upload another number follows it
 * @property {boolean} [begun] the uploader has shown them
 */

const UPLOADER = '[data-testid="stFileUploader"]';
const CHIP = '[data-testid="stFileChip"]';
const CHIP_NAME = '[data-testid="stFileChipName"]';
const ON_ITS_WAY = '[data-testid="stFileChipIconSpinner"]';
const NOT_SENT = /AxiosError|Unknown error/; // else Streamlit says that a file is too large, or of another kind
const TRIES = 5;
const FIRST_WAIT = 1000; // milliseconds before the second try; every further wait is twice as long

/** @type {Waiting | null} */
let waiting = null;
/** @type {Waiting | null} what was handed over last */
let sent = null;
let tries = 0;
let again = false; // what is handed over now is a further try, and not the visitor's choice
/** @type {ReturnType<typeof setTimeout> | undefined} */
let pause;
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

/** @param {string} place */
function uploaderAt(place) {
  return [...document.querySelectorAll(UPLOADER)].find((uploader) => placeOf(uploader) === place);
}

/**
 * Return Streamlit's marks of the files in an uploader that were broken off.
 *
 * @param {Element | undefined} uploader
 */
function brokenIn(uploader) {
  /** @type {NodeListOf<HTMLElement> | undefined} */
  const found = uploader?.querySelectorAll(`${CHIP}[aria-invalid="true"]`);
  return [...(found ?? [])].filter((chip) => NOT_SENT.test(chip.querySelector('[role="alert"]')?.textContent ?? ""));
}

/** Look what has become of the files: what waits goes out when it can, what broke off waits for the next try. */
function look() {
  if (waiting && pause === undefined) deliver();
  if (!sent) return;
  const uploader = uploaderAt(sent.place);
  if (uploader?.querySelector(CHIP)) sent.begun = true;
  if (uploader?.querySelector(ON_ITS_WAY)) return;
  const broken = brokenIn(uploader);
  if (broken.length) breakOff(sent, broken);
  else if (sent.begun) end();
}

/** Hand the files over as if they were chosen now, if their uploader works again. */
function deliver() {
  if (!waiting) return;
  const { files, place } = waiting;
  const uploaders = [...document.querySelectorAll(UPLOADER)];
  if (!uploaders.length || uploaders.some(isOff)) return;
  const uploader = uploaderAt(place);
  const input = uploader?.querySelector("input");
  if (!input) {
    end(texts.lost); // the visitor went on to a page without this uploader
    return;
  }
  for (const chip of brokenIn(uploader)) chip.querySelector("button")?.click();
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  input.files = transfer.files;
  again = true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  again = false;
}

/** @param {string} [words] what is to be said at the end */
function end(words = "") {
  say(filled(words));
  waiting = null;
  sent = null;
  watcher?.disconnect();
}

/**
 * The sending of files broke off. Try again a little later, but not for ever.
 *
 * @param {Waiting} tried
 * @param {HTMLElement[]} chips what Streamlit says of it: ours takes its place
 */
function breakOff({ files, place }, chips) {
  const names = new Set(chips.map((chip) => chip.querySelector(CHIP_NAME)?.getAttribute("title")));
  waiting = { files: files.filter(({ name }) => names.has(name)), place };
  sent = null;
  for (const chip of chips) {
    chip.style.display = "none"; // while the connection is down, nothing can be taken out of an uploader
    chip.querySelector("button")?.click();
  }
  tries += 1;
  if (tries >= TRIES) {
    end(texts.lost);
    return;
  }
  say(filled(texts.waiting));
  pause = setTimeout(
    () => {
      pause = undefined;
      deliver();
    },
    FIRST_WAIT * 2 ** (tries - 1),
  );
}

/** Begins with the first file: where modules are only read, there is no page to watch.
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
  const chosen = { files: [...files], place: placeOf(uploader) };
  if (!again) {
    clearTimeout(pause); // what the visitor chooses now takes the place of what waits
    pause = undefined;
    tries = 0;
  }
  watcher ??= new MutationObserver(look);
  watcher.observe(document.body, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["disabled", "aria-invalid"],
  });
  if (!isOff(uploader)) {
    waiting = null;
    sent = chosen;
    say("");
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  waiting = chosen;
  sent = null;
  say(filled(texts.waiting));
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
  look();
}
