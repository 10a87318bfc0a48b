// Keras lines with a copy button.

/** Browsers give the clipboard to pages over https only; in a school's network a selection must do. */
async function copy(text, element) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return true;
  }
  const selection = getSelection();
  selection.selectAllChildren(element);
  return document.execCommand("copy");
}

export default function kerasLines({ data, parentElement }) {
  const code = parentElement.querySelector("code");
  const button = parentElement.querySelector("button");
  if (code.textContent !== data.code) code.textContent = data.code;
  button.textContent = data.copy;
  button.onclick = async () => {
    const done = await copy(data.code, code).catch(() => false);
    button.textContent = done ? data.copied : data.copy;
    setTimeout(() => {
      button.textContent = data.copy;
    }, 2000);
  };
}
