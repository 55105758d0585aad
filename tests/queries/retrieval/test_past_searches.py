from math import log
from pathlib import Path

import pyarrow as pa
import pytest

from graph.snapshot_schemas import EVIDENCE, JUDGMENTS, TEXT_INTENTS
from queries.retrieval.past_pulls import edge_pull
from queries.retrieval.past_searches import PastSearches, write_past_searches
from tests.queries.small_catalogue import edge, edges_and_intents, table

OBJECTS = pa.table({"artifact_id": ["a", "b", "b"], "capability_id": [None, None, "b/c"]})


def opened(folder: Path, rows: list[dict[str, object]]) -> PastSearches:
    write_past_searches(folder, OBJECTS, *edges_and_intents(rows))
    return PastSearches.open(folder)


def evidence(past: PastSearches, *terms: str) -> dict[int, float]:
    (found,) = past.evidence(past.neighbours([terms]))
    return dict(zip(found.documents.tolist(), found.scores.tolist(), strict=True))


def test_similar_past_searches_point_to_what_they_chose(tmp_path: Path) -> None:
    past = opened(tmp_path, [edge("remove noise", "a"), edge("draw charts", "b", "b/c")])
    assert set(evidence(past, "nois")) == {0}
    assert set(evidence(past, "chart")) == {2}
    assert evidence(past, "zebra") == {}


def test_evidence_is_a_share_and_grows_with_likeness(tmp_path: Path) -> None:
    past = opened(tmp_path, [edge("remove noise from speech", "a", strength=1.0, clients=50)])
    exact, partly = evidence(past, "remov", "nois", "speech")[0], evidence(past, "nois", "paint", "wall", "blue")[0]
    assert 0 < partly < exact <= 2


def test_what_most_neighbours_chose_has_more_evidence(tmp_path: Path) -> None:
    rows = [edge("convert video one", "a"), edge("convert video two", "a"), edge("convert video three", "b")]
    found = evidence(opened(tmp_path, rows), "convert", "video")
    assert found[0] > found[1]


def test_a_past_search_can_be_left_out(tmp_path: Path) -> None:
    past = opened(tmp_path, [edge("remove noise", "a"), edge("noise maps", "b")])
    number = past.keys().tolist().index(edge("remove noise", "a")["intent_key"])
    assert past.neighbours([["nois"]], without=number)[0].intents.tolist() == [1 - number]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([edge("remove noise", "a", kind="inferred")], "inferred edges come from this search"),
        ([edge("remove noise", "a", times_matched=0)], "shown but never chosen"),
        ([edge("remove noise", "gone")], "not in the index"),
        ([edge("remove noise", "a", strength=0.0)], "no pull"),
        ([], "nothing logged"),
    ],
)
def test_edges_that_are_no_evidence(tmp_path: Path, rows: list[dict[str, object]], why: str) -> None:
    assert len(opened(tmp_path, rows)) == 0, why
    assert evidence(PastSearches.open(tmp_path), "nois") == {}


def test_pull_follows_strength_clients_and_outcomes_not_clicks() -> None:
    base = edge("x", "a", strength=0.4, clients=1, clicks=1)
    assert edge_pull({**base, "clicks": 1000}) == edge_pull(base) == pytest.approx(0.4 / 2)
    assert edge_pull({**base, "clients": 9}) == pytest.approx(0.4 * 0.9)
    assert edge_pull({**base, "failures": 2}) == pytest.approx(0.4 / 2 * 0.5)
    assert edge_pull({**base, "successes": 3}) == edge_pull(base)
    assert edge_pull({**base, "strength": None}) == pytest.approx(0.5 / 2)


def test_one_client_with_many_wordings_counts_little_more_than_once(tmp_path: Path) -> None:
    wordings = [edge(f"remove noise {word}", "a", clients=1) for word in ("one", "two", "three", "four", "five")]
    rows = [*wordings, edge("remove hiss", "b", clients=1)]

    def pulls(clients_of_a: int, clients: int | None = None) -> list[float]:
        counted = [{"artifact_id": "a", "clients": clients_of_a}, {"artifact_id": "b", "clients": 1}]
        folder = tmp_path / f"{clients_of_a} of {clients}"
        logged = edges_and_intents(rows)
        write_past_searches(folder, OBJECTS, *logged, evidence=table(counted, EVIDENCE), clients=clients)
        past = PastSearches.open(folder)
        of_intents = [past.pulls_of(number) for number in range(len(past))]
        return [sum(found.get(document, 0.0) for found in of_intents) for document in (0, 1)]

    many, other = pulls(5)
    assert many == pytest.approx(5 * other)
    spammed, other = pulls(1)
    assert spammed == pytest.approx((1 + log(5)) * other)
    spammed, other = pulls(1, clients=2)
    assert spammed == pytest.approx(5 * ((1 + log(5)) / 5) ** 0.5 * other)
    only, other = pulls(1, clients=1)
    assert only == pytest.approx(5 * other)


def test_judged_relevance_is_evidence_too(tmp_path: Path) -> None:
    edges, intents = edges_and_intents([edge("remove noise", "a", times_matched=0)])
    key = intents["intent_key"][0].as_py()
    judged = [
        {"intent_key": key, "artifact_id": "b", "grade": 2.0},
        {"intent_key": key, "artifact_id": "a", "grade": 0},
    ]
    write_past_searches(tmp_path, OBJECTS, edges, intents, judgments=table(judged, JUDGMENTS))
    assert set(evidence(PastSearches.open(tmp_path), "nois")) == {1}


def test_every_text_of_an_intent_is_looked_at(tmp_path: Path) -> None:
    edges, intents = edges_and_intents([edge("remove noise", "a")])
    texts = [{"text_key": 7, "text": "denoise", "intent_key": intents["intent_key"][0].as_py()}]
    write_past_searches(tmp_path, OBJECTS, edges, intents, table(texts, TEXT_INTENTS))
    assert set(evidence(PastSearches.open(tmp_path), "denois")) == {0}
