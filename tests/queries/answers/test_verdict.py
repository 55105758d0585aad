from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from queries.answers.shapes import Part, Pricing, Side
from queries.answers.verdict import Common, intervals_overlap, leading_parts, probability_above, verdict

COMMON = Common(capabilities=2, share=1.0, needs=1, slips=0, alternative_score=0.8, comparable=True)
UNLIKE = Common(capabilities=0, share=0.0, needs=0, slips=0, alternative_score=0.0, comparable=False)
PURPOSES = ("labels photos.", "draws pictures.")


def one(name: str, rank: float | None, half: float = 2.0, **more: Any) -> Side:
    known: dict[str, Any] = {
        "artifact_id": name.lower(), "name": name, "type": "model", "rank": rank, "completeness": 1.0,
        "times_matched": 5, "clients": 4, "parts": [],
        "place": 1, "pricing": Pricing(None, None), "license": None, "url": None,
        "description": None, "capability_count": 3, "first_seen": None, "last_seen": None, "simulated": False,
        "low": None if rank is None else max(0.0, rank - half),
        "high": None if rank is None else min(100.0, rank + half),
    }  # fmt: skip
    return Side(**{**known, **more})


def test_probability_by_hand() -> None:
    """Half widths 3 and 4 make 5 in the square; ten points are 10 / (5 / 1.96) standard deviations."""
    a, b = one("A", 60, 3), one("B", 50, 4)
    assert probability_above(a, b) == pytest.approx(norm.cdf(10 / (5 / norm.ppf(0.975))))


def test_the_middle_of_the_interval_counts_not_the_rank_of_what_is_known() -> None:
    little_known = one("A", 80, low=40.0, high=80.0)
    assert probability_above(little_known, one("B", 60, 20)) == 0.5


def test_the_lower_rank_never_wins() -> None:
    """By the middles (52 against 62.5) B is surely ahead; the printed ranks say the opposite, so it is a tie."""
    a, b = one("A", 61, low=43.0, high=61.0), one("B", 60, low=59.5, high=65.5)
    sure = probability_above(a, b)
    assert sure is not None
    assert sure < 0.05
    assert verdict(a, b, COMMON, PURPOSES).kind == "tie"


def test_without_a_rank_there_is_no_probability() -> None:
    assert probability_above(one("A", None), one("B", 1)) is None


def test_equal_and_exact_ranks() -> None:
    assert probability_above(one("A", 50, 0), one("B", 50, 0)) == 0.5
    assert probability_above(one("A", 51, 0), one("B", 50, 0)) == 1.0


ranks = st.tuples(st.floats(0, 100), st.floats(0, 50))


@given(ranks, ranks)
def test_probabilities_of_both_orders_add_up_to_one(a: tuple[float, float], b: tuple[float, float]) -> None:
    left, right = one("A", *a), one("B", *b)
    forth, back = probability_above(left, right), probability_above(right, left)
    assert forth is not None
    assert back is not None
    assert forth + back == pytest.approx(1)


@given(ranks, ranks, st.booleans(), st.integers(0, 3), st.floats(0, 1))
def test_the_verdict_does_not_depend_on_the_order_of_the_two(
    a: tuple[float, float], b: tuple[float, float], comparable: bool, matched: int, completeness: float
) -> None:
    left = one("A", *a, times_matched=matched, completeness=completeness)
    right = one("B", *b, times_matched=0)
    common = COMMON if comparable else UNLIKE
    kinds = verdict(left, right, common, PURPOSES).kind, verdict(right, left, common, PURPOSES).kind
    assert kinds in {
        ("a", "b"),
        ("b", "a"),
        *((kind, kind) for kind in ("tie", "not_comparable", "not_enough_evidence")),
    }


def test_a_clear_winner() -> None:
    answer = verdict(one("Alpha", 60.04), one("Beta", 50), COMMON, PURPOSES)
    assert (answer.kind, answer.margin) == ("a", 10.04)
    assert answer.text.startswith(
        "Alpha ranks higher than Beta by 10.0 points: Alpha 60.0 [58.0 to 62.0] against Beta 50.0"
    )
    assert verdict(one("Alpha", 50), one("Beta", 60), COMMON, PURPOSES).kind == "b"


def test_the_margin_in_words_is_that_of_the_printed_ranks() -> None:
    """60.04 and 50.06 are printed as 60.0 and 50.1: the margin in words is 9.9, not 10.0."""
    text = verdict(one("A", 60.04), one("B", 50.06), COMMON, PURPOSES).text
    high, low = (float(number) for number in re.findall(r"(\d+\.\d) \[", text))
    assert f"by {high - low:.1f} points" in text


def test_overlapping_intervals_with_matches_are_a_tie() -> None:
    answer = verdict(one("A", 52, 10), one("B", 50, 10), COMMON, PURPOSES)
    assert answer.kind == "tie"
    assert answer.text.startswith("Tie: A 52.0 [42.0 to 62.0] against B 50.0 [40.0 to 60.0]; the margin of 2.0 points")
    assert "P(A is ahead) = 0.61" in answer.text


def test_everything_tied() -> None:
    answer = verdict(one("A", 50), one("B", 50), COMMON, PURPOSES)
    assert (answer.kind, answer.margin, answer.probability) == ("tie", 0.0, 0.5)
    assert "both are as likely to be ahead" in answer.text


def test_unlike_things_are_not_comparable_and_each_purpose_is_told() -> None:
    answer = verdict(one("A", 90), one("B", 10), UNLIKE, PURPOSES)
    assert answer.kind == "not_comparable"
    assert answer.text == (
        "A and B are not comparable head to head: they share no capability and no need. "
        "A is for: labels photos. B is for: draws pictures."
    )


def test_what_little_is_common_is_said() -> None:
    slips = Common(capabilities=1, share=0.1, needs=0, slips=2, alternative_score=0.0, comparable=False)
    text = verdict(one("A", 90), one("B", 10), slips, PURPOSES).text
    assert (
        "they share only 1 of their capabilities, and no need for which both were chosen more than now and then."
        in text
    )


def test_unlike_things_lead_on_nothing() -> None:
    sides = one("A", 90, parts=[part("adoption", 0.9)]), one("B", 10, parts=[part("adoption", 0.1)])
    assert "leads" in {reason.kind for reason in verdict(*sides, COMMON, PURPOSES).reasons}
    assert "leads" not in {reason.kind for reason in verdict(*sides, UNLIKE, PURPOSES).reasons}


def test_without_matches_overlapping_intervals_are_not_enough() -> None:
    sides = (one("A", 52, 10, times_matched=0, clients=0), one("B", 50, 10, times_matched=0, clients=0))
    answer = verdict(*sides, COMMON, PURPOSES)
    assert answer.kind == "not_enough_evidence"
    assert "no search that led to either is known" in answer.text


def test_without_matches_separate_intervals_still_decide_and_claim_no_match() -> None:
    sides = (one("A", 90, times_matched=0, clients=0), one("B", 10, times_matched=0, clients=0))
    answer = verdict(*sides, COMMON, PURPOSES)
    assert answer.kind == "a"
    assert "No search that led to either is known." in answer.text
    assert "was matched" not in answer.text


def test_too_little_known_names_no_winner() -> None:
    answer = verdict(one("A", 90, completeness=0.35), one("B", 10), COMMON, PURPOSES)
    assert answer.kind == "not_enough_evidence"
    assert "only 35 % of the rank of A rests on known figures" in answer.text


def test_nothing_known_is_said() -> None:
    answer = verdict(one("A", None, completeness=0.0), one("B", 10), COMMON, PURPOSES)
    assert (answer.kind, answer.margin, answer.probability) == ("not_enough_evidence", None, None)
    assert "nothing is known from which A could be ranked" in answer.text


def part(name: str, value: float | None) -> Part:
    return Part(name, value, value, value, 0.2, 0.0)


def test_parts_lead_only_by_a_visible_difference() -> None:
    a = one("A", 50, parts=[part("adoption", 0.8), part("quality", 0.50), part("freshness", None)])
    b = one("B", 50, parts=[part("adoption", 0.4), part("quality", 0.54), part("freshness", 0.9)])
    assert leading_parts(a, b) == (["adoption (80 to 40)"], [])
    assert leading_parts(b, a) == ([], ["adoption (80 to 40)"])
    missing = [reason.text for reason in verdict(a, b, COMMON, PURPOSES).reasons if reason.kind == "missing"]
    assert missing == ["A: freshness not known"]


def test_simulated_matches_are_said_to_be_so() -> None:
    sides = (one("A", 90, simulated=True, times_matched=1, clients=1), one("B", 10, times_matched=0))
    assert (
        "A was matched once by 1 client (simulated log); B was never matched." in verdict(*sides, COMMON, PURPOSES).text
    )


def test_touching_intervals_overlap() -> None:
    assert intervals_overlap(one("A", 10, 5), one("B", 20, 5))
    assert not intervals_overlap(one("A", 10, 4), one("B", 20, 5))
    assert intervals_overlap(one("A", None), one("B", 20, 5))
