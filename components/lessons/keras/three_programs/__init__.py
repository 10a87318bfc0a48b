"""One network in three programs, side by side: their lines, and the numbers that they give for the photo."""

from pathlib import Path
from typing import TypedDict

from components.browser import Texts, encode_array
from components.engine.thinking import Thought, ask_again, thinking
from components.lessons.keras.three_programs.scene import MAX_SPEED, ProgramsScene
from components.lessons.keras.three_programs.texts import NAMES, SHORT_NAMES, TEXTS, TITLES, WORDS
from components.photo import remembered
from components.photo.uploads import png_url
from components.player import animation, register
from models.answers import ProgramsRun, ProgramStep
from models.engine.questions import RUN_PROGRAMS
from models.experiments.three_programs import PROGRAMS, ROWS, SIDE, rows, text
from models.pictures.photo import Photo
from models.pictures.resize import resize

KEY = "three_programs"

_mount = register(KEY, Path(__file__).resolve().parent)


def three_programs(photo: Photo) -> ProgramsRun | None:
    """Draw the programs and return their results for this photo, or None before they have run.

    See `models.experiments.three_programs.running.run_programs`.
    """
    thought = thinking(KEY, photo.digest, lambda engine: engine.ask(RUN_PROGRAMS, photo.pixels))
    picture = remembered(photo, f"{KEY} photo", lambda: png_url(resize(photo.pixels, SIDE)))
    animation(
        _mount,
        KEY,
        ProgramsScene,
        lambda scene: payload(scene, thought, picture),
        subject=photo.digest,
        on_again_change=lambda: ask_again(KEY),
    )
    thought.watch()
    return thought.answer


class StepMessage(TypedDict):
    """What `_step` returns."""

    shape: list[int]
    parameters: int
    place: list[int]
    values: list[float]
    difference: float
    maps: str
    size: list[int]
    colours: int


class ProgramRow(TypedDict):
    """A row of the programs: what happens in it, and the lines of each program."""

    name: str
    title: str
    words: str
    lines: list[str]


class ProgramsMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    texts: Texts
    choices: dict[str, list[list[str]]]
    names: list[list[str]]
    shown: str
    topSpeed: int
    photo: str
    waiting: str
    late: bool
    rows: list[ProgramRow]
    programs: list[str]
    answers: list[float] | None
    steps: dict[str, StepMessage]


def payload(scene: ProgramsScene, thought: Thought[ProgramsRun], picture: str) -> ProgramsMessage:
    """Return everything that the browser needs to show the programs, whatever row it is at.

    Args:
        scene: the settings.
        thought: the programs' results, or what is said in their place.
        picture: the photo as the programs take it, as a URL.
    """
    found = thought.answer
    return {
        "texts": TEXTS,
        "choices": {"program": [[program, SHORT_NAMES[program]] for program in PROGRAMS]},
        "names": [[program, NAMES[program]] for program in PROGRAMS],
        "shown": scene.program,
        "topSpeed": MAX_SPEED,
        "photo": picture,
        "waiting": thought.words,
        "late": thought.late,
        "rows": [
            {
                "name": row,
                "title": TITLES[row],
                "words": WORDS[row],
                "lines": [rows(program)[row] for program in PROGRAMS],
            }
            for row in ROWS
        ],
        "programs": [text(program) for program in PROGRAMS],
        "answers": found["answers"] if found else None,
        "steps": {step["name"]: _step(step) for step in found["steps"]} if found else {},
    }


def _step(step: ProgramStep) -> StepMessage:
    maps = step["maps"]
    return {
        "shape": step["shape"],
        "parameters": step["parameters"],
        "place": step["place"],
        "values": step["values"],
        "difference": step["difference"],
        "maps": encode_array(maps, "f4"),
        "size": list(maps.shape[1:3]),
        "colours": maps.shape[3] if maps.ndim == 4 else 1,
    }
