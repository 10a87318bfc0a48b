"""Run the browser's modules without a browser, in the Node.js that Playwright's package brings."""

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from playwright._impl._driver import compute_driver_executable

ROOT = Path(__file__).resolve().parents[1]
COMPONENTS = ROOT / "components"


@cache
def node() -> str:
    """Return the path of Node.js. It comes with the tests' packages, so no test has to do without it."""
    return str(compute_driver_executable()[0])


def in_node(code: str, told: Any = None) -> Any:
    """Run a module's text beside the components and return what it hands to `answer`.

    Args:
        code: JavaScript that may import "./lessons/…" or "./browser/…" as a file in `components/` would; `told` is
            what it was told, and `answer(value)` hands a value back.
        told: anything that fits into JSON.

    Raises:
        RuntimeError: the module could not be run; the message holds what Node printed.
    """
    lead = 'import { readFileSync } from "node:fs";\nconst told = JSON.parse(readFileSync(0, "utf8"));\n'
    tail = "\nfunction answer(value) {\n  process.stdout.write(JSON.stringify(value));\n}\n"
    run = subprocess.run(
        [node(), "--input-type=module", "-e", lead + code + tail],
        cwd=COMPONENTS,
        input=json.dumps(told),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if run.returncode != 0:
        raise RuntimeError(run.stderr)
    return json.loads(run.stdout) if run.stdout else None
