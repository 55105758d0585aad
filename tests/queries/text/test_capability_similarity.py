from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.text.capability_similarity import (
    NAME_WEIGHT,
    NAMES_DIFFER,
    NO_DESCRIPTION_NAME_WEIGHT,
    brand,
    capability_pairs,
    capability_vectors,
    capability_words,
    said_of,
)
from queries.text.similarity import terms
from tests.queries.tables import capability, table

words = st.sampled_from(["read", "write", "image", "search", "table", "speech"])


def test_only_the_brand_in_front_is_left_out_of_a_name() -> None:
    names = ["playwright_click", "playwright", "semantic segmentation"]
    own = capability_words(names, ["mcp:playwright", "mcp:playwright", "net-large-semantic"])
    assert own == [["click"], terms("playwright"), terms("semantic segmentation")]
    assert brand("owner/-odd-name") == "odd"


def test_same_capability_of_two_artifacts_is_a_pair_once() -> None:
    rows = [capability(owner, "semantic segmentation", description="one class for every pixel") for owner in ("b", "a")]
    pairs = capability_pairs(table("capabilities", rows)).to_pylist()
    assert pairs == [
        {
            "capability_a": "a/semantic-segmentation",
            "capability_b": "b/semantic-segmentation",
            "artifact_a": "a",
            "artifact_b": "b",
            "similarity": 1.0,
            "by_names": NAME_WEIGHT,
            "by_texts": 1 - NAME_WEIGHT,
            "factor": 1.0,
        }
    ]


def test_a_similarity_is_made_of_names_texts_and_a_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal texts; the names of b and c are equal, that of a differs by "tiny", which nobody else says."""
    monkeypatch.setattr("queries.text.capability_similarity.PAIRS_AT_ONCE", 1)
    rows = [
        capability(owner, name, description="one class for every pixel")
        for owner, name in (
            ("a", "tiny street segmentation"),
            ("b", "street segmentation"),
            ("c", "street segmentation"),
        )
    ]
    pairs = capability_pairs(table("capabilities", rows), threshold=0.1).to_pylist()
    assert [(pair["artifact_a"], pair["artifact_b"], pair["factor"]) for pair in pairs] == [
        ("a", "b", NAMES_DIFFER), ("a", "c", NAMES_DIFFER), ("b", "c", 1.0),
    ]  # fmt: skip
    for pair in pairs:
        made_of = pair["factor"] * (pair["by_names"] + pair["by_texts"])
        assert pair["similarity"] == pytest.approx(made_of, abs=2e-6)
        assert pair["by_texts"] == pytest.approx(1 - NAME_WEIGHT, abs=2e-6)
    assert 0 < pairs[0]["by_names"] < pairs[2]["by_names"] == pytest.approx(NAME_WEIGHT)


def test_capabilities_of_one_artifact_are_no_pair() -> None:
    rows = [capability("a", "read file", capability_id=key, description="reads") for key in ("a/1", "a/2")]
    assert capability_pairs(table("capabilities", rows)).num_rows == 0


def test_one_word_names_are_linked_only_if_the_texts_agree() -> None:
    unlike = [
        capability("news", "search", description="stories and comments on a technology forum"),
        capability("medicine", "search", description="clinical trials and genetic variants"),
    ]
    assert capability_pairs(table("capabilities", unlike)).num_rows == 0
    alike = [capability(owner, "search", description="finds clinical trials") for owner in ("one", "two")]
    assert capability_pairs(table("capabilities", alike)).num_rows == 1


def test_a_name_that_only_asks_says_nothing() -> None:
    unlike = [
        capability("anomalies", "requests.get", description="sends a request for a summary of anomalies"),
        capability("transport", "requests.get", description="sends a request for transport between two cities"),
    ]
    assert capability_pairs(table("capabilities", unlike)).num_rows == 0
    alike = [capability(owner, "requests.get", description="sends a request to an address") for owner in ("a", "b")]
    assert capability_pairs(table("capabilities", alike)).num_rows == 1
    bare = [capability(owner, "requests.get") for owner in ("a", "b")]
    assert capability_pairs(table("capabilities", bare)).num_rows == 0


def test_a_one_word_name_differs_by_its_module() -> None:
    rows = [
        capability("a", "user.mandates", description="fetches the mandates by their status"),
        capability("b", "partner.mandates", description="fetches the mandates by their status"),
    ]
    assert capability_pairs(table("capabilities", rows)).num_rows == 0
    assert capability_pairs(table("capabilities", [rows[0], {**rows[1], "name": "user.mandates"}])).num_rows == 1


def test_equal_names_without_any_text_are_linked_but_not_with_a_text_on_one_side() -> None:
    bare = [capability(owner, "image inpainting") for owner in ("a", "b")]
    assert capability_pairs(table("capabilities", bare))["similarity"].to_pylist() == [NO_DESCRIPTION_NAME_WEIGHT]
    one_sided = [bare[0], {**bare[1], "description": "fills holes"}]
    assert capability_pairs(table("capabilities", one_sided)).num_rows == 0


def test_no_capabilities_no_pairs() -> None:
    assert capability_pairs(table("capabilities", [])).num_rows == 0


names = st.lists(words, min_size=1, max_size=3).map(" ".join)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), names, st.lists(words, max_size=4).map(" ".join)), max_size=8),
    st.randoms(),
)
def test_pairs_are_symmetric_bounded_and_independent_of_row_order(rows, random) -> None:  # type: ignore[no-untyped-def]
    capabilities = [
        capability(owner, name, capability_id=f"{owner}/{place}", description=text or None)
        for place, (owner, name, text) in enumerate(rows)
    ]
    pairs = capability_pairs(table("capabilities", capabilities))
    for pair in pairs.to_pylist():
        assert pair["capability_a"] < pair["capability_b"]
        assert pair["artifact_a"] != pair["artifact_b"]
        assert 0 < pair["similarity"] <= 1
    random.shuffle(capabilities)
    assert capability_pairs(table("capabilities", capabilities)).equals(pairs)
    if capabilities:
        ordered = sorted(capabilities, key=lambda row: str(row["capability_id"]))
        full = {name: ordered[0].get(name) for name in ("intents", "tags", "input_types", "output_types")}
        own = capability_words(*([str(row[key]) for row in ordered] for key in ("name", "artifact_id")))
        every = [{**full, **row} for row in ordered]
        vectors = capability_vectors(every, own, said_of(every))
        assert (vectors @ vectors.T).toarray().max(initial=0) <= 1 + 1e-9
