"""Every page opens, says what it is about and leads on."""

import html
import re
import tomllib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.shell.course import COURSE, PAGES, Part, neighbours
from models.pictures.samples import DEFAULT, SAMPLES
from tests.app.visitor import Visitor

ROOT = Path(__file__).resolve().parents[2]
LESSONS = [part for part in COURSE if part.path]


def opened(part: Part) -> Visitor:
    return Visitor().open(part.file.stem)


def links(visitor: Visitor) -> list[tuple[str, str]]:
    """The URL path and the text of each of the page's links."""
    return [(link.proto.page, link.proto.label) for link in visitor.app.get("page_link")]


@pytest.fixture(scope="module", params=COURSE, ids=lambda part: part.file.stem)
def part(request) -> Part:
    return request.param


@pytest.fixture(scope="module")
def page(part) -> Visitor:
    """A page that has just been opened. The tests share it and must not change it."""
    return opened(part)


def test_a_page_opens_without_an_error(page):
    assert [error.message for error in page.app.exception] == []
    assert [error.value for error in page.app.error] == []


def test_a_page_has_one_first_heading_and_skips_no_level(page):
    levels = [level for level, _ in page.headings]
    assert levels.count(1) == 1
    assert set(levels) == set(range(1, max(levels) + 1))


def test_a_page_says_its_idea_in_one_line_below_its_heading(page):
    idea = re.search(r"</h1><p>(.*?)</p>", page.markup)
    assert idea is not None
    assert len(html.unescape(idea[1])) > 40


def test_a_page_shows_the_sample_and_how_to_choose_a_photo_of_ones_own(page):
    assert SAMPLES[DEFAULT].label in page.markup
    assert page.app.file_uploader[0].key.startswith("photo_upload")
    assert {button.key for button in page.app.button} >= {f"sample-{sample_id}" for sample_id in SAMPLES}
    assert any("never written to disk" in message for message in page.messages)


def test_a_page_carries_the_projectors_sheet_only_when_it_is_projected(page):
    assert (ROOT / "assets" / "projector.css").read_text(encoding="utf-8") not in page.markup


def test_the_bar_leads_to_every_part_and_names_the_one_that_is_open(page, part):
    segments = {path: label for path, label in links(page) if re.match(r"\d+b? \*", label)}
    assert list(segments) == [other.path for other in LESSONS if other is not part]
    assert all(
        segments[other.path].startswith(f"{other.number} *{other.title}*") for other in LESSONS if other is not part
    )
    here = f"{part.number} *of 12* {part.title}" if part.number else part.title
    assert next(one.proto.popover.label for one in page.app.get("popover")) == here
    assert f'aria-current="page">{part.label}</p>' in page.markup


def test_a_page_is_called_the_same_in_bar_list_and_title(page, part):
    if part.path:
        assert [text for level, text in page.headings if level == 1] == [part.title]


def test_a_page_leads_to_the_ones_before_and_after_it(page, part):
    before, after = neighbours(part)
    ways = [way for way in links(page) if way[1].startswith("←") or way[1].endswith("→")]
    expected = [(before.path, f"← {before.label}")] if before else []
    expected += [(after.path, f"{after.label} →")] if after else []
    assert ways == expected


def test_every_widget_has_a_name_that_a_screen_reader_can_say(page):
    widgets = (*page.app.button, *page.app.file_uploader, *page.app.radio, *page.app.toggle, *page.app.selectbox)
    assert [widget for widget in widgets if not widget.label.strip()] == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda part: part.path)
def test_a_lesson_has_its_parts_and_ends_with_a_question(lesson):
    visitor = opened(lesson)
    headings = {text for _, text in visitor.headings}
    assert {lesson.title, "Predict, then look", "Reference"} <= headings
    assert [tab.label for tab in visitor.app.tabs][:3] == ["The formula", "The same in Keras", "What to notice"]
    assert len(re.findall("<li>", visitor.markup)) >= 3
    assert visitor.data("formula")["mathml"].startswith("<m")
    assert "keras." in visitor.data("keras_lines")["code"]
    assert len(visitor.app.radio) >= 1


def test_the_home_page_maps_every_lesson_in_teaching_order(visitor):
    visitor.open("home")
    labels = {lesson.label for lesson in LESSONS}
    cards = [(path, label) for path, label in links(visitor) if label in labels]
    assert cards[-len(LESSONS) :] == [(lesson.path, lesson.label) for lesson in LESSONS]
    assert all(html.escape(lesson.summary) in visitor.markup for lesson in LESSONS)


def test_the_start_button_opens_the_first_lesson(visitor):
    visitor.open("home").click("start")
    assert (1, LESSONS[0].title) in visitor.headings
    assert not visitor.app.exception


def test_every_page_of_the_course_is_a_file_and_every_file_is_in_the_course():
    assert {part.file for part in COURSE} == set(PAGES.glob("*.py"))
    assert len({part.title for part in COURSE}) == len(COURSE)


# The question ---------------------------------------------------------------------------------------------------------


def test_the_question_says_nothing_before_a_choice(on_convolution):
    assert on_convolution.app.radio[0].value is None
    assert not on_convolution.app.success
    assert not on_convolution.app.info


def test_the_right_answer_is_confirmed_and_explained(on_convolution):
    on_convolution.app.radio[0].set_value("124 × 124").run()
    (box,) = on_convolution.app.success
    assert box.value.startswith("Yes. ")
    assert "128 − 5 + 1 = 124" in box.value
    assert not on_convolution.app.info


@pytest.mark.parametrize("answer", ["128 × 128", "126 × 126", "64 × 64"])
def test_a_wrong_answer_is_corrected_and_explained(on_convolution, answer):
    on_convolution.app.radio[0].set_value(answer).run()
    (box,) = on_convolution.app.info
    assert box.value.startswith("Not quite: the answer is “124 × 124”. ")
    assert "128 − 5 + 1 = 124" in box.value
    assert not on_convolution.app.success


# When something goes wrong --------------------------------------------------------------------------------------------


def test_a_visitor_never_sees_what_an_error_says_inside():
    app = AppTest.from_string("raise RuntimeError('the secret of /srv/app')", default_timeout=60).run()
    (shown,) = app.exception
    assert "secret" not in shown.message
    assert shown.stack_trace == []
    assert not any("secret" in str(getattr(element, "value", "")) for element in app.main)


def test_the_settings_keep_visitors_private_and_links_at_home():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["client"]["showErrorDetails"] == "none"
    assert settings["client"]["showErrorLinks"] is False
    assert settings["browser"]["gatherUsageStats"] is False
