import numpy as np
import pytest

from bench.simulators import Settings, simulate
from graph.errors import WrongUse
from queries.evidence.click_models import fit_sdbn, list_counts


def test_everything_at_or_above_the_last_click_was_examined():
    # search 1 shows items 0, 1, 2 and clicks the first two; search 2 shows 1, 0 and clicks nothing
    counts = list_counts([1, 1, 1, 2, 2], [0, 1, 2, 1, 0], [1, 2, 3, 1, 2], [1, 1, 0, 0, 0])
    assert counts.item.tolist() == [0, 0, 1, 1, 2]
    assert counts.position.tolist() == [1, 2, 1, 2, 3]
    assert counts.impressions.tolist() == [1, 1, 1, 1, 1]
    assert counts.examined.tolist() == [1, 1, 1, 1, 0]
    assert counts.clicks.tolist() == [1, 0, 0, 1, 0]
    assert counts.last_clicks.tolist() == [0, 0, 0, 1, 0]


def test_statistics_of_two_logs_add_up():
    log = simulate("dbn", 3, Settings(intents=5, sessions=400))
    search, item, position, clicked = log.rows()
    early = search < 150
    whole = list_counts(search, item, position, clicked)
    parts = [list_counts(search[half], item[half], position[half], clicked[half]) for half in (early, ~early)]

    def table(counts, name):
        total = np.zeros((50, 11), np.int64)
        np.add.at(total, (counts.item, counts.position), getattr(counts, name))
        return total

    for name in ("impressions", "examined", "clicks", "last_clicks"):
        assert np.array_equal(table(whole, name), table(parts[0], name) + table(parts[1], name))


def test_order_of_rows_does_not_matter():
    search, item, position, clicked = simulate("dbn", 3, Settings(intents=5, sessions=100)).rows()
    order = np.random.default_rng(1).permutation(len(search))
    first = list_counts(search, item, position, clicked)
    second = list_counts(search[order], item[order], position[order], clicked[order])
    for name in ("item", "position", "impressions", "examined", "clicks", "last_clicks"):
        assert np.array_equal(getattr(first, name), getattr(second, name))


def test_intervals_cover_the_truth_of_a_cascade():
    log = simulate("cascade", 1, Settings(intents=60, sessions=12_000))
    fit = fit_sdbn(list_counts(*log.rows()))
    truth = log.attractiveness.ravel()
    assert 0.92 <= np.mean((fit.low <= truth) & (truth <= fit.high)) <= 0.98
    assert fit.satisfaction.mean() > 0.9  # a cascade ends with its only click


def test_satisfaction_is_last_clicks_over_clicks():
    # item 0: 40 clicks, 30 of them last; item 1 is clicked after item 0 ten times
    search = np.repeat(np.arange(40), 2)
    clicked = np.tile([1, 0], 40)
    clicked[1:20:2] = 1
    fit = fit_sdbn(list_counts(search, np.tile([0, 1], 40), np.tile([1, 2], 40), clicked))
    assert fit.satisfaction[0] == pytest.approx(0.75, abs=0.05)
    assert fit.satisfaction[1] > fit.satisfaction[0]


def test_bad_rows_are_wrong_use():
    with pytest.raises(WrongUse, match="equally long"):
        list_counts([1], [0, 1], [1, 2], [0, 0])
    with pytest.raises(WrongUse, match="positions from 1"):
        list_counts([1], [0], [0], [0])
