"""All evidence of a small log, worked out by hand; and: neither the order of rows nor the engine shows."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.keys import stable_key
from graph.snapshot_schemas import SNAPSHOT_TABLES
from queries.counting.catalogue import artifact_table, capability_table
from queries.counting.engine import Engine
from queries.counting.inferred import TextMatch
from queries.counting.intents import intent_id, intent_words
from queries.counting.kept_counts import KeptCounts
from queries.evidence.match_evidence import MatchEvidence, match_evidence
from tests.queries.conftest import EngineMaker
from tests.queries.ledger_rows import at, described, event, ledger, outcome, polars_engine, search

UPSCALE = stable_key("intent", " ".join(intent_words("upscale image")))
TRANSLATE = stable_key("intent", " ".join(intent_words("translate pdf")))

ROWS: dict[str, list[dict[str, Any]]] = {
    "artifacts": [described("artifacts", artifact_id=name) for name in ("big", "small", "unused")],
    "capabilities": [
        described("capabilities", capability_id="big/zoom", artifact_id="big"),
        described("capabilities", capability_id="big/translate", artifact_id="big"),
    ],
    "searches": [
        search("1", "upscale image", hits=["big/zoom", "small"], client="ann", session="s1", ts_us=at(0)),
        search("2", "Image upscaling!", hits=["small", "big/zoom"], client="ann", session="s1", ts_us=at(0, 60)),
        search("3", "upscale images", hits=["big/zoom", "ghost"], client="bob", session="s2", ts_us=at(1)),
        search("4", "translate pdf", hits=["big/translate", "small"], session="s3", ts_us=at(2)),
        search("5", "upscale image", hits=["big/zoom"], actor="bot", ts_us=at(2)),
        search("6", "upscale image", kind="bare", client="cyd", ts_us=at(3)),
        search("7", "upscale image", kind="judged"),
        search("8", "translate pdf", hits=["small"], client="eve", ts_us=at(9)),
    ],
    "events": [
        event("1", "click", "big/zoom", ts_us=at(0, 1)),
        event("1", "click", "big/zoom", ts_us=at(0, 2)),
        event("2", "click", "big/zoom", ts_us=at(0, 61), worked=False),
        event("2", "click", "elsewhere", ts_us=at(0, 62)),
        event("3", "impression", "big/zoom", position=1, ts_us=at(1)),
        event("3", "impression", "small", position=2, ts_us=at(1)),
        event("3", "click", "small", ts_us=at(1, 5), worked=True),
        event("4", "click", "big/translate", ts_us=at(2, 5)),
        event("4", "click", "small", ts_us=at(2, 6), actor="bot"),
        event("5", "click", "big/zoom"),
        event("7", "judgment", "small", value=2.0),
        event("7", "judgment", "small", value=1.0),
        event("7", "judgment", "big/zoom", value=0.0),
        event("8", "click", "small", ts_us=at(9, 1)),
        event("gone", "click", "big/zoom", ts_us=at(1)),
    ],
    "outcomes": [
        outcome("success", "human", "h", session="s1"),
        outcome("failure", "llm", "m", session="s1"),
        outcome("failure", "human", "h", session="s3"),
    ],
}  # fmt: skip
NOW = at(5)

# intent, artifact, capability -> times matched, impressions, clicks, clients, successes, failures, first, last
OBSERVED = {
    # ann twice on one day; shown in 1, 2 and 3; session s1 was a success, says a human
    (UPSCALE, "big", "big/zoom"): (1, 3, 2, 1, 1, 0, at(0), at(1)),
    # shown in 1, 2 and, say the impression events, 3; chosen by bob, whose call worked
    (UPSCALE, "small", None): (1, 3, 1, 1, 1, 0, at(0), at(1, 5)),
    # chosen by ann though it was not shown; part of the successful session
    (UPSCALE, "elsewhere", None): (1, 0, 1, 1, 1, 0, at(0, 62), at(0, 62)),
    # session s3 is the client; it failed
    (TRANSLATE, "big", "big/translate"): (1, 1, 1, 1, 0, 1, at(2), at(2, 5)),
    (TRANSLATE, "small", None): (0, 1, 0, 0, 0, 0, at(2), at(2)),
}
INFERRED = {(UPSCALE, "big", "big/zoom"): 0.8}
# artifact -> times matched, clients, intents, impressions, clicks, successes, failures
TOTALS = {
    "big": (2, 2, 2, 4, 3, 1, 1),
    "small": (1, 1, 1, 4, 1, 1, 0),
    "elsewhere": (1, 1, 1, 0, 1, 1, 0),
}


def match(texts: Sequence[str], limit: int) -> list[list[TextMatch]]:
    """A matcher that knows one thing well and one badly."""
    return [
        [TextMatch("big/zoom", 0.8), TextMatch("small", 0.2)][:limit] if "upscale" in text else [] for text in texts
    ]


def compute(engine: Engine) -> MatchEvidence:
    sentences: list[str] = []
    with TemporaryDirectory() as folder:
        catalogue = artifact_table(engine), capability_table(engine)
        kept = KeptCounts(Path(folder), lambda _table: [], sentences.append)
        found = match_evidence(engine, NOW, *catalogue, lambda _tables: match, sentences.append, kept)
    assert len(sentences) == 6
    return found


@pytest.fixture(scope="module")
def evidence(engine_over: EngineMaker) -> MatchEvidence:
    with engine_over(ledger(**ROWS)) as engine:
        return compute(engine)


def test_observed_edges(evidence: MatchEvidence) -> None:
    edges = [row for row in evidence.tables["edges"].to_pylist() if row["kind"] == "observed"]
    counted = ("times_matched", "impressions", "clicks", "clients", "successes", "failures", "first_seen", "last_seen")
    assert {
        (row["intent_key"], row["artifact_id"], row["capability_id"]): tuple(row[name] for name in counted)
        for row in edges
    } == OBSERVED
    for row in edges:
        assert row["intent_id"] == intent_id(row["intent_key"])
        assert row["confidence"] is None
        assert row["catalogued"] == (row["artifact_id"] != "elsewhere")
        assert (row["strength"] is None) == (row["impressions"] == 0)


def test_inferred_edges(evidence: MatchEvidence) -> None:
    (row,) = [row for row in evidence.tables["edges"].to_pylist() if row["kind"] == "inferred"]
    assert (row["intent_key"], row["artifact_id"], row["capability_id"]) in INFERRED
    assert row["confidence"] == 0.8
    assert (row["times_matched"], row["clients"], row["clicks"], row["impressions"]) == (1, 1, 0, 0)
    assert row["strength"] is None
    assert row["first_seen"] == row["last_seen"] == at(3)


def test_totals_of_artifacts_are_counted_anew(evidence: MatchEvidence) -> None:
    rows = evidence.tables["evidence"].to_pylist()
    counted = ("times_matched", "clients", "intents", "impressions", "clicks", "successes", "failures")
    assert {row["artifact_id"]: tuple(row[name] for name in counted) for row in rows} == TOTALS
    assert [row["strength"] is None for row in rows] == [False, True, False]


def test_people_and_agents_have_their_own_successes(engine_over: EngineMaker) -> None:
    """Bob is an agent here; what he chose worked, and so did what people chose of the same thing, once of twice."""
    searches = [{**row, "actor": "agent"} if row["search_id"] == "3" else row for row in ROWS["searches"]]
    searches.append(search("9", "upscale image", hits=["small"], client="dan", session="s4", ts_us=at(3)))
    searches.append(search("10", "upscale image", hits=["small"], client="fay", session="s5", ts_us=at(3)))
    events = [*ROWS["events"], event("9", "click", "small", ts_us=at(3)), event("10", "click", "small", ts_us=at(3))]
    outcomes = [*ROWS["outcomes"], outcome("success", "human", "h", session="s4")]
    outcomes.append(outcome("failure", "human", "h", session="s5"))
    with engine_over(ledger(**{**ROWS, "searches": searches, "events": events, "outcomes": outcomes})) as engine:
        rows = compute(engine).tables["evidence_by_actor"].to_pylist()
    counted = ("times_matched", "clients", "successes", "failures")
    found = {(row["artifact_id"], row["actor"]): tuple(row[name] for name in counted) for row in rows}
    assert found["small", "human"] == (2, 2, 1, 1)
    assert found["small", "agent"] == (1, 1, 1, 0)
    assert found["big", "human"] == (2, 2, 1, 1)
    assert found["big", "agent"] == (0, 0, 0, 0)  # shown to bob, never chosen by him
    rates = {row["actor"]: row["success_rate"] for row in rows if row["artifact_id"] == "small"}
    assert rates["agent"] > rates["human"]


def test_intents(evidence: MatchEvidence) -> None:
    rows = {row["intent_key"]: row for row in evidence.tables["intents"].to_pylist()}
    assert set(rows) == {UPSCALE, TRANSLATE}
    assert (rows[UPSCALE]["label"], rows[UPSCALE]["texts"]) == ("upscale image", 3)
    assert (rows[UPSCALE]["searches"], rows[UPSCALE]["clients"]) == (4, 3)
    assert (rows[TRANSLATE]["searches"], rows[TRANSLATE]["last_seen"]) == (1, at(2))
    texts = evidence.tables["text_intents"].to_pylist()
    assert {row["text"] for row in texts} == {"upscale image", "image upscaling", "upscale images", "translate pdf"}


def test_judgments_stay_apart(evidence: MatchEvidence) -> None:
    assert evidence.tables["judgments"].to_pylist() == [
        {"intent_key": UPSCALE, "artifact_id": "big", "capability_id": "big/zoom", "grade": 0.0, "judgments": 1},
        {"intent_key": UPSCALE, "artifact_id": "small", "capability_id": None, "grade": 1.5, "judgments": 2},
    ]


def test_what_was_chosen_together(evidence: MatchEvidence) -> None:
    counts = {row["artifact_id"]: row["sessions"] for row in evidence.together.alone.to_pylist()}
    assert counts == {"big": 2, "small": 1}  # nobody described what else was chosen
    assert (evidence.together.sessions, evidence.together.pairs.num_rows) == (3, 0)


def test_what_was_left_out_is_reported(evidence: MatchEvidence) -> None:
    expected = {"bot_searches": 1, "bot_events": 1, "future_searches": 1, "future_events": 1, "orphan_events": 1}
    assert {name: evidence.report[name] for name in expected} == expected
    assert evidence.report["click_model"] in ("pbm", "coec")


def test_tables_are_in_their_schemas(evidence: MatchEvidence) -> None:
    for name, table in evidence.tables.items():
        assert table.schema.equals(SNAPSHOT_TABLES[name]), name


def test_an_empty_ledger_gives_empty_tables(engine_over: EngineMaker) -> None:
    with engine_over(ledger()) as engine:
        found = compute(engine)
    assert {name: table.num_rows for name, table in found.tables.items()} == dict.fromkeys(found.tables, 0)
    for name, table in found.tables.items():
        assert table.schema.equals(SNAPSHOT_TABLES[name]), name


def shuffled(rows: Mapping[str, Sequence[dict[str, Any]]], seed: int) -> dict[str, list[dict[str, Any]]]:
    chance = random.Random(seed)
    return {name: chance.sample(list(some), len(some)) for name, some in rows.items()}


def content(found: MatchEvidence) -> dict[str, list[dict[str, Any]]]:
    return {name: table.to_pylist() for name, table in found.tables.items()}


@pytest.fixture(scope="module")
def in_order() -> dict[str, list[dict[str, Any]]]:
    with polars_engine(ledger(**ROWS)) as engine:
        return content(compute(engine))


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_rows_does_not_show(in_order: dict[str, list[dict[str, Any]]], seed: int) -> None:
    with polars_engine(ledger(**shuffled(ROWS, seed))) as engine:
        assert content(compute(engine)) == in_order


def test_the_engine_does_not_show(in_order: dict[str, list[dict[str, Any]]], evidence: MatchEvidence) -> None:
    assert content(evidence) == in_order


@pytest.mark.parametrize("searches_at_once", [1, 1_000_000])
def test_counting_in_blocks_does_not_show(
    in_order: dict[str, list[dict[str, Any]]], engine_over: EngineMaker, searches_at_once: int
) -> None:
    with engine_over(ledger(**ROWS)) as engine:
        engine.searches_at_once = searches_at_once
        assert content(compute(engine)) == in_order


def test_odd_logs_have_defined_results(engine_over: EngineMaker) -> None:
    million = [search(f"m{n}", "upscale image", hits=["small"], client="busy", ts_us=at(1, n)) for n in range(200)]
    rows: dict[str, list[dict[str, Any]]] = {
        "artifacts": ROWS["artifacts"],
        "searches": [
            *million,
            search("unseen", "translate pdf", hits=["small"], client="ann", ts_us=at(2)),
            search("backwards", "make a map", hits=["gone"], client="bob", ts_us=at(3)),
        ],
        "events": [
            *(event(row["search_id"], "click", "small", client="busy", ts_us=row["ts_us"]) for row in million),
            event("unseen", "click", "big", ts_us=at(2, 5)),
            event("unseen", "impression", "small", position=None, ts_us=at(2)),
            event("backwards", "click", "gone", ts_us=at(1)),
        ],
    }
    with engine_over(ledger(**rows)) as engine:
        edges = {(row["intent_id"], row["artifact_id"]): row for row in compute(engine).tables["edges"].to_pylist()}
    busy = edges[intent_id(UPSCALE), "small"]
    assert (busy["times_matched"], busy["clients"], busy["clicks"]) == (1, 1, 200)
    unseen = edges[intent_id(TRANSLATE), "big"]
    assert (unseen["times_matched"], unseen["impressions"], unseen["strength"]) == (1, 0, None)
    assert edges[intent_id(TRANSLATE), "small"]["strength"] is None  # shown, but nobody knows where
    (gone,) = (row for (_, artifact_id), row in edges.items() if artifact_id == "gone")
    assert (gone["catalogued"], gone["times_matched"]) == (False, 1)
    assert (gone["first_seen"], gone["last_seen"]) == (at(1), at(3))
