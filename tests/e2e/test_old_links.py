"""Links that teachers have keep working: one to every page, with parameters as URLs had them back then."""

from dataclasses import dataclass, field

import pytest
from playwright.sync_api import expect

from components.shell.course import COURSE

ANSWERED = 90_000
"""Milliseconds until the engine has started, loaded TensorFlow and answered."""


@dataclass(frozen=True)
class Link:
    """A link, and what the opened page shows.

    Attributes:
        path: the page's path.
        params: the URL's parameters.
        inside: selector of the component that shows them.
        chosen: chosen options, as "name=value".
        filled: the values of fields and lists, by their names.
        seen: selectors of other elements on the page.
    """

    path: str
    params: str
    inside: str
    chosen: tuple[str, ...] = ()
    filled: dict[str, str] = field(default_factory=dict)
    seen: tuple[str, ...] = ()


def stage(name: str) -> str:
    return f'section.stage[data-ready][aria-label="{name}"]'


LINKS = [
    Link("", "view=projector", "body", seen=(".st-key-cards",)),
    Link("deep-learning", "neuron-activation=tanh&neuron-w1=-2.5", stage("One artificial neuron"), ("activation=tanh",),
         {"w1": "-2.5"}),
    Link("keras", "program=functional", stage("Three programs"), ("program=functional",)),
    Link("image-data", "numbers=B&planes=grey", stage("Pixel inspector"), ("numbers=B", "planes=grey")),
    Link("convnet", "network=drawn-pets&order=number", ".network-map[data-ready]",
         filled={"network": "drawn-pets", "order": "number"}),
    Link("convolution", "side=64&kernel=own&weights=0,0,0,0,2,0,0,0,0&stride=2", stage("Convolution animation"),
         ("side=64", "kernel=own", "stride=2"), seen=('[aria-label="weight in row 1, column 1"]',)),
    Link("pooling", "size=3&stride=1&padding=same&grid=1,2,3;4,5,6;7,8,9", stage("Pooling boards"),
         ("size=3", "stride=1", "padding=same", "side=3")),
    Link("dense", "notation-part=w", ".notations[data-ready]", seen=('button[data-parts="w"][aria-pressed="true"]',)),
    Link("activation", "activation=softmax&second=2.5", stage("Activation curve"), ("activation=softmax",),
         {"second": "2.5"}),
    Link("loss", "chart=push&label=0", stage("Loss curve"), ("chart=push", "label=0")),
    Link("optimizers", "surface=beale&x=1.5", stage("Optimizer race"), ("surface=beale",), {"x": "1.5"}),
    Link("callbacks", "action=stop&epochs=3&hook=on_train_batch_end", stage("Timeline of hooks"),
         ("action=stop", "epochs=3"), {"hook": "on_train_batch_end"}),
    Link("training", "data=digits&step=6", "body",
         seen=('button[aria-current="step"] >> text=6',)),
    Link("evaluation", "board-percent=column&board-cover=on", ".threshold-board[data-ready]",
         ("board-percent=column",), seen=('input[name="cover"]:checked',)),
]  # fmt: skip


def test_every_page_has_a_link():
    assert [link.path for link in LINKS] == [part.path for part in COURSE]


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link.path or "home")
def test_an_old_link_shows_what_it_names(link, open_page, app):
    page = open_page(f"/{link.path}?{link.params}", host=app)
    component = page.locator(link.inside).first
    expect(component).to_be_attached(timeout=ANSWERED)
    for name, value in (option.split("=") for option in link.chosen):
        expect(component.locator(f'input[name="{name}"][value="{value}"]')).to_be_checked()
    for name, value in link.filled.items():
        expect(component.locator(f'[name="{name}"]')).to_have_value(value)
    for selector in link.seen:
        expect(component.locator(selector).first).to_be_attached()
