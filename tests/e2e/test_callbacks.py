"""The timeline of hooks in a real browser."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
from playwright.sync_api import Locator, expect

from components.lessons.callbacks.stopping_chart import shipped_curves
from models.answers import HookCall
from models.experiments.hook_plan import shipped_recording
from tests.e2e.pixels import BORDER, GROUND, TEXT, VALIDATION, assert_traced, look, near
from tests.e2e.visitor import choose, number, ready, stage
from tests.stopping_reference import by_keras


def test_steps_show_the_recorded_calls_and_another_fit_asks_for_the_engine(open_page):
    page = ready(open_page("/callbacks"))
    timeline = stage(page, "Timeline of hooks")
    calls = shipped_recording()["calls"]
    current = timeline.locator("[aria-current=step]")
    # It opens where the first batch has ended, with its loss.
    expect(page.get_by_test_id("hook-logs")).to_contain_text(f"loss = {calls[3]['logs']['loss']:.4f}")
    for call in calls[3:7]:
        expect(current).to_have_attribute("data-hook", call["hook"])
        page.keyboard.press("ArrowRight")
    place = next(index for index, call in enumerate(calls) if call["hook"] == "on_epoch_end")
    timeline.get_by_role("slider", name="Call", exact=True).fill(str(place))
    expect(page.get_by_test_id("hook-logs")).to_contain_text(f"val_loss = {calls[place]['logs']['val_loss']:.4f}")
    check_timeline(timeline, calls, place)
    choose(timeline.locator('input[name="steps"][value="5"]'))
    expect(page).to_have_url(re.compile("steps=5"))
    expect(page.get_by_text("Recording another fit needs the engine")).to_be_visible()


def check_timeline(timeline: Locator, calls: Sequence[HookCall], position: int) -> None:
    """Check that each call has its dot, dark if it was made, and that the bars span from a beginning to its end."""
    drawing = look(timeline.locator("canvas[data-part=nest]"))
    axes = drawing.axes(left=6, right=1, top=0, bottom=1.6, x=(0, len(calls) - 1), y=(4, 0))
    y = drawing.height - 0.9 * drawing.rem
    for index in range(len(calls)):
        if abs(index - position) > 1:
            x, _ = axes.place(index, 0)
            assert drawing.shows(TEXT if index < position else BORDER, (x, y)), index
    assert drawing.shows(TEXT, axes.place(position, 3.9))
    rows = {"train": (0, TEXT), "epoch": (1, TEXT), "train_batch": (2, TEXT), "test": (3, VALIDATION)}
    begun: dict[str, int] = {}
    for index, call in enumerate(calls[: position - 1]):
        what, moment = re.fullmatch(r"on_(\w+)_(begin|end)", call["hook"]).groups()  # type: ignore[union-attr]
        if moment == "begin":
            begun[what] = index
        elif what in rows:
            row, colour = rows[what]
            for edge in (begun[what], index):
                side = [drawing.shows(colour, axes.place(edge, row + share)) for share in np.linspace(0.2, 0.8, 13)]
                assert np.mean(side) > 0.3, (what, edge)  # the line around a validation is dashed
            # Between two bars of a row, nothing is filled.
            gap, inside = axes.place(begun[what] - 0.5, row + 0.3), axes.place((begun[what] + index) / 2, row + 0.3)
            assert row == 0 or near(drawing.at(*gap), GROUND, 2), (what, index)
            assert not near(drawing.at(*inside), GROUND, 2), (what, index)


def check_chart(
    chart: Locator, figures: Mapping[str, Sequence[float]], watched: str, last: int, best: int, kept: list[int]
) -> None:
    """Check that curves, stop, best epoch and files are at their epochs, and that what was not trained is faint."""
    drawing = look(chart.locator("canvas[data-part=chart]"))
    training, validation = (np.array(figures[name]) for name in ("loss", "val_loss"))
    both = np.concatenate([training, *(curves.figures["val_loss"] for curves in shipped_curves().values())])
    margin = 0.06 * np.ptp(both)
    axes = drawing.axes(
        left=3.4,
        right=0.9,
        top=3.2,
        bottom=3.2,
        x=(0, len(training) - 1),
        y=(max(0, both.min() - margin), both.max() + margin),
    )
    epochs = [epoch for epoch in range(last) if epoch not in (best, best - 1, best + 1)]
    # The validation's curve lies on the training's while both are close.
    apart = [epoch for epoch in epochs if axes.place(0, training[epoch])[1] - axes.place(0, validation[epoch])[1] > 8]
    assert len(apart) > 3
    # The validation's line is dashed; the training's is as dark as the axes.
    assert_traced(drawing, axes.places(apart, validation[apart]), VALIDATION, within=9, share=0.4, top=axes.top)
    assert all(drawing.shows(TEXT, place) for place in axes.places(apart, training[apart]))
    for numbers, colour in ((validation, VALIDATION), (training, TEXT)):
        rest = range(last + 2, len(numbers))
        assert not any(drawing.shows(colour, place) for place in axes.places(rest, numbers[rest]))
    x, y = axes.place(best, figures[watched][best])
    ring = [drawing.shows(TEXT, (x + side * 0.55 * drawing.rem, y)) for side in (-1, 1)]
    assert all(ring)
    stop = drawing.rows(TEXT, axes.place(last, 0)[0])
    assert np.sum((stop > axes.top) & (stop < axes.bottom)) > 0.8 * (axes.bottom - axes.top)
    marks = drawing.columns(TEXT, axes.bottom + drawing.rem)
    middles = [marks[np.abs(marks - axes.place(epoch, 0)[0]) < 0.5 * drawing.rem].mean() for epoch in kept]
    assert np.allclose(middles, [axes.place(epoch, 0)[0] for epoch in kept], atol=1)
    assert all(np.abs(mark - np.array(middles)).min() < 0.5 * drawing.rem for mark in marks)


def test_the_stop_moves_at_once_and_is_that_of_keras(open_page):
    page = ready(open_page("/callbacks"))
    chart = stage(page, "Stopping chart")
    shown = next(iter(shipped_curves().values()))
    figures, test = shown.figures, shown.test
    assert test is not None
    percent = "{:.1f}\u00a0%".format
    for monitor, patience, min_delta, restore, best_only in [
        ("val_loss", 8, 0.0, True, True),
        ("val_accuracy", 6, 0.01, False, True),
        ("loss", 2, 0.05, True, False),
        ("val_loss", 40, 0.0, False, True),
    ]:
        choose(chart.locator(f'input[name="monitor"][value="{monitor}"]'))
        chart.get_by_role("slider", name="patience").fill(str(patience))
        chart.get_by_role("spinbutton", name="min_delta").fill(str(min_delta))
        chart.get_by_role("checkbox", name="restore_best_weights").set_checked(restore)
        chart.get_by_role("checkbox", name="save_best_only").set_checked(best_only)
        values, maximise = figures[monitor], monitor == "val_accuracy"
        settings = {"patience": patience, "minDelta": min_delta, "maximise": maximise, "bestOnly": best_only}
        stop = by_keras({"values": values, **settings})["stop"]
        kept = by_keras({"values": values[: stop["last"] + 1], **settings})["kept"]
        end = stop["best"] if restore else stop["last"]
        expect(chart.get_by_test_id("stop-last")).to_have_attribute("data-value", str(stop["last"]))
        expect(chart.get_by_test_id("stop-ends")).to_have_attribute("data-best", str(stop["best"]))
        expect(chart.get_by_test_id("stop-kept")).to_have_attribute("data-value", " ".join(map(str, kept)))
        expect(chart.get_by_test_id("stop-ends")).to_have_attribute("data-value", str(end))
        for place, epoch in (("stop-test", end), ("stop-end", len(values) - 1)):
            assert abs(number(chart.get_by_test_id(place)) - test["accuracy"][epoch]) < 1e-12
            if place == "stop-test" or end < epoch:
                said = f"{percent(100 * test['accuracy'][epoch])} right ({100 * test['low'][epoch]:.1f} to "
                expect(chart.get_by_test_id(place)).to_contain_text(said)
                expect(chart.get_by_test_id(place)).to_contain_text(f"loss {test['loss'][epoch]:.2f}")
        expect(chart.get_by_role("slider", name="Epoch")).to_have_value(str(stop["last"]))
        if monitor == "val_loss" and restore:
            check_chart(chart, figures, monitor, stop["last"], stop["best"], kept)
    expect(page).to_have_url(re.compile("stop-patience=40"))
