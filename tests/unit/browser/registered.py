"""Every component that is handed to Streamlit, as it is handed over."""

import json
import re
import subprocess
import sys
from functools import cache
from typing import NamedTuple

from models.storage import ROOT

# Modules register components when they are imported: all of them, in a process where none is imported yet.
_REGISTERING = """
import importlib, json
from pathlib import Path
import streamlit as st
taken = []
register = st.components.v2.component
st.components.v2.component = lambda name, **given: taken.append((name, given)) or register(name, **given)
for file in sorted(Path("components").rglob("*.py")):
    importlib.import_module(".".join(file.with_suffix("").parts).removesuffix(".__init__"))
print(json.dumps(taken))
"""


class Registered(NamedTuple):
    """A component.

    Attributes:
        entry: path of its module below components/.
        html, css, js: what Streamlit gets.
    """

    entry: str
    html: str
    css: str
    js: str


@cache
def registered() -> dict[str, Registered]:
    """Return all components by their names.

    Raises:
        ValueError: two have the same name, or a script imports no module of the course.
    """
    done = subprocess.run([sys.executable, "-c", _REGISTERING], cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Registered] = {}
    for name, given in json.loads(done.stdout):
        entry = re.search(r'import\(location\.origin \+ "/course-js/[0-9a-f]+/(.+)"\)', given["js"])
        if name in found or entry is None:
            raise ValueError(f"{name} is registered twice, or imports no module.")
        found[name] = Registered(entry[1], given["html"], given.get("css") or "", given["js"])
    return found
