"""The timeline of hooks in a real browser."""

import re

from playwright.sync_api import expect

from components.lessons.callbacks.stopping_chart import shipped_curves
from models.experiments.hook_plan import shipped_recording
from tests.e2e.visitor import choose, number, ready, stage
from tests.stopping_reference import early_stopping, kept_epochs


def test_steps_show_the_recorded_calls_and_another_fit_asks_for_the_engine(open_page):
    page = ready(open_page("/callbacks"))
    timeline = stage(page, "Timeline of hooks")
    calls = shipped_recording()["calls"]
    current = timeline.locator("[aria-current=step]")
    for call in calls[:4]:
        expect(current).to_have_attribute("data-hook", call["hook"])
        page.keyboard.press("ArrowRight")
    place = next(index for index, call in enumerate(calls) if call["hook"] == "on_epoch_end")
    timeline.get_by_role("slider", name="Call", exact=True).fill(str(place))
    expect(page.get_by_test_id("hook-logs")).to_contain_text(f"val_loss = {calls[place]['logs']['val_loss']:.4f}")
    choose(timeline.locator('input[name="steps"][value="5"]'))
    expect(page).to_have_url(re.compile("steps=5"))
    expect(page.get_by_text("Recording another fit needs the engine")).to_be_visible()


def test_the_stop_moves_at_once_and_is_that_of_python(open_page):
    page = ready(open_page("/callbacks"))
    chart = stage(page, "Stopping chart")
    figures = next(iter(shipped_curves().values())).figures
    accuracies = figures["val_accuracy"]
    for monitor, patience, min_delta, restore, best_only in [
        ("val_loss", 3, 0.0, True, True),
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
        stop = early_stopping(values, patience=patience, min_delta=min_delta, maximise=maximise)
        kept = kept_epochs(values[: stop.last + 1], save_best_only=best_only, maximise=maximise)
        end = stop.best if restore else stop.last
        expect(chart.get_by_test_id("stop-last")).to_have_attribute("data-value", str(stop.last))
        expect(chart.get_by_test_id("stop-best")).to_have_attribute("data-value", str(stop.best))
        expect(chart.get_by_test_id("stop-kept")).to_have_attribute("data-value", " ".join(map(str, kept)))
        expect(chart.get_by_test_id("stop-ends")).to_have_attribute("data-value", str(end))
        expect(chart.get_by_test_id("stop-ends")).to_contain_text(f"{100 * accuracies[end]:.1f} %")
        assert abs(number(chart.get_by_test_id("stop-cost")) - (max(accuracies) - accuracies[end])) < 1e-12
        expect(chart.get_by_role("slider", name="Epoch")).to_have_value(str(stop.last))
    expect(page).to_have_url(re.compile("stop-patience=40"))
