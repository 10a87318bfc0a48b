// What all boards share: their one place on the page, and the visitor's edits, which Python is told of until it knows
// them.

import { loadThemed } from "./colours.js";
import { drawIcons } from "./icons.js";
import { decodeMessage } from "./numbers.js";

/**
 * The edits that a visitor makes on a board. The board shows an edit at once and tells Python, whose every message says
 * which edit it knows: a message that does not know the newest one must not undo it, and where an edit was lost it is
 * told again.
 */
export class Edits {
  /**
   * @param {(edit: number, told: number) => void} emit tells Python all that the board shows now, with the number of the
   *     last edit. What is told again differs in `told` only: Streamlit takes no notice of what it was told before.
   * @param {object} [options]
   * @param {number} [options.again] milliseconds from a message that does not know the last edit to telling it again
   * @param {boolean} [options.yields] whether an edit gives way to what a link or another subject imposes meanwhile
   */
  constructor(emit, { again = 700, yields = false } = {}) {
    this.emit = emit;
    this.again = again;
    this.yields = yields;
    this.count = 0;
    this.told = 0;
    /** An edit is being made: nothing is told before it is done. */
    this.unfinished = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {string | undefined} */
    this.session = undefined;
    /** @type {number | undefined} */
    this.epoch = undefined;
  }

  /**
   * Take note of a message of Python's.
   *
   * @param {{edit: number, epoch?: number, session?: string}} message `edit` is the last edit that it knows, `epoch`
   *     grows with everything that is imposed, and `session` is another one after the server was started again
   * @returns {boolean} whether the board is to show what the message says, and not what the visitor made of it since
   */
  take({ edit, epoch, session }) {
    const restarted = this.session !== undefined && session !== this.session;
    const imposed = this.yields && epoch !== this.epoch && !restarted;
    Object.assign(this, { epoch, session });
    const known = this.knownTo({ edit });
    if (known) {
      this.count = edit;
      this.stop();
    } else if (this.unfinished) {
      return false;
    } else if (restarted) {
      // The server was started again and knows nothing: tell it what this page shows.
      this.add();
    } else if (this.timer === undefined) {
      // Streamlit may lose the second of two quick changes: if it answers an older one, tell it again.
      this.tell(this.again);
    }
    return known || imposed;
  }

  /**
   * Return whether a message knows the newest edit.
   *
   * @param {{edit: number}} message
   */
  knownTo({ edit }) {
    return edit >= this.count;
  }

  /**
   * Something was changed on the board: tell Python, now or later.
   *
   * @param {number} [wait] milliseconds in which nothing else changes
   */
  add(wait = 0) {
    this.count += 1;
    this.tell(wait);
  }

  /** Something is being changed, and `tell` will end it: no message that comes meanwhile knows of it. */
  begin() {
    this.count += 1;
    this.stop();
    this.unfinished = true;
  }

  /**
   * Tell Python what the board shows, now or a little later.
   *
   * @param {number} [wait] milliseconds
   */
  tell(wait = 0) {
    this.stop();
    if (wait) {
      this.timer = setTimeout(() => this.tell(), wait);
      return;
    }
    this.told += 1;
    this.emit(this.count, this.told);
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.unfinished = false;
  }
}

/** @import { Component } from "./numbers.js" */

/**
 * A component's one view at its place on the page; `mount` makes it and hands it every message.
 *
 * @template [Message=any] what Python sends to it
 */
export class View {
  /** @param {ShadowRoot} parent holds the component's markup */
  constructor(parent) {
    this.parent = parent;
    /** @type {(name: string, value: unknown) => void} tell Python a state, which it keeps */
    this.setState = () => {};
    /** @type {(name: string, value: unknown) => void} tell Python an event */
    this.trigger = () => {};
    /** @type {Message | null} the message that is shown, or will be as soon as the theme is there */
    this.latest = null;
  }

  /**
   * Show a message.
   *
   * @param {Message} _message of Python's
   */
  load(_message) {}

  /** The view leaves the page. */
  leave() {}
}

/**
 * Return the clean-up that Streamlit is handed: it acts when the component's place has left the page, and only then.
 *
 * Where the next message comes before this one is shown, Streamlit cleans up after this one at once, although the
 * component stays: a view that left then would be built anew, and lose the keyboard's focus and all that it plays.
 *
 * @param {Node} place the component's root
 * @param {() => void} act
 */
export const whenGone = (place, act) => () => {
  if (!place.isConnected) act();
};

/**
 * Return a component's entry. Streamlit calls it again with every message; the view is made on the first call.
 *
 * @param {new (parent: ShadowRoot) => View} Kind
 */
export function mount(Kind) {
  /** @type {WeakMap<ShadowRoot, View>} */
  const views = new WeakMap();
  return (/** @type {Component} */ { data, parentElement, setStateValue, setTriggerValue }) => {
    if (!views.has(parentElement)) {
      drawIcons(parentElement);
      views.set(parentElement, new Kind(parentElement));
    }
    const view = /** @type {View} */ (views.get(parentElement));
    view.setState = setStateValue;
    view.trigger = setTriggerValue;
    const forget = loadThemed(view, decodeMessage(data));
    return whenGone(parentElement, () => {
      forget();
      view.leave();
      views.delete(parentElement);
    });
  };
}
