"""components/browser/serving.py: every module is served once and for good, and nothing else is."""

import gzip
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from starlette.applications import Starlette
from streamlit import config

from components.browser import component, serving
from tests.node import COMPONENTS, in_node
from tests.unit.asgi import Answer, get

NUMBERS = COMPONENTS / "browser" / "numbers.js"
NAMES = sorted(path.relative_to(COMPONENTS).as_posix() for path in COMPONENTS.rglob("*.js"))


@pytest.fixture(params=["", "pets", "/class/pets/"])
def base(request: pytest.FixtureRequest) -> Iterator[str]:
    """Set the server's base path and return it as in an address."""
    before = config.get_option("server.baseUrlPath")
    config.set_option("server.baseUrlPath", request.param)
    yield "/" + request.param.strip("/") if request.param else ""
    config.set_option("server.baseUrlPath", before)


def ask(address: str, **options: str) -> Answer:
    """Request an address from an app that serves only the modules; the path is decoded, as by a web server."""
    return get(Starlette(routes=[serving.route()]), unquote(address), **options)


@pytest.mark.parametrize("name", NAMES)
def test_every_module_comes_whole_and_is_kept_for_good(name):
    source = (COMPONENTS / name).read_bytes()
    for accepted in ("gzip, deflate, br", "identity"):
        answer = ask(serving.address(COMPONENTS / name), accept_encoding=accepted)
        zipped = accepted.startswith("gzip")
        assert answer.status == 200
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["content-length"] == str(len(answer.body))
        assert answer.headers.get("content-encoding") == ("gzip" if zipped else None)
        assert (gzip.decompress(answer.body) if zipped else answer.body) == source


@pytest.mark.parametrize(
    ("accepted", "zipped"),
    [("gzip", True), ("br, gzip;q=0.5", True), ("gzip;q=0", False), ("br", False), ("x-gzip", False), ("", False)],
)
def test_who_refuses_gzip_gets_plain_text(accepted, zipped):
    answer = ask(serving.address(NUMBERS), accept_encoding=accepted)
    assert ("content-encoding" in answer.headers) == zipped


def test_the_addresses_lie_below_the_servers_base_path(base):
    address = serving.address(NUMBERS)
    assert address == f"{base}/course-js/{serving.modules().digest}/browser/numbers.js"
    assert ask(address).status == 200
    assert ask("/elsewhere" + address).status == 404
    if base:
        assert ask(address.removeprefix(base)).status == 404


def test_a_question_for_the_head_alone_is_answered_and_nothing_can_be_sent():
    address = serving.address(NUMBERS)
    head, whole = ask(address, method="HEAD"), ask(address)
    assert (head.status, head.headers) == (200, whole.headers)
    assert ask(address, method="POST").status == 405


@pytest.mark.parametrize(
    "name",
    [
        *("", "browser/", "browser/none.js", "browser/serving.py", "browser/controls.css", "Browser/numbers.js"),
        *("../app.py", "../components/browser/numbers.js", "browser/../browser/numbers.js", "/browser/numbers.js"),
        *("%2e%2e/app.py", "..%2fapp.py", "browser/%2e%2e/browser/numbers.js", "browser\\numbers.js"),
        *("//etc/passwd", "browser/numbers.js%00", "browser/numbers.js/"),
    ],
)
def test_nothing_but_the_modules_is_served(name):
    answer = ask(f"/course-js/{serving.modules().digest}/{name}")
    assert answer.status == 404
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("digest", ["0123456789abcdef", "", "..", "latest"])
def test_a_page_from_before_a_change_gets_none_of_the_new_modules(digest):
    answer = ask(f"/course-js/{digest}/browser/numbers.js")
    assert answer.status == 404
    assert "immutable" not in answer.headers.get("cache-control", "")


def test_the_digest_changes_with_any_modules_text_or_name(tmp_path, monkeypatch):
    monkeypatch.setattr(serving, "COMPONENTS", tmp_path)
    digests = []
    for files in ({"a.js": "1;"}, {"a.js": "2;"}, {"b.js": "2;"}, {"a.js": "2;", "b/c.js": ""}, {"a.js": "1;"}):
        for old in tmp_path.rglob("*.js"):
            old.unlink()
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text)
        digests.append(serving.modules.__wrapped__().digest)
    assert len(set(digests)) == 4
    assert digests[0] == digests[-1]


def test_streamlit_gets_lines_that_import_the_entry_and_say_when_it_has_drawn(monkeypatch, base):
    taken: dict[str, str] = {}
    monkeypatch.setattr("streamlit.components.v2.component", lambda name, **given: taken.update(name=name, **given))
    component("numbers", NUMBERS, html="<p></p>", css=[COMPONENTS / "browser" / "controls.css"])
    first, rest = taken["js"].split("\n", 1)
    assert first == f'const {{ default: show }} = await import(location.origin + "{serving.address(NUMBERS)}");'
    # Those lines in Node: a board without a stage is drawn at once, one whose stage has no data yet is not.
    acts = f"""
        const marks = [];
        const host = {{ setAttribute: (name) => marks.push(name) }};
        const show = ({{ parentElement }}) => parentElement.name;
        {rest.replace("export default", "const wrapped =")}
        const place = (name, stage) => ({{ parentElement: {{ name, host, querySelector: () => stage }} }});
        const left = [wrapped(place("waits", {{}})), marks.length, wrapped(place("drawn", null)), marks];
        answer(left);
    """
    assert in_node(acts) == ["waits", 0, "drawn", ["data-drawn"]]
    assert taken["html"] == "<p></p>\n"
    assert taken["css"].startswith((COMPONENTS / "browser" / "controls.css").read_text("utf-8"))
