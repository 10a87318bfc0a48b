"""Imported in a Streamlit server: every script run then prints how long it took."""

import sys
import time

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

MARK = "script run, milliseconds on the clock and on the processor:"

_run_script = ScriptRunner._run_script


def _run_and_print(self: ScriptRunner, rerun_data: RerunData) -> None:
    begun, busy = time.perf_counter(), time.thread_time()
    try:
        _run_script(self, rerun_data)
    finally:
        passed, worked = time.perf_counter() - begun, time.thread_time() - busy
        print(f"{MARK} {passed * 1000:.3f} {worked * 1000:.3f}", file=sys.stderr, flush=True)


ScriptRunner._run_script = _run_and_print  # type: ignore[method-assign]
