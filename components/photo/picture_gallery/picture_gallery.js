// Strips of pictures, one below the other. Their thumbnails come when they are in sight; a press opens a picture.

import { View, mount } from "../../browser/board.js";
import { decodeArray } from "../../browser/numbers.js";
import { makePhotoStrip } from "../photo_strip/photo_strip.js";
import { photoSupply } from "../photo_strip/photo_supply.js";

class PictureGallery extends View {
  constructor(parent) {
    super(parent);
    this.root = parent.querySelector(".picture-gallery");
    this.strips = [];
  }

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

  build({ texts, strips, supply, rows }) {
    this.leave();
    this.root.replaceChildren();
    this.rows = rows;
    this.supply = photoSupply(supply);
    this.supply.wishes.clear(); // of strips that are gone
    this.strips = strips.map((_, number) =>
      makePhotoStrip(this.root, {
        texts: texts.strip,
        rows,
        onWant: (ids) => this.supply.wish(`strip ${number}`, ids),
        onOpen: (id) => this.trigger("photo", id),
      }),
    );
    this.listener = (urls) => this.strips.forEach((strip) => strip.give(urls));
    this.supply.listeners.add(this.listener);
  }

  leave() {
    this.supply?.listeners.delete(this.listener);
  }
}

export default mount(PictureGallery);
