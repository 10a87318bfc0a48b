"""/training, step 2: how often a frozen base looks at a picture is told as it is."""

import pytest

from tests.app.visitor import Visitor

ONCE = "the features of every picture are computed once"
EACH_TIME = "have to compute their features each time"


@pytest.mark.parametrize(
    ("params", "once", "each_time"),
    [
        ({"network": "efficientnet-lite0"}, True, False),
        ({"network": "efficientnet-lite0", "augment": "on"}, False, True),
        ({"network": "efficientnet-lite0", "blocks": "2"}, False, False),
        ({"network": "convnet"}, False, False),
    ],
)
def test_the_second_step_says_how_often_the_base_looks(visitor: Visitor, params, once, each_time):
    visitor.open("training", data="drawn-pets", step="2", **params)
    assert not visitor.app.exception
    text = "\n".join(caption.value for caption in visitor.app.caption)
    assert (ONCE in text) == once
    assert (EACH_TIME in text) == each_time
