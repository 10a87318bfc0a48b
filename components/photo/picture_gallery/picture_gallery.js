// Strips of pictures, one below the other. Their thumbnails come when they are in sight; a press opens a picture.

import { decodeArray, decodeMessage } from "../../browser/numbers.js";
import { makePhotoStrip } from "../photo_strip/photo_strip.js";
import { photoSupply } from "../photo_strip/photo_supply.js";

class PictureGallery {
  constructor(root) {
    this.root = root;
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
    this.forget();
    this.root.replaceChildren();
    this.rows = rows;
    this.supply = photoSupply(supply);
    this.supply.wishes.clear(); // of strips that are gone
    this.strips = strips.map((_, number) =>
      makePhotoStrip(this.root, {
        texts: texts.strip,
        rows,
        onWant: (ids) => this.supply.wish(`strip ${number}`, ids),
        onOpen: (id) => this.emitPhoto(id),
      }),
    );
    this.listener = (urls) => this.strips.forEach((strip) => strip.give(urls));
    this.supply.listeners.add(this.listener);
  }

  forget() {
    this.supply?.listeners.delete(this.listener);
  }
}

const galleries = new WeakMap();

export default function pictureGallery({ data, parentElement, setTriggerValue }) {
  let gallery = galleries.get(parentElement);
  if (!gallery) {
    gallery = new PictureGallery(parentElement.querySelector(".picture-gallery"));
    galleries.set(parentElement, gallery);
  }
  gallery.emitPhoto = (photo) => setTriggerValue("photo", photo);
  gallery.load(decodeMessage(data));
  return () => {
    gallery.forget();
    galleries.delete(parentElement);
  };
}
