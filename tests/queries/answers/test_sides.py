from __future__ import annotations

import pytest

from graph.errors import UnknownName
from queries.answers.sides import claim, side
from queries.ranking.rank_weights import PARTS
from tests.queries.rivals import rivals
from tests.queries.tables import artifact, snapshot


def test_a_side_holds_rank_evidence_and_what_its_source_says() -> None:
    found = side(rivals(), "roadseg")
    assert (found.name, found.times_matched, found.clients, found.capability_count) == ("RoadSeg", 30, 30, 2)
    assert [part.name for part in found.parts] == list(PARTS)
    assert found.rank == pytest.approx(sum(part.contribution for part in found.parts), abs=1e-9)
    assert (found.pricing.model, found.pricing.price, found.pricing.contradictory) == ("free", None, False)
    assert (found.first_seen, found.last_seen) == ("2026-10-22T00:00:00Z", "2026-10-31T00:00:00Z")


def test_without_a_name_and_any_evidence_nothing_is_made_up() -> None:
    found = side(snapshot([artifact("bare", name=None)]), "bare")
    assert (found.name, found.rank, found.place, found.completeness) == ("bare", None, None, 0.0)
    assert (found.times_matched, found.first_seen, found.simulated) == (0, None, False)


def test_a_price_for_what_is_free_is_called_contradictory() -> None:
    rows = [artifact("odd", pricing_model="free", price="$20 per month")]
    assert side(snapshot(rows), "odd").pricing.contradictory


def test_an_unknown_id() -> None:
    with pytest.raises(UnknownName, match="nobody"):
        side(rivals(), "nobody")


def test_a_claim_has_source_and_date() -> None:
    row = rivals().rows("capabilities", capability_id="roadseg/semantic-segmentation")[0]
    found = claim(row)
    assert (found.source, found.date, found.status) == ("a.jsonl", "2026-09-22", "stated")
    assert claim({**row, "name": None, "sources": None, "known_at": None}).source is None
