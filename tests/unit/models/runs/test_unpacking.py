"""What comes in a run's zip: data and never a path, never trusted for its size, unpacked in a process of its own."""

import io
import json
import shutil
import zipfile
from pathlib import Path
from types import SimpleNamespace

import h5py
import numpy as np
import pytest

from models import weights
from models.engine.strangers import brought_in
from models.runs import bounds, lines, packed, strangers, transfer, unpacking
from models.runs.checkpoint import save
from models.runs.config import ConfigError, RunConfig
from models.runs.run_directory import RunDirectory, RunError
from models.runs.transfer import export_run, import_run
from models.runs.watching.run_facts import facts_of
from models.training.__main__ import main

CONFIG = RunConfig(dataset="digits", network="mlp", epochs=3)
SECRET = "the teacher's own file"


def zip_of(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def zeros_in_zip(name: str, size: int, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file with zeros, packed piece by piece."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive, archive.open(name, "w", force_zip64=True) as entry:
        for _ in range(size // 2**20):
            entry.write(bytes(2**20))
    return file.getvalue()


def config_json(**values: object) -> bytes:
    return RunConfig(**{**vars(CONFIG), **values}).to_json().encode()


def run_zip(tmp_path: Path, **files: bytes) -> Path:
    """A run's zip file; a name's dot is written as two underscores."""
    named = {name.replace("__", ".").replace("_of_", "/"): data for name, data in files.items()}
    path = tmp_path / "brought.zip"
    path.write_bytes(zip_of({"config.json": CONFIG.to_json().encode(), **named}))
    return path


def refused(source: Path, tmp_path: Path, *, stranger: bool = False) -> str:
    """Return why a run is not unpacked."""
    with pytest.raises(RunError) as caught:
        unpacking.unpack(source, tmp_path / "out", stranger=stranger)
    text = str(caught.value)
    assert len(text) < 1000
    assert str(tmp_path) not in text
    return text


def unpacked(source: Path, tmp_path: Path, *, stranger: bool = False) -> RunDirectory:
    unpacking.unpack(source, tmp_path / "out", stranger=stranger)
    return RunDirectory(tmp_path / "out")


@pytest.fixture
def secret(tmp_path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text(SECRET)
    return path


# Paths ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "way", ["absolute", "relative", "/proc/self/environ", "C:\\secret.txt", "~/x", "initial.keras"]
)
def test_a_path_to_initial_weights_becomes_a_mark(tmp_path, secret, way, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = {"absolute": str(secret), "relative": secret.name}.get(way, way)
    own = zip_of({"x": b"1"})
    source = run_zip(tmp_path, config__json=config_json(initial_weights=path), initial__keras=own)
    run = unpacked(source, tmp_path)
    assert run.config() == RunConfig(**{**vars(CONFIG), "initial_weights": "initial.keras"})
    assert run.initial_model.read_bytes() == own
    # Nor does a new run of the same configuration open what stands there.
    twin = RunDirectory.create(tmp_path / "twin", RunConfig(**{**vars(CONFIG), "initial_weights": path}))
    assert not twin.initial_model.exists()
    assert SECRET not in "".join(file.read_text(errors="replace") for file in twin.path.iterdir())


def test_a_run_with_weights_of_its_own_gives_them_to_another_one(tmp_path, secret):
    run = RunDirectory.create(tmp_path / "one", CONFIG, initial_weights=secret)
    assert run.initial_model.read_text() == SECRET
    with pytest.raises(RunError, match="cannot be written"):
        RunDirectory.create(tmp_path / "two", CONFIG, initial_weights=tmp_path / "nowhere")


def test_a_path_to_initial_weights_does_not_leave_with_a_run(tmp_path, secret):
    config = RunConfig(**{**vars(CONFIG), "initial_weights": str(secret)})
    run = RunDirectory.create(tmp_path / "run", config, initial_weights=secret)
    with zipfile.ZipFile(export_run(run, tmp_path / "run.zip")) as archive:
        told = RunConfig.from_json(archive.read("config.json").decode())
        assert archive.read("initial.keras").decode() == SECRET
    assert told == RunConfig(**{**vars(CONFIG), "initial_weights": "initial.keras"})
    assert run.config() == config  # here, it stays as it was typed


def test_a_run_without_initial_weights_gets_no_mark(tmp_path):
    run = unpacked(run_zip(tmp_path), tmp_path)
    assert run.config_file.read_bytes() == CONFIG.to_json().encode()


@pytest.mark.parametrize(
    "dataset", ["folder:/etc", "folder:..", "folder:~", "digits:/etc", "mnist:x", "dogs-vs-cats:/etc", "photos:/etc"]
)
def test_a_strangers_dataset_names_nothing_on_this_disk(tmp_path, dataset):
    said = refused(run_zip(tmp_path, config__json=config_json(dataset=dataset)), tmp_path, stranger=True)
    assert "only the teacher can import it" in said or "takes nothing behind a colon" in said


def test_the_teacher_brings_a_run_on_a_folder(tmp_path):
    source = run_zip(tmp_path, config__json=config_json(dataset="folder:/class"))
    assert unpacked(source, tmp_path).config().dataset == "folder:/class"


@pytest.mark.parametrize("dataset", ["photos", "digits"])
def test_pictures_are_those_of_a_visitor_or_none(tmp_path, dataset):
    ok, png = np.array(["cat", "dog"]), np.frombuffer(small_png(8, 8), np.uint8)
    files = {"pictures__npz": npz(classes=ok, picture0000=png, picture0001=png)}
    run = unpacked(run_zip(tmp_path, config__json=config_json(dataset=dataset), **files), tmp_path)
    assert run.pictures_file.exists() == (dataset == "photos")


# Large visitors' runs ------------------------------------------------------------------------------------------------

LARGE = {
    "units": {"network": "mlp", "network_options": {"units": 5000}},
    "weights": {"network": "mlp", "network_options": {"units": 4096}, "side": 96},
    "plain": {"network": "plain", "network_options": {"units": 99_999}},
    "drawn pets": {"dataset": "drawn-pets:train=100000"},
    "drawn pets of two parts": {"dataset": "drawn-pets:train=16000,test=16000"},
    "large drawn pets": {"dataset": "drawn-pets:train=20000", "side": 128},
    "large digits": {"dataset": "digits", "side": 512},
    "large MNIST": {"dataset": "mnist", "side": 128},
    "large photos": {"dataset": "dogs-vs-cats", "side": 512},
    "large own photos": {"dataset": "photos", "side": 512},
    "a batch": {"dataset": "dogs-vs-cats", "side": 224, "batch_size": 4096},
    "epochs": {"epochs": 100_000},
}


@pytest.mark.parametrize("values", LARGE.values(), ids=LARGE)
def test_what_is_larger_than_a_visitors_run_is_the_teachers(tmp_path, values):
    source = run_zip(tmp_path, config__json=config_json(**values))
    said = refused(source, tmp_path, stranger=True)
    assert "that a visitor's run may have" in said
    (tmp_path / "out").rename(tmp_path / "half")  # `transfer` throws it away
    assert unpacked(source, tmp_path).config() == RunConfig(**{**vars(CONFIG), **values})


@pytest.mark.parametrize("dataset", ["drawn-pets:train=1" + "0" * 5000, "drawn-pets:train=x", "drawn-pets:more=1"])
def test_a_number_of_drawn_pets_that_is_none_is_refused(dataset):
    with pytest.raises(ConfigError, match="dataset"):
        strangers.refuse(RunConfig(dataset=dataset[:4000]))


@pytest.mark.parametrize("name", weights.names())
def test_the_runs_that_come_along_are_not_too_large_for_a_visitor(name, tmp_path):
    run = unpacked(weights.history(name), tmp_path)
    assert run.config().epochs <= strangers.MOST_EPOCHS
    if run.config().dataset.partition(":")[0] != "folder":
        strangers.refuse(run.config())


# Sizes inside --------------------------------------------------------------------------------------------------------


def npz(**arrays: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def small_png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + width.to_bytes(4) + height.to_bytes(4) + bytes(20)


def claiming(shape: tuple[int, ...]) -> bytes:
    """A .npz whose array says that it is larger than it is."""
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": shape})
    return zip_of({"array00000.npy": file.getvalue() + b"1234"}, zipfile.ZIP_STORED)


def network(path: Path, *, rows: int = 4, chunked: bool = False, link: str = "") -> bytes:
    """A .keras file as far as its weights go."""
    with h5py.File(path, "w") as file:
        group = file.create_group("layers/dense/vars")
        group.create_dataset("0", shape=(rows, 2), dtype="f4", **({"chunks": (1024, 2)} if chunked else {}))
        file.create_group("layers/dropout/seed_generator/vars").create_dataset("0", shape=(2,), dtype="u4")
        file.create_group("optimizer/vars").create_dataset("0", shape=(9,), dtype="f4")
        if link == "external":
            group["1"] = h5py.ExternalLink("/etc/passwd", "/")
        elif link == "soft":
            group["1"] = h5py.SoftLink("/layers/dense/vars/0")
        elif link == "virtual":
            layout = h5py.VirtualLayout(shape=(2,), dtype="f4")
            layout[:] = h5py.VirtualSource("/etc/passwd", "x", shape=(2,))
            group.create_virtual_dataset("1", layout)
        elif link == "raw":
            group.create_dataset("1", shape=(2,), dtype="u1", external=[("/etc/passwd", 0, 2)])
    return zip_of({"config.json": b"{}", "metadata.json": b"{}", "model.weights.h5": path.read_bytes()})


def test_a_network_is_counted_once_for_all_pages(tmp_path):
    run = unpacked(run_zip(tmp_path, best__keras=network(tmp_path / "w.h5", rows=5)), tmp_path)
    assert run.parameters_file.read_text() == "10\n"
    assert facts_of(run).parameters == 10
    assert "parameters" not in zipfile.ZipFile(export_run(run, tmp_path / "again.zip")).namelist()


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"rows": 10**9, "chunked": True}, "has more than 500 MB of weights"),
        ({"link": "external"}, "leads to another file"),
        ({"link": "soft"}, "leads to another file"),
        ({"link": "virtual"}, "has its weights in another file"),
        ({"link": "raw"}, "has its weights in another file"),
    ],
)
@pytest.mark.parametrize("name", ["best__keras", "initial__keras"])
def test_weights_that_are_larger_or_elsewhere_are_refused(tmp_path, how, said, name):
    source = run_zip(tmp_path, **{name: network(tmp_path / "w.h5", **how)})
    assert source.stat().st_size < 10_000
    assert f"{name.replace('__', '.')} in this file {said}" in refused(source, tmp_path)


def test_a_network_whose_description_asks_for_too_much_is_refused(tmp_path):
    for name in ("best__keras", "last__keras", "initial__keras"):
        huge = {"class_name": "Dense", "config": {"name": "huge", "units": 10**9}}
        described = zip_of(
            {
                "config.json": json.dumps({"config": {"layers": [huge]}}).encode(),
                "metadata.json": b"{}",
                "model.weights.h5": zipfile.ZipFile(io.BytesIO(network(tmp_path / "w.h5"))).read("model.weights.h5"),
            }
        )
        assert "its layer huge has a size of 1,000,000,000" in refused(run_zip(tmp_path, **{name: described}), tmp_path)
        shutil.rmtree(tmp_path / "out")


def test_a_run_that_was_brought_in_is_marked_and_its_network_asked_apart(tmp_path):
    run = unpacked(run_zip(tmp_path, best__keras=network(tmp_path / "w.h5")), tmp_path)
    assert brought_in((str(run.best_model),)) == run.path
    assert brought_in((str(run.path),)) == run.path
    # The mark neither leaves with a run nor can it be kept away by one.
    again = export_run(run, tmp_path / "again.zip")
    assert "origin" not in zipfile.ZipFile(again).namelist()
    assert brought_in((str(import_run(again, tmp_path / "again").best_model),))
    own = RunDirectory.create(tmp_path / "own", CONFIG)
    assert brought_in((str(own.path),)) is None


@pytest.mark.parametrize("inner", ["model.weights.h5", "config.json", "assets/x"])
def test_a_network_that_unpacks_to_gigabytes_is_refused_by_what_it_says(tmp_path, inner):
    """As large as it says: its own zip names 600 MB, in less than a megabyte."""
    bomb = zeros_in_zip(inner, 600 * 2**20)
    assert "unpacks to more than 500 MB" in refused(run_zip(tmp_path, last__keras=bomb), tmp_path)


def test_a_network_that_lies_about_its_size_is_refused_by_what_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(packed, "NETWORK_BYTES", 2**21)
    bomb = zeros_in_zip("model.weights.h5", 2**22)
    lies = bomb.replace((2**22).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    lies = lies.replace((2**22).to_bytes(8, "little"), (10).to_bytes(8, "little"))
    assert lies != bomb
    assert "best.keras in this file" in refused(run_zip(tmp_path, best__keras=lies), tmp_path)


def test_a_network_of_very_many_parts_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(packed, "MOST_PARTS", 20)
    source = run_zip(tmp_path, best__keras=zip_of({f"assets/{n}": b"" for n in range(21)}))
    assert "has more than 20 parts" in refused(source, tmp_path)
    with h5py.File(tmp_path / "w.h5", "w") as file:
        for number in range(21):
            file.create_group(f"layers/{number}")
    data = zip_of({"config.json": b"{}", "model.weights.h5": (tmp_path / "w.h5").read_bytes()})
    (tmp_path / "out").rename(tmp_path / "half")
    assert "has more than 20 parts" in refused(run_zip(tmp_path, best__keras=data), tmp_path)


@pytest.mark.parametrize("name", ["checkpoints_of_000000001__npz", "view__npz"])
@pytest.mark.parametrize("shape", [(2**40,), (2**31, 2**31), (100,)])
def test_an_array_that_says_it_is_larger_than_it_is_is_refused(tmp_path, name, shape):
    assert "says that it is larger than it is" in refused(run_zip(tmp_path, **{name: claiming(shape)}), tmp_path)


@pytest.mark.parametrize("name", ["checkpoints_of_000000001__npz", "view__npz"])
@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_arrays_that_unpack_to_gigabytes_are_refused(tmp_path, monkeypatch, name, compression):
    monkeypatch.setattr(
        unpacking, "ALLOWED", {pattern: min(most, 2**22) for pattern, most in unpacking.ALLOWED.items()}
    )
    bomb = zeros_in_zip("array00000.npy", 2**23, compression)
    said = refused(run_zip(tmp_path, **{name: bomb}), tmp_path)
    assert "unpacks to more than 4 MB" in said or "packed in a way that neither Keras nor NumPy uses" in said


@pytest.mark.parametrize(
    ("pictures", "said"),
    [
        ({"picture0000": np.frombuffer(small_png(5000, 5000), np.uint8)}, "no picture that was added here"),
        ({"picture0000": np.frombuffer(small_png(0, 8), np.uint8)}, "no picture that was added here"),
        ({"picture0000": np.frombuffer(b"GIF89a" * 9, np.uint8)}, "no picture that was added here"),
        ({"picture0000": np.zeros(2**21, np.uint8)}, "no picture that was added here"),
        ({f"picture{n:04}": np.frombuffer(small_png(8, 8), np.uint8) for n in range(1001)}, "more than 1,000 pictures"),
    ],
)
def test_own_photos_are_as_the_course_packs_them(tmp_path, pictures, said):
    files = {"pictures__npz": npz(classes=np.array(["a"] * len(pictures)), **pictures)}
    assert said in refused(run_zip(tmp_path, config__json=config_json(dataset="photos"), **files), tmp_path)


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("config__json", bounds.CONFIG_BYTES),
        ("state__json", bounds.SMALL_BYTES),
        ("data__json", unpacking.RECORD_BYTES),
        ("machine__json", unpacking.RECORD_BYTES),
        ("metrics__jsonl", lines.MOST_BYTES),
    ],
)
def test_a_file_that_is_larger_than_that_of_any_run_is_refused(tmp_path, name, most):
    said = refused(run_zip(tmp_path, **{name: b" " * (most + 1)}), tmp_path)
    assert said == f"{name.replace('__', '.')} in brought.zip is larger than that of any run."


def test_event_files_are_bounded_together(tmp_path):
    files = {
        f"tensorboard_of_{part}_of_events__out__tfevents__{n}": bytes(2**24)
        for n, part in enumerate(("train", "train", "validation", "validation", "train"))
    }
    few = dict(list(files.items())[:3])
    assert len(list(unpacked(run_zip(tmp_path, **few), tmp_path).tensorboard.rglob("events*"))) == 3
    (tmp_path / "out").rename(tmp_path / "before")
    assert "larger than that of any run" in refused(run_zip(tmp_path, **files), tmp_path)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("state__json", {"name": "paused", "epoch": 10**400}),
        ("state__json", {"name": "paused", "more": 1}),
        ("state__json", {"name": "paused", "updated": "x"}),
        ("data__json", {"train": 10**400}),
        ("data__json", {"maximum": -1}),
        ("data__json", {"classes": "cat"}),
        ("data__json", {"classes": ["x" * 300]}),
        ("data__json", {"classes": ["x"] * 10_001}),
    ],
)
def test_fields_are_checked_on_the_way_in(tmp_path, name, values):
    assert "in this file is damaged" in refused(run_zip(tmp_path, **{name: json.dumps(values).encode()}), tmp_path)


@pytest.mark.parametrize("name", ["state__json", "data__json", "machine__json", "config__json"])
@pytest.mark.parametrize("text", [b"[" * 50_000, b'{"a":' * 9_000, b"9" * 5000])
def test_deep_and_endless_json_is_a_sentence(tmp_path, name, text):
    assert refused(run_zip(tmp_path, **{name: text}), tmp_path)


def test_a_full_disk_is_said_before_anything_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=2**20))
    said = refused(run_zip(tmp_path, metrics__jsonl=b"\n" * 1000), tmp_path)
    assert "The disk has too little room for this run" in said
    assert not (tmp_path / "out").exists()


def test_what_belongs_to_a_run_on_its_own_machine_stays_there(tmp_path):
    files = dict.fromkeys(("owner", "task", "wish", "parameters", "lock", "plug__json", "preparing__json"), b"x")
    run = unpacked(run_zip(tmp_path, **files), tmp_path)
    assert {path.name for path in run.path.iterdir()} == {"config.json", "origin"}
    assert run.origin_file.read_text() == "imported\n"


def test_a_damaged_checkpoint_comes_along_a_resume_takes_the_other_one(tmp_path):
    path = save(tmp_path / "saved", 2, [np.zeros(100)], {"step": 2})
    whole = path.read_bytes()
    broken = whole[:400] + b"!" + whole[401:]
    files = {"checkpoints_of_000000001__npz": whole, "checkpoints_of_000000002__npz": broken}
    run = unpacked(run_zip(tmp_path, **files), tmp_path)
    assert len(list(run.checkpoints.iterdir())) == 2


# In a process of its own ---------------------------------------------------------------------------------------------


def test_a_run_comes_in_through_a_process_of_its_own(tmp_path):
    source = run_zip(tmp_path, best__keras=network(tmp_path / "w.h5"), state__json=b'{"name": "queued"}')
    run = import_run(source, tmp_path / "runs" / "here")
    assert (run.config(), run.state().name, facts_of(run).parameters) == (CONFIG, "interrupted", 8)
    assert [path.name for path in run.path.parent.iterdir()] == ["here"]
    folder = run_zip(tmp_path, config__json=config_json(dataset="folder:/etc"))
    with pytest.raises(RunError, match=r"only the teacher can import it"):
        import_run(folder, tmp_path / "runs" / "there", stranger=True)
    assert [path.name for path in run.path.parent.iterdir()] == ["here"]


def test_what_takes_too_much_memory_or_time_is_a_sentence_and_leaves_nothing(tmp_path, monkeypatch):
    # A few kilobytes of bzip2 give hundreds of megabytes in one piece.
    data = zeros_in_zip("metrics.jsonl", 100 * 2**20, zipfile.ZIP_BZIP2)
    source = tmp_path / "bomb.zip"
    source.write_bytes(data)
    monkeypatch.setattr(transfer, "IMPORT_MEMORY", 40 * 2**20)
    with pytest.raises(RunError, match=r"bomb\.zip cannot be read as a run: to unpack it takes more memory than any"):
        import_run(source, tmp_path / "runs" / "bomb")
    monkeypatch.setattr(transfer, "IMPORT_MEMORY", 2**30)
    monkeypatch.setattr(transfer, "IMPORT_SECONDS", 0.0)
    with pytest.raises(RunError, match=r"bomb\.zip cannot be read as a run: to unpack it takes more time than any"):
        import_run(source, tmp_path / "runs" / "bomb")
    assert list((tmp_path / "runs").iterdir()) == []


def test_the_command_line_takes_a_path_to_initial_weights_from_who_types_it(tmp_path, monkeypatch, secret, capsys):
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "runs"))
    monkeypatch.setattr("models.training.__main__.checked", lambda _: None)
    monkeypatch.setattr("models.training.__main__._train", lambda run, _: 0)
    words = ["start", "--dataset", "digits", "--network", "mlp", "--initial-weights", str(secret)]
    assert main(words) == 0
    run = RunDirectory(tmp_path / "runs" / "mlp-digits-1")
    assert run.initial_model.read_text() == SECRET
    assert run.config().initial_weights == str(secret)
