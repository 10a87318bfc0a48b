// The projector button and its keys. Python owns the view; this only says what is wanted.

const switches = new WeakMap();

/** Whether a key pressed on this element writes text there. */
function writes(target) {
  if (target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName)) return true;
  const keyless = ["button", "checkbox", "radio", "range", "file", "submit"];
  return target.tagName === "INPUT" && !keyless.includes(target.type);
}

export default function projectorSwitch({ data, parentElement, setTriggerValue }) {
  let state = switches.get(parentElement);
  if (!state) {
    state = {};
    switches.set(parentElement, state);
    state.onKey = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
      if (event.key.toLowerCase() === "p" && !writes(event.composedPath()[0])) state.want(!state.projected);
      else if (event.key === "Escape" && state.projected) state.want(false);
    };
    document.addEventListener("keydown", state.onKey);
  }
  state.projected = data.projected;
  state.want = (wanted) => {
    state.projected = wanted; // at once: Escape may come before the answer to P
    setTriggerValue("wanted", wanted ? "on" : "off");
  };
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.title = data.projected ? "Escape" : "P";
  button.onclick = () => state.want(!state.projected);
  return () => document.removeEventListener("keydown", state.onKey);
}
