"""What each folder may do: its imports (contracts in pyproject.toml), and what no contract on imports can say.

The latter is read from the syntax trees, and each of these rules is also shown a small file that breaks it.
"""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.datasets import dogs_vs_cats

ROOT = Path(__file__).resolve().parents[2]
PAGE_IMPORTS = {"streamlit", "components", "models", "numpy", "collections", "typing"}
UNWANTED = {"tensorflow", "keras", "tf_keras", "torch", "jax", "pandas"}
FILE_CALLS = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "load", "save", "fromfile", "tofile"}
NAVIGATION = {"navigation", "Page", "page_link", "switch_page"}
DOWNLOADS = {
    # These are fetched only on request, by a command or a button.
    "models/datasets/dogs_vs_cats.py": [dogs_vs_cats.URL],
}
NAMESPACES = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/1998/Math/MathML")


def files(*folders: str, ending: str = ".py") -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob(f"*{ending}"))]
    assert found, f"no {ending} files in {folders}: this test looks in the wrong place"
    return found


def named(paths: list[Path]) -> list:
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in paths]


MODELS = files("models")
COMPONENTS = files("components")
PAGES = files("pages")
APP = [ROOT / "app.py", *COMPONENTS, *PAGES]
BROWSER_FILES = [path for ending in (".js", ".css", ".html") for path in files("components", "assets", ending=ending)]


# Imports and calls of a file ------------------------------------------------------------------------------------------


def imported(tree: ast.AST) -> Iterator[str]:
    """All modules that a file imports, also inside functions or by their names as text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module and not node.level)
        elif isinstance(node, ast.Call) and called(node) in ("import_module", "__import__") and node.args:
            name = node.args[0]
            yield name.value if isinstance(name, ast.Constant) and isinstance(name.value, str) else "?"


def called(node: ast.Call) -> str:
    """The last name in a call: `write_text` for `path.write_text()`."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def dotted(node: ast.expr) -> str:
    return f"{dotted(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else getattr(node, "id", "?")


def top(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


# The rules: source → violations ---------------------------------------------------------------------------------------


def page_breaks(source: str) -> list[str]:
    """What a page does itself instead of leaving it to a component: markup, drawing, files, other packages."""
    tree = ast.parse(source)
    found = [f"imports {module}" for module in imported(tree) if top(module) not in PAGE_IMPORTS]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in FILE_CALLS:
            found.append(f"line {node.lineno}: touches a file with {called(node)}()")
        elif isinstance(node, ast.Attribute) and dotted(node) in ("st.html", "st.components", "st.iframe"):
            found.append(f"line {node.lineno}: {dotted(node)}")
        elif isinstance(node, ast.keyword) and node.arg == "unsafe_allow_html":
            found.append(f"line {node.lineno}: unsafe_allow_html")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            markup = re.search(r"<(canvas|script|style|svg|img|iframe)\b", node.value)
            found += [f"line {node.lineno}: writes {markup[0]}>"] if markup else []
    return found


def page_knowledge(source: str) -> list[str]:
    """A component's references to particular pages."""
    tree = ast.parse(source)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(r"\bpages[/.]\w", node.value):
            found.append(f"line {node.lineno}: names {node.value!r}")
        elif isinstance(node, ast.Call) and called(node) in NAVIGATION:
            found.append(f"line {node.lineno}: {called(node)}()")
    return found


def addresses(text: str) -> list[str]:
    """Addresses of other machines, and code that loads from one, in a file for the browser or Streamlit."""
    found = re.findall(r"(?:https?|wss?|ftp):(?://|\\/\\/)[^\s\"'`)>]*", text)
    found += re.findall(r"[\"'(]//[\w.-]+\.\w+[^\s\"')]*", text)
    # "@import { Name } from …" in a comment of JavaScript names a type, and loads nothing.
    found += re.findall(r"@import(?! \{)[^;]*", text)
    return [address for address in found if address.rstrip("/") not in NAMESPACES]


def addresses_in_strings(source: str) -> list[str]:
    """The same for the strings of a Python file. Docstrings and comments may name their sources."""
    tree = ast.parse(source)
    remarks = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in remarks
    ]
    # If a text names an icon, Streamlit loads the icons' font from the network.
    icons = [icon for text in strings for icon in re.findall(r":material/\w+:?", text)]
    return [address for text in strings for address in addresses(text)] + icons


def missing_docstrings(source: str) -> list[str]:
    """Public classes, functions and methods without a docstring, or with undocumented exceptions."""
    found = []
    pending: list[tuple[str, ast.AST]] = [("", ast.parse(source))]
    while pending:
        prefix, parent = pending.pop()
        for node in ast.iter_child_nodes(parent):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith("_"):
                continue
            name = prefix + node.name
            docstring = ast.get_docstring(node)
            if docstring is None:
                found.append(f"{name} has no docstring")
            elif not isinstance(node, ast.ClassDef) and raises(node) and "Raises:" not in docstring:
                found.append(f"{name} raises, but its docstring does not say when")
            if isinstance(node, ast.ClassDef):
                pending.append((f"{name}.", node))
    return found


def raises(function: ast.AST) -> bool:
    return any(isinstance(node, ast.Raise) and node.exc is not None for node in ast.walk(function))


# The contracts hold ---------------------------------------------------------------------------------------------------


def test_every_import_keeps_the_contracts():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    run = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_contracts_see_every_file():
    """A folder without `__init__.py` would be ignored silently."""
    unseen = {path.parent for path in [*MODELS, *COMPONENTS] if not (path.parent / "__init__.py").is_file()}
    assert unseen == set()


# The rules hold -------------------------------------------------------------------------------------------------------


def test_opening_every_page_leaves_tensorflow_out_of_the_process():
    code = f"""
import importlib, pkgutil, sys
import components
for module in pkgutil.walk_packages(components.__path__, "components."):
    importlib.import_module(module.name)
import app
from streamlit.testing.v1 import AppTest
from components.shell.course import COURSE
visit = AppTest.from_file({str(ROOT / "components" / "shell" / "main.py")!r}, default_timeout=60).run()
for part in COURSE:
    visit.switch_page("../../pages/" + part.file.name).run()
    assert not visit.exception, visit.exception
print("loaded", sorted({UNWANTED!r} & set(sys.modules)), len(COURSE))
"""
    # pandas is not forbidden, but it would cost the first visitor a quarter of a second, and nothing needs it.
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[-1].startswith("loaded [] ")


@pytest.mark.parametrize("path", named(PAGES))
def test_a_page_never_draws_and_never_opens_a_file(path):
    assert page_breaks(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", named([path for path in COMPONENTS if path.parent.name != "shell"]))
def test_a_component_never_knows_which_page_it_is_on(path):
    assert page_knowledge(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", named([*BROWSER_FILES, ROOT / ".streamlit" / "config.toml"]))
def test_no_file_of_the_browser_names_another_machine(path):
    assert addresses(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", named([*APP, *MODELS]))
def test_no_string_of_the_app_names_another_machine(path):
    found = addresses_in_strings(path.read_text(encoding="utf-8"))
    assert found == DOWNLOADS.get(path.relative_to(ROOT).as_posix(), [])


@pytest.mark.parametrize("path", named(MODELS))
def test_what_is_public_in_models_says_what_it_does_and_when_it_raises(path):
    assert missing_docstrings(path.read_text(encoding="utf-8")) == []


# The rules would notice -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "import PIL.Image",
        "from pathlib import Path",
        "import cv2",
        "import streamlit as st\nst.html('<b>bold</b>')",
        "import streamlit as st\nst.components.v2.component('drawing')",
        "import streamlit as st\nst.iframe('x')",
        "import streamlit as st\nst.markdown('x', unsafe_allow_html=True)",
        "text = '<p><canvas></canvas></p>'",
        "text = f'<svg width={3}>'",
        "data = open('photo.jpg').read()",
        "def read(path):\n    return path.read_text()",
        "import numpy as np\nnp.load('weights.npy')",
    ],
)
def test_the_page_rule_notices(line):
    assert page_breaks(line) != []


def test_the_page_rule_lets_a_lesson_be():
    lesson = (
        'import streamlit as st\nfrom components import shell\nshell.lesson("A", "<mi>x</mi>")\nst.write("**B**")\n'
    )
    assert page_breaks(lesson) == []


@pytest.mark.parametrize(
    "line",
    [
        "import streamlit as st\nst.switch_page(target)",
        "import streamlit as st\nst.page_link(target)",
        "path = 'pages/home.py'",
        "module = 'pages.home'",
    ],
)
def test_the_component_rule_notices(line):
    assert page_knowledge(line) != []


@pytest.mark.parametrize(
    "text",
    [
        "fetch('https://example.org/data.json')",
        "<script src='http://example.org/a.js'></script>",
        '<link href="//fonts.example.org/a.css">',
        "background: url(//example.org/a.png);",
        '@import "a.css";',
        "new WebSocket(`wss://example.org`)",
        '{"url": "https:\\/\\/example.org"}',
    ],
)
def test_the_address_rule_notices(text):
    assert len(addresses(text)) == 1


def test_the_address_rule_lets_namespaces_and_comments_be():
    assert (
        addresses(
            '<svg xmlns="http://www.w3.org/2000/svg"> // 3 / 4\n/* a // b */ font: url(data:font/woff2;base64,AA)'
        )
        == []
    )


def test_the_address_rule_reads_strings_but_not_docstrings():
    source = '"""See https://example.org."""\n\ndef f():\n    """Source: https://example.org."""\n    return None\n'
    assert addresses_in_strings(source) == []
    assert addresses_in_strings(source + "URL = 'https://example.org'\n") == ["https://example.org"]
    assert addresses_in_strings("url = f'https://{host}/x'") == ["https://"]
    assert addresses_in_strings("icon = ':material/home:'") == [":material/home:"]


@pytest.mark.parametrize(
    ("source", "finding"),
    [
        ("def f():\n    return 1", "f has no docstring"),
        ("class C:\n    '''C.'''\n    def m(self):\n        return 1", "C.m has no docstring"),
        ("class C:\n    x = 1", "C has no docstring"),
        ("def f():\n    '''F.'''\n    raise ValueError('x')", "f raises, but its docstring does not say when"),
    ],
)
def test_the_docstring_rule_notices(source, finding):
    assert missing_docstrings(source) == [finding]


def test_the_docstring_rule_lets_what_is_documented_or_private_be():
    documented = "def f():\n    '''F.\n\n    Raises:\n        ValueError: always.\n    '''\n    raise ValueError\n"
    assert missing_docstrings(documented + "def _g():\n    return 1\n") == []


def test_json_is_written_without_nan():
    """Python's NaN is no JSON: `models.storage.json_text` writes null; elsewhere, `allow_nan` says what is meant.

    Datasets hold no figures, only names and sizes.
    """
    silent = []
    for path in sorted((*(ROOT / "models").rglob("*.py"), *(ROOT / "components").rglob("*.py"))):
        if path.is_relative_to(ROOT / "models" / "datasets"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) in ("json.dumps", "json.dump", "dumps")):
                continue
            if not any(keyword.arg == "allow_nan" for keyword in node.keywords):
                silent.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert silent == []
