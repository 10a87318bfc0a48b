"""The browser's modules: all load, none imports in a circle, and none reaches up to what stands above it."""

import re
from functools import cache
from pathlib import PurePosixPath

import pytest

from components.shell.door.first_paint import SCRIPTS
from tests.node import COMPONENTS, in_node
from tests.unit.browser.registered import registered

LAYERS = ("browser", "player", "photo", "shell", "networks", "lessons")
"""Folders of components/ with modules, the lowest first: a module imports from its own folder and from lower ones."""

LOADED = """
// Node has all else that modules begin with.
globalThis.matchMedia = () => ({ matches: false, addEventListener() {} });
Object.assign(globalThis, {
  document: { fonts: { load: async () => [] }, addEventListener() {} },
  location: { pathname: "/" },
  history: { pushState() {} },
  addEventListener() {},
});
const found = {};
for (const name of told) {
  found[name] = await import(`./${name}`).then(
    (module) => Object.fromEntries(Object.entries(module).map(([key, value]) => [key, typeof value])),
    (error) => String(error),
  );
}
answer(found);
"""
"""Import modules and answer with name → its exports and their types, or the error."""

Graph = dict[str, set[str]]


@cache
def sources() -> dict[str, str]:
    """Return every module's path below components/ and its text."""
    return {path.relative_to(COMPONENTS).as_posix(): path.read_text("utf-8") for path in COMPONENTS.rglob("*.js")}


def imported(name: str, source: str) -> set[str]:
    """Return the paths that a module imports."""
    static = re.findall(r'^(?:import|export)\s(?:[^;"=()]*?\sfrom\s)?"([^"]+)";', source, re.MULTILINE)
    late = re.findall(r'\bimport\("([^"]+)"\)', source)
    return {resolved(name, written) for written in static + late}


def resolved(name: str, written: str) -> str:
    """Return the path below components/ of an import in a module."""
    assert written.startswith("."), f"{name} imports {written}: nothing outside components/ is served"
    parts: list[str] = list(PurePosixPath(name).parent.parts)
    for part in PurePosixPath(written).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


@cache
def graph() -> Graph:
    """Return every module with its imports."""
    return {name: imported(name, source) for name, source in sources().items()}


def circles(modules: Graph) -> list[list[str]]:
    """Return the circular imports."""
    found: list[list[str]] = []
    done: set[str] = set()

    def visit(name: str, way: list[str]) -> None:
        if name in way:
            found.append([*way[way.index(name) :], name])
        elif name not in done:
            for other in sorted(modules.get(name, ())):
                visit(other, [*way, name])
            done.add(name)

    for name in sorted(modules):
        visit(name, [])
    return found


def reaching_up(modules: Graph) -> list[str]:
    """Return the imports from higher layers, and those from one lesson to another."""

    def height(name: str) -> int:
        return LAYERS.index(name.split("/", maxsplit=1)[0])

    def lesson(name: str) -> str:
        return name.split("/")[1] if name.startswith("lessons/") else ""

    return [
        f"{name} imports {other}"
        for name, others in modules.items()
        for other in sorted(others)
        if height(other) > height(name) or (lesson(other) and lesson(other) != lesson(name))
    ]


def reached(modules: Graph, entries: set[str]) -> set[str]:
    """Return the entries and all their direct and indirect imports."""
    found: set[str] = set()
    waiting = set(entries)
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= modules[name] - found
    return found


def test_every_module_loads_and_finds_what_it_imports():
    loaded = in_node(LOADED, sorted(sources()))
    assert {name: said for name, said in loaded.items() if isinstance(said, str)} == {}
    assert len(loaded) > 90


def test_a_module_that_asks_for_what_is_not_exported_is_noticed():
    with pytest.raises(RuntimeError, match="does not provide an export named 'written'"):
        in_node('import { written } from "./browser/numbers.js";\nanswer(written);')


def test_every_entry_hands_a_function_to_streamlit():
    entries = sorted({component.entry for component in registered().values()})
    assert {name: said.get("default") for name, said in in_node(LOADED, entries).items()} == dict.fromkeys(
        entries, "function"
    )


def test_every_import_names_a_module_that_is_there():
    assert {other for others in graph().values() for other in others} <= set(sources())
    assert {"browser/colours.js", "player/player.js"} <= graph()["player/stage.js"]


def test_no_module_lies_there_that_nothing_loads():
    entries = {*SCRIPTS, *(component.entry for component in registered().values())}
    assert set(sources()) - reached(graph(), entries) == set()


def test_modules_import_in_no_circle():
    assert circles(graph()) == []


def test_no_module_imports_from_above_or_from_another_lesson():
    assert reaching_up(graph()) == []


def test_the_rules_notice_a_circle_and_every_wrong_direction():
    source = """
import { one } from "../other/one.js";
import {
  two,
  three,
} from "./two.js";
import "../bare.js";
export const text = "./no.js"; // import "./no.js"
export { four } from "./four.js";
const late = await import("./late.js");
"""
    names = {"lessons/other/one.js", "lessons/dense/two.js", "lessons/bare.js"}
    names |= {"lessons/dense/four.js", "lessons/dense/late.js"}
    assert imported("lessons/dense/a.js", source) == names
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == [["b", "c", "b"]]
    assert circles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
    wrong = {"browser/a.js": {"player/b.js"}, "lessons/dense/a.js": {"lessons/loss/b.js"}}
    assert reaching_up(wrong) == [
        "browser/a.js imports player/b.js",
        "lessons/dense/a.js imports lessons/loss/b.js",
    ]
    right = {"lessons/dense/a.js": {"lessons/dense/b/c.js", "photo/d.js"}, "player/a.js": {"browser/b.js"}}
    assert reaching_up(right) == []
