from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from queries.answers.chosen_over import head_to_head
from queries.answers.compare import compare
from tests.queries.rivals import ARTIFACTS, CAPABILITIES, EDGES, STREETS
from tests.queries.tables import MemorySnapshot, Row, intent_key, intent_rows, snapshot, table

NAMES = ("CitySeg XL", "RoadSeg")


def row(a: tuple[int, int], b: tuple[int, int], ties: tuple[int, int], **more: Any) -> Row:
    """Searches of as many clients: who was chosen with A above, with B above."""
    above, below = a[0] + b[0] + ties[0], a[1] + b[1] + ties[1]
    won, both = sum(a), sum(ties)
    products = [4 * won + both, both, 2 * a[0] + ties[0], 2 * a[1] + ties[1], both, *ties, above, 0, below]
    counts = {"a_above_a": a[0], "a_above_b": b[0], "a_above_ties": ties[0]}
    counts |= {"b_above_a": a[1], "b_above_b": b[1], "b_above_ties": ties[1]}
    ids = {"artifact_a": "cityseg", "artifact_b": "roadseg", "clients": above + below}
    return {**ids, "for_a": won, "for_b": sum(b), **counts, "client_products": products, **more}


def over(*rows: Row, names: Sequence[Row] = ()) -> MemorySnapshot:
    tables = {"head_to_head": table("head_to_head", list(rows)), "intents": table("intents", intent_rows([STREETS])[0])}
    tables["one_thing"] = table("one_thing", list(names))
    return MemorySnapshot(tables, {"position_advantage": 0.5})


def test_counts_are_those_of_the_two_as_they_were_named() -> None:
    found = head_to_head(over(row((6, 3), (20, 11), (1, 2))), "roadseg", "cityseg", NAMES[::-1])
    assert found is not None
    total = found.total
    assert (total.a_wins, total.b_wins, total.ties, total.a_above, total.b_above) == (31, 9, 3, 16, 27)
    assert (total.clients, total.clients_for_a, total.clients_for_b) == (43, 31, 9)
    assert found.kind == "a"
    assert "RoadSeg alone was chosen 31 times, CitySeg XL alone 9 times, both 3 times" in found.text
    assert f"P(RoadSeg is better) = {total.probability:.2f}. {found.clients_to_flip} of the clients" in found.text


def test_the_other_order_is_the_mirror_image() -> None:
    facts = over(row((6, 3), (20, 11), (1, 2)))
    forth, back = head_to_head(facts, "roadseg", "cityseg", NAMES), head_to_head(facts, "cityseg", "roadseg", NAMES)
    assert forth is not None
    assert back is not None
    assert (forth.kind, back.kind) == ("a", "b")
    assert forth.theta == pytest.approx(-back.theta)
    assert forth.clients_to_flip == back.clients_to_flip
    assert forth.a_alone + forth.b_alone + forth.both == pytest.approx(1, abs=2e-4)


def test_needs_are_listed_by_name_and_do_not_count_in_the_total() -> None:
    of_need = row((4, 1), (1, 0), (0, 0), intent_key=intent_key(STREETS))
    found = head_to_head(over(row((6, 3), (20, 11), (1, 2)), of_need), "cityseg", "roadseg", NAMES)
    assert found is not None
    assert [(need.intent, need.searches, need.a_wins) for need in found.needs] == [(STREETS, 6, 5)]
    assert found.total.searches == 43


def test_never_shown_together_is_no_head_to_head() -> None:
    assert head_to_head(over(), "cityseg", "roadseg", NAMES) is None


def test_another_name_has_the_head_to_head_of_its_thing() -> None:
    names = [{"artifact_id": name, "listed_as": "roadseg"} for name in ("roadseg", "acme/roadseg")]
    facts = over(row((6, 3), (20, 11), (1, 2)), names=names)
    assert head_to_head(facts, "acme/roadseg", "cityseg", NAMES) == head_to_head(facts, "roadseg", "cityseg", NAMES)
    assert head_to_head(facts, "acme/roadseg", "roadseg", NAMES) is None


def test_one_is_said_in_the_singular() -> None:
    found = head_to_head(over(row((1, 0), (0, 0), (0, 0))), "cityseg", "roadseg", NAMES)
    assert found is not None
    assert found.text.startswith(
        "In 1 search by 1 client that showed both, CitySeg XL alone was chosen once, RoadSeg alone 0 times,"
    )
    close = head_to_head(over(row((0, 0), (2, 5), (0, 0))), "cityseg", "roadseg", NAMES)
    assert close is not None
    assert close.clients_to_flip == 1
    assert "1 of the clients would have to change its mind" in close.text


def test_four_clients_are_too_few() -> None:
    found = head_to_head(over(row((4, 0), (0, 0), (0, 0))), "cityseg", "roadseg", NAMES)
    assert found is not None
    assert (found.kind, found.clients_to_flip) == ("not_enough_evidence", None)
    assert "fewer than 5 clients" in found.text


def test_of_two_that_serve_different_needs_none_is_called_better() -> None:
    """Neither in the text nor in a number, be the counts as clear as they may."""
    of_need = row((9, 1), (0, 0), (0, 0), intent_key=intent_key(STREETS))
    found = head_to_head(over(row((40, 30), (0, 0), (0, 0)), of_need), "cityseg", "roadseg", NAMES, comparable=False)
    assert found is not None
    assert found.kind == "not_comparable"
    assert "better" not in found.text.replace("this does not say which of the two is better", "")
    assert [found.theta, found.error, found.a_alone, found.clients_to_flip, found.total.probability] == [None] * 5
    assert [need.probability for need in found.needs] == [None]
    assert found.total.a_wins == 70


def test_a_comparison_holds_it() -> None:
    facts = snapshot(ARTIFACTS, CAPABILITIES, EDGES, texts=[STREETS])
    assert compare(facts, "cityseg", "roadseg").head_to_head is None
