"""The browser's half of the app: every JavaScript file under `components/`, served as the ES module that it is.

The pages' style sheet and fonts go the same way.

A module's address holds a digest of all of them, so browsers keep them for good and a changed file is a new address.
Nothing is bundled or built: the browser follows the files' own imports.
"""

import gzip
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

COMPONENTS = Path(__file__).resolve().parents[1]
ASSETS = COMPONENTS.parent / "assets"
FONTS = ASSETS / "fonts"
SHEETS = ("theme.css", "bar.css", "acts.css", "icons.css", "boards.css", "heights.css")
"""In `assets/`; with every lesson's `page.css` they are the style sheet of all pages."""

STYLE_SHEET = "course.css"
PREFIX = "course-js"
_KINDS = {"js": "text/javascript", "woff2": "font/woff2", "css": "text/css"}
_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


class Modules(NamedTuple):
    """All modules, fonts and the style sheet as they were when the app started.

    Attributes:
        digest: of all their bytes and names.
        files: path below `components/`, or another file's name → (bytes, bytes gzipped, b"" where that does not pay).
    """

    digest: str
    files: dict[str, tuple[bytes, bytes]]


@cache
def modules() -> Modules:
    """Return every module, the fonts and the style sheet; they are read and compressed once."""
    digest = hashlib.sha256()
    files = {}
    for path in sorted(COMPONENTS.rglob("*.js")):
        name, source = path.relative_to(COMPONENTS).as_posix(), path.read_bytes()
        digest.update(f"{name} {len(source)} ".encode() + source)
        files[name] = (source, gzip.compress(source, mtime=0))
    for path in sorted(FONTS.glob("*.woff2")):  # compressed as it is
        digest.update(path.read_bytes())
        files[path.name] = (path.read_bytes(), b"")
    sheets = [*(ASSETS / name for name in SHEETS), *sorted(COMPONENTS.glob("lessons/*/page.css"))]
    style = b"".join(path.read_bytes() for path in sheets)
    digest.update(style)
    files[STYLE_SHEET] = (style, gzip.compress(style, mtime=0))
    return Modules(digest.hexdigest()[:16], files)


def address(entry: Path) -> str:
    """Return the address of a module on this server, from the root and with Streamlit's base path.

    Args:
        entry: the module's file, below `components/`.
    """
    name = entry.relative_to(COMPONENTS).as_posix()
    return f"{base_path()}/{PREFIX}/{modules().digest}/{name}"


def route() -> Route:
    """Return the route that serves the modules, under Streamlit's base path if it has one."""
    return Route(f"{base_path()}/{PREFIX}/{{digest}}/{{name:path}}", _serve, methods=["GET"])


def accepts_gzip(accepted: str) -> bool:
    """Return whether an Accept-Encoding header names gzip without refusing it (";q=0" does; RFC 9110, 12.5.3)."""
    return re.search(r"(^|[,\s])gzip\s*(,|$|;(?!\s*q=0(\.0*)?\s*(,|$)))", accepted) is not None


async def _serve(request: Request) -> Response:
    digest, files = modules()
    name = request.path_params["name"]
    # An older page must not get half of a newer set of modules: it has to load anew.
    if request.path_params["digest"] != digest or name not in files:
        return Response("There is no such module.", status_code=404, headers={"Cache-Control": "no-store"})
    source, zipped = files[name]
    compressed = bool(zipped) and accepts_gzip(request.headers.get("accept-encoding", ""))
    encoding = {"Content-Encoding": "gzip"} if compressed else {}
    kind = _KINDS[name.rpartition(".")[2]]
    return Response(zipped if compressed else source, media_type=kind, headers=_HEADERS | encoding)


def base_path() -> str:
    """Return Streamlit's base path with a slash in front, or ""."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""
