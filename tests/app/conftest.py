"""Visitors, and a photo that is not a sample."""

from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO

import pytest
from PIL import Image

from components.photo import opening
from models.pictures import drawn_pets
from tests.app.visitor import Visitor


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """Let pages wait for photos: without a browser, nothing looks again whether they are open."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "PATIENCE", 60.0)
        yield


@pytest.fixture
def visitor() -> Visitor:
    """A visitor who has not opened a page yet."""
    return Visitor()


@pytest.fixture
def on_convolution(visitor: Visitor) -> Visitor:
    return visitor.open("convolution")


@pytest.fixture(scope="session")
def picture() -> Callable[..., bytes]:
    """Return a function that makes a picture file: the seed decides the animal."""

    @cache
    def make(seed: int = 5, kind: str = "JPEG", width: int = 120) -> bytes:
        buffer = BytesIO()
        pet = Image.fromarray(drawn_pets.draw("dog", side=96, seed=seed))
        pet.resize((width, 96)).save(buffer, kind)
        return buffer.getvalue()

    return make
