from __future__ import annotations

import pytest

from graph.errors import WrongUse
from queries.answers.ranks import rank_list
from queries.ranking.places import ENOUGH_KNOWN
from tests.queries.rivals import rivals
from tests.queries.tables import artifact, snapshot

SNAPSHOT = rivals()


def test_ranks_come_in_order_and_the_unranked_last() -> None:
    ranks = rank_list(SNAPSHOT).ranks
    lows = [one.low for one in ranks if one.low is not None and one.completeness >= ENOUGH_KNOWN]
    assert len(lows) > 2
    assert lows == sorted(lows, reverse=True)
    assert [one.place for one in ranks] == [1, 2, 3, 4, 5]
    unranked = snapshot([artifact("a"), artifact("b", stars=3)])
    assert [one.artifact_id for one in rank_list(unranked).ranks] == ["b", "a"]


def test_ranks_of_a_type_and_a_limit() -> None:
    found = snapshot([artifact("a", stars=3), artifact("b", stars=5), artifact("c", stars=4, type="mcp")])
    answer = rank_list(found, type="Model", limit=1)
    assert ([one.artifact_id for one in answer.ranks], answer.total) == (["b"], 2)


def test_a_place_is_shared_though_the_list_ends_before_the_other_one() -> None:
    found = snapshot([artifact("a", stars=9), artifact("b", stars=3, type="mcp"), artifact("c", stars=3, type="mcp")])
    assert [rank_list(found, limit=limit).shared_places for limit in (None, 2, 1)] == [[2], [2], []]
    assert [rank_list(found, type=kind).shared_places for kind in ("mcp", "model")] == [[1], []]


def test_an_unknown_type_names_the_known_ones() -> None:
    with pytest.raises(WrongUse, match="Known: model"):
        rank_list(SNAPSHOT, type="spaceship")
