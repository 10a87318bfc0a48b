"""The training that a visitor puts together: a URL, a run's values, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.lessons.training.draft import (
    COUNTS,
    DATA,
    MAX_BATCH,
    MAX_EPOCHS,
    NETWORKS,
    SUITABLE,
    Draft,
    config_of,
    same_training,
    suiting,
)
from components.lessons.training.steps import TITLES, choice_of
from models.runs import strangers
from models.runs.config import MONITORS, OPTIMIZERS, SCHEDULES, ConfigError, RunConfig

DRAFTS = st.builds(
    Draft,
    step=st.integers(1, 8),
    data=st.sampled_from([name for name in DATA if name != "folder"]),
    count=st.sampled_from([500, 1000, 2000, 4000]),
    augment=st.booleans(),
    network=st.sampled_from(NETWORKS),
    blocks=st.integers(0, 16),
    optimizer=st.sampled_from(tuple(OPTIMIZERS)),
    rate=st.sampled_from([0.0, 0.001, 0.05, 1.5]),
    schedule=st.sampled_from(SCHEDULES),
    smoothing=st.sampled_from([0.0, 0.1]),
    monitor=st.sampled_from(MONITORS),
    board=st.booleans(),
    batch=st.integers(1, 512),
    epochs=st.integers(1, 200),
    patience=st.integers(0, 50),
    seed=st.integers(0, 2**31 - 1),
    keep=st.booleans(),
)


@given(draft=DRAFTS)
def test_a_draft_survives_its_url(draft):
    assert Draft.from_params(draft.to_params()) == draft


@given(draft=DRAFTS)
def test_a_run_has_the_drafts_choices_and_gives_them_back(draft):
    config = config_of(draft)
    assert RunConfig.from_json(config.to_json()) == config
    back = same_training(config)
    assert config_of(back) == config


@pytest.mark.parametrize("data", DATA)
def test_a_link_that_names_only_the_pictures_brings_what_suits_them(data):
    draft = Draft.from_params({"data": data})
    assert {name: getattr(draft, name) for name in SUITABLE[data]} == dict(SUITABLE[data])
    assert draft.to_params() == ({"data": data} if data != "drawn-pets" else {})


@pytest.mark.parametrize(
    "params",
    [{"epochs": "-3"}, {"batch": "x"}, {"network": "rm -rf"}, {"rate": "nan"}, {"step": "99"}, {"data": "photos:x"}],
)
def test_no_link_breaks_the_page(params):
    config_of(Draft.from_params(params))


def test_a_folder_without_a_path_is_refused_in_a_sentence():
    with pytest.raises(ConfigError, match=r"^dataset must be folder:PATH"):
        config_of(Draft(data="folder"))


@pytest.mark.parametrize("step", range(1, len(TITLES) + 1))
def test_every_step_says_what_is_chosen(step):
    assert choice_of(Draft(), step, classes=2, photos=4000)
    assert choice_of(Draft(network="efficientnet-lite0", blocks=4), step, classes=None, photos=None)


def test_the_objective_follows_from_the_classes():
    assert choice_of(Draft(), 4, classes=2, photos=None) == "binary cross-entropy"
    assert choice_of(Draft(), 4, classes=10, photos=None) == "categorical cross-entropy"


def test_other_pictures_bring_what_suits_them_and_keep_the_rest():
    draft = Draft(seed=4, blocks=4, optimizer="sgd").changed(**suiting("photos"))
    assert (draft.network, draft.epochs, draft.blocks) == ("efficientnet-lite0", 10, 0)
    assert (draft.seed, draft.optimizer) == (4, "sgd")


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("data", [name for name in DATA if name != "folder"])
def test_whatever_the_form_offers_is_small_enough_for_a_visitor(data, network):
    for count in COUNTS:
        draft = Draft(data=data, network=network, count=count, batch=MAX_BATCH, epochs=MAX_EPOCHS, blocks=16)
        strangers.refuse(config_of(draft))
