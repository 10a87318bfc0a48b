"""A small picture for each lesson: what its board makes of the photo, or what it measures, computed and not painted."""

import json
import math
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from components.lessons.home import drawings as draw
from components.lessons.home.drawings import CAT, DOG, HEIGHT, NEGATIVE, POSITIVE, WIDTH, WINDOW
from components.lessons.home.signed_maps import signed_colours, sobel, varied_maps
from components.photo import remembered
from components.photo.uploads import jpeg_url, png_url
from models import histories, weights
from models.arithmetic import convolve, pool
from models.arithmetic.loss_surfaces import SURFACES
from models.arithmetic.optimizer_updates import run
from models.evaluation import shipped_scores
from models.pictures.photo import Photo

NETWORK = "convnet"
SIDE = 112


def thumbnail(path: str, photo: Photo) -> str:
    """Return the picture for the lesson at a URL path, as a URL for an `img`."""
    if path in _OF_ALL:
        return _OF_ALL[path]()
    return remembered(photo, f"thumbnail {path}", lambda: _OF_PHOTO[path](photo))


def _photo_url(photo: Photo, side: int = SIDE) -> str:
    return remembered(photo, f"card {side}", lambda: jpeg_url(photo.square(side), quality=82))


def _deep_learning(photo: Photo) -> str:
    """The photo goes through neurons; two of them say cat or dog."""
    columns = ((78, (20, 44, 68, 92)), (108, (32, 56, 80)), (138, (44, 68)))
    edges = [
        draw.line([(x, y), (x2, y2)], 'class="ink" stroke-width="1" opacity="0.45"')
        for (x, ys), (x2, ys2) in pairwise(columns)
        for y in ys
        for y2 in ys2
    ]
    first = [draw.line([(58, 56), (78, y)], 'class="ink" stroke-width="1" opacity="0.45"') for y in columns[0][1]]
    dots = [draw.dot(x, y, "#d9d5cc", 7) for x, ys in columns[:2] for y in ys]
    ends = [draw.dot(138, 44, CAT, 9), draw.dot(138, 68, DOG, 9)]
    return draw.drawing(draw.picture(_photo_url(photo), 8, 31, 50, 50), *first, *edges, *dots, *ends)


def _keras(photo: Photo) -> str:
    """Three programs of different length with the same map behind each."""
    (feature_map,) = varied_maps(photo, 64, 1)
    url = png_url(signed_colours(feature_map))
    parts = []
    for row, lengths in enumerate(((52, 36), (64, 48), (74, 66))):
        top = 8 + row * 34
        parts += [
            draw.box(10, top + 5 + 11 * at, length, 5, f'fill="{("#8d8a83", "#5b5f67")[at]}" rx="2"')
            for at, length in enumerate(lengths)
        ]
        parts.append(draw.picture(url, 112, top, 30, 30))
    return draw.drawing(*parts)


def _image_data(photo: Photo) -> str:
    """The numbers of a few pixels, where the photo varies most."""
    grey = photo.square(48).mean(axis=-1)
    rows, columns = 4, 4
    windows = np.lib.stride_tricks.sliding_window_view(grey, (rows, columns))
    top, left = np.unravel_index(int(windows.std(axis=(2, 3)).argmax()), windows.shape[:2])
    parts = []
    for row, column in np.ndindex(rows, columns):
        value = round(float(windows[top, left, row, column]))
        x, y = column * WIDTH / columns, row * HEIGHT / rows
        ink = "#000" if value > 117 else "#fff"
        parts.append(draw.box(x, y, WIDTH / columns, HEIGHT / rows, f'fill="rgb({value},{value},{value})"'))
        parts.append(draw.word(str(value), x + 19, y + 20, f'text-anchor="middle" style="fill:{ink}"'))
    return draw.drawing(*parts)


def _convnet(photo: Photo) -> str:
    """The photo, and maps that become fewer numbers from column to column."""
    maps = varied_maps(photo, 96, 4)
    parts = [draw.picture(_photo_url(photo), 6, 36, 40, 40)]
    for column, (x, window) in enumerate(((58, 1), (92, 4), (126, 8))):
        for row, one in enumerate(maps):
            y = 6 + row * 26
            parts.append(draw.line([(x - 10, 56 if not column else y + 10), (x, y + 10)], 'stroke="#8d8a83"'))
            shown = pool(one, size=window) if window > 1 else one
            parts.append(draw.picture(png_url(signed_colours(shown)), x, y, 22, 22))
    return draw.drawing(*parts)


def _split(photo: Photo, right: np.ndarray) -> str:
    """The photo on the left of a line, what a layer makes of it on the right."""
    half = WIDTH / 2
    return draw.drawing(
        draw.picture(_photo_url(photo), 0, 0, WIDTH, HEIGHT),
        f'<svg x="{half}" y="0" width="{half}" height="{HEIGHT}" viewBox="{half} 0 {half} {HEIGHT}">'
        + draw.picture(png_url(right), 0, 0, WIDTH, HEIGHT)
        + "</svg>",
        draw.line([(half, 0), (half, HEIGHT)], f'stroke="{WINDOW}" stroke-width="3"'),
    )


def _convolution(photo: Photo) -> str:
    feature_map = convolve(photo.square(SIDE + 2) / 255, sobel())
    clipped = float(np.quantile(np.abs(feature_map), 0.99)) or 1.0
    return _split(photo, signed_colours(np.clip(feature_map, -clipped, clipped)))


def _pooling(photo: Photo) -> str:
    return _split(photo, pool(photo.square(SIDE), size=8).astype(np.uint8))


def _dense(photo: Photo) -> str:
    """The mean of each of nine maps: what a dense layer weighs."""
    means = [float(one.mean()) for one in varied_maps(photo, 96, 9)]
    largest = max(map(abs, means)) or 1.0
    middle, reach = WIDTH / 2, WIDTH / 2 - 8
    bars = [
        draw.box(
            min(middle, middle + mean / largest * reach),
            6 + row * 11.5,
            abs(mean) / largest * reach,
            8,
            f'fill="{POSITIVE if mean > 0 else NEGATIVE}" rx="1.5"',
        )
        for row, mean in enumerate(sorted(means, key=abs, reverse=True))
    ]
    return draw.drawing(*bars, draw.line([(middle, 4), (middle, HEIGHT - 4)], 'class="ink" stroke-width="1.5"'))


def _activation(photo: Photo) -> str:
    """A map, and what ReLU leaves of it."""
    maps = varied_maps(photo, 96, 16)
    half = min(maps, key=lambda one: abs(float((one < 0).mean()) - 0.5))
    before, after = (png_url(signed_colours(one)) for one in (half, np.maximum(half, 0)))
    curve = draw.line([(57, 96), (76, 96), (95, 74)], 'class="ink" stroke-width="3"')
    return draw.drawing(draw.picture(before, 8, 8, 64, 64), draw.picture(after, 80, 8, 64, 64), curve)


@cache
def _loss() -> str:
    """The curve −ln p, with a sure and right, and a sure and wrong prediction."""
    p = np.linspace(0.02, 1, 60)
    loss = -np.log(p)
    look = 'class="ink" stroke-width="2.5"'

    def place(at: float) -> tuple[float, float]:
        return 12 + (at - 0.02) / 0.98 * (WIDTH - 24), HEIGHT - 12 - -math.log(at) / 4 * (HEIGHT - 24)

    return draw.drawing(
        draw.curve(loss.tolist(), top=4, bottom=0, look=look), draw.dot(*place(0.95), CAT), draw.dot(*place(0.05), DOG)
    )


@cache
def _optimizers() -> str:
    """The ways of SGD and Adam down a ravine."""
    surface = SURFACES["ravine"]
    grid = np.log1p(surface.grid(WIDTH // 2, HEIGHT // 2) - surface.grid(WIDTH // 2, HEIGHT // 2).min())
    share = np.floor(grid / grid.max() * 9) / 9
    low, high = np.array([226.0, 243, 238]), np.array([22.0, 84, 99])
    ground = np.rint(low + share[..., np.newaxis] * (high - low)).astype(np.uint8)
    start = (-0.9 * surface.width, 0.7 * surface.height)
    paths = []

    def gradient(at: np.ndarray, _step: int) -> np.ndarray:
        return surface.gradient(at)

    for name, rate, look in (
        ("sgd", 0.0185, 'fill="none" stroke="#fff" stroke-width="3"'),
        ("adam", 0.15, 'fill="none" stroke="#1b1d22" stroke-width="3"'),
    ):
        went = run(name, surface.loss, gradient, start=start, learning_rate=rate, steps=90)
        x = (went.weights[:, 0] / surface.width + 1) / 2 * WIDTH
        y = (1 - went.weights[:, 1] / surface.height) / 2 * HEIGHT
        finite = np.isfinite(x) & np.isfinite(y)
        paths.append(draw.line(zip(x[finite], y[finite], strict=True), look))
    return draw.drawing(draw.picture(png_url(ground), 0, 0, WIDTH, HEIGHT), *paths)


@cache
def _callbacks() -> str:
    """A measured training that overfits: validation loss turns, and there it is stopped."""
    epochs = histories.load("overfitting")["runs"]["2,000 photos, seed 1"]["epochs"]
    training, validation = ([float(epoch[name]) for epoch in epochs] for name in ("loss", "val_loss"))
    top = 1.25
    stop = int(np.argmin(validation))
    x = 12 + stop / (len(epochs) - 1) * (WIDTH - 24)
    shown = [min(value, top) for value in validation]
    return draw.drawing(
        draw.line([(x, 8), (x, HEIGHT - 8)], f'stroke="{NEGATIVE}" stroke-width="2.5"'),
        draw.curve(training, top=top, bottom=0, look='class="ink" stroke-width="2.5"'),
        draw.curve(shown, top=top, bottom=0, look='class="violet" stroke-width="2.5" stroke-dasharray="6 5"'),
    )


@cache
def _training() -> str:
    """How often the course's own network was right, epoch by epoch, in the training that it comes from."""
    with zipfile.ZipFile(weights.FOLDER / f"{NETWORK}.run.zip") as run_files:
        name = next(name for name in run_files.namelist() if name.endswith("metrics.jsonl"))
        lines = [json.loads(one) for one in run_files.read(name).splitlines() if b"val_accuracy" in one]
    training, validation = ([float(one[key]) for one in lines] for key in ("accuracy", "val_accuracy"))
    return draw.drawing(
        draw.curve(training, top=1, bottom=0.5, look='class="ink" stroke-width="2.5"'),
        draw.curve(validation, top=1, bottom=0.5, look='class="violet" stroke-width="2.5" stroke-dasharray="6 5"'),
    )


@cache
def _evaluation() -> str:
    """The confusion matrix of the course's own network on photos that it has not seen."""
    (card,) = (card for card in shipped_scores.cards() if card["network"] == NETWORK)
    judged = next(one for one in card["judgements"] if one["part"] == "test")
    matrix = np.array(judged["confusion_matrix"])
    parts = []
    for row, column in np.ndindex(2, 2):
        count = int(matrix[row, column])
        right = row == column
        share = 0.15 + 0.85 * count / int(matrix.sum(axis=1)[row])
        x, y = 8 + column * 70, 6 + row * 52
        look = f'rx="6" fill="{(CAT, DOG)[row]}" fill-opacity="{share if right else 0.12:.2f}"'
        parts.append(draw.box(x, y, 66, 48, look))
        parts.append(draw.word(str(count), x + 33, y + 30, 'text-anchor="middle"'))
    return draw.drawing(*parts)


_OF_PHOTO: Mapping[str, Callable[[Photo], str]] = MappingProxyType(
    {
        "deep-learning": _deep_learning,
        "keras": _keras,
        "image-data": _image_data,
        "convnet": _convnet,
        "convolution": _convolution,
        "pooling": _pooling,
        "dense": _dense,
        "activation": _activation,
    }
)
_OF_ALL: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "loss": _loss,
        "optimizers": _optimizers,
        "callbacks": _callbacks,
        "training": _training,
        "evaluation": _evaluation,
    }
)
