"""The network map: all layers of a network on the photo at once, a layer with all its maps, a map with what made it."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from components.engine_notice import engine_or_word
from components.evaluation.networks import is_run, network_argument, network_names, network_title
from components.network_map.detail import detail_id, layer_detail, map_detail
from components.network_map.scene import MapScene
from components.network_map.sheet import sheet_id, sheet_of
from components.network_map.texts import CHOICES, TEXTS
from components.network_map.ways import ways_of
from components.photo import remembered
from components.player import PLAYER, animation, encode_message
from components.uploads import jpeg_url, plain
from models.engine import Engine, EngineError
from models.evaluation.judged import JudgingError, network_file, weights_digest
from models.photo import Photo

KEY = "network-map"

_FOLDER = Path(__file__).resolve().parent
_PARTS = ("parts.js", "layout.js", "paint.js", "edges.js", "overview.js", "formula.js", "detail.js", "network_map.js")


def _read(*paths: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


_mount = st.components.v2.component(
    "network_map",
    html='<section class="network-map"></section>\n',
    css=_read(_FOLDER / "network_map.css"),
    js=_read(PLAYER / "numbers.js", *(_FOLDER / part for part in _PARTS)),
)

_carrier = st.components.v2.component(
    "network_map_part",
    html="<span></span>\n",
    js=_read(PLAYER / "numbers.js", _FOLDER / "parts.js", _FOLDER / "carrier.js"),
)


def network_map(photo: Photo) -> MapScene:
    """Draw the map of a network on a photo and return what is chosen on it.

    What is open stays open with another photo: so two photos can be compared.
    """
    return animation(_mount, KEY, MapScene, lambda scene: _draw(photo, scene), subject=KEY)


def _draw(photo: Photo, scene: MapScene) -> dict[str, Any]:
    """Send the parts that a scene shows; return the small message."""
    engine = engine_or_word("The network map")
    problem, lost, subject = "", False, photo.digest
    sheet: dict[str, Any] = {"id": ""}
    detail: dict[str, Any] = {"id": ""}
    if engine is not None:
        try:
            asked = _Asked(engine, photo, scene)
            subject = asked.subject
            answer = asked.answer()
            sheet = sheet_of(answer, scene, asked.small, subject=subject)
            lost = not _has(answer, scene)
            if scene.layer and not lost:
                detail = asked.detail(answer, scene)
        except (EngineError, JudgingError) as error:
            problem = str(error)
            st.warning(plain(problem))
    _carrier(key=f"{KEY}-sheet", data=encode_message(sheet))
    _carrier(key=f"{KEY}-detail", data=encode_message(detail))
    return payload(scene, subject, problem=bool(problem), lost=lost)


def _has(answer: dict[str, Any], scene: MapScene) -> bool:
    """Whether the network has the layer and the map that are open: a link may come from another one."""
    named = {layer["name"]: layer for layer in answer["layers"]}
    return not scene.layer or (scene.layer in named and scene.map < named[scene.layer]["shape"][-1])


def payload(scene: MapScene, subject: str, *, problem: bool = False, lost: bool = False) -> dict[str, Any]:
    """Return the small message of the map: which parts it is to show, and what can be chosen.

    Args:
        scene: what is chosen.
        subject: the photo and the network, as a digest.
        problem: whether there is nothing to show.
        lost: whether the network does not have what is open: the browser goes back to the overview.
    """
    names = network_names()
    networks = names if scene.network in names else [*names, scene.network]
    return {
        "subject": subject,
        "sheet": sheet_id(scene, subject),
        "detail": detail_id(scene, subject) if scene.layer else "",
        "problem": problem,
        "lost": lost,
        "choices": {**CHOICES, "network": [[name, network_title(name)] for name in networks]},
        "texts": TEXTS,
    }


class _Asked:
    """The engine's answers for one photo and one network; the photo's own are forgotten with it."""

    def __init__(self, engine: Engine, photo: Photo, scene: MapScene) -> None:
        self._engine = engine
        self._photo = photo
        self._network = network_argument(scene.network)
        self._which = scene.which if is_run(scene.network) else "best"
        weights = weights_digest(network_file(self._network, "last" if self._which == "last" else "best"))
        self.subject = hashlib.sha256(f"{photo.digest} {weights}".encode()).hexdigest()[:16]

    def answer(self) -> dict[str, Any]:
        """What `models.network_map.network_map` says."""
        return self._kept("map", lambda: self._ask("network_map"))

    def small(self, wanted: dict[str, list[int]]) -> dict[str, np.ndarray]:
        found: dict[str, np.ndarray] = self._ask("small_maps", wanted)
        return found

    def maps(self, layer: str, channels: list[int]) -> np.ndarray:
        found: np.ndarray = self._ask("layer_maps", layer, channels)
        return found

    def kernels(self, layer: str, channels: list[int]) -> np.ndarray | None:
        found: np.ndarray | None = self._ask("layer_filters", layer, channels)
        return found

    def detail(self, answer: dict[str, Any], scene: MapScene) -> dict[str, Any]:
        """The layer or the map that is open."""
        if scene.map < 0:
            return layer_detail(answer, scene, self.maps, self.kernels, subject=self.subject)
        origin = self._ask("map_origin", scene.layer, scene.map)
        square = answer["square"]
        rgb = square if square.shape[-1] == 3 else square.repeat(3, axis=-1)
        photo = self._kept("square", lambda: jpeg_url(np.clip(rgb, 0, 255).astype(np.uint8), quality=90))
        ways = ways_of(scene, origin)
        return map_detail(answer, scene, self.maps, origin, subject=self.subject, photo=photo, ways=ways)

    def _kept(self, name: str, make: Callable[[], Any]) -> Any:
        return remembered(self._photo, f"network map {name} {self.subject}", make)

    def _ask(self, question: str, *arguments: Any) -> Any:
        return self._engine.ask(question, self._photo.pixels, self._network, *arguments, self._which)
