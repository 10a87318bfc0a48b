"""Elements that are made and written to, and a text on its way to the clipboard."""

from tests.node import in_node

PAGE = """
    import { copyText, make, write } from "./browser/dom.js";

    class HTMLElement {
      constructor(tag) {
        Object.assign(this, { tag, dataset: {}, attributes: {}, children: [], style: {} });
      }
      setAttribute(name, value) {
        this.attributes[name] = value;
      }
      append(...children) {
        this.children.push(...children);
      }
      remove() {
        this.removed = true;
      }
      select() {
        document.activeElement = this;
        document.selected = this.value;
      }
      focus() {
        document.activeElement = this;
      }
    }
    globalThis.HTMLElement = HTMLElement;
    globalThis.document = { createElement: (tag) => new HTMLElement(tag), body: new HTMLElement("body") };
    const clipboard = (writeText) =>
      Object.defineProperty(globalThis, "navigator", { value: { clipboard: { writeText } } });
"""
"""The parts of a page that these functions use."""


def test_an_element_is_made_with_all_that_it_is_given():
    acts = """
        const inner = make("b");
        const bare = inner.tag;
        const { tag, type, dataset, attributes, children } = make(
          "button",
          { type: "button", data: { testid: "go" }, aria: { role: "switch", label: "Go" } },
          "to ",
          inner,
        );
        answer({ tag, type, dataset, attributes, bare, inner: children[1] === inner, children: children.length });
    """
    assert in_node(PAGE + acts) == {
        "tag": "button",
        "type": "button",
        "dataset": {"testid": "go"},
        "attributes": {"role": "switch", "aria-label": "Go"},
        "inner": True,
        "children": 2,
        "bare": "b",
    }


def test_a_text_that_stays_is_not_written_again():
    acts = """
        let writings = 0;
        const node = {
          text: "",
          get textContent() {
            return this.text;
          },
          set textContent(text) {
            writings += 1;
            this.text = text;
          },
        };
        for (const text of ["one", "one", "two", "two", "two"]) write(node, text);
        answer([writings, node.text]);
    """
    assert in_node(PAGE + acts) == [2, "two"]


def test_a_text_is_copied_by_the_clipboard_where_there_is_one():
    acts = """
        const copies = [];
        clipboard(async (text) => copies.push(text));
        answer([await copyText("Dense(10)"), copies, document.body.children.length]);
    """
    assert in_node(PAGE + acts) == [True, ["Dense(10)"], 0]


def test_without_a_clipboard_a_text_is_copied_by_a_selection_and_the_focus_comes_back():
    acts = """
        const button = new HTMLElement("button");
        const host = new HTMLElement("div");
        host.shadowRoot = { activeElement: button };
        document.activeElement = host;
        clipboard(async () => {
          throw new Error("not allowed");
        });
        const copied = [];
        document.execCommand = (command) => {
          copied.push([command, document.selected]);
          return told.works;
        };
        const done = await copyText("Dense(10)");
        const [field] = document.body.children;
        answer({ done, copied, gone: field.removed, focus: document.activeElement === button });
    """
    for works in (True, False):
        expected = {"done": works, "copied": [["copy", "Dense(10)"]], "gone": True, "focus": True}
        assert in_node(PAGE + acts, {"works": works}) == expected


def test_over_plain_http_there_is_no_clipboard_at_all():
    acts = """
        Object.defineProperty(globalThis, "navigator", { value: {} });
        document.execCommand = () => true;
        answer([await copyText("Dense(10)"), document.selected]);
    """
    assert in_node(PAGE + acts) == [True, "Dense(10)"]
