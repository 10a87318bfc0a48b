"""Run the browser's modules without a browser, in the Node.js that Playwright's package brings."""

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from playwright._impl._driver import compute_driver_executable

ROOT = Path(__file__).resolve().parents[1]
COMPONENTS = ROOT / "components"

FAKE_CLOCK = """
    let now = 0;
    let timers = [];
    globalThis.setTimeout = (act, wait) => {
      const timer = { act, at: now + wait };
      timers.push(timer);
      return timer;
    };
    globalThis.clearTimeout = (gone) => {
      timers = timers.filter((timer) => timer !== gone);
    };
    /** Let milliseconds go by. */
    const pass = (wait) => {
      const end = now + wait;
      for (;;) {
        const due = timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
        if (!due) break;
        clearTimeout(due);
        now = due.at;
        due.act();
      }
      now = end;
    };
"""
"""JavaScript: timers wait until `pass(milliseconds)` lets the time `now` go by."""


@cache
def node() -> str:
    """Return the path of Node.js, which comes with the tests' packages."""
    return str(compute_driver_executable()[0])


def in_node(code: str, told: Any = None) -> Any:
    """Run a module given as text in the components' folder, and return the value that it passes to `answer`.

    Args:
        code: JavaScript that may import "./lessons/…" or "./browser/…", like a file in `components/`. Its variable
            `told` is the argument of this name, and `answer(value)` returns a value.
        told: any JSON value.

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
