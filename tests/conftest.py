"""What all tests share: a runs folder of their own, and the libraries that the app's numbers are compared with."""

import os
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace

import pytest
from hypothesis import settings

settings.register_profile("busy machine", deadline=None)  # a test is right or wrong, not late
settings.load_profile("busy machine")


@pytest.fixture(scope="session", autouse=True)
def runs_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the runs and prepared pictures of tests and their child processes out of the project's own folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RUNS_DIR", str(tmp_path_factory.mktemp("runs")))
        yield


@pytest.fixture(scope="session", autouse=True)
def installed_components() -> Iterator[None]:
    """Let Streamlit look for components in all packages once: AppTest would take half a second for it a visitor."""
    from streamlit.components.v2 import manifest_scanner

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session", autouse=True)
def uncleared_keras() -> Iterator[None]:
    """Let no page's run clear Keras: Streamlit does so where Keras is loaded, as in these processes and no web process.

    It takes a third of a second each time, and TensorFlow forgets what it has compiled.
    """
    from streamlit.runtime.scriptrunner import script_runner

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(script_runner, "_clean_problem_modules", lambda: None)
        yield


@pytest.fixture(scope="session")
def library() -> SimpleNamespace:
    """TensorFlow and Keras, imported when the first test asks for them: that takes seconds."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras
    import tensorflow as tf

    return SimpleNamespace(tf=tf, keras=keras)


@pytest.fixture
def unpacked_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unpack runs in this process, not in one of its own as tests/unit/models/runs/test_unpacking.py does."""
    from models.runs import transfer, unpacking

    monkeypatch.setattr(
        transfer,
        "_unpacked_apart",
        lambda source, target, *, stranger: unpacking.problem_with(str(source), str(target), stranger),
    )
