"""Texts that too few clients asked are counted and matched, but never shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph.snapshot import Snapshot
from queries.answers.edges import edge_list
from queries.answers.explain import explain_edge
from queries.answers.search import search as find
from queries.answers.show import show
from queries.counting.withholding import judged_texts, published_text_intents, withhold_labels
from queries.recompute import recompute
from tests.api.logs import NOW_US, click, home_with_secret, import_log, search
from tests.queries.conftest import EngineMaker
from tests.queries.ledger_rows import ledger
from tests.queries.ledger_rows import search as row
from tests.queries.tables import intent_rows, table

OFTEN, RARELY = "cut out people", "songs about zyxgary"
CLIENTS = tuple("abcde")


def intents(**clients: int) -> Any:
    rows, texts = intent_rows(list(clients))
    counted = [{**each, "clients": clients[each["label"]]} for each in rows]
    return table("intents", counted), table("text_intents", texts)


def test_a_label_is_shown_from_k_clients_on() -> None:
    found, texts = intents(four=4, five=5)
    assert withhold_labels(found, texts, frozenset(), 5)["label"].to_pylist() == [None, "five"]
    assert withhold_labels(found, texts, frozenset(), 4)["label"].to_pylist() == ["four", "five"]
    assert withhold_labels(found, texts, frozenset(), 5).schema == found.schema


def test_a_judged_text_is_shown_though_nobody_asked() -> None:
    found, texts = intents(public=0, private=1)
    key = texts["text_key"][texts["text"].to_pylist().index("public")].as_py()
    shown = withhold_labels(found, texts, frozenset([key]), 5)
    assert sorted(shown["label"].to_pylist(), key=str) == [None, "public"]
    published = published_text_intents(texts, shown, frozenset([key]))
    assert sorted(published["text"].to_pylist(), key=str) == [None, "public"]
    assert published.select(["text_key", "intent_key"]) == texts.select(["text_key", "intent_key"])


def test_of_a_shown_intent_only_the_label_is_published() -> None:
    found, texts = intents(label=9, variant=9)
    shown = found.filter([label == "label" for label in found["label"].to_pylist()])
    assert sorted(published_text_intents(texts, shown, frozenset())["text"].to_pylist(), key=str) == [None, "label"]


def test_judged_queries_are_found_in_the_ledger(engine_over: EngineMaker) -> None:
    rows = [row("1", "asked"), row("2", "judged", kind="judged"), row("3", "judged", kind="judged")]
    with engine_over(ledger(searches=rows)) as engine:
        assert judged_texts(engine) == {rows[1]["text_key"]}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Five clients asked for one thing, one for another, and all got what they chose."""
    folder = tmp_path_factory.mktemp("withheld")
    home = home_with_secret(folder / "home")
    log = {
        "ubi_queries": [search(place, client, OFTEN) for place, client in enumerate(CLIENTS)]
        + [search(9, "a", RARELY)],
        "ubi_events": [click(place, client, "cutter") for place, client in enumerate(CLIENTS)]
        + [click(9, "a", "singer")],
    }
    import_log(home, folder / "log", log)
    return recompute(home, now_us=NOW_US)


def test_lists_and_pages_show_no_rare_text(published: Snapshot) -> None:
    answer = edge_list(published)
    assert {edge["artifact_id"]: edge["intent"] for edge in answer.edges if edge["clicks"]} == {
        "cutter": OFTEN,
        "singer": None,
    }
    assert answer.k_anonymity == 5
    assert [edge["intent"] for edge in show(published, "singer").edges if edge["clicks"]] == [None]
    rare = next(edge for edge in answer.edges if edge["artifact_id"] == "singer" and edge["clicks"])
    assert explain_edge(published, rare["intent_id"], "singer")["intent"]["label"] is None


def test_who_knows_the_text_finds_the_edge(published: Snapshot) -> None:
    assert {edge["artifact_id"] for edge in edge_list(published, intent=RARELY).edges if edge["clicks"]} == {"singer"}


def test_a_rare_search_still_teaches_the_search(published: Snapshot) -> None:
    hit = find(published, "zyxgary").hits[0]
    assert (hit.artifact_id, hit.evidence.kind, hit.evidence.intents) == ("singer", "observed", [])
    assert OFTEN in find(published, "people").hits[0].evidence.intents


def test_no_typing_error_is_read_as_a_rare_word(published: Snapshot) -> None:
    assert "zyxgary" not in (find(published, "zyxgray").message or "")


def test_no_file_but_the_word_index_holds_the_text(published: Snapshot, tmp_path: Path) -> None:
    """The words, not the text, stand in the index of past searches, which compares new searches with old ones."""
    holding = [path for path in published.path.rglob("*") if path.is_file() and b"zyxgary" in path.read_bytes()]
    assert {path.parent for path in holding} <= {published.text_index_path / "past"}
    assert not [path for path in holding if RARELY.encode() in path.read_bytes()]


def test_k_of_one_shows_every_text(tmp_path: Path) -> None:
    home = home_with_secret(tmp_path / "home")
    import_log(home, tmp_path / "log", {"ubi_queries": [search(9, "a", RARELY)]})
    shown = recompute(home, now_us=NOW_US, k_anonymity=1)
    assert shown.table("intents")["label"].to_pylist() == [RARELY]
    assert shown.manifest.parameters["k_anonymity"] == 1
