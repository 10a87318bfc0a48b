"""Words about a dataset: how large it is, which pictures are duplicates, which are hard."""

from collections.abc import Sequence

import numpy as np

from components.lessons.image_data.dataset_explorer.survey_job import Surveyed
from models.datasets import PARTS
from models.figures import listed, number_of, percent

MOST_NAMED = 20
"""Most groups of duplicates, and most files that could not be used, that are listed."""


def summary(found: Surveyed) -> str:
    """Return a sentence or two on what the dataset is."""
    counts = np.bincount(found.labels, minlength=len(found.classes))
    classes = len(found.classes)
    words = f"{number_of(len(found), 'picture')} in {number_of(classes, 'class', 'classes')}"
    if len(set(found.parts.tolist())) > 1:
        words += ": " + listed([f"{int((found.parts == part).sum()):,} for {_PURPOSES[part]}" for part in held(found)])
    words += f". {_balance(counts, found.classes)}"
    if found.drawn:
        words += " They are drawn by this project, not photographed."
    return words


_PURPOSES = {"train": "training", "validation": "validation", "test": "the test"}


def held(found: Surveyed) -> list[str]:
    """Return the parts that have pictures."""
    return [part for part in PARTS if (found.parts == part).any()]


def _balance(counts: np.ndarray, classes: Sequence[str]) -> str:
    if counts.min() == counts.max():
        return f"The classes are balanced: {number_of(int(counts[0]), 'picture')} each."
    most, fewest = int(counts.argmax()), int(counts.argmin())
    share = counts[most] / counts.sum()
    return (
        f"Most pictures show “{classes[most]}” ({counts[most]:,}), fewest “{classes[fewest]}” ({counts[fewest]:,}): "
        f"whoever always says “{classes[most]}” is right for {percent(share)} of them."
    )


def sizes_words(found: Surveyed) -> str:
    """Return sentences on the pictures' sizes."""
    different = np.unique(found.sizes, axis=0)
    if len(different) == 1:
        width, height = different[0]
        return f"All pictures are {width:,} × {height:,} pixels."
    widths, heights = found.sizes.T
    square = float((widths == heights).mean())
    return (
        f"{len(different):,} different sizes: {widths.min():,} to {widths.max():,} pixels wide, {heights.min():,} to "
        f"{heights.max():,} high; {percent(square)} are square. Before a network gets them, all become one size."
    )


def twin_lines(found: Surveyed) -> list[str]:
    """Return a line for each group of duplicates: the pictures, how they are equal, and what is wrong."""
    lines = []
    for kind, places in found.twins[:MOST_NAMED]:
        names = listed([name_of(found, place) for place in places[:4]] + (["…"] if len(places) > 4 else []))
        how = {"bytes": "the same bytes", "pixels": "the same pixels"}[kind]
        if kind == "pixels" and found.from_files:
            how = "different files, the same pixels once decoded"
        labels = {found.classes[found.labels[place]] for place in places}
        wrong = f" Their labels differ: {listed(sorted(labels))}." if len(labels) > 1 else ""
        parts = [part for part in PARTS if part in {found.parts[place] for place in places}]
        if len(parts) > 1:
            wrong += f" They lie in {listed(parts)}: parts should share no picture."
        lines.append(f"{names}: {how}.{wrong}")
    if len(found.twins) > MOST_NAMED:
        lines.append(f"And {number_of(len(found.twins) - MOST_NAMED, 'more group')}.")
    return lines


def twins_words(found: Surveyed) -> str:
    """Return sentences on the number of duplicates."""
    if not found.twins:
        if found.from_files:
            return "None: no two files hold the same bytes, and none have the same pixels once decoded."
        return "None: no two pictures have the same pixels."
    count = len({place for _, places in found.twins for place in places})
    groups = len(found.twins)
    return f"{number_of(count, 'picture')} appear more than once, in {number_of(groups, 'group')}:"


def hard_words(count: int, total: int, classes: int, network: str, *, pets: bool) -> str:
    """Return sentences on what the hard cases are and what is unknown about them."""
    by = "its probability is nearest to 1/2" if classes == 2 else "its highest probability is lowest"
    reasons = (
        "something before the animal (occlusion), several animals, people in the picture, an unusual view"
        if pets
        else "an unusual form, careless writing, a part that is missing"
    )
    return (
        f"{network}, has looked at all {total:,} pictures. Marked “unsure”: the {count:,} for which {by}. It cannot "
        f"say why. Look: the usual reasons are {reasons}, or a wrong label. Pictures that it was trained on are easier "
        "for it."
    )


def name_of(found: Surveyed, place: int) -> str:
    """Return a picture's display name: its file's name, or its number."""
    return found.names[place] if found.from_files else f"picture no. {place + 1:,}"
