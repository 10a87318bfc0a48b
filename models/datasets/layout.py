"""How the photos of a folder lie: classes, perhaps in parts, perhaps in folders around them. Nothing is decoded here.

The rules, in their order:

1. Hidden folders and files, and those that systems leave behind (`__MACOSX`, `Thumbs.db` …), do not count.
2. A folder that holds one folder alone, with several folders in it, is a wrapper: what lies in it counts.
3. Two or more folders whose names say different parts (`train` and `Test set`) are a division, never classes.
4. One such name among other folders is a class (bus, train, truck), if photos lie in it or below it like in the others.
5. Folders inside of a class that are named for parts (`cats/train`, `cats/test`) would all be learned from: refused.
6. What fits no rule is refused, with what was found and how it should lie.
"""

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from models.datasets import PARTS, DatasetError
from models.datasets.contents import (
    check_size,
    entries,
    files,
    has_photos,
    is_folder,
    is_photo,
    shown_path,
    subfolders,
)
from models.datasets.part_names import Named, named
from models.datasets.spelling import composed, plain, shown
from models.figures import listed, number_of

DEEPEST = 6
"""Most wrappers around each other."""

MOST_NAMED = 6
"""Most names in one sentence."""

HOW = (
    "It should lie like this: train/cats, train/dogs, validation/cats, validation/dogs, and test/cats, test/dogs if "
    "there is a test; or just cats and dogs, which are then divided here."
)


class Listed(NamedTuple):
    """One file of a class.

    Attributes:
        part: train, validation or test; "" where the folder brings no division.
        kind: its class, as it can be shown.
        name: its path below the folder that was named, as it can be shown.
        below: its path below its part, or below the folder of the classes, as it lies there.
        path: where it is.
    """

    part: str
    kind: str
    name: str
    below: str
    path: Path


class Layout(NamedTuple):
    """The files of a folder.

    Attributes:
        files: all of them, part by part and class by class, in an order that is the same on every machine.
        parts: the names of the parts that the folder brings; none if it is to be divided.
        remarks: sentences on what was taken as what, and on what was left out.
    """

    files: tuple[Listed, ...]
    parts: tuple[str, ...]
    remarks: tuple[str, ...]


def layout(root: Path) -> Layout:
    """Return how the photos of a folder lie.

    Raises:
        DatasetError: they fit no rule; the text says what was found and how it should lie.
    """
    check_size(root)
    remarks: list[str] = []
    folder = _inside(root)
    parts = _parts(root, folder, remarks)
    if folder != root:
        only = named(folder.name)
        if not parts and only and only.part != "train" and not only.rest:
            raise _refusal(root, f"holds a folder for the {only.part} ({folder.name}), but none for training")
        remarks.append(f"The photos lie in its folder {_below(folder, root)}.")
        remarks += _loose(root, root)
    remarks += _loose(folder, root)
    if not parts:
        kinds = subfolders(folder)
        _refuse_names_shown_alike(root, kinds)
        all_files = tuple(_files_of("", folder, kinds, root))
        remarks += _parts_in_classes(root, all_files)
        remarks += _alike(kinds)
        return Layout(all_files, (), tuple(remarks))
    found: list[Listed] = []
    all_kinds: list[Path] = []
    known: set[str] = set()
    for part in (part for part in PARTS if part in parts):
        place = _inside(parts[part], known)
        if place != parts[part]:
            remarks += _loose(parts[part], root)
        remarks += _loose(place, root)
        kinds = subfolders(place)
        if part == "train":
            known = {plain(kind.name) for kind in kinds}
        all_kinds += kinds
        found += _files_of(part, place, kinds, root)
    _refuse_names_shown_alike(root, all_kinds)
    remarks += _parts_in_classes(root, found)
    return Layout(tuple(_with_classes_of_training(found, remarks)), tuple(parts), tuple(remarks))


# Parts ----------------------------------------------------------------------------------------------------------------


def _parts(root: Path, folder: Path, remarks: list[str]) -> dict[str, Path]:
    """Part → its folder; nothing if the folders are classes. Raises DatasetError."""
    folders = subfolders(folder)
    found = _named_parts(folders)
    own = [one for part in PARTS for one in found.get(part, ())]
    others = [one for one in folders if one not in own]
    if len(found) < 2:
        for part, same in found.items():
            _refuse_a_lonely_part(root, part, same, others)
        return {}
    names = _names(own)
    for part, same in found.items():
        if len(same) > 1:
            raise _refusal(root, f"holds {len(same)} folders that would be the {part} part ({_names(same)})")
    if "train" not in found:
        raise _refusal(root, f"holds the folders {names}, but none for training")
    with_photos = [one for one in others if has_photos(one)]
    if with_photos:
        raise _refusal(root, f"holds the parts {names}, and beside them {_names(with_photos)} with photos")
    if others:
        count = number_of(sum(1 for one in others for _ in files(one)), "file")
        remarks.append(f"{_names(others)} beside the parts {names}: left out ({count}).")
    parts = {part: found[part][0] for part in PARTS if part in found}
    for part, place in list(parts.items()):
        if not subfolders(_inside(place)):
            count = number_of(sum(1 for _ in files(place)), "file")
            what = f"the folder {place.name} holds {count} but no folder for a class"
            if part != "test":
                raise _refusal(root, f"holds the parts {names}, but {what}")
            remarks.append(f"There is no test part: {what}, so nobody knows what they show.")
            del parts[part]
    if len({os.path.realpath(one) for one in parts.values()}) < len(parts):
        raise _refusal(root, f"holds the parts {names}, but two of them are one and the same folder (a link)")
    return parts


def _named_parts(folders: Sequence[Path], kind: str = "") -> dict[str, list[Path]]:
    """Part → the folders that are named for it.

    The folders of one division have the same other words: seg_train and seg_test, but not train station and test rig.

    Args:
        folders: folders beside each other.
        kind: the class that they lie in, whose name is no other word: cats_train and test, inside of cats.
    """
    groups: dict[tuple[str, ...], dict[str, list[Path]]] = {(): {}}
    for one in folders:
        what = _named(one.name, kind)
        if what is not None:
            groups.setdefault(what.rest, {}).setdefault(what.part, []).append(one)
    largest = max(groups.values(), key=len)
    return largest if len(largest) > 1 else groups[()]


def _refuse_a_lonely_part(root: Path, part: str, same: Sequence[Path], others: Sequence[Path]) -> None:
    """Refuse folders that are named for one part only, unless they are classes among others. Raises DatasetError."""
    names = _names(same)
    one_of = "folder" if len(same) == 1 else "folders"
    it = "it" if len(same) == 1 else "them"
    if not others:
        if len(same) > 1:
            raise _refusal(root, f"holds {len(same)} folders that would be the {part} part ({names})")
        if part != "train":
            raise _refusal(root, f"holds a folder for the {part} ({names}), but none for training")
        if not subfolders(same[0]):
            count = number_of(sum(1 for _ in files(same[0])), "file")
            raise _refusal(root, f"holds the folder {names} with {count}, but no folder for a class")
        return
    inner = {composed(kind.name) for one in same if not has_photos(one) for kind in subfolders(one)}
    if len(inner) < 2:
        return
    with_photos = [one for one in others if has_photos(one)]
    if with_photos:
        what = f"and beside {it} {_names(with_photos)} with photos"
        raise _refusal(root, f"holds the {one_of} {names} with folders for {_listed(sorted(inner))}, {what}")
    alike = [one for one in others if len(inner & {composed(kind.name) for kind in subfolders(one)}) > 1]
    if alike:
        name, says = ("the name", "says") if len(alike) == 1 else ("the names", "say")
        what = f"but {name} of {_names(alike)} beside {it}, with such folders, too, {says} no part"
        raise _refusal(root, f"holds the {one_of} {names} with folders for {_listed(sorted(inner))}, {what}")


def _parts_in_classes(root: Path, listed: Sequence[Listed]) -> list[str]:
    """Refuse folders for parts inside of classes (cats/train, cats/test): all of them would be learned from.

    One folder of such a name may be anything, such as a toy train. It is refused where every class holds one and
    nothing beside it, and else remarked.

    Raises:
        DatasetError: there is a division inside of the classes.
    """
    inner: dict[tuple[str, str], set[str]] = {}  # part, and a folder in a class → the folders in it
    for part, place in {(file.part, file.below.rpartition("/")[0]) for file in listed}:
        above, *names = place.split("/")
        for name in names:
            inner.setdefault((part, above), set()).add(name)
            above = f"{above}/{name}"
    lonely: dict[str, dict[str, list[str]]] = {}  # part → class → folders of such names
    clear: set[tuple[str, str]] = set()
    for (part, place), found in sorted(inner.items()):
        kind, names = place.partition("/")[0], sorted(found)
        division = _named_parts([Path(name) for name in names], kind)
        if len(division) > 1:
            own = [name for name in names if any(Path(name) in same for same in division.values())]
            raise _refusal(root, f"holds the parts {_listed(own)} inside of {f'{part}/' if part else ''}{place}")
        own = [name for name in names if (what := _named(name, kind)) and not what.rest and what.part != part]
        if own:
            lonely.setdefault(part, {}).setdefault(kind, []).extend(f"{place}/{name}" for name in own)
        if own == names:
            clear.add((part, kind))
    remarks = []
    for part, kinds in lonely.items():
        all_kinds = {file.below.partition("/")[0] for file in listed if file.part == part}
        if len(all_kinds) > 1 and all((part, kind) in clear for kind in all_kinds):
            own = sorted({place.rpartition("/")[2] for places in kinds.values() for place in places})
            holds = "part" if len(own) == 1 else "parts"
            raise _refusal(root, f"holds the {holds} {_listed(own)} inside of {_listed(sorted(kinds))}")
        places = [place for same in kinds.values() for place in same]
        is_named = "is named like a part" if len(places) == 1 else "are named like parts"
        remarks.append(f"{_listed(places)} {is_named}: all photos below a class's folder are taken for that class.")
    return remarks


def _named(name: str, kind: str) -> Named | None:
    """Which part a folder inside of a class is named for. The class's own name says nothing more there."""
    what = named(name)
    if what is None or not kind:
        return what
    own = plain(kind)
    return what._replace(rest=tuple(word for word in what.rest if not _repeats(plain(word), own)))


def _repeats(word: str, kind: str) -> bool:
    """Whether a word is a class's name, or one of its words, perhaps in the other number."""
    return word == kind or (len(word) > 2 and (word in kind or kind in word))


def _refuse_names_shown_alike(root: Path, kinds: Sequence[Path]) -> None:
    """Refuse classes that differ only in what cannot be shown of their names. Raises DatasetError."""
    spelt: dict[str, set[str]] = {}
    for kind in kinds:
        spelt.setdefault(_kind(kind), set()).add(composed(kind.name))
    for name, same in spelt.items():
        if len(same) > 1:
            raise DatasetError(
                f"{root} holds folders for different classes that can only be shown as {name}: something in their "
                "names is no text. Give them other names."
            )


def _alike(kinds: Sequence[Path]) -> list[str]:
    """A remark where every class holds the same folders, as parts would whose names say nothing."""
    if len(kinds) < 2 or any(has_photos(kind) for kind in kinds):
        return []
    inner = set.intersection(*({composed(one.name) for one in subfolders(kind)} for kind in kinds))
    if len(inner) < 2:
        return []
    return [
        f"Each of the classes {_names(kinds)} holds folders {_listed(sorted(inner))}: if those are the classes, name "
        "the others train, validation and test."
    ]


def _with_classes_of_training(listed: Sequence[Listed], remarks: list[str]) -> list[Listed]:
    """The files with each part's classes as they are called in the training part.

    A name that is the same but for case, blanks and marks is taken for the same class, if only one can be meant. Two
    such names in one part stay two classes.

    Raises:
        DatasetError: a class without training pictures.
    """
    of_part = {part: sorted({file.kind for file in listed if file.part == part}) for part in PARTS}
    known = of_part["train"]
    taken: dict[tuple[str, str], str] = {("train", kind): kind for kind in known}
    strange: dict[str, list[str]] = {}
    for part in ("validation", "test"):
        for kind in of_part[part]:
            same = [kind] if kind in known else [one for one in known if plain(one) == plain(kind) != ""]
            rivals = [one for one in of_part[part] if plain(one) == plain(kind)]
            if len(same) == 1 and (kind in known or len(rivals) == 1):
                taken[part, kind] = same[0]
                if kind not in known:
                    remarks.append(f"{kind} of the {part} part is taken for {same[0]} of the training part.")
            else:
                strange.setdefault(kind, []).append(part)
        missing = [kind for kind in known if kind not in {taken.get((part, one)) for one in of_part[part]}]
        if missing and of_part[part]:
            remarks.append(no_pictures(part, missing))
    if strange:
        raise without_training(strange, known)
    return [file._replace(kind=taken[file.part, file.kind]) for file in listed]


def no_pictures(part: str, missing: Sequence[str]) -> str:
    """Return what to say of a part that lacks some classes."""
    return f"The {part} part has no pictures of {_listed(missing)}."


def without_training(strange: dict[str, list[str]], known: Sequence[str]) -> DatasetError:
    """Return what to say of classes that have no pictures for training.

    Args:
        strange: class → the parts that have pictures of it.
        known: the classes with training pictures.
    """
    where = "; ".join(f"{kind} (in {_listed(parts)})" for kind, parts in strange.items())
    verb, them = ("has", "it") if len(strange) == 1 else ("have", "them")
    return DatasetError(
        f"{where} {verb} no pictures for training, which knows {_listed(list(known)) or 'no class'}. Names must be the "
        f"same in every part: rename {them}, add training pictures, or take {them} away."
    )


# What lies in a folder ------------------------------------------------------------------------------------------------


def _inside(folder: Path, known: Collection[str] = ()) -> Path:
    """The folder in which the choice begins: the first one that does not just hold a single folder.

    Args:
        folder: where to begin.
        known: classes in plain spelling, which are no wrappers.
    """
    place = folder
    for _ in range(DEEPEST):
        inner = subfolders(place)
        if len(inner) != 1 or plain(inner[0].name) in known:
            break
        place = inner[0]
    if place == folder or (len(subfolders(place)) > 1 and not has_photos(place)):
        return place
    return folder


def _loose(folder: Path, root: Path) -> list[str]:
    """Remarks on photos beside the classes, and on folders there without any file."""
    place = "" if folder == root else f"{_below(folder, root)}/"
    lying = entries(folder)
    photos = [f"{place}{entry.name}" for entry in lying if is_photo(entry)]
    found = []
    if photos:
        lie = "lies in no class and is" if len(photos) == 1 else "lie in no class and are"
        found.append(f"{number_of(len(photos), 'photo')} {lie} left out: {_listed(photos)}.")
    held = {one.name for one in subfolders(folder)}
    bare = [entry for entry in lying if is_folder(entry) and entry.name not in held]
    closed = [f"{place}{entry.name}" for entry in bare if not os.access(entry.path, os.R_OK | os.X_OK)]
    empty = [f"{place}{entry.name}" for entry in bare if f"{place}{entry.name}" not in closed]
    for names, what in ((empty, "no files"), (closed, "nothing that may be read")):
        if names:
            found.append(f"{_listed(names)} {'holds' if len(names) == 1 else 'hold'} {what} and "
                         f"{'is' if len(names) == 1 else 'are'} left out.")  # fmt: skip
    return found


def _files_of(part: str, folder: Path, kinds: Sequence[Path], root: Path) -> Iterator[Listed]:
    above = f"{folder.relative_to(root).as_posix()}/" if folder != root else ""
    for kind in kinds:
        own, beginning = _kind(kind), len(str(kind)) + len(os.sep)
        for file in files(kind):
            below = f"{kind.name}/{str(file)[beginning:].replace(os.sep, '/')}"
            yield Listed(part, own, shown_path(above + below, root), below, file)


def _kind(folder: Path) -> str:
    """The class that a folder is named for."""
    return composed(shown(folder.name))


# Words ----------------------------------------------------------------------------------------------------------------


def _refusal(root: Path, found: str) -> DatasetError:
    return DatasetError(f"{root} {found}. {HOW}")


def _below(folder: Path, root: Path) -> str:
    return shown(folder.relative_to(root).as_posix())


def _names(folders: Sequence[Path]) -> str:
    return _listed([folder.name for folder in folders])


def _listed(names: Sequence[str]) -> str:
    return listed([shown(name) for name in names], MOST_NAMED)
