from __future__ import annotations

from queries.answers.facts import facts
from queries.answers.sides import side
from tests.queries.rivals import rivals
from tests.queries.tables import artifact, snapshot


def test_every_fact_says_how_it_is_known_by_whom_and_since_when() -> None:
    found = rivals(simulated=["simulator"])
    known = {fact.name: fact for fact in facts(found, side(found, "roadseg"))}
    assert (known["license"].value, known["license"].status, known["license"].source) == ("MIT", "stated", "a.jsonl")
    assert (known["times_matched"].value, known["times_matched"].status) == (30, "measured")
    assert known["times_matched"].source == "match graph (simulated log)"
    assert known["times_matched"].date == "2026-10-31T00:00:00Z"
    assert (known["rank"].status, known["rank"].date) == ("inferred", "2026-11-01")
    assert known["rank"].source == found.rows("ranks", artifact_id="roadseg")[0]["method"]


def test_what_is_not_known_is_left_out() -> None:
    found = snapshot([artifact("mystery")])
    assert facts(found, side(found, "mystery")) == []
