"""models/runs/names.py: one rule for what a run may be called, and every run that is there can be opened."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.lessons.callbacks.stopping_chart.scene import StoppingScene
from components.lessons.convnet.network_map.scene import MapScene
from components.lessons.dense.board.scene import DenseScene
from components.lessons.evaluation.scene import Judgement
from components.lessons.training.draft import Draft, in_one
from components.networks.layer_step.scene import StepScene
from components.networks.network_parameters import epoch_of
from models.runs.config import RunConfig
from models.runs.names import MOST_LETTERS, can_be_there, free_name, name_from_file, problem_of, run_folder, tidy
from models.runs.planning import check_name, default_name
from models.runs.run_directory import RunDirectory, RunError

GOOD = [
    "tiny (1)",
    "first",
    "lr=0.1, bs=32",
    "Müllers Läufe",
    "猫と犬 2",
    "v1.2_final+more",
    "7",
    "Kätzchen & Hündchen's #3 ~neu",
    "a" * MOST_LETTERS,
]
BAD = {
    "": "needs a name",
    "-x": "begins with a letter or a digit, not with “-”",
    ".hidden": "begins with a letter or a digit",
    "(1)": "begins with a letter or a digit",
    "a/b": "but no “/”",
    "..\\a": "but no “\\\\”",
    "a:b": "but no “:”",
    "what?": "but no “\\?”",
    "a*": "but no “\\*”",
    "a\tb": "but no U\\+0009",
    "a\nb": "but no U\\+000A",
    "a\x00": "but no U\\+0000",
    "abc\u202egpj": "but no U\\+202E",  # right to left from here on
    "a\u200bb": "but no U\\+200B",
    "a\u00a0b": "but no U\\+00A0",
    "\udcff": "but no U\\+DCFF",
    "cat 🐈": "but no “🐈”",
    "ends.": "Windows would take “ends.” for “ends”",
    "ends ": "no blank",
    "a" * (MOST_LETTERS + 1): "at most 100 letters",
    "a" * 200: "at most 100 letters",
    "犬" * 90: "too long",
    "con": "Windows keeps the name “con”",
    "NUL": "Windows keeps",
    "com1.run": "Windows keeps",
    "LPT¹": "Windows keeps",
    "aux .2": "Windows keeps",
    "Cache": "for a folder of its own",
    "engine": "for a folder of its own",
}


@pytest.mark.parametrize("name", GOOD)
def test_a_name_that_one_door_lets_in_can_be_chosen_behind_all_doors(tmp_path, name):
    assert problem_of(name) == ""
    check_name(name, tmp_path)
    run = RunDirectory.create(tmp_path / name, RunConfig(dataset="digits"))
    assert run_folder(name, tmp_path) == run.path
    assert name_from_file(f"{name}.run.zip") == name
    network = f"run:{name}"
    assert Draft.from_params({"run": name}).run == name
    assert Draft.from_params({"compare": in_one(["one", name])}).compared == ("one", name)
    assert StoppingScene.from_params({"run": name}).run == name
    assert MapScene.from_params({"network": network, "beside": f"{network}@last"}).beside == f"{network}@last"
    for kind, more in ((Judgement, {}), (MapScene, {}), (DenseScene, {}), (StepScene, {"layer": "conv"})):
        assert kind.from_params({"network": network, **more}).network == network
    assert Judgement.from_params({"other": network}).other == network


@pytest.mark.parametrize("name", BAD)
def test_a_name_that_breaks_the_rule_is_refused_with_the_reason(tmp_path, name):
    with pytest.raises(RunError, match=BAD[name]):
        check_name(name, tmp_path)
    if name and "/" not in name:
        with pytest.raises(RunError, match=BAD[name]):
            RunDirectory.create(tmp_path / name, RunConfig(dataset="digits"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a:b", "-x", "x" * 200, "what?", "50 % [draft]", "run@best", "a\u202eb", "ends. "])
def test_a_run_that_an_earlier_version_let_in_is_still_reached(tmp_path, name):
    (tmp_path / name).mkdir()
    (tmp_path / name / "config.json").write_text(RunConfig(dataset="digits").to_json())
    assert run_folder(name, tmp_path) == tmp_path / name
    assert Draft.from_params({"run": name, "compare": in_one([name, "b"])}).run == name
    assert Draft.from_params({"compare": in_one([name, "b"])}).compared == (name, "b")
    for kind in (Judgement, MapScene, DenseScene):
        assert kind.from_params({"network": f"run:{name}"}).network == f"run:{name}"
    assert epoch_of(f"run:{name}@last") == (f"run:{name}", "last")


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../a", "..\\a", "/etc", "a\x00b", "x" * 256])
def test_no_name_leads_out_of_the_folder(tmp_path, name):
    runs = tmp_path / "runs"
    runs.mkdir()
    for place in (tmp_path, tmp_path / "a", runs):
        place.mkdir(exist_ok=True)
        (place / "config.json").write_text("{}")
    assert not can_be_there(name)
    assert run_folder(name, runs) is None
    assert Draft.from_params({"run": name}).run == ""
    assert Judgement.from_params({"network": f"run:{name}"}).network == Judgement().network


def test_a_name_written_as_a_mac_writes_it_is_the_same_name(tmp_path):
    composed, apart = (unicodedata.normalize(form, "Hündin") for form in ("NFC", "NFD"))
    assert tidy(f" {apart} ") == composed
    (tmp_path / apart).mkdir()
    (tmp_path / apart / "config.json").write_text("{}")
    assert run_folder(composed, tmp_path) == tmp_path / apart
    with pytest.raises(RunError, match="There is something called"):
        check_name(composed, tmp_path)
    (tmp_path / composed).mkdir()
    (tmp_path / composed / "config.json").write_text("{}")
    assert run_folder(composed, tmp_path) == tmp_path / composed  # as it stands, before what is like it
    assert run_folder(apart, tmp_path) == tmp_path / apart


def test_a_name_that_some_disks_take_for_the_same_is_taken(tmp_path):
    (tmp_path / "Cats 2").mkdir()
    check_name("cats 3", tmp_path)
    for name in ("Cats 2", "cats 2", "CATS 2"):
        with pytest.raises(RunError, match="There is something called Cats 2 already: choose another name"):
            check_name(name, tmp_path)
    with pytest.raises(RunError, match="There is something called Cats 2 already"):
        RunDirectory.create(tmp_path / "cats 2", RunConfig())
    assert free_name("cats 2", tmp_path) == "cats 2-2"


def test_a_free_name_counts_up_and_is_one_that_a_run_can_have(tmp_path):
    assert free_name("digits", tmp_path) == "digits"
    for taken in ("digits", "Digits-2", "a" * MOST_LETTERS):
        (tmp_path / taken).mkdir()
    assert free_name("digits", tmp_path) == "digits-3"
    assert free_name("a" * MOST_LETTERS, tmp_path) == "a" * (MOST_LETTERS - 2) + "-2"
    assert free_name("old:run-undisturbed", tmp_path) == "old-run-undisturbed"
    assert default_name(RunConfig(network="mlp", dataset="digits"), tmp_path).name == "mlp-digits-1"


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("cats.run.zip", "cats"),
        ("My run (1).ZIP", "My run (1)"),
        ("tiny.run (2).zip", "tiny (2)"),
        ("tiny – Kopie.run.zip", "tiny - Kopie"),
        ("../x.zip", "x"),
        ("🐈.zip", "run"),
        (".zip", "run"),
        ("con.zip", "run con"),
        ("cache.zip", "run cache"),
        ("ends..zip", "ends"),
    ],
)
def test_a_files_name_makes_a_runs_name(tmp_path, file, name):
    assert name_from_file(file) == name
    check_name(name_from_file(file), tmp_path)


@given(st.text(max_size=300))
def test_whatever_a_file_is_called_a_run_can_be_called(text):
    name = name_from_file(f"{text}.zip")
    assert problem_of(name) == ""
    assert tidy(name) == name
