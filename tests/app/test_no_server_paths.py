"""Where the server keeps its files is no page's business: what goes wrong is told by the name of the run."""

import json

import pytest
from streamlit.proto.BidiComponent_pb2 import BidiComponent

from tests.app.visitor import Visitor

SENTENCE = "There is no run nope: it has been deleted, or its name is another one."

PLACES = [
    ("convnet", {"network": "run:nope"}, None),
    ("evaluation", {"network": "run:nope"}, None),
    (
        "convolution",
        {"step-network": "run:nope", "step-layer": "stem_conv", "step-map": "3"},
        "components.networks.layer_step",
    ),
    ("dense", {"network": "run:nope"}, "components.lessons.dense.board"),
]


@pytest.mark.parametrize(("page", "params", "asks"), PLACES, ids=[page for page, *_ in PLACES])
def test_a_link_to_a_run_that_is_gone_names_the_run_and_no_folder(monkeypatch, tmp_path, page, params, asks):
    runs = tmp_path / "secret place"
    monkeypatch.setenv("RUNS_DIR", str(runs))
    if asks is not None:
        # There is an engine, but it gets no question, because there is no such network.
        monkeypatch.setattr(f"{asks}.engine_or_word", lambda _: object())
    visitor = Visitor().open(page, **params)
    assert not visitor.app.exception
    sent: list[BidiComponent] = [node.proto for node in visitor.app.get("bidi_component")]
    shown = [message.replace("\\", "") for message in visitor.messages]
    shown += [json.dumps(json.loads(proto.bytes or proto.json or "null"), ensure_ascii=False) for proto in sent]
    assert any(SENTENCE in text for text in shown)
    assert not [text for text in shown if runs.name in text or str(tmp_path) in text]
