"""Why a file cannot be opened as a Keras network, by kind; TensorFlow is not needed, and nothing in the file is run."""

import json
import re
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from models.networks.files import file_title

CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"

_HDF5 = b"\x89HDF\r\n\x1a\n"
_KINDS = (
    (b"version https://git-lfs", "is a text of Git LFS that stands for the network: fetch the file itself."),
    (b"<!doctype html", "is a web page: the download brought a page instead of the network."),
    (b"<html", "is a web page: the download brought a page instead of the network."),
)
"""How files begin that are often found in place of a network, in small letters."""

_SAVE = "open it in the program that made it and save it with model.save, under a name that ends in .keras."


def fault_of(path: Path) -> str:
    """Return why a file is no network that Keras could open here, as a sentence for the visitor, or "".

    What Keras alone can find out, such as weights of another shape, it says when it opens the file (`fault_in_words`).

    Args:
        path: a .keras file, or what is taken for one.
    """
    title = file_title(path)
    try:
        if path.is_dir():
            return _folder(path)
        if not path.exists():
            return f"There is no file {path.name}: name a .keras file or the folder of a run."
        if not path.is_file():
            return f"{title} is no file that can be opened: name a .keras file or the folder of a run."
        if not path.stat().st_size:
            return f"{title} is empty, 0 bytes: it was not saved or copied to its end. Save or copy it again."
        with path.open("rb") as file:
            begin = file.read(64)
        if not begin.startswith(b"PK"):
            return f"{title} {_no_archive(path, begin)}"
        with zipfile.ZipFile(path) as archive:
            return _archive(title, archive)
    except PermissionError:
        return f"{title} cannot be read: this program has no right to read it."
    except OSError as error:
        return f"{title} cannot be read: {error.strerror or 'the disk gave an error'}."
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError):
        # RuntimeError: a password. NotImplementedError: a compression that Python does not know.
        return _damaged(title)


def fault_in_words(path: Path, error: BaseException) -> str:
    """Return as a sentence why Keras could not open a file in which `fault_of` finds no fault.

    Args:
        path: the file.
        error: what Keras raised.
    """
    title, said, own = file_title(path), " ".join(str(error).split()), version("keras")
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return f"{title} cannot be opened: it needs more memory than this machine has left."
    saved = _saved_by(path)
    if saved and _numbers(saved) > _numbers(own):
        return (
            f"{title} was saved by Keras {saved}, which is newer than Keras {own} here, and cannot be opened: "
            "save it with an older Keras, or install a newer one here."
        )
    unknown = re.search(r"Could not (?:locate|deserialize) (?:class |function )?'(?:[\w.]*\.)?(\w+)'", said)
    if unknown:
        return f"{title} cannot be opened: Keras {own} knows no {unknown[1]}, which is a part of it."
    setting = re.search(r"Unrecognized keyword arguments passed to (\w+): \{'(\w+)'", said)
    if setting:
        return f"{title} cannot be opened: Keras {own} knows no setting {setting[2]} of the layer {setting[1]}."
    shapes = re.search(r"<\w+ name=([^,>]+).*variable\.shape=\(([^)]*)\), Received: value\.shape=\(([^)]*)\)", said)
    if shapes:
        wanted, found = (numbers.strip(", ").replace(", ", " × ") for numbers in shapes.group(2, 3))
        return (
            f"{title} cannot be opened: its weights are of another network. The layer {shapes[1]} needs {wanted} "
            f"numbers, and the file holds {found}."
        )
    if isinstance(error, OSError) or "could not be loaded" in said or re.search(r"expected \d+ variables", said):
        return f"{title} cannot be opened: its weights do not fit its layers, or are damaged."
    old = f" It was saved by Keras {saved}, here is Keras {own}." if saved and saved != own else ""
    return f"{title} cannot be opened as a Keras network: its description makes no sense to Keras.{old}"


def _folder(path: Path) -> str:
    if (path / "saved_model.pb").is_file():
        return f"The folder {path.name} is a SavedModel of TensorFlow, no .keras file: {_SAVE}"
    if (path / CONFIG).is_file() and (path / WEIGHTS).is_file():
        return f"The folder {path.name} is an unpacked .keras file: name the .keras file itself."
    for name in ("best.keras", "last.keras"):
        if (path / name).is_file():
            return f"{path.name} is the folder of a run: name the file {name} in it."
    return (
        f"The folder {path.name} holds no model: a run has best.keras after its first epoch and last.keras at its end."
    )


def _no_archive(path: Path, begin: bytes) -> str:
    if begin.startswith(_HDF5):
        named = " under another name" if path.suffix == ".keras" else ""
        return f"is an HDF5 file{named}, the format of older versions of Keras: {_SAVE}"
    if begin[4:8] == b"TFL3":
        return f"is a network of TensorFlow Lite, no .keras file: {_SAVE}"
    for sign, words in _KINDS:
        if begin.lower().lstrip().startswith(sign):
            return words
    return f"is no .keras file: that is a zip archive, and this is none. If it is a network, {_SAVE}"


def _archive(title: str, archive: zipfile.ZipFile) -> str:
    names = archive.namelist()
    if any(entry.flag_bits & 1 for entry in archive.infolist()):
        return f"{title} is protected with a password: save it without one."
    if CONFIG not in names:
        if any(name.endswith("/data.pkl") for name in names):
            return f"{title} is a file of PyTorch, no .keras file: only networks of Keras can be opened."
        inner = next((name for name in names if name.endswith(f"/{CONFIG}")), "")
        if inner:
            return f"{title} was packed with a folder around it, {inner.split('/')[0]}: name the .keras file itself."
        packed = next((name for name in names if name.endswith(".keras")), "")
        if packed:
            return f"{title} is an archive with {Path(packed).name} in it: unpack it and name that file."
        return f"{title} is a zip archive but no network of Keras: it holds no {CONFIG}."
    if not any(name.startswith("model.weights.") for name in names):
        return f"{title} holds no weights: its archive has no {WEIGHTS}. Save it again with model.save."
    if archive.testzip() is not None:
        return _damaged(title)
    config = json.loads(archive.read(CONFIG))
    if not isinstance(config, dict):
        return _damaged(title)
    parts = list(_parts(config))
    if any(part.get("class_name") in ("Lambda", "__lambda__") for _, part in parts):
        return (
            f"{title} has a Lambda layer: that is code of whoever made the file, and no code of strangers is run here. "
            "Put a built-in layer or operation of Keras in its place and save it again."
        )
    older = next((root for _, part in parts if (root := _module_root(part)) in ("tf_keras", "tensorflow")), "")
    if older:
        return (
            f"{title} was saved by {older}, whose networks are those of Keras 2: build it in Keras {version('keras')}, "
            "load its weights there and save it again."
        )
    own = list(dict.fromkeys((kind, _name_of(part)) for kind, part in parts if _is_own(part)))
    if own:
        kind, name = own[0]
        more = f" (and {len(own) - 1} more)" if len(own) > 1 else ""
        whose = "is a network of a class of its own" if kind == "model" else f"has a {kind} of its own"
        return (
            f"{title} {whose}, {name}{more}: that code is not in the file, so it cannot be opened here. "
            "Only networks of Keras's built-in layers can."
        )
    return ""


def _damaged(title: str) -> str:
    return f"{title} is damaged: it ends too early, or a part of it has changed. Save or copy it again."


def _parts(config: Any, kind: str = "model") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object that Keras would make from a configuration, and whether it is a model, a layer or a part of one."""
    if isinstance(config, list):
        for one in config:
            yield from _parts(one, kind)
    elif isinstance(config, dict):
        if isinstance(config.get("class_name"), str):
            yield kind, config
        for key, value in config.items():
            # Optimizer, losses and metrics are not needed and not read: `compile=False`.
            if key not in ("compile_config", "build_config"):
                yield from _parts(value, "layer" if key in ("layers", "layer") else "part")


def _module_root(part: dict[str, Any]) -> str | None:
    module = part.get("module")
    return module.partition(".")[0] if isinstance(module, str) else None


def _is_own(part: dict[str, Any]) -> bool:
    """Whether an object's class or function is not one of Keras."""
    root, registered = _module_root(part), part.get("registered_name")
    if part["class_name"].startswith("__"):  # plain data, such as "__tuple__"
        return False
    if root is not None:
        return root != "keras"
    return isinstance(registered, str) and registered.partition(">")[0] not in ("keras", registered)


def _name_of(part: dict[str, Any]) -> str:
    config = part.get("config")
    return config if part["class_name"] == "function" and isinstance(config, str) else part["class_name"]


def _saved_by(path: Path) -> str:
    """The version of Keras that wrote a file, or ""."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = json.loads(archive.read(METADATA))["keras_version"]
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError, RuntimeError):
        return ""
    return found if isinstance(found, str) and re.fullmatch(r"\d+(\.\d+)*\w{0,20}", found) else ""


def _numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)[:3]]
