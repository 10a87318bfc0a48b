"""SECURITY.md lists the threats, each with the test that holds it: each of these tests is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = [line for line in (ROOT / "SECURITY.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
THREATS = [row for row in ROWS if not row.startswith("| Threat |")]
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_threats_are_listed():
    assert len(THREATS) > 20


@pytest.mark.parametrize("row", THREATS, ids=lambda row: row.split("|")[1].strip()[:60])
def test_every_threat_names_tests_that_are_there(row: str):
    threat, held_by, tests = (cell.strip() for cell in row.strip().strip("|").split("|"))
    assert threat
    assert held_by
    named = TEST.findall(tests)
    assert named, "which test holds it?"
    for file, name in named:
        assert (ROOT / file).is_file(), file
        assert name.startswith("test_"), f"{file}: which test?"
        assert name in names_in(file), f"{file} has no {name}"
