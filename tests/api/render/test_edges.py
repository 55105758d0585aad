"""Match edges show their strength, or how sure a text match is."""

from api.render.edges import edges_page
from tests.api.render.reading import lines

EDGE = {
    "intent_id": "int_1",
    "intent": "cut out\x1b[31m people",
    "artifact_id": "cutter",
    "capability_id": "cutter/masking",
    "kind": "observed",
    "times_matched": 12,
    "impressions": 1200,
    "clicks": 40,
    "clients": 9,
    "successes": 3,
    "failures": 4,
    "strength": 0.4251,
    "strength_low": 0.3,
    "strength_high": 0.555,
    "confidence": None,
}


def test_edges_show_strength_or_the_confidence_of_a_text_match() -> None:
    inferred = {
        **EDGE,
        "capability_id": None,
        "kind": "inferred",
        "strength": None,
        "confidence": 0.8,
        "impressions": 0,
    }
    shown = lines(edges_page({"edges": [EDGE, inferred]}), 160)
    assert "cut out[31m people cutter/masking observed 12 9 40 of 1,200 3 of 7 0.43 (0.30 to 0.56)" in shown
    assert "cut out[31m people cutter inferred 12 9 — 3 of 7 confidence 80 %" in shown
    assert "No match edge fits." in lines(edges_page({"edges": []}))


def test_edges_without_outcomes_do_not_say_that_nothing_worked() -> None:
    unknown = {**EDGE, "successes": 0, "failures": 0}
    assert "cut out[31m people cutter/masking observed 12 9 40 of 1,200 — 0.43 (0.30 to 0.56)" in lines(
        edges_page({"edges": [unknown]}), 160
    )
