from __future__ import annotations

from math import exp, log
from typing import Any

import numpy as np
import pytest

from queries.alternatives.purposes import Catalogue, purpose_vectors, text_signal
from queries.alternatives.references import references
from queries.alternatives.stated_signal import (
    COMPARED,
    LIKELY,
    SHARED_GAIN,
    STATED_BY_BOTH,
    STATED_BY_ITSELF,
    STATED_BY_OTHER,
    direct_signal,
    expected_signal,
    products,
    shared_signal,
    where_likely,
)
from queries.text.mentions import Mention
from tests.queries.tables import Row, artifact, table


def catalogue(artifacts: list[Row]) -> Catalogue:
    return Catalogue.of(table("artifacts", artifacts), table("capabilities", []))


def dense(matrix: Any) -> Any:
    return matrix.toarray()


def test_stated_depends_on_who_says_it() -> None:
    found = catalogue([artifact(key) for key in "abc"])
    says = [
        Mention("a", "b", True, ""),
        Mention("b", "c", True, ""),
        Mention("c", "b", True, ""),
        Mention("a", "c", False, ""),
    ]
    values = dense(direct_signal(found, says))
    assert (values[0, 1], values[1, 0]) == (STATED_BY_ITSELF, STATED_BY_OTHER)
    assert values[1, 2] == values[2, 1] == STATED_BY_BOTH
    assert values[0, 2] == values[2, 0] == 0


def test_a_comparison_of_unlike_things_counts_less() -> None:
    found = catalogue([artifact("a"), artifact("b")])
    stated = direct_signal(found, [Mention("a", "b", True, "")])
    halfway = stated.copy()
    halfway.data = np.full(len(halfway.data), LIKELY / 2)
    assert dense(where_likely(stated, [halfway]))[0, 1] == pytest.approx(STATED_BY_ITSELF / 4)
    assert where_likely(stated, []).nnz == 0
    assert dense(where_likely(stated, [halfway, halfway]))[0, 1] == pytest.approx(STATED_BY_ITSELF)


STATING: list[Row] = [
    artifact("a", description="Flow builder, an alternative to Zapper."),
    artifact("b", description="Joins web services (Zapper replacement)."),
    artifact("c", description="Inspired by Zapper."),
    artifact("d", description="Flow builder of another kind"),
]


def stated(rows: list[Row]) -> Any:
    return products(catalogue(rows), references(table("artifacts", rows)))


def test_two_that_state_the_same_product_are_rivals_though_nobody_describes_it() -> None:
    """Of four artifacts three state it: rarity r = ln(1 + 4 / 3) / ln 5."""
    rarity = log(1 + 4 / 3) / log(5)
    found = dense(shared_signal(stated(STATING)))
    assert found[0, 1] == pytest.approx(1 - exp(-SHARED_GAIN * rarity))
    assert found[0, 2] == pytest.approx(1 - exp(-SHARED_GAIN * rarity * COMPARED))
    assert found[3].sum() == 0


def test_a_product_is_the_artifact_that_alone_bears_its_name() -> None:
    described = [*STATING, artifact("e", name="Zapper")]
    assert dense(shared_signal(stated(described)))[4, 0] > 0
    twice = [*described, artifact("f", name="zapper")]
    assert dense(shared_signal(stated(twice)))[4:].sum() == 0
    named = references(table("artifacts", twice))
    once = dense(shared_signal(products(catalogue(twice), named, {"e": "e", "f": "e"})))
    assert (once[4, 0] > 0, once[5].sum()) == (True, 0)  # f is another name of e


def test_one_without_statements_is_expected_beside_those_like_it() -> None:
    """d is most like a, which stands in for Zapper; b does too. b does not vote for itself."""
    text = text_signal(*purpose_vectors(catalogue(STATING)))
    found = dense(expected_signal(stated(STATING), text))
    rarity = log(1 + 4 / 3) / log(5)
    likeness = dense(text)[3]
    votes = likeness[0] + COMPARED * likeness[2]
    assert found[3, 1] == pytest.approx(1 - exp(-rarity * votes))
    assert likeness[0] > 0


def test_without_statements_nothing_is_expected() -> None:
    rows = [artifact(key, description="labels photos") for key in "ab"]
    assert shared_signal(stated(rows)).nnz == 0
    assert expected_signal(stated(rows), text_signal(*purpose_vectors(catalogue(rows)))).nnz == 0
