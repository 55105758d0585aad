from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.ranking.parts.quality import RULES, Documents, quality
from queries.ranking.rank_weights import load_weights

NUMBERS = load_weights().quality
EMPTY: dict[str, Any] = {}
LONG = "word " * 60
BEST = {
    "description": LONG + "It reaches an accuracy of 91 %.", "license": "MIT", "url": "https://example.org",
    "vendor": "Acme", "pricing_model": "free", "updated_at": 1,
}  # fmt: skip
BEST_CAPABILITY = {
    "description": LONG, "limitations": ["slow"], "input_types": ["text"], "unique": "small",
    "vs_alternatives": "than X",
}  # fmt: skip


def met(artifact: dict[str, Any], capabilities: list[dict[str, Any]] | None = None) -> dict[str, float | None]:
    part = quality(Documents(artifact, capabilities or [], NUMBERS))
    return {rule["rule"]: rule["met"] for rule in part.inputs["rules"]}


def test_everything_met_is_one() -> None:
    assert quality(Documents(BEST, [BEST_CAPABILITY], NUMBERS)).value == 1


def test_a_name_alone_is_not_known() -> None:
    assert quality(Documents({"license": "MIT"}, [], NUMBERS)).value is None


def test_rules_about_capabilities_do_not_apply_without_any() -> None:
    part = quality(Documents(BEST, [], NUMBERS))
    assert part.value == 1
    assert part.low is not None
    skipped = sum(rule["points"] for rule in part.inputs["rules"] if rule["met"] is None)
    assert skipped == NUMBERS["capability_descriptions"] + NUMBERS["limitations"] + NUMBERS["inputs_outputs"] + 2
    total = sum(rule["points"] for rule in part.inputs["rules"])
    assert part.low == pytest.approx((total - skipped) / total - 0.5 / len(RULES), abs=1e-6)


def test_half_a_description_is_half_met() -> None:
    assert met({"description": "word " * 30})["description"] == 0.5


def test_a_share_of_the_capabilities_is_a_share_of_the_points() -> None:
    assert met(EMPTY, [{"limitations": ["slow"]}, {}])["limitations"] == 0.5


@pytest.mark.parametrize(
    ("model", "price", "share"),
    [
        ("free", None, 1),
        ("unknown", None, 0),
        (None, None, 0),
        ("paid", "$10", 1),
        ("free", "$10", 0),
        ("free", "$0", 1),
    ],
)
def test_a_price_counts_if_it_does_not_contradict_itself(model: str | None, price: str | None, share: float) -> None:
    assert met({"description": "x", "pricing_model": model, "price": price})["pricing"] == share


@pytest.mark.parametrize(
    ("text", "share"),
    [("scores 82.0 mIoU on the test set", 1), ("79.6 % top-1 accuracy", 1), ("accuracy of 91.3", 1),
     ("has 12 modes and high accuracy claims", 0), ("released in 2024", 0)],
)  # fmt: skip
def test_a_measured_result_is_a_metric_with_its_number(text: str, share: float) -> None:
    assert met({"description": text})["evaluation"] == share


def test_a_measured_result_may_be_a_field_of_the_source() -> None:
    assert met({"description": "x", "extra": '{"reported_results": [{"value": 1}]}'})["evaluation"] == 1
    assert met({"description": "x", "extra": "not JSON"})["evaluation"] == 0


texts = st.one_of(st.none(), st.text(max_size=40))


@given(
    st.fixed_dictionaries(dict.fromkeys(("description", "license", "url", "price", "extra"), texts)),
    st.lists(st.fixed_dictionaries({"description": texts, "unique": texts}), max_size=3),
)
def test_quality_stays_in_order(artifact: dict[str, Any], capabilities: list[dict[str, Any]]) -> None:
    part = quality(Documents(artifact, capabilities, NUMBERS))
    if part.value is None:
        assert not capabilities
        assert not artifact["description"]
    else:
        assert 0 <= (part.low or 0) <= part.value <= (part.high or 0) <= 1
