"""models/runs/schedule.py, planning.py: no epoch learns at rate 0 unless somebody was told."""

import json
from dataclasses import replace
from typing import Any

import pytest

from models.runs.config import ConfigError, Continuation, RunConfig
from models.runs.planning import idle_of, more_epochs, suggested_rate
from models.runs.run_directory import RunDirectory, RunError
from models.runs.schedule import (
    continued_alike,
    epochs_words,
    idle_epochs,
    phases,
    rate_words,
    refuse_idle,
    schedule_end,
)
from models.training.__main__ import main
from models.weights.__main__ import command

COSINE = RunConfig(dataset="digits", network="mlp", schedule="cosine", epochs=3)
CONSTANT = Continuation(3, 1e-4)
AGAIN = Continuation(3, 0.01, "cosine", 8)


def with_later(*later: Continuation, **values: Any) -> RunConfig:
    return replace(COSINE, schedule_epochs=3, continuations=later, **values)


@pytest.fixture
def run(tmp_path) -> RunDirectory:
    """A run that has come to the end of its cosine."""
    made = RunDirectory.create(tmp_path / "ended", COSINE)
    made.write_state("finished", epoch=3)
    return made


@pytest.mark.parametrize(
    ("config", "position", "idle"),
    [
        (RunConfig(epochs=50), (5, 0), range(0)),
        (COSINE, (0, 0), range(3, 3)),
        (replace(COSINE, epochs=8, schedule_epochs=3), (0, 0), range(3, 8)),
        (replace(COSINE, epochs=8, schedule_epochs=3), (2, 7), range(3, 8)),
        (replace(COSINE, epochs=8, schedule_epochs=3), (5, 0), range(5, 8)),
        (replace(COSINE, epochs=8, schedule_epochs=3), (5, 2), range(6, 8)),  # that epoch has begun at rate 0
        (replace(COSINE, epochs=8, schedule_epochs=20), (5, 0), range(20, 8)),
        (replace(COSINE, epochs=8, schedule_epochs=3, warmup_epochs=2.5), (3, 0), range(3, 8)),
        (with_later(CONSTANT, epochs=100), (8, 0), range(0)),
        (with_later(AGAIN, epochs=8), (3, 0), range(8, 8)),
        (with_later(AGAIN, epochs=11), (3, 0), range(8, 11)),
    ],
)
def test_the_epochs_beyond_the_end_of_a_schedule_are_known(config, position, idle):
    epoch, step = position
    assert list(idle_epochs(config, epoch=epoch, step=step)) == list(idle)


def test_more_epochs_after_a_cosine_need_a_rate(run):
    before = run.config_file.read_bytes()
    with pytest.raises(RunError, match=r"has come to 0 before epochs 4 to 8: .* --learning-rate 0\.0001, "):
        more_epochs(run, 8)
    for rate in (0.0, -1.0, float("nan"), 101.0):
        with pytest.raises(ConfigError, match="learning_rate must be a number above 0"):
            more_epochs(run, 8, rate=rate)
    assert run.config_file.read_bytes() == before


@pytest.mark.parametrize(("schedule", "later"), [("constant", Continuation(3, 0.002)),
                                                 ("cosine", Continuation(3, 0.002, "cosine", 8))])  # fmt: skip
def test_the_folder_says_how_a_run_went_on(run, schedule, later):
    more_epochs(run, 8, rate=0.002, schedule=schedule)
    config = RunDirectory(run.path).config()
    assert (config.epochs, config.schedule_epochs, config.continuations) == (8, 3, (later,))
    assert json.loads(run.config_file.read_text())["continuations"][0]["learning_rate"] == 0.002
    run.write_state("finished", epoch=8)
    if schedule == "constant":
        more_epochs(run, 20)  # a constant rate never ends
        assert list(idle_of(run)) == []
        with pytest.raises(RunError, match="needs no new learning rate"):
            more_epochs(run, 30, rate=0.1)
    else:
        with pytest.raises(RunError, match=r"before epochs 9 to 20: .*--learning-rate 0\.002, "):
            more_epochs(run, 20)
        more_epochs(run, 20, rate=1e-5)
        assert run.config().continuations == (later, Continuation(8, 1e-5))


def test_what_was_planned_stays_planned(run):
    """Stopped in its second epoch, it first finishes its cosine."""
    run.write_state("finished", "It was stopped.", epoch=1, step=4)
    more_epochs(run, 3)  # not beyond the end
    assert run.config() == replace(COSINE, schedule_epochs=3)
    more_epochs(run, 6, rate=0.001)
    assert run.config().continuations == (Continuation(3, 0.001),)


def test_a_run_that_an_earlier_version_let_go_on_at_rate_0_is_asked_about_too(run):
    config = replace(COSINE, epochs=8, schedule_epochs=3)
    run.config_file.write_text(config.to_json())
    run.write_state("paused", epoch=5, step=2)
    with pytest.raises(RunError, match="has come to 0 before epochs 7 and 8"):
        more_epochs(run)
    more_epochs(run, rate=0.001)
    assert run.config() == replace(config, continuations=(Continuation(6, 0.001),))
    assert [(list(phase.epochs), phase.words) for phase in phases(run.config())] == [
        ([0, 1, 2], "along a cosine from 0.001 to 0"),
        ([3, 4, 5], "0"),
        ([6, 7], "0.001"),
    ]


def test_the_command_line_refuses_to_train_at_rate_0_in_silence(run, capsys):
    before = run.config_file.read_bytes()
    assert main(["resume", str(run.path), "--epochs", "8"]) == 2
    told = capsys.readouterr().err
    assert "epochs 4 to 8" in told
    assert "--learning-rate" in told
    assert main(["resume", str(run.path), "--epochs", "8", "--schedule", "cosine"]) == 2
    assert "schedule needs --learning-rate" in capsys.readouterr().err
    assert main(["resume", str(run.path), "--learning-rate", "0.1"]) == 2
    assert "needs no new learning rate" in capsys.readouterr().err
    run.config_file.write_text(replace(COSINE, epochs=8, schedule_epochs=3).to_json())
    assert main(["resume", str(run.path)]) == 2
    assert "epochs 4 to 8" in capsys.readouterr().err
    run.config_file.write_bytes(before)


def test_a_new_run_whose_schedule_ends_before_it_is_refused(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("RUNS_DIR", str(tmp_path))
    assert main(["start", "--schedule", "cosine", "--schedule-epochs", "5", "--epochs", "10"]) == 2
    assert "reaches 0 after epoch 5, so that epochs 6 to 10 would learn at rate 0" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    refuse_idle(RunConfig(schedule="cosine", schedule_epochs=20, epochs=10))  # a cosine that is cut short
    refuse_idle(RunConfig(schedule_epochs=5, epochs=10))  # a constant rate


def test_a_rate_can_be_put_right_as_long_as_nothing_has_learned_at_it(run):
    more_epochs(run, 6, rate=10.0)
    more_epochs(run, 6, rate=0.001)
    assert run.config().continuations == (Continuation(3, 0.001),)
    more_epochs(run, 6)  # keeps it
    assert run.config().continuations == (Continuation(3, 0.001),)
    more_epochs(run, 3)  # the further epochs are not wanted any more, and neither is their rate
    assert run.config().continuations == ()
    assert rate_words(run.config()) == "Learning rate: along a cosine from 0.001 to 0 in epochs 1 to 3."
    with pytest.raises(RunError, match="at which rate"):
        more_epochs(run, 6)
    more_epochs(run, 6, rate=0.002)
    run.write_state("paused", epoch=3, step=1)  # one batch has learned at this rate
    with pytest.raises(RunError, match="needs no new learning rate"):
        more_epochs(run, 6, rate=0.001)
    more_epochs(run, 4)
    assert run.config().continuations == (Continuation(3, 0.002),)


@pytest.mark.parametrize(
    ("later", "said"),
    [
        ((Continuation(2, 0.1),), "epoch must be a whole number from 3, not 2"),
        ((Continuation(3, 0.1, "cosine", 3),), "end must be a whole number above 3, not 3"),
        ((Continuation(3, 0.1, "constant", 8),), "a constant rate has no end"),
        ((CONSTANT, Continuation(9, 0.1)), "a constant rate cannot"),
        ((AGAIN, Continuation(7, 0.1)), "epoch must be a whole number from 8, not 7"),
        ((Continuation("3", 0.1),), "epoch must be a whole number"),  # type: ignore[arg-type]
    ],
)
def test_continuations_that_do_not_follow_each_other_are_refused(later, said):
    with pytest.raises(ConfigError, match=f"^continuations: .*{said}"):
        with_later(*later, epochs=20)


def test_a_continued_run_comes_back_from_json_as_it_was():
    config = with_later(AGAIN, Continuation(8, 1e-5), epochs=12)
    assert RunConfig.from_json(config.to_json()) == config
    assert schedule_end(config) is None


def test_the_rate_is_told_phase_by_phase():
    assert rate_words(RunConfig(epochs=1)) == "Learning rate: 0.001 in epoch 1."
    config = with_later(AGAIN, Continuation(8, 1e-5), epochs=12, warmup_epochs=1.0)
    assert rate_words(config) == (
        "Learning rate: up from 0.0001 for 1 epoch, then along a cosine from 0.001 to 0 in epochs 1 to 3; "
        "along a cosine from 0.01 to 0 in epochs 4 to 8; 1e-05 in epochs 9 to 12."
    )
    assert [epochs_words(range(3, end)) for end in (4, 5, 1600)] == ["epoch 4", "epochs 4 and 5", "epochs 4 to 1,600"]
    longer = rate_words(RunConfig(epochs=3, schedule="cosine", warmup_epochs=5.0))
    assert longer.startswith("Learning rate: up from 0.0001 for 3 epochs, ")
    assert suggested_rate(COSINE) == pytest.approx(1e-4)
    assert suggested_rate(with_later(AGAIN, epochs=8)) == 0.01


def test_twins_are_alike_in_every_epoch_that_both_have():
    short, other = with_later(epochs=3), with_later(CONSTANT, epochs=8)
    assert continued_alike(short, other)
    assert continued_alike(other, short)
    assert continued_alike(with_later(CONSTANT, epochs=9), other)
    assert not continued_alike(with_later(AGAIN, epochs=8), other)
    assert not continued_alike(with_later(epochs=8), other)  # at rate 0 there


def test_the_commands_of_a_continued_run_make_it_again():
    config = with_later(AGAIN, Continuation(8, 1e-5), epochs=12)
    first, second, third = command(config, "mine").split(" && ")
    assert "--epochs 3" not in second
    assert first.endswith("--schedule cosine --schedule-epochs 3 --epochs 3 --run runs/mine")
    resume = "python -m models.training resume runs/mine"
    assert second == f"{resume} --epochs 8 --learning-rate 0.01 --schedule cosine"
    assert third == f"{resume} --epochs 12 --learning-rate 1e-05"
