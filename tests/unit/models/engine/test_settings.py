"""A setting that says nothing useful is as if it were not there."""

import pytest

from models.engine.settings import seconds


@pytest.mark.parametrize(
    ("said", "found"),
    [("2.5", 2.5), (" 30 ", 30.0), ("", 7.0), ("soon", 7.0), ("0", 7.0), ("-3", 7.0), ("nan", 7.0), ("inf", 7.0)],
)
def test_seconds(monkeypatch, said, found):
    monkeypatch.setenv("ENGINE_TEST_SECONDS", said)
    assert seconds("ENGINE_TEST_SECONDS", 7.0) == found


def test_seconds_that_nobody_set(monkeypatch):
    monkeypatch.delenv("ENGINE_TEST_SECONDS", raising=False)
    assert seconds("ENGINE_TEST_SECONDS", 7.0) == 7.0
