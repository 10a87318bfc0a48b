// Thumbnails on demand: whoever shows photos wishes for them here, and one hidden component carries the wishes to Python.

import { decodeMessage } from "../../browser/numbers.js";

const MOST_AT_ONCE = 60;
const QUIET_MS = 40; // while a slider moves, wishes change with every frame: the last ones are sent
const PATIENCE_MS = 4000; // an answer can be lost when the page runs anew meanwhile
const AGAIN_MS = 700; // after a message that does not know the wish: most likely it was lost

/** @import { Component } from "../../browser/numbers.js" */

/** @typedef {{subject: unknown, number: number, ids: number[]}} Wish for photos of a subject; wishes are numbered */

/** @typedef {Record<string, string>} PhotoUrls thumbnails by a photo's number; "" for one that may not be seen */

export class PhotoSupply {
  /** @type {((wish: Wish) => void) | null} asks Python; null while the hidden component is not on the page */
  ask = null;

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  quiet;

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  patience;

  constructor() {
    /** @type {unknown} */
    this.subject = null;
    /** @type {Map<number, string>} */
    this.urls = new Map();
    /** @type {Map<unknown, ArrayLike<number>>} */
    this.wishes = new Map();
    /** @type {ArrayLike<number>} */
    this.ahead = [];
    /** @type {Set<(photos: PhotoUrls) => void>} */
    this.listeners = new Set();
    this.number = 0;
    this.asked = false;
    this.doubted = false;
  }

  /**
   * Say which photos `who` shows; its earlier wishes are forgotten. Thumbnails reach all who listen.
   *
   * @param {unknown} who
   * @param {ArrayLike<number>} ids
   */
  wish(who, ids) {
    this.wishes.set(who, ids);
    this.soon();
  }

  /**
   * Say which photos may be shown next; they come after all that are.
   *
   * @param {ArrayLike<number>} ids
   */
  wishAhead(ids) {
    this.ahead = ids;
    this.soon();
  }

  soon() {
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.send(), QUIET_MS);
  }

  missing() {
    const ids = new Set([...this.wishes.values(), this.ahead].flatMap((wished) => Array.from(wished)));
    return [...ids].filter((id) => !this.urls.has(id)).slice(0, MOST_AT_ONCE);
  }

  send() {
    if (!this.ask || this.asked) return;
    const ids = this.missing();
    if (!ids.length) return;
    this.number += 1;
    this.asked = true;
    this.doubted = false;
    this.wait(PATIENCE_MS);
    this.ask({ subject: this.subject, number: this.number, ids });
  }

  /**
   * Wait for the answer, and ask again where none has come.
   *
   * @param {number} time milliseconds
   */
  wait(time) {
    clearTimeout(this.patience);
    this.patience = setTimeout(() => {
      this.asked = false;
      this.send();
    }, time);
  }

  /**
   * Take an answer of Python's.
   *
   * @param {{subject: unknown, number: number, photos: PhotoUrls}} answer
   */
  take({ subject, number, photos }) {
    if (subject !== this.subject) {
      this.subject = subject;
      this.urls.clear();
      // What was asked about other photos is not answered any more.
      clearTimeout(this.patience);
      this.asked = false;
    }
    if (number >= this.number) {
      clearTimeout(this.patience);
      this.number = number; // a component that begins anew must not repeat numbers that Python has seen
      this.asked = false;
    } else if (this.asked && !this.doubted) {
      this.doubted = true; // once: messages that keep coming do not put it off
      this.wait(AGAIN_MS);
    }
    for (const [id, url] of Object.entries(photos)) this.urls.set(Number(id), url);
    for (const listener of this.listeners) listener(photos);
    this.send();
  }
}

/** @type {Map<string, PhotoSupply>} the page's supplies by their keys */
const supplies = new Map();

/**
 * Return the page's supply of this key: components meet at it.
 *
 * @param {string} key
 */
export function photoSupply(key) {
  const supply = supplies.get(key) ?? new PhotoSupply();
  supplies.set(key, supply);
  return supply;
}

/**
 * What the hidden component does: it hands Python's answers on and carries the wishes back.
 *
 * @param {Component} component
 */
export function carryPhotos({ data, setTriggerValue }) {
  const { key, ...answer } = decodeMessage(data);
  const supply = photoSupply(key);
  const carry = (/** @type {Wish} */ wish) => setTriggerValue("want", wish);
  supply.ask = carry;
  supply.take(answer);
  return () => {
    if (supply.ask === carry) supply.ask = null;
  };
}
