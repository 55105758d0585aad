"""The pages of the smaller answers: each shows what the answer holds, and says what is not known."""

from typing import Any

from api.render.checks import checks_page
from api.render.edges import edges_page
from api.render.hits import hits_page
from api.render.imports import import_page
from api.render.metrics import metrics_page
from api.render.quarantine import quarantine_page, replay_page
from api.render.ranking import ranking_page
from api.render.related import related_page
from api.render.text import text_page
from tests.api.answers import side

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


def lines(page: Any, width: int = 120) -> list[str]:
    return [" ".join(line.split()) for line in text_page(page, width).splitlines()]


def test_rank_list() -> None:
    unknown = side(name="Nobody", rank=None, low=None, high=None, completeness=None, place=None, times_matched=0)
    shown = lines(ranking_page({"ranks": [side(place_low=1, place_high=4), unknown]}))
    assert "Cutter Model 2 (1 to 4) 46.2 30.1 to 62.3 70 % never —" in shown
    assert "Nobody Model — — — — never —" in shown
    assert not any("simulated" in line for line in shown)


def test_rank_list_says_aloud_what_is_tied_and_that_the_first_is_not_certain() -> None:
    ranks = [side(place=1, place_low=1, place_high=2), side(name="Painter", place=1, place_low=1, place_high=2)]
    shown = " ".join(lines(ranking_page({"ranks": ranks})))
    assert "Painter Model =1 (1 to 2)" in shown
    assert "A place with = is shared" in shown
    assert "for 2 artifacts of this list the range of places begins at 1" in shown
    certain = " ".join(lines(ranking_page({"ranks": [side(place=1, place_low=1, place_high=1)]})))
    assert "shared" not in certain
    assert "not certain" not in certain


def test_a_rank_list_of_one_type_shows_the_places_in_that_type() -> None:
    one = side(place=7, type_place=2, type_place_low=2, type_place_high=3)
    assert "Cutter Model 2 (2 to 3)" in " ".join(lines(ranking_page({"ranks": [one], "type": "model"})))


def test_rank_list_says_that_the_log_is_simulated_and_when_it_is_empty() -> None:
    assert any("simulated log" in line for line in lines(ranking_page({"ranks": [side(simulated=True)]})))
    assert "No artifact of this kind is in this home." in lines(ranking_page({"ranks": []}))


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


def test_search_hits_say_why() -> None:
    hit = {
        "artifact_id": "cutter",
        "name": "Cutter",
        "type": "model",
        "score": 0.914,
        "confidence": 0.62,
        "capabilities": [{"capability_id": "cutter/masking", "name": "masking", "score": 0.9}],
        "evidence": {
            "terms": ["mask"],
            "intents": ["cut out people"],
            "times_matched": 12,
            "clients": 1,
            "simulated": True,
        },
        "differences": ["another licence"],
    }
    shown = lines(hits_page({"query": "mask it", "hits": [hit], "simulated": True}))
    assert "- Cutter (Model, score 0.91, confidence 62 %)" in shown
    assert "Can: masking" in shown
    assert "Shared words: mask" in shown
    assert "Chosen for: cut out people (simulated log)" in shown
    assert "Different in: another licence" in shown
    assert "Times matched: 12 by 1 client (simulated log)" in shown
    assert "Nothing fits." in lines(hits_page({"query": "x", "hits": [], "simulated": False}))
    assert "Too vague." in lines(hits_page({"query": "x", "hits": [], "simulated": False, "message": "Too vague."}))


def test_alternatives_and_complements() -> None:
    other = {
        "artifact_id": "painter",
        "name": "Painter",
        "type": "api",
        "score": 0.5,
        "reasons": [{"kind": "text", "text": "Alike."}],
    }
    shown = lines(
        related_page({"artifact_id": "cutter", "name": "Cutter", "alternatives": [other], "complements": [other]})
    )
    assert shown.count("- Painter (API, score 0.50)") == 2
    assert shown.count("Reads alike: Alike.") == 2
    answer = {"artifact_id": "cutter", "complements": [], "weak_below": 0.1}
    weak = lines(related_page({**answer, "alternatives": [other, {**other, "score": 0.05}]}))
    assert weak[-1] == "These share little with it (score under 0.1): Painter (0.05)."
    assert sum("Painter" in line for line in weak) == 2
    all_weak = lines(related_page({**answer, "alternatives": [{**other, "score": 0.05}]}))
    assert all_weak[-3:] == [
        "No alternative was found in this home.",
        "",
        "These share little with it (score under 0.1): Painter (0.05).",
    ]


NAMES = [{"artifact_id": "acme/cutter", "name": "The Cutter", "times_matched": 5, "clients": 4, "simulated": True}]


def test_other_names_are_shown_with_the_evidence_of_each() -> None:
    row = side(name="Cutter", times_matched=12, clients=9, also_known_as=NAMES)
    said = "The Cutter (acme/cutter), matched 5 times by 4 clients (simulated log); all names together 12 times"
    said += " by 9 clients"
    assert f"Cutter is also known as {said}." in lines(ranking_page({"ranks": [row]}), 300)
    other = {"artifact_id": "cutter", "name": "Cutter", "type": "api", "score": 0.5, "rank": None}
    other |= {"times_matched": 12, "clients": 9}
    answer = {"artifact_id": "saw", "complements": [], "also_known_as": NAMES}
    page = lines(related_page({**answer, "alternatives": [{**other, "reasons": [], "also_known_as": NAMES}]}), 300)
    assert f"Also known as: {said}" in page
    assert page[-1] == "saw is also known as The Cutter (acme/cutter), matched 5 times by 4 clients (simulated log)."
    empty = lines(related_page({"artifact_id": "cutter", "alternatives": [], "complements": []}))
    assert "No alternative was found in this home." in empty


def test_import_counts_add_up_and_remarks_are_told() -> None:
    note = {"code": "x", "text": "Positions start at 0.", "count": 3}
    report = {
        "files": [
            {
                "path": "a.jsonl",
                "format": "ubi-events",
                "accepted": 5,
                "duplicates": 1,
                "quarantined": 2,
                "notes": [note],
            },
            {
                "path": "b.bin",
                "format": None,
                "accepted": 0,
                "duplicates": 0,
                "quarantined": 0,
                "error": "b.bin is empty.",
            },
        ],
        "accepted": 5,
        "duplicates": 1,
        "quarantined": 2,
    }
    shown = lines(import_page(report))
    assert "a.jsonl ubi-events 5 1 2" in shown
    assert "b.bin not recognised 0 0 0" in shown
    assert "All 5 1 2" in shown
    assert "- a.jsonl: Positions start at 0. (3 times)" in shown
    assert "- b.bin: b.bin is empty." in shown
    assert any("matchgraph quarantine list" in line for line in shown)


def test_quarantine_is_cut_at_the_limit_and_says_so() -> None:
    row = {
        "source": "a.jsonl",
        "line": 3,
        "format": "ubi-events",
        "reason": "no JSON",
        "remedy": "Repair.",
        "raw": '{"a',
    }
    shown = lines(quarantine_page([row, row, row], limit=1))
    assert "- a.jsonl:3 (ubi-events)" in shown
    assert "Reason: no JSON" in shown
    assert 'Row: {"a' in shown
    assert "2 more with --limit or --json." in shown
    assert "The quarantine is empty." in lines(quarantine_page([], limit=1))
    counts = {"tried": 3, "accepted": 1, "duplicates": 0, "still_quarantined": 2}
    (told,) = lines(replay_page({**counts, "unknown_ids": []}))
    assert told == ("Of 3 quarantined rows, 1 went to the ledger, 0 were there already and 2 stay in quarantine.")


def test_doctor_repeats_what_needs_attention_with_its_remedy() -> None:
    findings = [
        {"subject": "Python", "status": "good", "text": "3.11", "remedy": ""},
        {
            "subject": "snapshot",
            "status": "problem",
            "text": "a file is missing",
            "remedy": "Run: matchgraph recompute",
        },
    ]
    shown = lines(checks_page({"home": "/data", "healthy": False, "findings": findings}))
    assert "snapshot: a file is missing. Run: matchgraph recompute" in shown
    assert shown[-1] == "1 to be repaired."
    assert lines(checks_page({"home": "/data", "healthy": True, "findings": findings[:1]}))[-1] == "Nothing to repair."


def test_metrics() -> None:
    shown = lines(metrics_page({"ndcg@10": 0.61234, "queries": 40, "calibration_error": None}))
    assert "ndcg@10 0.6123" in shown
    assert "queries 40" in shown
    assert "calibration_error —" in shown
