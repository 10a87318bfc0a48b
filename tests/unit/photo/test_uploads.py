"""components/photo/uploads.py: a name is shown as it is, whatever Markdown would make of it."""

import re

import pytest

from components.photo.uploads import plain

MEANT = re.compile(r"(?<!\\)(?:\\\\)*[`*_{}\[\]()<>#|$~:&!]")
"""A sign that Markdown reads: one that no backslash stands before."""


@pytest.mark.parametrize(
    "name",
    [
        "![x](http://example.org/x.png)",
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        ":red[x] :material/home: $x$ ~~x~~ **x** _x_ `x` | x |",
        "&lt;b&gt; &#60; !",
        "\\[x](y)",
        "a\\b",
    ],
)
def test_nothing_in_a_name_is_markup(name):
    assert not MEANT.search(plain(name))
    assert re.sub(r"\\(.)", r"\1", plain(name)) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\n\n# b", "a \\# b"),
        ("a\r\nb\tc\x00d\x1b[31m", "a b c d \\[31m"),
        ("a\u2028b\x85c", "a b c"),
        ("- a", "\\- a"),
        ("  + a", "  \\+ a"),
        ("=== a", "\\=== a"),
        ("1. a", "1\\. a"),
        ("0.5 of a-b", "0.5 of a-b"),
    ],
)
def test_a_name_is_one_line_and_begins_no_list(name, shown):
    assert plain(name) == shown
