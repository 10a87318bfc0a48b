"""models/histories: what comes along can be read, is what runs wrote, and says what its numbers say."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models import histories
from models.histories import __main__ as writer
from models.histories import adam_paper, adam_study
from models.histories.adam_study import EPOCHS, OPTIMIZERS, Result, findings
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory


def finished_run(path: Path, *, seed: int = 0, state: Any = "finished", **values: Any) -> RunDirectory:
    run = RunDirectory.create(path, RunConfig(**{"dataset": "digits", "network": "mlp", "seed": seed, **values}))
    lines = [{"kind": "batch", "epoch": 0, "step": 1, "loss": 9.0}]
    lines += [
        {"kind": "epoch", "epoch": epoch, "loss": 1.0 / (epoch + 1 + seed), "val_loss": 0.5, "seconds": 2.0}
        for epoch in range(3)
    ]
    run.metrics_file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    run.machine_file.write_text(json.dumps({"device": "CPU", "keras": "3.15.1", "time": 1.0, "sessions": [{}]}))
    run.write_state(state, epoch=3)
    return run


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Iterator[Path]:
    """An empty folder in place of the one with the shipped histories."""
    monkeypatch.setattr(histories, "FOLDER", tmp_path / "histories")
    (tmp_path / "histories").mkdir()
    histories.load.cache_clear()
    yield tmp_path / "histories"
    histories.load.cache_clear()


# Reading --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", histories.names())
def test_what_comes_along_is_whole(name):
    history = histories.load(name)
    assert set(histories.FIELDS) <= set(history)
    assert history["title"]
    assert history["command"].startswith("python -m models.")
    for run in history["runs"].values():
        config = RunConfig.from_json(json.dumps(run["config"]))
        assert [line["epoch"] for line in run["epochs"]] == list(range(len(run["epochs"])))
        assert 0 < len(run["epochs"]) <= config.epochs
        assert all(np.isfinite(line["loss"]) for line in run["epochs"])


def test_the_digits_of_the_adam_paper_come_along():
    assert "adam-digits" in histories.names()


def test_a_history_is_read_once_and_cannot_be_changed():
    history = histories.load("adam-digits")
    assert histories.load("adam-digits") is history
    with pytest.raises(TypeError):
        history["title"] = "mine"  # type: ignore[index]


@pytest.mark.parametrize("name", ["nothing", "../adam-digits", "__init__"])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(ValueError, match="There is no history"):
        histories.load(name)


@pytest.mark.parametrize(("text", "message"), [("{", "is damaged"), ("[]", "has no title"), ("{}", "has no title")])
def test_a_damaged_file_is_named(folder, text, message):
    (folder / "bad.json").write_text(text)
    with pytest.raises(ValueError, match=f"The history bad .*{message}"):
        histories.load("bad")


# Writing --------------------------------------------------------------------------------------------------------------


def write(*arguments: object) -> int:
    return writer.main([*map(str, arguments), "--title", "T", "--notes", "N", "--command", "C"])


def test_runs_become_a_history(folder, tmp_path, capsys):
    one, two = finished_run(tmp_path / "one"), finished_run(tmp_path / "two", seed=4, learning_rate=0.5)
    assert write("both", one.path, two.path, "--label", "small", "large ‘é’") == 0
    assert capsys.readouterr().out.strip() == str(folder / "both.json")
    history = histories.load("both")
    assert (history["title"], history["notes"], history["command"], history["seed"]) == ("T", "N", "C", [0, 4])
    assert history["machine"] == {"device": "CPU", "keras": "3.15.1"}
    assert list(history["runs"]) == ["small", "large ‘é’"]
    for label, run in (("small", one), ("large ‘é’", two)):
        assert history["runs"][label] == {"config": json.loads(run.config().to_json()), "epochs": run.epochs()}


def test_a_runs_label_is_its_name_unless_told(folder, tmp_path):
    assert write("one", finished_run(tmp_path / "mine").path) == 0
    assert list(histories.load("one")["runs"]) == ["mine"]
    assert histories.load("one")["seed"] == 0


def test_only_chosen_figures_are_kept(tmp_path):
    run = finished_run(tmp_path / "run")
    history = writer.gather({"a": run}, title="", notes="", command="", figures=("loss", "none"))
    assert history["runs"]["a"]["epochs"][1] == {"epoch": 1, "loss": 0.5}


@pytest.mark.parametrize(
    ("name", "state", "labels", "message"),
    [
        ("one", "running", [], "only a finished one"),
        ("one", "finished", ["a", "b", "c"], "There are 2 runs, but 3 labels"),
        ("one", "finished", ["a", "a"], "Two runs have the same label"),
        ("../one", "finished", [], "named with letters"),
    ],
)
def test_what_makes_no_history_is_refused(folder, tmp_path, capsys, name, state, labels, message):
    run = finished_run(tmp_path / "run", state=state)
    assert write(name, run.path, finished_run(tmp_path / "other").path, *(["--label", *labels] if labels else [])) == 2
    assert message in capsys.readouterr().err
    assert histories.names() == ()


def test_a_folder_without_a_run_is_refused(folder, tmp_path, capsys):
    assert write("one", tmp_path / "nothing") == 2
    assert "There is no run" in capsys.readouterr().err


# The Adam paper's comparison ------------------------------------------------------------------------------------------


def result(optimizer: str, finals: list[float], *, cost: list[float] | None = None, accuracy: float = 0.9) -> Result:
    costs = np.array([cost or [1.0, 0.5]] * len(finals))
    return Result(optimizer, 0.1, costs, np.array(finals), np.array([accuracy] * len(finals)))


def five(**finals: list[float]) -> list[Result]:
    return [result(name, finals.get(name, [5.0, 6.0])) for name in OPTIMIZERS]


def test_every_run_that_comes_along_is_the_papers_network():
    found = adam_study.results(histories.load("adam-digits"))
    assert [one.optimizer for one in found] == list(OPTIMIZERS)
    for run in histories.load("adam-digits")["runs"].values():
        config = RunConfig.from_json(json.dumps(run["config"]))
        assert (config.network, config.batch_size, config.epochs) == ("mlp", 128, EPOCHS["digits"])
        assert config == adam_study.config(config.optimizer, learning_rate=config.learning_rate or 0, seed=config.seed)


def test_every_optimizer_runs_with_the_best_rate_that_was_tried():
    """The best rate is not at an edge of those that were tried: otherwise, the next one would have been tried, too."""
    for one in adam_study.results(histories.load("adam-digits")):
        rates = [rate for rate, _ in one.tried]
        costs = [cost for _, cost in one.tried]
        assert rates == sorted(rates)
        assert rates[0] < one.learning_rate < rates[-1]
        assert one.learning_rate == rates[int(np.argmin(costs))]
        assert len(one.finals) == adam_paper.SEEDS
        # The trial had seed 0.
        assert min(costs) == pytest.approx(one.finals[0], rel=1e-12)


def test_medians_are_those_of_the_runs():
    history = histories.load("adam-digits")
    for one in adam_study.results(history):
        runs = [run for run in history["runs"].values() if run["config"]["optimizer"] == one.optimizer]
        finals = [np.mean([line["loss"] for line in run["epochs"][-adam_study.LAST :]]) for run in runs]
        assert one.final == pytest.approx(sorted(finals)[len(finals) // 2])
        assert one.median[3] == np.median([run["epochs"][3]["loss"] for run in runs])


def test_results_need_every_optimizer(tmp_path):
    history = {"runs": {"a": {"config": {"optimizer": "adam", "learning_rate": 1}, "epochs": []}}}
    with pytest.raises(ValueError, match="no comparable runs of AdaGrad"):
        adam_study.results(history)


def test_the_words_agree_with_the_paper_only_when_the_numbers_do():
    assert findings(five(adam=[0.1, 0.2]))[0].startswith("As in the paper, Adam ends lowest")
    said = findings(five(adam=[0.3, 0.3], adadelta=[0.1, 0.1]))[0]
    assert "Here it does not: AdaDelta does" in said
    assert "Adam’s 0.30, place 2 of 5" in said


def test_seeds_that_overlap_are_told():
    apart = findings(five(adam=[0.3, 0.4], adadelta=[0.1, 0.2]))
    together = findings(five(adam=[0.15, 0.4], adadelta=[0.1, 0.2]))
    assert not any("overlap" in sentence for sentence in apart)
    assert any("Adam and AdaDelta overlap" in sentence for sentence in together)


def test_who_begins_fastest_is_told():
    found = five()
    assert not any("below 0.1" in sentence for sentence in findings(found))
    found[1] = result("rmsprop", [0.2], cost=[0.3, 0.09])
    found[4] = result("adam", [0.1], cost=[0.09, 0.05])
    said = next(sentence for sentence in findings(found) if "below 0.1" in sentence)
    assert said == "Adam gets below 0.1 first, in epoch 1; RMSProp needs 2. AdaGrad, SGDNesterov and AdaDelta never do."


def test_the_best_accuracy_need_not_be_the_lowest_cost():
    found = five(adam=[0.1])
    found[0] = result("adagrad", [3.0], accuracy=0.987)
    found[2] = result("nesterov", [0.2], accuracy=0.987)
    assert "(best: AdaGrad and SGDNesterov). The lowest training cost does not" in findings(found)[-1]
    found[4] = result("adam", [0.1], accuracy=0.987)
    assert "Adam, with the lowest training cost, is among the best here, too." in findings(found)[-1]


def test_accuracies_are_told():
    found = five(adam=[0.1])
    found[0] = result("adagrad", [3.0], accuracy=0.987)
    assert (
        "90.0\u00a0% to 98.7\u00a0% accurate (best: AdaGrad). The lowest training cost does not" in findings(found)[-1]
    )


@pytest.mark.parametrize(
    ("cost", "text"),
    [
        (0.00130, "0.0013"),
        (0.0181772, "0.018"),
        (1.636, "1.6"),
        (0.3, "0.30"),
        (12.34, "12"),
        (np.inf, "diverged"),
        (0.0999, "0.10"),
        (0.0, "0"),
    ],
)
def test_costs_are_written_with_two_digits(cost, text):
    assert adam_study.figure(cost) == text


@pytest.mark.parametrize(
    ("costs", "following"),
    [
        ({0.01: 3, 0.03: 2, 0.1: 1}, 0.3),
        ({0.1: 3, 0.3: 1}, 1.0),
        ({0.0003: 1, 0.001: 2}, 0.0001),
        ({0.001: 1, 0.003: 2}, 0.0003),
        ({0.3: 2, 1.0: 1, 3.0: 2}, None),
        ({1.0: 1, 3.0: float("inf")}, 0.3),
    ],
)
def test_the_next_rate_lies_beyond_the_edge_where_the_best_one_is(costs, following):
    assert adam_paper.next_rate(costs) == following


def test_the_whole_comparison_trains_and_is_written(folder, monkeypatch, capsys):
    """Everything except the training: a made-up result stands for each run."""
    best = {"adagrad": 0.1, "rmsprop": 0.001, "nesterov": 0.03, "adadelta": 3.0, "adam": 0.001}
    trained = []

    def train(run: RunDirectory) -> str:
        config = run.config()
        trained.append(run.name)
        cost = 0.01 + abs(np.log10(config.learning_rate or 1) - np.log10(best[config.optimizer])) + 0.001 * config.seed
        lines = [
            {"kind": "epoch", "epoch": epoch, "loss": cost, "val_accuracy": 0.9, "images_per_s": 1.0}
            for epoch in range(config.epochs)
        ]
        run.metrics_file.write_text("".join(json.dumps(line) + "\n" for line in lines))
        run.data_file.write_text(json.dumps({"train": 1284}))
        run.write_state("failed" if config.learning_rate == 0.3 else "finished", epoch=config.epochs)
        return run.state().name

    monkeypatch.setattr(adam_paper, "train", train)
    monkeypatch.setattr(adam_paper, "_make_room", lambda: None)
    command = ["--dataset", "digits", "--epochs", "2", "--seeds", "2"]
    assert adam_paper.main(command) == 0, capsys.readouterr().err
    history = histories.load("adam-digits")
    assert {one.optimizer: one.learning_rate for one in adam_study.results(history)} == best
    assert history["grid"]["nesterov"][-1] == [0.3, None]
    assert history["command"] == "python -m models.histories.adam_paper " + " ".join(command)
    assert history["images"] == 1284
    assert history["seed"] == [0, 1]
    count = len(trained)
    assert len(set(trained)) == count
    assert adam_paper.main(command) == 0
    assert len(trained) == count  # what is trained already is not trained again
