"""models/runs/transfer.py: a run travels as one zip file, and nothing else gets in that way."""

import io
import json
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from models.runs import checkpoint, unpacking
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory, RunError, writing
from models.runs.transfer import export_run, import_run
from models.storage import ROOT

CONFIG = RunConfig(dataset="digits", network="mlp", epochs=3, seed=4)
LINES = [{"kind": "batch", "epoch": 0, "step": 1, "loss": 0.7}, {"kind": "epoch", "epoch": 0, "loss": 0.6}]
ARRAYS = [np.arange(6, dtype=np.float32).reshape(2, 3), np.array(7)]


def zip_bytes(*entries: tuple[str | zipfile.ZipInfo, bytes], **options) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", **options) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return file.getvalue()


MODEL = zip_bytes(("model.weights.h5", b"weights"))
ONLY_CONFIG = ("config.json", CONFIG.to_json().encode())


pytestmark = pytest.mark.usefixtures("unpacked_here")


@pytest.fixture
def run(tmp_path) -> RunDirectory:
    """A run that was paused in its second epoch, with every kind of file that a run can have."""
    run = RunDirectory.create(tmp_path / "there" / "first", CONFIG)
    run.write_state("paused", "It was paused.", epoch=1, step=1)
    run.metrics_file.write_text("".join(json.dumps(line) + "\n" for line in LINES))
    for step in (1, 2):
        checkpoint.save(run.checkpoints, step, ARRAYS, {"epoch": 0, "step": step})
    run.data_file.write_text(json.dumps({"classes": ["0", "1"], "fingerprint": "ab"}))
    run.machine_file.write_text(json.dumps({"device": "CPU"}))
    for path in (run.best_model, run.last_model, run.initial_model):
        path.write_bytes(MODEL)
    run.view_file.write_bytes(zip_bytes(("epoch.npy", b"")))
    for part in ("train", "validation"):
        (run.tensorboard / part).mkdir(parents=True)
        (run.tensorboard / part / "events.out.tfevents.1764000000.host-1.2.0.v2").write_bytes(b"events")
    # These belong to this machine, and stay here.
    run.wish_file.write_text("pause")
    (run.path / "task").write_text("train-first-1")
    (run.path / "log.txt").write_text("a line")
    (run.path / ".state.json.0123.tmp").write_text("half")
    return run


@pytest.fixture
def target(tmp_path) -> Path:
    return tmp_path / "here" / "second"


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_refused(data: bytes, target: Path, message: str) -> None:
    """Assert that a file is refused with this sentence, and that nothing of it stays on the disk."""
    source = target.parent.parent / "source.zip"
    source.write_bytes(data)
    before = sorted(target.parent.parent.rglob("*"))
    with pytest.raises(RunError, match=message):
        import_run(source, target)
    after = sorted(target.parent.parent.rglob("*"))
    assert [path for path in after if path not in (*before, target.parent)] == []
    assert [path for path in before if path not in after] == []


# Export and import ---------------------------------------------------------------------------------------------------


def test_a_run_arrives_as_it_left(run, target, tmp_path):
    file = export_run(run, tmp_path / "out" / "first.zip")
    assert file == tmp_path / "out" / "first.zip"
    arrived = import_run(file, target)
    assert arrived.path == target
    left_behind = {"wish", "task", "log.txt", "lock", "reserve", ".state.json.0123.tmp"}
    assert left_behind <= set(files(run.path))
    stayed = {name: data for name, data in files(run.path).items() if name not in left_behind}
    assert files(target) == stayed | {"origin": b"imported\n"}
    assert arrived.config() == CONFIG
    assert arrived.metrics()[0] == LINES
    assert (arrived.state().name, arrived.state().epoch, arrived.state().step) == ("paused", 1, 1)
    found = checkpoint.load_newest(arrived.checkpoints)
    assert found is not None
    arrays, state, damaged = found
    assert (state["step"], damaged) == (2, [])
    for before, after in zip(ARRAYS, arrays, strict=True):
        np.testing.assert_array_equal(before, after)


def test_it_leaves_and_arrives_without_traces(run, target, tmp_path):
    run.lock.acquire()
    run.lock.release()  # the file stays, and means nothing
    before = files(run.path)
    import_run(export_run(run, tmp_path / "first.zip"), target)
    assert files(run.path) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first.zip", "here", "there"]
    assert list(target.parent.iterdir()) == [target]


def test_it_can_go_on_here(run, target, tmp_path):
    arrived = import_run(export_run(run, tmp_path / "first.zip"), target)
    with writing(arrived):
        arrived.write_state("running", epoch=1, step=2)
        assert arrived.state().name == "running"


def test_a_second_export_replaces_the_first(run, target, tmp_path):
    file = export_run(run, tmp_path / "first.zip")
    run.write_state("finished", epoch=3)
    assert import_run(export_run(run, file), target).state().name == "finished"


def test_a_run_of_a_machine_with_a_wrong_clock_leaves(run, target, tmp_path):
    """Zip files know no year before 1980."""
    os.utime(run.config_file, (0, 0))
    assert import_run(export_run(run, tmp_path / "first.zip"), target).config() == CONFIG


@pytest.mark.parametrize("name", ["running", "queued"])
def test_what_ran_or_waited_there_is_interrupted_here(run, target, tmp_path, name):
    run.write_state(name, epoch=1, step=5)
    arrived = import_run(export_run(run, tmp_path / "first.zip"), target)
    said = json.loads(arrived.state_file.read_text())
    assert (said["name"], said["reason"]) == ("interrupted", "It came from another machine.")
    assert (arrived.state().epoch, arrived.state().step) == (1, 5)


@pytest.mark.parametrize("name", ["paused", "interrupted", "finished", "failed"])
def test_other_states_stay(run, target, tmp_path, name):
    run.write_state(name, "So it was.", epoch=1, step=5)
    arrived = import_run(export_run(run, tmp_path / "first.zip"), target)
    assert (arrived.state().name, arrived.state().reason) == (name, "So it was.")


def test_a_run_that_was_never_begun_can_travel(target, tmp_path):
    run = RunDirectory.create(tmp_path / "new", CONFIG)
    arrived = import_run(export_run(run, tmp_path / "new.zip"), target)
    assert set(files(target)) == {"config.json", "state.json", "origin"}
    assert arrived.state().name == "interrupted"


# Export --------------------------------------------------------------------------------------------------------------


def test_a_run_that_is_being_trained_does_not_leave(run, tmp_path):
    program = (
        "import sys, pathlib; from models.runs.run_directory import RunDirectory, writing\n"
        "with writing(RunDirectory(pathlib.Path(sys.argv[1]))): print('held', flush=True); sys.stdin.read()"
    )
    words = [sys.executable, "-c", program, str(run.path)]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(RunError, match="being trained by another process"):
            export_run(run, tmp_path / "first.zip")
        holder.communicate("")
    assert not (tmp_path / "first.zip").exists()
    assert export_run(run, tmp_path / "first.zip").is_file()


def test_what_cannot_be_written_is_said(run, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match=r"^first\.zip cannot be written"):
        export_run(run, tmp_path / "file" / "first.zip")
    assert not run.lock.is_held()


def test_nothing_half_is_left_of_an_export_that_fails(run, tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "write", full)
    with pytest.raises(RunError, match=r"first\.zip cannot be written: the disk is full\."):
        export_run(run, tmp_path / "first.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


# Refused before unpacking --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "/config.json",
        "/etc/passwd",
        "../config.json",
        "../../evil.py",
        "checkpoints/../../evil.py",
        "checkpoints/../config.json",
        "..\\evil.py",
        "...",
        "C:\\evil.py",
        "C:/evil.py",
        "evil.py",
        "config.json.py",
        "Config.json",
        "config.json\n",
        "checkpoints/x.pkl",
        "checkpoints/1.npz",
        "checkpoints/0000000001.npz",
        "checkpoints/٠٠٠٠٠٠٠٠٠.npz",
        "checkpoints/deeper/000000001.npz",
        "evil.keras",
        "best.h5",
        "tensorboard/evil.py",
        "tensorboard/train/evil.py",
        "tensorboard/train/plugins/events.out.tfevents.1",
        "tensorboard/other/events.out.tfevents.1",
        "tensorboard/train/events.out.tfevents.1/../../../evil.py",
        "",
    ],
)
def test_what_is_no_part_of_a_run_is_refused(target, name):
    info = zipfile.ZipInfo("x")
    info.filename = name  # unchanged: the constructor would normalise it
    assert_refused(zip_bytes(ONLY_CONFIG, (info, b"1")), target, "which is no part of a run")


@pytest.mark.parametrize("name", ["best.keras", "metrics.jsonl", "config.json"])
def test_a_link_is_refused(target, name):
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    others = [] if name == "config.json" else [ONLY_CONFIG]
    assert_refused(zip_bytes(*others, (info, b"/etc/passwd")), target, f"holds a link, '{name}'")


def test_two_files_of_one_name_are_refused(target):
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zip_bytes(ONLY_CONFIG, ("metrics.jsonl", b""), ("metrics.jsonl", b""))
    assert_refused(data, target, "two files of one name")


def test_folders_in_a_zip_are_no_files(target, tmp_path):
    (tmp_path / "run.zip").write_bytes(zip_bytes(("checkpoints/", b""), ("../../evil/", b""), ONLY_CONFIG))
    import_run(tmp_path / "run.zip", target)
    assert set(files(target)) == {"config.json", "origin"}
    assert {path.name for path in target.iterdir()} == {"config.json", "origin"}
    assert not (tmp_path / "evil").exists()


def test_too_many_files_are_refused(target, tmp_path, monkeypatch):
    monkeypatch.setattr(unpacking, "MAX_ENTRIES", 3)
    entries = [(f"checkpoints/{number:09d}.npz", b"") for number in range(3)]
    assert_refused(zip_bytes(ONLY_CONFIG, *entries), target, "holds 4 files; a run has at most 3")
    (tmp_path / "run.zip").write_bytes(zip_bytes(ONLY_CONFIG, *entries[:2]))
    assert import_run(tmp_path / "run.zip", target).config() == CONFIG


def test_a_bomb_is_refused_as_it_unpacks(target, tmp_path, monkeypatch):
    monkeypatch.setattr(unpacking, "MAX_BYTES", 3 * 2**20)
    bomb = zip_bytes(
        ONLY_CONFIG, *((f"checkpoints/{n:09d}.npz", bytes(2**20)) for n in range(3)), compression=zipfile.ZIP_DEFLATED
    )
    assert len(bomb) < 2**14
    assert_refused(bomb, target, "unpacks to more than")
    monkeypatch.setattr(unpacking, "MAX_BYTES", 4 * 2**20)
    (tmp_path / "run.zip").write_bytes(bomb)
    assert import_run(tmp_path / "run.zip", target).config() == CONFIG


def test_a_bomb_that_lies_about_its_size_is_refused(target, monkeypatch):
    monkeypatch.setattr(unpacking, "MAX_BYTES", 2**20)
    data = zip_bytes(ONLY_CONFIG, ("metrics.jsonl", bytes(2**22)), compression=zipfile.ZIP_DEFLATED)
    true, lie = (size.to_bytes(4, "little") for size in (2**22, 10))
    assert data.count(true) == 2  # before the entry, and in the directory at the end
    assert_refused(data.replace(true, lie), target, "unpacks to more than|missing or damaged")


def test_an_encrypted_file_is_refused(target):
    data = bytearray(zip_bytes(ONLY_CONFIG))
    data[6] |= 1  # the flag before the entry, and the one in the directory at the end
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert_refused(bytes(data), target, "is protected with a password: pack the run's folder without one")


def test_a_way_of_packing_that_python_cannot_read_is_refused_with_what_to_do(target):
    data = bytearray(zip_bytes(ONLY_CONFIG))
    data[8] = data[data.index(b"PK\x01\x02") + 10] = 9  # Deflate64, as Windows packs large files
    assert_refused(bytes(data), target, "packed in a way that cannot be read here: pack .* as an ordinary zip")


@pytest.mark.parametrize("stranger", ["lost+found/", "#recycle/old.txt", "config.json@SynoResource", "config.json~"])
def test_what_a_server_or_an_editor_leaves_beside_a_run_is_passed_over(target, stranger):
    source = target.parent.parent / "source.zip"
    source.write_bytes(zip_bytes(ONLY_CONFIG, (stranger, b"")))
    assert import_run(source, target).config() == CONFIG


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04", MODEL[:-10]])
def test_what_is_no_zip_is_refused(target, data):
    assert_refused(data, target, "no zip file, or a part of it is missing or damaged.*“Whole run” downloads")


def test_a_file_that_does_not_exist_is_named(target, tmp_path):
    with pytest.raises(RunError, match=r"missing\.zip cannot be read as a run"):
        import_run(tmp_path / "missing.zip", target)
    assert not target.exists()


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_zip_is_a_run_or_a_sentence(tmp_path, compression):
    """Whatever Python's readers raise for a wrong byte, the visitor gets a sentence."""
    state = json.dumps({"name": "paused", "epoch": 1, "step": 2}).encode()
    whole = zip_bytes(ONLY_CONFIG, ("state.json", state), ("best.keras", MODEL), compression=compression)
    source = tmp_path / "damaged.zip"
    refused = 0
    for place in range(0, len(whole), 7):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        source.write_bytes(damaged)
        target = tmp_path / "runs" / str(place)
        try:
            import_run(source, target)
        except RunError as error:
            refused += 1
            assert str(error)
            assert not target.exists()
    assert refused > len(whole) // 14
    assert not [path for path in (tmp_path / "runs").iterdir() if path.name.startswith(".")]


# Refused for its contents --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([], "holds no run: it has no config.json"),
        ([("metrics.jsonl", b"")], "holds no run: it has no config.json"),
        ([("config.json", b"{")], "cannot be used: config.json is damaged"),
        ([("config.json", b"[]")], "cannot be used: config.json is damaged"),
        ([("config.json", b"\xff")], "cannot be used"),
        ([("config.json", b"[" * 100_000)], "cannot be (used|read)"),
        ([("config.json", b'{"epochs": 0}')], "cannot be used: epochs must be a whole number"),
        ([("config.json", b'{"program": "rm"}')], "cannot be used: program is no field of a run"),
        ([ONLY_CONFIG, ("state.json", b"{")], "cannot be used"),
        ([ONLY_CONFIG, ("state.json", b"[]")], "state.json in this file is damaged"),
        ([ONLY_CONFIG, ("state.json", b'{"name": "evil"}')], "state.json in this file is damaged"),
        ([ONLY_CONFIG, ("state.json", b'{"name": ["paused"]}')], "state.json in this file is damaged"),
        ([ONLY_CONFIG, ("state.json", b"{}")], "state.json in this file is damaged"),
        ([ONLY_CONFIG, ("state.json", b'{"name": "paused", "epoch": -1}')], "state.json in this file is damaged"),
        ([ONLY_CONFIG, ("state.json", b'{"name": "paused", "step": "1"}')], "state.json in this file is damaged"),
        ([ONLY_CONFIG, ("state.json", b'{"name": "paused", "reason": 1}')], "state.json in this file is damaged"),
        ([ONLY_CONFIG, ("data.json", b"7")], "data.json in this file is damaged"),
        ([ONLY_CONFIG, ("data.json", b'{"train": "many"}')], "data.json in this file is damaged"),
        ([ONLY_CONFIG, ("data.json", b'{"train": -1}')], "data.json in this file is damaged"),
        ([ONLY_CONFIG, ("data.json", b'{"classes": [1]}')], "data.json in this file is damaged"),
        ([ONLY_CONFIG, ("machine.json", b"null")], "machine.json in this file is damaged"),
        ([ONLY_CONFIG, ("best.keras", b"no model")], "best.keras in this file is damaged"),
    ],
)
def test_a_run_that_does_not_fit_together_is_refused(target, entries, message):
    assert_refused(zip_bytes(*entries), target, message)


def test_a_run_without_the_weights_that_it_began_with_is_refused(target, tmp_path):
    config = ("config.json", RunConfig(initial_weights="/elsewhere/first.keras").to_json().encode())
    assert_refused(zip_bytes(config), target, "needs initial weights that did not come along")
    for number, name in enumerate(("initial.keras", "checkpoints/000000001.npz")):
        (tmp_path / "run.zip").write_bytes(zip_bytes(config, (name, MODEL)))
        assert import_run(tmp_path / "run.zip", target.with_name(f"run-{number}")).config().epochs == 5


@pytest.mark.parametrize("kind", ["folder", "file", "run"])
def test_what_exists_is_not_written_over(run, tmp_path, kind):
    file = export_run(run, tmp_path / "first.zip")
    target = tmp_path / "taken"
    if kind == "folder":
        target.mkdir()
    elif kind == "file":
        target.write_text("mine")
    else:
        RunDirectory.create(target, CONFIG)
    before = files(tmp_path)
    with pytest.raises(RunError, match="taken exists already: give the run another name"):
        import_run(file, target)
    assert files(tmp_path) == before


# Packed again by an operating system ---------------------------------------------------------------------------------

LEAVINGS = {
    ".DS_Store": b"Mac",
    "._config.json": b"Mac",
    "__MACOSX/._config.json": b"Mac",
    "__MACOSX/tiny/checkpoints/._000000001.npz": b"Mac",
    "Icon\r": b"Mac",
    "desktop.ini": b"Windows",
    "Thumbs.db": b"Windows",
    "checkpoints/THUMBS.DB": b"Windows",
    "$RECYCLE.BIN/x": b"Windows",
    ".directory": b"Linux",
    "@eaDir/config.json@SynoEAStream": b"a disk in the network",
    "Thumbs.db:encryptable": b"Windows",
    ".dropbox": b"a disk in the network",
    ".849C9593-D756-4E56-8D6E-42412F2A707B": b"a disk in the network",
    ".git/config": b"a program",
    ".ipynb_checkpoints/config-checkpoint.json": b"a program",
    ".Trash-1000/files/config.json": b"Linux",
}


def entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("x")
    info.filename = name  # unchanged: the constructor would normalise it
    return info


def packed(source: Path, how, *, more: dict[str, bytes] | None = None, top: tuple[str, ...] = ()) -> bytes:
    """A run's exported files as a zip in which each has the name that `how` makes of it."""
    with zipfile.ZipFile(source) as archive:
        whole = {name: archive.read(name) for name in archive.namelist()}
    named = [(entry(how(name)), data) for name, data in whole.items()]
    strangers = [(entry(name), data) for name, data in (more or {}).items()]
    return zip_bytes(*((entry(name), b"") for name in top), *named, *strangers)


@pytest.mark.parametrize(
    ("how", "more", "top"),
    [
        (lambda name: name, LEAVINGS, ()),
        (lambda name: f"tiny/{name}", {"tiny/.DS_Store": b"", "__MACOSX/._tiny": b""}, ("tiny/", "tiny/checkpoints/")),
        (lambda name: f"tiny (1)/{name}", {"desktop.ini": b"", "tiny (1)/desktop.ini": b""}, ()),
        (lambda name: f"Übungen/3. Stunde/tiny/{name}", {"Übungen/.DS_Store": b""}, ("Übungen/",)),
        (lambda name: f"./{name}", {"./.DS_Store": b""}, ("./",)),
        (lambda name: name.replace("/", "\\"), {"tensorboard\\Thumbs.db": b""}, ("checkpoints\\",)),
        (lambda name: f"tiny\\{name}".replace("/", "\\"), {}, ("tiny\\",)),
        (lambda name: f"./tiny/{name}", {}, ("./tiny/",)),
    ],
    ids=[
        "strangers",
        "a Mac's folder",
        "Windows' folder",
        "folders",
        "a dot",
        "backslashes",
        "Windows, older",
        "a dot and a folder",
    ],
)
def test_a_run_that_an_operating_system_packed_again_is_the_same_run(run, target, tmp_path, how, more, top):
    left = export_run(run, tmp_path / "first.zip")
    (tmp_path / "again.zip").write_bytes(packed(left, how, more=more, top=top))
    arrived = import_run(tmp_path / "again.zip", target)
    import_run(left, target.with_name("as exported"))
    assert files(arrived.path) == files(target.with_name("as exported"))


def test_a_runs_folder_that_was_packed_by_hand_comes_without_what_belongs_to_its_machine(run, target, tmp_path):
    (run.path / "owner").write_text("me")
    (run.checkpoints / "000000003.damaged").write_bytes(b"?")
    whole = {f"first/{name}": data for name, data in files(run.path).items()}
    assert {"first/lock", "first/owner", "first/wish", "first/task", "first/log.txt", "first/reserve"} <= set(whole)
    (tmp_path / "by hand.zip").write_bytes(zip_bytes(*whole.items()))
    arrived = import_run(tmp_path / "by hand.zip", target)
    import_run(export_run(run, tmp_path / "first.zip"), target.with_name("exported"))
    assert files(arrived.path) == files(target.with_name("exported"))


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        (
            [("a/config.json", b"{}"), ("b/config.json", b"{}")],
            "holds 2 runs, a, b: pack each of them",
        ),
        ([("tiny.run.zip", MODEL)], r"holds another zip file, tiny\.run\.zip: unpack it once"),
        (
            [("tiny/config.json", b"{}"), ("holiday.jpg", b"")],
            r"holds 'holiday\.jpg' beside the folder 'tiny'",
        ),
        (
            [("tiny/config.json", b"{}"), ("tiny/notes.txt", b"")],
            r"holds 'notes\.txt', .*“Whole run” downloads",
        ),
        ([("tiny/config.json", b"{}"), ("tiny/../../evil", b"")], "which is no part of a run"),
        ([("tiny/config.json", b"{}"), ("tiny/checkpoints/config.json", b"")], "which is no part of a run"),
        ([("../config.json", b"{}"), ("../evil.py", b"")], "holds no run|no part of a run"),
        ([("../config.json", b"{}")], "no part of a run"),
        ([("C:/tiny/config.json", b"{}")], "no part of a run"),
        ([("/tiny/config.json", b"{}")], "no part of a run"),
        ([("photos/cat.jpg", b"")], r"holds 'photos/cat\.jpg', which is no part of a run"),
        ([ONLY_CONFIG, ("metadata.json", b"{}"), ("model.weights.h5", b"")], r"is a saved network, a \.keras file"),
        ([ONLY_CONFIG, ("./config.json", b"{}")], "two files of one name"),
        ([(".DS_Store", b""), ("__MACOSX/._x", b"")], "holds no run: .*what “Whole run” downloads"),
    ],
)
def test_what_else_is_in_a_zip_is_a_sentence_that_says_what_to_do(target, entries, message):
    named = [(entry(name) if name != "config.json" else name, data) for name, data in entries]
    assert_refused(zip_bytes(*named), target, message)


def test_a_link_inside_a_folder_is_refused_too(target):
    info = entry("tiny/best.keras")
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert_refused(
        zip_bytes((entry("tiny/config.json"), ONLY_CONFIG[1]), (info, b"/etc/passwd")), target, "holds a link"
    )


@pytest.mark.parametrize("name", ["-x", "con", "a:b", "ends."])
def test_a_run_is_not_imported_under_a_name_that_no_run_can_have(run, tmp_path, name):
    with pytest.raises(RunError, match=r"A run's name|Windows keeps"):
        import_run(export_run(run, tmp_path / "first.zip"), tmp_path / "here" / name)
    assert not (tmp_path / "here").exists()
