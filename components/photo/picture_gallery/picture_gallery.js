// Strips of pictures, one below the other. Their thumbnails come when they are in sight; a press opens a picture.

import { View, mount } from "../../browser/board.js";
import { decodeArray } from "../../browser/numbers.js";
import { makePhotoStrip } from "../photo_strip/photo_strip.js";
import { photoSupply } from "../photo_strip/photo_supply.js";

/** @import { PhotoStrip } from "../photo_strip/photo_strip.js" */
/** @import { PhotoUrls } from "../photo_strip/photo_supply.js" */

/**
 * @typedef {object} GalleryMessage
 * @property {{region: string, strip: Record<string, string>}} texts
 * @property {{title: string, places: string, captions: string[], marked: boolean}[]} strips `places` are the pictures'
 *     numbers, int32
 * @property {string} supply the key of the thumbnails' supply
 * @property {unknown} subject what the numbers count
 * @property {number} rows rows of pictures on a page
 * @property {Record<number, string>} marks a word on a picture
 * @property {number | null} current the picture that is open
 */

class PictureGallery extends View {
  /** @type {number} */
  rows;

  /** @type {unknown} */
  subject;

  /** @type {ReturnType<typeof photoSupply> | undefined} */
  supply;

  /** @param {ShadowRoot} parent */
  constructor(parent) {
    super(parent);
    this.root = /** @type {HTMLElement} */ (parent.querySelector(".picture-gallery"));
    /** @type {PhotoStrip[]} */
    this.strips = [];
    /** @param {PhotoUrls} urls */
    this.listener = (urls) => this.strips.forEach((strip) => strip.give(urls));
  }

  /** @param {GalleryMessage} message */
  load(message) {
    const { texts, strips, supply, subject, rows } = message;
    if (this.strips.length !== strips.length || this.rows !== rows) this.build(message);
    // The numbers mean other pictures now.
    if (this.subject !== subject) this.strips.forEach((strip) => strip.forget());
    this.subject = subject;
    this.root.setAttribute("aria-label", texts.region);
    strips.forEach(({ title, places, captions, marked }, number) => {
      const marks = marked ? message.marks : {};
      this.strips[number].show({
        title,
        ids: decodeArray(places, Int32Array),
        captions,
        marks,
        current: message.current,
      });
    });
    this.strips.forEach((strip) => strip.give(Object.fromEntries(photoSupply(supply).urls)));
    this.root.dataset.ready = "1";
  }

  /** @param {GalleryMessage} message */
  build({ texts, strips, supply, rows }) {
    this.leave();
    this.root.replaceChildren();
    this.rows = rows;
    const found = photoSupply(supply);
    this.supply = found;
    found.wishes.clear(); // of strips that are gone
    this.strips = strips.map((_, number) =>
      makePhotoStrip(this.root, {
        texts: texts.strip,
        rows,
        onWant: (ids) => found.wish(`strip ${number}`, ids),
        onOpen: (id) => this.trigger("photo", id),
      }),
    );
    found.listeners.add(this.listener);
  }

  leave() {
    this.supply?.listeners.delete(this.listener);
  }
}

export default mount(PictureGallery);
