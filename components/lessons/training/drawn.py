"""Pictures of a run while they are drawn: those that its process has drawn last, from the same seeds."""

from functools import lru_cache

import numpy as np

from components.photo.uploads import jpeg_url
from models.datasets import DatasetError, drawn_pets
from models.datasets.prepared import PORTION
from models.runs.config import RunConfig
from models.runs.preparation import prepared_of, stage_of
from models.runs.run_directory import RunDirectory

SHOWN = 12


def drawn_so_far(run: RunDirectory, config: RunConfig) -> str:
    """Return some of the pictures that a run's process has just drawn, as HTML; "" while it draws none."""
    kind, _, argument = config.dataset.partition(":")
    if kind != drawn_pets.INFO.name or stage_of(run) != "pictures":
        return ""
    told = prepared_of(run)
    return "" if told is None else _strip(argument, min(told[1], told[2]), config.resolved_side)


@lru_cache(maxsize=32)
def _strip(argument: str, done: int, side: int) -> str:
    places = np.unique(np.linspace(max(done - PORTION, 0), done - 1, SHOWN).astype(int)) if done > 0 else ()
    try:
        pictures = [drawn_pets.picture(argument, int(place), side) for place in places]
    except (DatasetError, IndexError):
        return ""
    if not pictures:
        return ""
    items = "".join(f'<li><img alt="" src="{jpeg_url(one)}"></li>' for one in pictures)
    return f'<div class="drawn"><p>The pictures, as they are drawn</p><ul>{items}</ul></div>'
