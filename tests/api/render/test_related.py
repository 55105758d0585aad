"""Alternatives and complements, the weak ones apart."""

from api.render.related import related_page
from tests.api.render.reading import lines


def test_alternatives_and_complements() -> None:
    other = {
        "artifact_id": "painter",
        "name": "Painter",
        "type": "api",
        "score": 0.5,
        "reasons": [{"kind": "text", "text": "Alike."}],
        "description": f"Paints **pictures**. {'It is fast. ' * 20}",
    }
    shown = lines(
        related_page({"artifact_id": "cutter", "name": "Cutter", "alternatives": [other], "complements": [other]})
    )
    assert shown.count("- Painter (API, score 0.50)") == 2
    assert shown.count("Reads alike: Alike.") == 2
    assert sum(line.startswith("Paints pictures. It is fast.") and len(line) <= 160 for line in shown) == 2
    answer = {"artifact_id": "cutter", "complements": [], "weak_below": 0.1}
    weak = lines(related_page({**answer, "alternatives": [other, {**other, "score": 0.05}]}))
    assert weak[-1] == "These share little with it (score under 0.1): Painter (0.05)."
    assert sum("Painter" in line for line in weak) == 2
    all_weak = lines(related_page({**answer, "alternatives": [{**other, "score": 0.05}]}))
    assert all_weak[-3:] == [
        "No alternative to speak of was found in this home.",
        "",
        "These share little with it (score under 0.1): Painter (0.05).",
    ]


def test_what_is_under_the_limit_is_not_rounded_up_to_it() -> None:
    other = {"artifact_id": "painter", "name": "Painter", "type": "api", "score": 0.0957, "reasons": []}
    answer = {"artifact_id": "cutter", "complements": [], "weak_below": 0.1, "alternatives": [other]}
    assert lines(related_page(answer))[-1].endswith("(score under 0.1): Painter (0.09).")


NAMES = [{"artifact_id": "acme/cutter", "name": "The Cutter", "times_matched": 5, "clients": 4, "simulated": True}]


SAID = (
    "The Cutter (acme/cutter), matched 5 times by 4 clients (simulated log); all names together 12 times by 9 clients"
)


def test_other_names_of_an_alternative_are_shown_with_the_evidence_of_each() -> None:
    other = {"artifact_id": "cutter", "name": "Cutter", "type": "api", "score": 0.5, "rank": None}
    other |= {"times_matched": 12, "clients": 9}
    answer = {"artifact_id": "saw", "complements": [], "also_known_as": NAMES}
    page = lines(related_page({**answer, "alternatives": [{**other, "reasons": [], "also_known_as": NAMES}]}), 300)
    assert f"Also known as: {SAID}" in page
    assert page[-1] == "saw is also known as The Cutter (acme/cutter), matched 5 times by 4 clients (simulated log)."
    empty = lines(related_page({"artifact_id": "cutter", "alternatives": [], "complements": []}))
    assert "No alternative was found in this home." in empty
