"""ImageNet's winners: the published figures, and sentences that follow from them."""

from components.lessons.deep_learning import imagenet
from components.lessons.deep_learning.imagenet import HUMAN, WINNERS, sources, words


def test_every_year_has_one_winner_that_is_better_than_the_one_before():
    assert [winner.year for winner in WINNERS] == list(range(2010, 2018))
    errors = [winner.error for winner in WINNERS]
    assert errors == sorted(errors, reverse=True)


def test_the_figures_are_those_that_were_published():
    by_year = {winner.year: round(winner.error, 1) for winner in WINNERS}
    assert by_year == {2010: 28.2, 2011: 25.8, 2012: 16.4, 2013: 11.7, 2014: 6.7, 2015: 3.6, 2016: 3.0, 2017: 2.3}
    assert HUMAN == 5.1


def test_the_words_name_the_first_deep_network_and_the_first_below_a_person(monkeypatch):
    assert "In 2012, AlexNet brought the error from 25.8\u00a0% to 16.4\u00a0%" in words()
    assert "ResNet was the first below it, in 2015" in words()
    monkeypatch.setattr(imagenet, "HUMAN", 10.0)
    assert "GoogLeNet was the first below it, in 2014" in words()


def test_every_figure_has_its_source():
    assert all(winner.source in sources() for winner in WINNERS)
    assert "2010 to 2014 and the person: Russakovsky et al." in sources()
