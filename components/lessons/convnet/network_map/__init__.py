"""The network map: all layers of a network on the photo at once, a layer with all its maps, a map with what made it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict

import streamlit as st

from components import shell
from components.browser import BASE_CSS, carry, component
from components.engine.notice import engine_or_word
from components.lessons.convnet.network_map.detail import LayerDetail, MapDetail, detail_id, layer_detail, map_detail
from components.lessons.convnet.network_map.links import way_params, ways_of
from components.lessons.convnet.network_map.scene import MapScene
from components.lessons.convnet.network_map.second_network import Beside, beside_choices, beside_of
from components.lessons.convnet.network_map.sheet import sheet_id, sheet_of
from components.lessons.convnet.network_map.texts import CHOICES, TEXTS
from components.networks.answers import Asked
from components.networks.names import network_names, network_title
from components.photo.uploads import plain
from components.scene import current, show
from components.shell.press import note, take
from models.answers import NetworkMap
from models.engine import Engine, EngineError
from models.networks.files import JudgingError
from models.pictures.photo import Photo

KEY = "network-map"
WAY = f"{KEY}:way"

_FOLDER = Path(__file__).resolve().parent


_mount = component(
    "network_map",
    _FOLDER / "network_map.js",
    html='<section class="network-map"></section>',
    css=[BASE_CSS, _FOLDER / "network_map.css"],
)


class MapMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    subject: str
    sheet: str
    detail: str
    problem: bool
    lost: bool
    choices: dict[str, list[list[str]]]
    texts: dict[str, str]


def network_map(photo: Photo) -> MapScene:
    """Draw the map of a network on a photo and return what is chosen on it.

    The open layer or map stays open with another photo, so that two photos can be compared.
    """
    _go()
    return show(_mount, KEY, MapScene, lambda scene: _draw(photo, scene), subject=KEY, on_go_change=_take_way)


def _draw(photo: Photo, scene: MapScene) -> MapMessage:
    """Send the parts that a scene shows; return the small message."""
    engine = engine_or_word("The network map")
    problem, lost, subject = "", False, photo.digest
    sheet: Mapping[str, object] = {"id": ""}
    detail: Mapping[str, object] = {"id": ""}
    if engine is not None:
        try:
            asked = Asked(engine, photo, scene.network, scene.which)
            subject = asked.subject
            answer = asked.answer()
            beside = _beside(engine, photo, scene, answer)
            sheet = sheet_of(answer, scene, asked.small, subject=subject, beside=beside)
            lost = not _has(answer, scene)
            if scene.layer and not lost:
                detail = _detail(asked, answer, scene, beside)
        except (EngineError, JudgingError) as error:
            problem = str(error)
            st.warning(plain(problem))
    carry(f"{KEY}-sheet", sheet)
    carry(f"{KEY}-detail", detail)
    return payload(scene, subject, problem=bool(problem), lost=lost)


def _beside(engine: Engine, photo: Photo, scene: MapScene, answer: NetworkMap) -> Beside | None:
    """Return the second network; if it cannot be shown, say why and return None."""
    try:
        return beside_of(engine, photo, scene, answer)
    except (EngineError, JudgingError) as error:
        st.warning(plain(str(error)))
        return None


def _has(answer: NetworkMap, scene: MapScene) -> bool:
    """Return whether the network has the open layer and map: a link may have been made for another network."""
    named = {layer["name"]: layer for layer in answer["layers"]}
    return not scene.layer or (scene.layer in named and scene.map < named[scene.layer]["shape"][-1])


def payload(scene: MapScene, subject: str, *, problem: bool = False, lost: bool = False) -> MapMessage:
    """Return the small message of the map: the parts to show and the choices.

    Args:
        scene: what is chosen.
        subject: the photo and the network, as a digest.
        problem: whether there is nothing to show.
        lost: whether the network lacks the open layer or map: the browser then goes back to the overview.
    """
    names = network_names()
    networks = names if scene.network in names else [*names, scene.network]
    return {
        "subject": subject,
        "sheet": sheet_id(scene, subject),
        "detail": detail_id(scene, subject) if scene.layer else "",
        "problem": problem,
        "lost": lost,
        "choices": {
            **CHOICES,
            "network": [[name, network_title(name)] for name in networks],
            "beside": beside_choices(names),
        },
        "texts": TEXTS,
    }


def _detail(asked: Asked, answer: NetworkMap, scene: MapScene, beside: Beside | None) -> LayerDetail | MapDetail:
    """Return the open layer or the open map."""
    if scene.map < 0:
        return layer_detail(answer, scene, asked.maps, asked.kernels, subject=asked.subject, beside=beside)
    origin = asked.origin(scene.layer, scene.map)
    ways = ways_of(origin)
    return map_detail(answer, scene, asked.maps, origin, subject=asked.subject, photo=asked.square(), ways=ways)


def _take_way() -> None:
    """Note that the visitor wants to open the page that explains the number under the pointer."""
    note(WAY, st.session_state[KEY]["go"])


def _go() -> None:
    """Open that page before this one asks the engine or draws anything; session and photo are kept."""
    way = take(WAY)
    if way:
        shell.go_to(str(way["page"]), **way_params(current(KEY, MapScene), way))
