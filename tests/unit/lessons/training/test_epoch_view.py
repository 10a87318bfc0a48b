"""components/lessons/training/epoch_view.py: mistakes and filters as a page shows them."""

import base64
import io
import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from components.lessons.training.epoch_view import filter_sheet, mistakes, moved
from models import datasets
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory
from models.runs.watching.snapshots import Snapshot, View, read_view, write_view
from models.storage import write_text

DATASET = "drawn-pets:train=4,validation=40,test=2"


def made(path, dataset=DATASET) -> tuple[RunDirectory, datasets.Dataset]:
    """A run after two epochs that gets ten of its 40 validation pictures wrong."""
    run = RunDirectory.create(path, RunConfig(dataset=dataset, side=32, network="mlp"))
    data = datasets.load(DATASET, side=32)
    write_text(run.data_file, f'{{"fingerprint": "{data.fingerprint()}"}}')
    answers = np.where(data.validation.labels == 1, 0.9, 0.1).astype(np.float32)
    answers[:10] = 1 - answers[:10]
    answers[7] = 0.999 if data.validation.labels[7] == 0 else 0.001
    filters = [
        Snapshot(0, 0, np.ones((3, 3, 3, 8), np.float32)),
        Snapshot(2, 0, np.full((3, 3, 3, 8), 1.5, np.float32)),
    ]
    write_view(run, View(epoch=2, probabilities=answers[:, None], filters=tuple(filters), layer="stem_conv"))
    return run, data


def shown(run: RunDirectory, **options) -> str:
    """The page's HTML."""

    def page(path, options):
        from pathlib import Path

        from components.lessons.training.epoch_view import epoch_view
        from models.runs.run_directory import RunDirectory

        for part in ("mistakes", "filters"):
            epoch_view(RunDirectory(Path(path)), part, **options)

    app = AppTest.from_function(
        page, args=(str(run.path), {"own_pictures": None, "may_see_pictures": True} | options), default_timeout=60
    )
    app.run()
    assert not app.exception
    return "".join(element.proto.body.partition("</style>")[2] for element in app.get("html"))


@pytest.mark.parametrize("shape", [(40, 3), (40, 50), (39, 1), (0, 1)])
def test_answers_of_another_network_show_no_mistakes(tmp_path, shape):
    """A view may be a stranger's: it may fit the pictures, but not the classes."""
    run, _ = made(tmp_path / "run")
    view = read_view(run)
    assert view is not None
    write_view(run, replace(view, probabilities=np.full(shape, 0.5, np.float32)))
    html = shown(run)
    assert "classified wrongly" not in html
    assert "What its first layer looks for" in html


def test_mistakes_are_those_that_keras_counts_and_the_surest_comes_first(library):
    random = np.random.default_rng(2)
    labels = random.integers(0, 2, 200)
    answers = random.random((200, 1)).astype(np.float32)
    answers[3] = 0.5
    found = mistakes(answers, labels)
    metric = library.keras.metrics.BinaryAccuracy()
    metric.update_state(labels[:, None].astype(np.float32), answers)
    assert 1 - len(found) / 200 == pytest.approx(float(metric.result()))
    assert [one.probability for one in found] == sorted((one.probability for one in found), reverse=True)
    assert all(one.answer != one.truth == labels[one.place] for one in found)

    labels = random.integers(0, 4, 200)
    many = random.dirichlet(np.ones(4), 200).astype(np.float32)
    metric = library.keras.metrics.SparseCategoricalAccuracy()
    metric.update_state(labels, many)
    found = mistakes(many, labels)
    assert 1 - len(found) / 200 == pytest.approx(float(metric.result()))
    assert found[0].probability == many[found[0].place].max()


def test_filters_are_normalised_around_zero():
    weights = np.zeros((3, 3, 3, 9), np.float32)
    weights[0, 1, 0, 8] = -0.2
    weights[2, 2, 2, 8] = 0.1
    sheet = filter_sheet(weights)
    assert sheet.shape == (24 * 2 + 3, 24 * 8 + 3 * 7, 4)
    last = sheet[27:51, :24]  # the ninth begins the second row
    assert last[0, 0].tolist() == [128, 128, 128, 255]
    assert last[7, 15].tolist() == [0, 128, 128, 255]
    assert last[23, 23].tolist() == [128, 128, 191, 255]
    assert sheet[25, 0, 3] == sheet[40, 30, 3] == 0  # a gap, and a place without a filter


def test_filters_of_grey_pictures_are_blue_where_positive_and_orange_where_negative():
    weights = np.array([[1.0, 0.0], [-1.0, 0.5]], np.float32).reshape(2, 2, 1, 1)
    sheet = filter_sheet(weights)
    found = [sheet[row, column, :3].tolist() for row in (0, 23) for column in (0, 23)]
    assert found[:3] == [[0, 114, 178], [247, 247, 247], [213, 94, 0]]
    assert moved(weights, 1.5 * weights) == pytest.approx(0.5)


def test_the_page_shows_the_surest_mistake_first_and_what_moved(tmp_path):
    run, data = made(tmp_path / "run")
    text = shown(run)
    assert "10 of 40 validation pictures are classified wrongly" in text
    captions = re.findall(r"<b>(.*?)</b><span>is: (.*?)</span>", text)
    truth = data.classes[data.validation.labels[7]]
    other = data.classes[1 - data.validation.labels[7]]
    assert captions[0] == (f"{other}? 99\u00a0%", truth)
    assert len(captions) == 10
    source = re.search(r'src="data:image/png;base64,(.*?)"', text)
    assert source is not None
    picture = base64.b64decode(source.group(1))
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(picture))), data.validation.images[7])
    assert "changed by <b>50.0\u00a0%</b>" in text
    assert "Now, after epoch 2" in text
    assert text.count("<img") == text.count('alt="') == 12


def test_other_peoples_photos_are_not_shown(tmp_path):
    run, _ = made(tmp_path / "run", dataset="photos")
    text = shown(run, may_see_pictures=False)
    assert "only who added them sees them" in text
    assert "is:" not in text
    assert text.count("<img") == 2  # the filters


def test_own_photos_are_shown_to_their_owner_and_other_ones_are_not_mistaken_for_them(tmp_path):
    from models.datasets import photos
    from models.pictures.photo import decode

    def photo(value: int):
        file = io.BytesIO()
        Image.fromarray(np.full((40, 40, 3), value, np.uint8)).save(file, "PNG")
        return decode(file.getvalue())

    given = [(kind, photo(base + number)) for kind, base in (("<b>", 10), ("dog", 130)) for number in range(5)]
    packed = photos.pack(given)
    run = RunDirectory.create(tmp_path / "own", RunConfig(dataset="photos", side=32, network="mlp"))
    data = photos.unpack(packed, side=32, how="squash")
    write_text(run.data_file, f'{{"fingerprint": "{data.fingerprint()}"}}')
    wrong = (1 - data.validation.labels[:, None]).astype(np.float32)
    write_view(run, View(epoch=1, probabilities=wrong))
    text = shown(run, own_pictures=packed)
    assert "2 of 2 validation pictures are classified wrongly" in text
    assert "&lt;b&gt;? 100\u00a0%" in text
    assert "not available" in shown(run, own_pictures=photos.pack(given[1:]))
    assert "not available" in shown(run)


def test_a_run_without_a_view_draws_nothing(tmp_path):
    run = RunDirectory.create(tmp_path / "run", replace(RunConfig(), dataset="digits"))
    assert shown(run) == ""
    run.view_file.write_bytes(b"damaged")
    assert shown(run) == ""
    assert read_view(run) is None
