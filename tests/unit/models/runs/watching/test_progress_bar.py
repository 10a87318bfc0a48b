"""models/runs/watching/progress_bar.py: a line that moves on a terminal, and on a pipe only the lines that stay."""

import io
import time
from typing import Any

import pytest

from models.runs.watching.progress_bar import ProgressBar, duration


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        return True

    def lines(self) -> list[str]:
        """The visible lines in the end: text after a carriage return overwrites what was there."""
        shown = []
        for line in self.getvalue().split("\n"):
            seen = ""
            for text in line.split("\r"):
                seen = text + seen[len(text) :]
            shown.append(seen.rstrip())
        return shown


@pytest.fixture(autouse=True)
def columns(monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture
def every_time(monkeypatch) -> None:
    """Every line comes long after the one before, so that none is skipped."""
    clock = iter(range(1000, 100_000))
    monkeypatch.setattr(time, "monotonic", lambda: float(next(clock)))


def batch(step: int, epoch: int = 0, rate: float = 50.0) -> Any:
    values = {"kind": "batch", "epoch": epoch, "step": step, "loss": 0.6931, "accuracy": 0.5, "batch_loss": 0.7}
    return values | {"images_per_s": rate, "time": 0.0}


def epoch(number: int = 0, **more: float) -> Any:
    return {
        "kind": "epoch",
        "epoch": number,
        "loss": 0.5,
        "accuracy": 0.75,
        "images_per_s": 48.6,
        "seconds": 61.0,
    } | more


# The moving line -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("every_time")
def test_the_line_shows_place_figures_speed_and_what_is_left():
    terminal = Terminal()
    ProgressBar(2, images=100, batch_size=10, stream=terminal).event(batch(5))
    line = "epoch 1/2 [############............] 5/10  loss 0.6931  accuracy 0.5000  50 images/s  3 s left"
    assert terminal.lines() == [line]


@pytest.mark.usefixtures("every_time")
def test_the_last_batch_fills_the_bar_though_it_is_smaller():
    terminal = Terminal()
    bar = ProgressBar(1, images=95, batch_size=10, stream=terminal)
    assert bar.steps == 10
    bar.event(batch(10))
    assert "[########################] 10/10" in terminal.lines()[0]
    assert "0 s left" in terminal.lines()[0]  # of 95 pictures, although 100 would be done


@pytest.mark.usefixtures("every_time")
def test_a_shorter_line_leaves_nothing_of_a_longer_one():
    terminal = Terminal()
    bar = ProgressBar(1, images=100_000, batch_size=1, stream=terminal)
    bar.event(batch(1, rate=0.5))
    bar.event(batch(2, rate=99_999.0))
    assert terminal.lines()[0].endswith("99999 images/s  1 s left")


@pytest.mark.usefixtures("every_time")
def test_an_epochs_line_stands_where_the_moving_line_was():
    terminal = Terminal()
    bar = ProgressBar(2, images=100, batch_size=10, stream=terminal)
    bar.event(batch(10))
    bar.event(epoch(val_loss=0.4, val_accuracy=0.8))
    line = "epoch 1/2  loss 0.5000  accuracy 0.7500  val_loss 0.4000  val_accuracy 0.8000  49 images/s  1 min 1 s"
    assert terminal.lines() == [line, ""]


@pytest.mark.usefixtures("every_time")
@pytest.mark.parametrize("width", [20, 40, 80, 100])
def test_the_line_never_wraps(monkeypatch, width):
    """A line that wraps could not be overwritten, and the terminal would fill up."""
    monkeypatch.setenv("COLUMNS", str(width))
    terminal = Terminal()
    bar = ProgressBar(50, images=25_000, batch_size=32, stream=terminal)
    bar.event(batch(700, epoch=10))
    bar.preparation("reading a great many photos of cats and of dogs from the disk", 10_000, 25_000)
    assert max(len(text) for text in terminal.getvalue().split("\r")) < width


@pytest.mark.usefixtures("every_time")
def test_on_80_columns_the_bar_gives_way_to_the_numbers(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    terminal = Terminal()
    bar = ProgressBar(5, images=4000, batch_size=32, stream=terminal)
    bar.event(batch(12))
    assert terminal.lines() == ["epoch 1/5 12/125  loss 0.6931  accuracy 0.5000  50 images/s  6 min 32 s left"]


@pytest.mark.usefixtures("every_time")
def test_the_moving_line_can_be_taken_away():
    terminal = Terminal()
    bar = ProgressBar(2, images=100, batch_size=10, stream=terminal)
    bar.clear()
    assert terminal.getvalue() == ""
    bar.event(batch(5))
    bar.clear()
    terminal.write("paused")
    assert terminal.lines() == ["paused"]


def test_the_line_moves_at_most_ten_times_a_second(monkeypatch):
    times = iter([100.00, 100.00, 100.05, 100.12, 100.12, 100.15])
    monkeypatch.setattr(time, "monotonic", lambda: next(times))
    terminal = Terminal()
    bar = ProgressBar(1, images=100, batch_size=10, stream=terminal)
    for step in (1, 2, 3, 4):  # at 0, 50, 120 and 150 ms; for one that is shown, the clock is read twice
        bar.event(batch(step))
    assert [step for step in (1, 2, 3, 4) if f" {step}/10 " in terminal.getvalue()] == [1, 3]


@pytest.mark.usefixtures("every_time")
def test_preparation_moves_and_leaves_nothing():
    terminal = Terminal()
    bar = ProgressBar(1, stream=terminal)
    bar.preparation("reading photos", 256, 25_000)
    assert terminal.lines() == ["reading photos: 256 of 25,000"]
    bar.preparation("reading photos", 25_000, 25_000)
    assert terminal.lines() == [""]


# A pipe or a file ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("every_time")
def test_a_pipe_gets_the_lines_of_epochs_only():
    pipe = io.StringIO()
    bar = ProgressBar(2, images=100, batch_size=10, stream=pipe)
    bar.preparation("reading photos", 1, 100)
    bar.preparation("reading photos", 100, 100)
    for number in range(2):
        bar.event(batch(1, epoch=number))
        bar.event(epoch(number))
    bar.clear()
    assert pipe.getvalue().splitlines() == [
        f"epoch {number}/2  loss 0.5000  accuracy 0.7500  49 images/s  1 min 1 s" for number in (1, 2)
    ]
    assert "\r" not in pipe.getvalue()


def test_the_standard_error_is_where_it_goes(capsys):
    ProgressBar(2).event(epoch())
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("epoch 1/2 ")


# Numbers that are missing or 0 ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("every_time")
def test_a_speed_of_0_has_no_time_left():
    terminal = Terminal()
    ProgressBar(1, images=100, batch_size=10, stream=terminal).event(batch(5, rate=0.0))
    assert terminal.lines()[0].endswith("0 images/s  ? left")


@pytest.mark.usefixtures("every_time")
def test_an_unknown_number_of_pictures_does_no_harm():
    terminal = Terminal()
    ProgressBar(1, stream=terminal).event(batch(5))
    assert "5/0" in terminal.lines()[0]
    assert terminal.lines()[0].endswith("0 s left")


@pytest.mark.usefixtures("every_time")
def test_a_network_without_accuracy_is_shown():
    terminal = Terminal()
    event = batch(5)
    del event["accuracy"]
    ProgressBar(1, images=100, batch_size=10, stream=terminal).event(event)
    assert "loss 0.6931  50 images/s" in terminal.lines()[0]


def test_nothing_of_0_pictures_is_prepared():
    terminal = Terminal()
    ProgressBar(1, stream=terminal).preparation("reading photos", 0, 0)
    assert terminal.lines() == [""]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0 s"),
        (0, "0 s"),
        (0.4, "0 s"),
        (45.2, "45 s"),
        (59.4, "59 s"),
        (59.7, "1 min 0 s"),
        (200, "3 min 20 s"),
        (3599.4, "59 min 59 s"),
        (3599.6, "1 h 0 min"),
        (7500, "2 h 5 min"),
        (90_000, "25 h 0 min"),
    ],
)
def test_durations_are_written_as_people_do(seconds, text):
    assert duration(seconds) == text
