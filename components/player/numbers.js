// Numbers on their way to the eye: decoded, rounded once, written, painted.

/** Decode what Python's encode_message sent. */
const decodeMessage = (bytes) => JSON.parse(new TextDecoder().decode(bytes));

/** Decode base64 into a typed array. */
function decodeArray(text, ArrayType) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return new ArrayType(bytes.buffer);
}

/** Weights and outputs below this are nothing: some learned filters died in training and hold only 1e-8. */
const FAINTEST = 1e-6;

const MINUS = "\u2212";

const signed = (text) => text.replace("-", MINUS);
/** Write a whole number of 10^-decimals units, so that what was added up as shown is shown as it was added up. */
const writeUnits = (units, decimals) => signed((units / 10 ** decimals).toFixed(decimals).replace(/^-(0(\.0*)?)$/, "$1"));

/** Write values into a text with {names}. */
const fillIn = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** Return the boxes [column, row, columns, rows] of a grid that hold positions first … last: part, whole rows, part. */
function boxesBetween(first, last, width) {
  if (last < first) return [];
  const [firstRow, firstColumn] = [Math.floor(first / width), first % width];
  const [lastRow, lastColumn] = [Math.floor(last / width), last % width];
  if (firstRow === lastRow) return [[firstColumn, firstRow, lastColumn - firstColumn + 1, 1]];
  const boxes = [
    [firstColumn, firstRow, width - firstColumn, 1],
    [0, firstRow + 1, width, lastRow - firstRow - 1],
    [0, lastRow, lastColumn + 1, 1],
  ];
  return boxes.filter(([, , columns, rows]) => columns > 0 && rows > 0);
}

/** Round numbers so that they add up to `total` (largest remainder). All results are whole numbers of units. */
function roundToTotal(values, total) {
  const floors = values.map(Math.floor);
  let missing = total - floors.reduce((sum, value) => sum + value, 0);
  const order = values.map((value, index) => [value - floors[index], index]).sort((a, b) => b[0] - a[0]);
  for (let index = 0; missing > 0 && order.length > 0; index += 1, missing -= 1) floors[order[index % order.length][1]] += 1;
  for (let index = order.length - 1; missing < 0 && index >= 0; index -= 1, missing += 1) floors[order[index][1]] -= 1;
  return floors;
}

/** Digits after the point that write all numbers exactly, at most four; three where that is not enough. */
function decimalsFor(numbers) {
  for (let decimals = 0; decimals <= 4; decimals += 1) {
    if (numbers.every((number) => Math.abs(number - Number(number.toFixed(decimals))) < 1e-9)) return decimals;
  }
  return 3;
}

const LINEAR = Float64Array.from({ length: 256 }, (_, value) => (value / 255) ** 2.2);

const luminanceOf = ([red, green, blue]) => 0.2126 * LINEAR[red] + 0.7152 * LINEAR[green] + 0.0722 * LINEAR[blue];

/** Return black or white, whichever is read better on a ground (at least 4.5:1, by WCAG's formula). */
const inkOn = (ground) => (luminanceOf(ground) > 0.179 ? "#000" : "#fff");

/** Paint a background and write on it in black or white. */
function paint(element, ground) {
  element.style.background = cssColour(ground);
  element.style.color = inkOn(ground);
}

/** Read the theme's colours. It writes them as light-dark(…): only an element that uses one knows it. */
function readColours(parent) {
  const probe = document.createElement("span");
  parent.append(probe);
  const read = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
  };
  const colours = {
    negative: read("--negative"), zero: read("--map-zero"), positive: read("--positive"), window: read("--window"),
    cat: read("--cat"), dog: read("--dog"), text: read("--st-text-color"), ground: read("--st-background-color"),
    border: read("--st-border-color"),
  };
  probe.remove();
  return colours;
}

/**
 * Let a view load a message as soon as it can read the theme's colours at `element`: on a slow first load the style sheet
 * may come after this script, and without it all colours are the same. A newer message takes an older one's place.
 * Returns what Streamlit's clean-up has to call: what still waits is not drawn any more.
 */
function loadThemed(view, element, message) {
  view.latest = message;
  let tries = 100;
  const start = () => {
    const themed = getComputedStyle(element).getPropertyValue("--map-zero").trim() !== "";
    if (!themed && (tries -= 1) > 0) requestAnimationFrame(start);
    else if (view.latest === message) view.load(message);
  };
  start();
  return () => {
    view.latest = null;
  };
}

const cssColour = ([red, green, blue], opacity = 1) => `rgb(${red} ${green} ${blue} / ${opacity})`;

/** Return [red, green, blue] of a number: zero in the middle, full colour at ±scale. */
function signedColour({ negative, zero, positive }, value, scale) {
  const share = scale > 0 ? Math.min(Math.abs(value) / scale, 1) : 0;
  const end = value < 0 ? negative : positive;
  return zero.map((start, index) => Math.round(start + (end[index] - start) * share));
}
