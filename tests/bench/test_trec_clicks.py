"""The variant is chosen on the earlier sessions alone, and reported on the later ones."""

from dataclasses import replace

import numpy as np
import pytest

from bench.trec_clicks import Shown, chosen_and_reported


@pytest.fixture(scope="module")
def shown():
    """60 sessions of 20 results; clicks follow the first feature, the second says nothing."""
    rng = np.random.default_rng(4)
    features = rng.standard_normal((1_200, 2))
    position = np.tile(np.arange(1, 21), 60)
    clicked = rng.random(1_200) < 1 / (1 + np.exp(1.5 - 2 * features[:, 0])) / (1 + 0.1 * ((position - 1) % 10))
    return Shown(np.repeat(np.arange(60), 20), position, clicked.astype(np.int64), features)


def test_what_foretells_is_chosen_and_beats_the_rank(shown):
    found = chosen_and_reported(shown, 1)
    assert found.chosen.features
    assert found.sessions == 30
    assert found.low <= found.model - found.rank_alone <= found.high < 0


def test_later_sessions_have_no_say_in_the_choice(shown):
    turned = np.where(shown.session < 30, shown.clicked, 1 - shown.clicked)
    found, other = chosen_and_reported(shown, 1), chosen_and_reported(replace(shown, clicked=turned), 1)
    assert other.chosen == found.chosen
    assert other.model > found.model
