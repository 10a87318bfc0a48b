"""/dense in a browser, with a real engine: features are silenced and moved, and the answer is what Keras says then."""

import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from components.lessons.dense.board import order_of
from models.networks.dense_layer import dense_layer, dense_rows
from models.networks.network_map import layer_maps
from models.pictures.samples import DEFAULT, sample
from tests.e2e.pixels import CAT, DOG, GROUND, assert_same_picture, look, near, signed_colours
from tests.e2e.visitor import PHONE, number, open_act, upload, wait_for_photo

ANSWERED = 90_000
"""Milliseconds until the engine has started, loaded TensorFlow and answered."""
IMAGENET = "efficientnet-lite0"
PHOTO = sample(DEFAULT).pixels


def drawn(page: Page) -> Page:
    """Wait until the board has the numbers for the choices."""
    expect(page.locator(".dense-board[data-ready]")).to_be_attached(timeout=ANSWERED)
    return page


def sigmoid(z: float) -> float:
    return float(1 / (1 + np.exp(-z)))


def written(page: Page, name: str) -> float:
    return float(page.get_by_test_id(f"dense-{name}").inner_text().replace("\u2212", "-"))


def check_curve(page: Page, terms: np.ndarray, silent: int) -> None:
    """Check that the terms are in ascending order, dogs' upwards and cats' downwards, without the silenced one."""
    drawing = look(page.locator(".dense-board .curve canvas"))
    order = [place for place in np.argsort(terms, kind="stable") if terms[place] != 0]
    middle = (drawing.height - round(0.16 * drawing.height)) / 2
    for place, feature in enumerate(order):
        x = (place + 0.4) * drawing.width / len(order)
        tall = float(terms[feature]) / np.abs(terms).max() * (middle - 1)
        above, below = (drawing.rows(colour, x) for colour in (DOG, CAT))
        ends = above if tall > 0 else below
        assert (below if tall > 0 else above).size == 0, place
        if feature == silent:
            assert ends.size == 0
        elif abs(tall) > 4:
            end = ends.min() if tall > 0 else ends.max()
            assert end == pytest.approx(middle - tall, abs=2), place
            beyond = middle - tall - np.sign(tall) * 3
            assert beyond > 2 * middle or near(drawing.at(x, beyond), GROUND), place  # the rows' marks are below


def check_balance(page: Page, terms: np.ndarray, z: float) -> list[int]:
    """Check that the strongest of each side are shown, and what all add up to; return the rows' features."""
    order = order_of(terms, "sides", z)[:10].tolist()
    rows = page.locator(".rows .term")
    expect(rows).to_have_count(10)
    assert [int(row.get_attribute("data-feature") or -1) for row in rows.all()] == order
    assert number(page.get_by_test_id("dense-all")) == pytest.approx(terms.sum(), abs=1e-5)
    lesson = page.get_by_test_id("dense-lesson")
    share = 100 * np.abs(terms).max() / np.abs(terms).sum()
    expect(lesson).to_contain_text(f"map {np.abs(terms).argmax() + 1}, is {share:.1f}\u00a0% of all")
    # The rows lean to the side of the prediction, or the page says who decides.
    assert ("lean to the other side" in lesson.inner_text()) == (np.sign(terms[order].sum()) != np.sign(z))
    return order


def check_looked_at(page: Page, layer: str, feature: int) -> None:
    """Check that the feature's map has the colours of its signs, and that the photo is clear where it is largest."""
    numbers = layer_maps(PHOTO, "convnet", layer, [feature])[..., 0]
    picture, veil = (look(canvas) for canvas in page.locator(".dense-board .look canvas").all())
    assert_same_picture(picture, signed_colours(numbers, float(np.abs(numbers).max())), 4)
    shade = 215 * (1 - np.maximum(numbers, 0) / numbers.max())
    covered = (shade / 255)[..., np.newaxis]
    assert_same_picture(veil, np.array(GROUND) * (1 - covered) + 128 * covered, 4)


def test_silenced_and_moved_features_change_the_answer_at_once_and_leads_to_their_map(open_page, app, picture):
    page = drawn(open_page("/dense", host=app))
    told = dense_layer(PHOTO, "convnet")
    terms = told["x"].astype(float) * told["weights"]
    z, strongest = float(told["logits"][0]), int(np.abs(terms).argmax())
    logit, answer = page.get_by_test_id("dense-logit"), page.get_by_test_id("dense-answer")
    assert number(logit) == pytest.approx(z, abs=1e-5)
    assert number(answer) == pytest.approx(max(told["probabilities"]), abs=1e-5)
    order = check_balance(page, terms, z)
    assert number(page.get_by_test_id(f"term-{strongest}")) == pytest.approx(terms[strongest], abs=1e-6)
    # The displayed numbers add up.
    assert written(page, "shown") + written(page, "rest") + written(page, "bias") == pytest.approx(
        written(page, "logit")
    )
    check_curve(page, terms, silent=-1)
    check_looked_at(page, told["maps"], order[0])
    assert "heading-order" not in {found["id"] for found in Axe().run(page).response["violations"]}
    page.get_by_label(f"Use map {strongest + 1}", exact=True).uncheck()
    check_curve(page, terms, silent=strongest)
    assert number(logit) == pytest.approx(z - terms[strongest], abs=1e-5)
    # A bar is a slider: the arrow keys change its weight, and the number field shows it exactly.
    second = int(np.argsort(-np.abs(terms))[1])
    bar = page.get_by_label(f"Term of map {second + 1}: move its weight")
    before = number(logit)
    bar.press("ArrowRight")
    assert number(logit) > before
    page.get_by_label(f"Weight of map {second + 1}", exact=True).fill("2")
    expected = z - terms[strongest] + float(told["x"][second]) * (2 - float(told["weights"][second]))
    assert number(logit) == pytest.approx(expected, abs=1e-5)
    assert number(page.get_by_test_id("dense-activation")) == pytest.approx(sigmoid(expected), abs=1e-5)
    expect(page).to_have_url(re.compile(f"silent={strongest}&weights={second}~2"))
    # Changes belong to the network: they stay with another photo, which never shows the old photo's numbers.
    upload(page, "new.jpg", picture(3))
    wait_for_photo(page, "new.jpg")
    drawn(page)
    expect(page.get_by_label("Reset")).to_be_enabled()
    expect(logit).not_to_have_attribute("data-value", str(expected))
    page.get_by_label("Reset").click()
    expect(page).not_to_have_url(re.compile("silent="))
    notations = open_act(page, "3 Notations")
    expect(notations.locator(".notations")).to_be_visible()
    bias = page.locator(".net .node[data-parts=b]").first
    bias.hover()
    expect(page.locator(".notations .card:has([data-parts~=b].lit)")).to_have_count(5)
    # From a feature to its map in the network, with the same photo.
    page.locator(".term .thumb").nth(2).click()
    expect(page.locator(".look figure")).to_have_count(2)
    way = page.get_by_role("link", name="Open it in the network map")
    asked = parse_qs(urlsplit(way.get_attribute("href") or "").query)
    assert (asked["network"], asked["layer"]) == (["convnet"], ["block4_relu"])
    way.click()
    expect(page).to_have_url(re.compile(f"/convnet.*layer=block4_relu&map={asked['map'][0]}"))
    wait_for_photo(page, "new.jpg")


def test_one_class_of_a_thousand_on_a_phone_and_all_notations_at_once(open_page, app):
    link = f"/dense?network={IMAGENET}&layer=answer&map=285"
    page = drawn(open_page(link, host=app, viewport=PHONE))
    told = dense_layer(PHOTO, IMAGENET, "answer", 285)
    logit = page.get_by_test_id("dense-logit")
    assert number(logit) == pytest.approx(float(told["logits"][285]), abs=1e-5)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    strongest = int(np.abs(told["x"] * told["weights"]).argmax())
    page.get_by_label(f"Use map {strongest + 1}", exact=True).uncheck()
    row = dense_rows(PHOTO, IMAGENET, "answer", [strongest])["kernel"][0]
    logits = told["logits"].astype(float) - float(told["x"][strongest]) * row
    shares = np.exp(logits) / np.exp(logits).sum()
    assert number(page.get_by_test_id("dense-activation")) == pytest.approx(float(shares[285]), abs=1e-5)
    assert number(page.get_by_test_id("dense-answer")) == pytest.approx(float(shares.max()), abs=1e-5)
    # The smallest phones show every value whole.
    page.set_viewport_size({"width": 320, "height": 640})
    values = page.locator(".rows .term > .value, .line > .value")
    assert values.evaluate_all("all => all.every((one) => one.getBoundingClientRect().right <= innerWidth - 8)")
    assert values.evaluate_all("all => all.every((one) => one.scrollWidth <= one.clientWidth || !one.clientWidth)")
    page.set_viewport_size({"width": 390, "height": 844})
    # Another page of terms: the silenced one is among the rest now, and counts there.
    page.get_by_label("Next terms").click()
    expect(page.locator(".page")).to_have_text("11–20 of 1,280")
    assert number(logit) == pytest.approx(float(logits[285]), abs=1e-5)
    open_act(page, "3 Notations")
    weights = page.locator(".notations").get_by_role("button", name="W, weights")
    weights.focus()
    expect(page.locator(".notations .card:has([data-parts~=w].lit)")).to_have_count(5)
    expect(page.locator(".net .lit")).to_have_count(12)
    weights.press("Enter")
    expect(page).to_have_url(re.compile("notation-part=w"))
