// Icons: drawn, never characters of a font, which every system draws in its own way. Each is one path on a field of 24 by
// 24, filled with the text's colour. A button that shows nothing but an icon has a name beside it (aria-label).

const NAMESPACE = "http://www.w3.org/2000/svg";

/** The paths by the icons' names. */
export const ICONS = {
  play: "M7 4v16l13-8z",
  pause: "M6 4h5v16H6zM14 4h5v16h-5z",
  stop: "M5 5h14v14H5z",
  "to-start": "M5 5h3v14H5zM20 5v14L9 12z",
  "to-end": "M16 5h3v14h-3zM4 5v14l11-7z",
  "step-back": "M17 5v14L6 12z",
  "step-forward": "M7 5v14l11-7z",
  left: "M15 4.2 7.2 12l7.8 7.8 2-2-5.8-5.8L17 6.2z",
  right: "M9 4.2l7.8 7.8L9 19.8l-2-2 5.8-5.8L7 6.2z",
  up: "M4.2 15 12 7.2l7.8 7.8-2 2-5.8-5.8L6.2 17z",
  down: "M4.2 9l7.8 7.8L19.8 9l-2-2-5.8 5.8L6.2 7z",
  check: "M9.5 19.3 3 12.8l2.1-2.1 4.4 4.4L18.9 5.7 21 7.8z",
  cross: "M6.1 4 12 9.9 17.9 4 20 6.1 14.1 12l5.9 5.9-2.1 2.1-5.9-5.9L6.1 20 4 17.9 9.9 12 4 6.1z",
  again: "M12 4a8 8 0 1 1-7.6 5.5l2.8.9A5 5 0 1 0 12 7v3.5L6.5 5.5 12 .5z",
  clock:
    "M12 2a10 10 0 1 1 0 20 10 10 0 0 1 0-20zm0 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM10.8 6.5h2.4v5l3.6 2.1-1.2 2.1-4.8-2.8z",
  warning: "M12 2.5 23 21H1zM10.8 9v6h2.4V9zm0 7.3v2.4h2.4v-2.4z",
  download: "M10.7 3h2.6v9.2l3.4-3.4 1.9 1.9L12 17.3l-6.6-6.6 1.9-1.9 3.4 3.4zM4 18.5h16V21H4z",
  bolt: "M13.5 2 5 13.5h5.5L9 22l9.5-12.5h-6z",
  more: "M3 6h9v2.5H3zM17 6h4v2.5h-4zM13 4h2.5v6.5H13zM3 15.5h4V18H3zM12 15.5h9V18h-9zM8 13.5h2.5V20H8z",
  photo: "M3 5h18v14H3zm2.5 2.5v6.9l4-4 4.5 4.5 2-2 2.5 2.5V7.5zM15.5 8.5a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6z",
  projector: "M3 4h18v12h-7.6l3.6 4.5-2 1.5-3-4-3 4-2-1.5L10.6 16H3zm2.5 2.5v7h13v-7z",
};

/**
 * Make an icon, as large as a letter is high and a quarter more. It says nothing to a screen reader.
 *
 * @param {keyof typeof ICONS} name
 */
export function icon(name) {
  const drawn = document.createElementNS(NAMESPACE, "svg");
  const path = document.createElementNS(NAMESPACE, "path");
  const attributes = { viewBox: "0 0 24 24", width: "1.25em", height: "1.25em", fill: "currentColor" };
  for (const [key, value] of Object.entries(attributes)) drawn.setAttribute(key, value);
  drawn.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  path.setAttribute("fill-rule", "evenodd");
  drawn.append(path);
  return drawn;
}

/**
 * Put into every element with data-icon the icon of that name, before what it holds, unless it is there.
 *
 * @param {ParentNode} root holds a component's markup
 */
export function drawIcons(root) {
  /** @type {NodeListOf<HTMLElement>} */
  const places = root.querySelectorAll("[data-icon]");
  for (const place of places) {
    const name = /** @type {keyof typeof ICONS} */ (place.dataset.icon);
    if (place.firstElementChild?.tagName !== "svg") place.prepend(icon(name));
  }
}
