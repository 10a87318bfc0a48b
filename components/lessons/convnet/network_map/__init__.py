"""The network map: all layers of a network on the photo at once, a layer with all its maps, a map with what made it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import streamlit as st

from components import shell
from components.browser import BASE_CSS, carry, component
from components.engine.thinking import Thought, ask_again, thinking
from components.lessons.convnet.network_map.detail import LayerDetail, MapDetail, detail_id, layer_detail, map_detail
from components.lessons.convnet.network_map.links import way_params, ways_of
from components.lessons.convnet.network_map.scene import MapScene
from components.lessons.convnet.network_map.second_network import Beside, Second, beside_choices, beside_of, second_of
from components.lessons.convnet.network_map.sheet import Sheet, sheet_id, sheet_of
from components.lessons.convnet.network_map.texts import CHOICES, TEXTS
from components.networks.answers import Asked
from components.networks.layer_step import drop_step_from_url
from components.networks.names import network_names, network_title
from components.photo import remembered
from components.photo.uploads import jpeg_url, plain
from components.scene import current, show
from components.shell.press import note, take
from components.shell.projector import projector_view
from models.answers import NetworkMap
from models.engine import BusyError, Engine, EngineError
from models.networks.files import JudgingError
from models.pictures.photo import Photo, grey
from models.pictures.resize import Resize, resize

KEY = "network-map"
WAY = f"{KEY}:way"
OVERVIEW, OPEN = f"{KEY}-overview", f"{KEY}-open"
"""Keys of the two questions: what the overview shows, and what is open."""

PHOTO_SIDE = 256
"""Of the photo in the picture, in pixels: enough for a projector."""

_LISTEN_SECONDS = 0.3
"""Of a network that has seen the photo, all other questions are answered in milliseconds."""

_FOLDER = Path(__file__).resolve().parent


_mount = component(
    "network_map",
    _FOLDER / "network_map.js",
    html='<section class="network-map"></section>',
    css=[BASE_CSS, _FOLDER / "network_map.css", _FOLDER / "detail.css"],
)


class Waiting(TypedDict):
    """What the board says in place of what has not come.

    "late": the visitor may ask again. "problem": nothing will come.
    """

    words: str
    late: bool
    problem: bool


class MapMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    subject: str
    photo: str
    sheet: str
    detail: str
    rows: int
    waiting: Waiting | None
    lost: bool
    choices: dict[str, list[list[str]]]
    texts: dict[str, str]


@dataclass(frozen=True)
class Drawn:
    """What the overview shows.

    Attributes:
        answer: the network's.
        beside: the second network, None if there is none, or it cannot be shown.
        problem: why it cannot be shown, or "".
    """

    answer: NetworkMap
    sheet: Sheet
    beside: Beside | None
    problem: str


def network_map(photo: Photo) -> MapScene:
    """Draw the map of a network on a photo and return what is chosen on it.

    The photo and the outline of a network stand at once; the network's answer comes into its place. The open layer or
    map stays open with another photo, so that two photos can be compared.
    """
    _go()
    drop_step_from_url()
    waited: list[Thought[object]] = []
    scene = show(
        _mount,
        KEY,
        MapScene,
        lambda scene: _draw(photo, scene, waited),
        subject=KEY,
        on_go_change=_take_way,
        on_again_change=_ask_again,
    )
    for thought in waited:
        thought.watch()
    return scene


def _draw(photo: Photo, scene: MapScene, waited: list[Thought[object]]) -> MapMessage:
    """Send the parts that a scene shows; return the small message. What is not there yet is added to `waited`."""
    waiting, lost, subject, answer = None, False, photo.digest, None
    sheet: Mapping[str, object] = {"id": ""}
    detail: Mapping[str, object] = {"id": ""}
    try:
        asked = Asked(None, photo, scene.network, scene.which)
        subject = asked.subject
        overview = _overview(photo, scene, asked)
        thought: Thought[object] = overview
        if overview.answer is not None:
            sheet, answer = overview.answer.sheet, overview.answer.answer
            lost = not _has(answer, scene)
            if overview.answer.problem:
                st.warning(plain(overview.answer.problem))
            if scene.layer and not lost:
                thought = opened = _opened(scene, asked, overview.answer)
                detail = opened.answer or detail
        if thought.answer is None:
            waited.append(thought)
            waiting = Waiting(words=thought.words, late=thought.late, problem=thought.problem)
    except JudgingError as error:
        waiting = Waiting(words=str(error), late=False, problem=True)
    picture = _picture(photo, answer)
    carry(f"{KEY}-photo", picture)
    carry(f"{KEY}-sheet", sheet)
    carry(f"{KEY}-detail", detail)
    return payload(scene, subject, photo=picture["id"], waiting=waiting, lost=lost)


def _overview(photo: Photo, scene: MapScene, asked: Asked) -> Thought[Drawn]:
    """Return what the overview shows, or what is said in its place."""
    rows = scene.rows(projected=projector_view())
    problem, second = "", None
    try:
        second = second_of(photo, scene)
    except JudgingError as error:
        problem = str(error)

    def ask(engine: Engine) -> Drawn:
        answering = asked.by(engine)
        answer = answering.answer()
        beside, why = _beside(engine, second, answer)
        sheet = sheet_of(answer, scene, answering.small, rows=rows, subject=asked.subject, beside=beside)
        return Drawn(answer, sheet, beside, problem or why)

    return thinking(OVERVIEW, sheet_id(scene, rows, asked.subject), ask, listen=_patience(asked))


def _opened(scene: MapScene, asked: Asked, drawn: Drawn) -> Thought[LayerDetail | MapDetail]:
    """Return the open layer or the open map, or what is said in its place."""

    def ask(engine: Engine) -> LayerDetail | MapDetail:
        answering, answer, subject = asked.by(engine), drawn.answer, asked.subject
        if scene.map < 0:
            beside = drawn.beside
            return layer_detail(answer, scene, answering.maps, answering.kernels, subject=subject, beside=beside)
        origin = answering.origin(scene.layer, scene.map)
        photo, ways = answering.square(), ways_of(origin)
        return map_detail(answer, scene, answering.maps, origin, subject=subject, photo=photo, ways=ways)

    return thinking(OPEN, detail_id(scene, asked.subject), ask, listen=_patience(asked))


def _patience(asked: Asked) -> float:
    """Return how long the page may wait: what is shown first waits for nothing."""
    return _LISTEN_SECONDS if asked.has_answer else 0.0


def _beside(engine: Engine, second: Second | None, answer: NetworkMap) -> tuple[Beside | None, str]:
    """Return the second network; if it cannot be shown, None and why."""
    if second is None:
        return None, ""
    try:
        return beside_of(engine, second, answer), ""
    except BusyError:
        raise
    except (EngineError, JudgingError) as error:
        return None, str(error)


def _has(answer: NetworkMap, scene: MapScene) -> bool:
    """Return whether the network has the open layer and map: a link may have been made for another network."""
    named = {layer["name"]: layer for layer in answer["layers"]}
    return not scene.layer or (scene.layer in named and scene.map < named[scene.layer]["shape"][-1])


class Picture(TypedDict):
    """The photo as the network takes it, with more pixels, as a data URL."""

    id: str
    url: str


def _picture(photo: Photo, answer: NetworkMap | None) -> Picture:
    """Return the photo, cut as the network cuts it, and grey for one that knows no colours; in colour before that."""
    how: Resize = "crop" if answer is None else answer["resize"]
    colours = 3 if answer is None else answer["square"].shape[-1]

    def make() -> str:
        pixels = resize(photo.pixels, PHOTO_SIDE, how)
        return jpeg_url(pixels if colours == 3 else grey(pixels), quality=88)

    name = f"{how} {colours}"
    return {"id": f"{photo.digest} {name}", "url": remembered(photo, f"network map photo {name}", make)}


def payload(
    scene: MapScene, subject: str, *, photo: str, waiting: Waiting | None = None, lost: bool = False
) -> MapMessage:
    """Return the small message of the map: the parts to show and the choices.

    Args:
        scene: what is chosen.
        subject: the photo and the network, as a digest.
        photo: id of the message with the photo.
        waiting: what is said in place of what has not come; None where all has.
        lost: whether the network lacks the open layer or map: the browser then goes back to the overview.
    """
    names = network_names()
    networks = names if scene.network in names else [*names, scene.network]
    rows = scene.rows(projected=projector_view())
    return {
        "subject": subject,
        "photo": photo,
        "sheet": sheet_id(scene, rows, subject),
        "detail": detail_id(scene, subject) if scene.layer else "",
        "rows": rows,
        "waiting": waiting,
        "lost": lost,
        "choices": {
            **CHOICES,
            "network": [[name, network_title(name)] for name in networks],
            "beside": beside_choices(names),
        },
        "texts": TEXTS,
    }


def _take_way() -> None:
    """Note that the visitor wants to open the page that explains the number under the pointer."""
    note(WAY, st.session_state[KEY]["go"])


def _ask_again() -> None:
    """Ask again what has not been answered in time."""
    ask_again(OVERVIEW)
    ask_again(OPEN)


def _go() -> None:
    """Open that page before this one asks the engine or draws anything; session and photo are kept."""
    way = take(WAY)
    if way:
        shell.go_to(str(way["page"]), **way_params(current(KEY, MapScene), way))
