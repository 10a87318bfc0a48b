// The network map's icons: drawn, not characters of a font, which look other on every system. All are decoration.

/** Name → the path on a square of 16 × 16. */
const PATHS = {
  run: "M4 2.5v11l9.5-5.5z",
  back: "M10 3 5 8l5 5M5 8h9",
  previous: "M10 3 5 8l5 5",
  next: "M6 3l5 5-5 5",
  view: "M3 5h5m4 0h1M3 11h1m4 0h5M10 3v4M6 9v4",
};

const FILLED = new Set(["run"]);

/**
 * Draw an icon.
 *
 * @param {keyof typeof PATHS} name
 */
export function icon(name) {
  const [drawn, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  path.setAttribute("d", PATHS[name]);
  drawn.setAttribute("viewBox", "0 0 16 16");
  drawn.setAttribute("class", FILLED.has(name) ? "icon filled" : "icon");
  drawn.setAttribute("aria-hidden", "true");
  drawn.append(path);
  return drawn;
}
