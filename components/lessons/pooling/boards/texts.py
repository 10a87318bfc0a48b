"""The words and formulas of the pooling boards; the browser only fills in numbers."""

from components.browser import Texts
from components.lessons.pooling.boards.scene import PoolingScene
from components.player import TRANSPORT_TEXTS
from models.arithmetic import Axis

TEXTS: Texts = {
    "input": "Input",
    "max": "Max pooling",
    "average": "Average pooling",
    "global": "Global average pooling",
    "size": "Window",
    "stride": "Stride",
    "padding": "Padding",
    "guess": "Guess first",
    "grids": "Numbers",
    "side": "Grid",
    "random": "Random",
    "paste": "Paste a grid …",
    "paste-label": "One row of numbers per line, from a spreadsheet, a text or Python",
    "paste-use": "Use this grid",
    "paste-close": "Cancel",
    "reveal": "Reveal this stop",
    "score": "Right guesses: {right} of {guesses}",
    "cell": "row {row}, column {column}",
    "cell-refusal": "A cell takes a number from −999 to 999 with at most one decimal. The grid stays as it was.",
    "guess-cell": "your guess: {board}, row {row}, column {column}",
    "guess-global": "your guess: global average",
    "guess-hidden": "Type your guess and press Enter, or tap elsewhere.",
    "guess-held": "Guess or reveal this stop first.",
    "guess-refusal": "A guess is a number, such as 28 or 9.67.",
    "guess-wrong": "you guessed {guess}",
    "max-terms": "max({terms}) = {answer}",
    "max-many": "the largest of {count} numbers is {answer}",
    "max-hidden": "max({terms}) = ?",
    "average-terms": "({terms}) / {count} = {sum} / {count} {equals} {answer}",
    "average-many": "{sum} / {count} {equals} {answer}",
    "average-single": "{terms} / 1 = {answer}",
    "average-hidden": "({terms}) / {count} = ?",
    "global-terms": "all {count} numbers: {sum} / {count} {equals} {answer}",
    "global-hidden": "(sum of all {count} numbers) / {count} = ?",
    "player": TRANSPORT_TEXTS,
}


def facts(scene: PoolingScene, rows: Axis, columns: Axis) -> list[str]:
    """Return the lines below the controls: output size with its formula, and the number of learnable parameters."""

    def side(axis: Axis) -> str:
        if scene.padding == "same":
            return f"⌈{axis.size} / {scene.step}⌉ = {axis.output}"
        return f"⌊({axis.size} − {scene.size}) / {scene.step}⌋ + 1 = {axis.output}"

    square = rows == columns
    output = f"Output side: {side(rows)}" if square else f"Output rows: {side(rows)}, columns: {side(columns)}"
    return [output, "Learnable parameters: 0. A window has no weights, so there is nothing to learn."]


def reach_text(scene: PoolingScene, rows: Axis, columns: Axis) -> str:
    """Say what is dashed and what is hatched in the grid; empty when nothing is."""
    lines = []
    if any(axis.before or axis.after for axis in (rows, columns)):
        lines.append("Dashed: outside the grid. Keras leaves it out of the maximum and of the average.")
    if any(_unread(axis, scene) for axis in (rows, columns)):
        lines.append("Hatched: no window reads these numbers.")
    return " ".join(lines)


def _unread(axis: Axis, scene: PoolingScene) -> bool:
    starts = range(-axis.before, axis.output * scene.step - axis.before, scene.step)
    read = {cell for start in starts for cell in range(start, start + scene.size)}
    return not read.issuperset(range(axis.size))
