// Before Streamlit starts: it would load its icon font of 376 KB with every first page, needed or not. Left alone, a
// browser loads a font when something is written in it. (The course's own icons are drawn.)

const load = document.fonts.load.bind(document.fonts);

/** @type {typeof load} */
const loadLate = (font, text) => (font.includes("Material Symbols") ? Promise.resolve([]) : load(font, text));
document.fonts.load = loadLate;
