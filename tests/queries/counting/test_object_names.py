"""Names of things that the catalogue does not describe."""

from __future__ import annotations

import narwhals as nw
import pyarrow as pa

from graph.keys import stable_key
from queries.counting.object_names import undescribed_objects
from queries.counting.seen_log import counted_events
from tests.queries.conftest import EngineMaker
from tests.queries.ledger_rows import at, event, ledger, search


def test_names_come_from_events_then_from_lists_of_hits(engine_over: EngineMaker) -> None:
    tables = ledger(
        searches=[search("1", "a need", hits=["known", "in list", "not asked for"])],
        events=[event("1", "click", "clicked")],
    )
    asked = pa.table({"object_key": [stable_key(name) for name in ("known", "in list", "clicked", "clicked")]})
    with engine_over(tables) as engine:
        described = engine.register("described", asked).filter(nw.col("object_key") == stable_key("known"))
        events = counted_events(engine.table("events"), at(0))
        found = undescribed_objects(
            engine, engine.register("asked", asked), described, events, engine.table("searches")
        )
    rows = found.to_pylist()
    assert {row["object_key"]: row["artifact_id"] for row in rows} == {
        stable_key("in list"): "in list",
        stable_key("clicked"): "clicked",
    }
    assert all(row["artifact_key"] == row["object_key"] for row in rows)
    assert not any(row["catalogued"] or row["capability_id"] for row in rows)


def test_nothing_to_name(engine_over: EngineMaker) -> None:
    nothing = pa.table({"object_key": pa.array([], pa.int64())})
    with engine_over(ledger()) as engine:
        frame = engine.register("nothing", nothing)
        events = counted_events(engine.table("events"), at(0))
        assert undescribed_objects(engine, frame, frame, events, engine.table("searches")).num_rows == 0
