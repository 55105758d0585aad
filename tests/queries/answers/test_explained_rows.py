from __future__ import annotations

import json
from typing import Any, cast

from queries.answers.explained_rows import rows_behind, without_file_names
from queries.answers.ledger_rows import LedgerRows

Row = dict[str, Any]


class Ledger:
    """Stands where rows are read from, and remembers for which needs it was asked."""

    note, least_clients, days_left_out = "some rows", 5, 2

    def __init__(self) -> None:
        self.asked: dict[str, list[str] | None] = {}

    def catalogue(self, artifact_id: str) -> list[Row]:
        return [{"source": f"files/{artifact_id}.jsonl", "source_row": 1}]

    def allowed(self, artifact_id: str, among: list[str] | None = None) -> frozenset[int]:
        self.asked[artifact_id] = among
        return frozenset({1})

    def choices(self, allowed: Row) -> dict[str, list[Row]]:
        return {one: [{"action": "click", "source": "log.jsonl"}] for one in allowed}

    def duels(self, a_id: str, b_id: str) -> list[Row]:
        return [{"chosen": a_id, "source": "log.jsonl"}]


def behind(answer: Row) -> tuple[Row, Ledger]:
    ledger = Ledger()
    return rows_behind(answer, cast(LedgerRows, ledger)), ledger


def of(rows: list[Row]) -> list[str]:
    return [row["artifact_id"] for row in rows]


def test_an_artifact_brings_its_alternatives_descriptions_and_only_its_own_choices() -> None:
    rows, ledger = behind({"kind": "artifact", "artifact_id": "a", "alternatives": {"found": [{"artifact_id": "b"}]}})
    assert (of(rows["catalogue"]), of(rows["choices"])) == (["a", "b"], ["a"])
    assert (rows["note"], rows["least_clients"], rows["days_left_out"]) == ("some rows", 5, 2)
    assert ledger.asked == {"a": None}


def test_a_comparison_brings_searches_that_showed_both() -> None:
    rows, _ = behind({"kind": "comparison", "a": {"artifact_id": "a"}, "b": {"artifact_id": "b"}})
    assert (of(rows["choices"]), rows["duels"][0]["chosen"]) == (["a", "b"], "a")


def test_an_edge_and_a_search_bring_choices_for_their_needs_only() -> None:
    _, edge = behind({"kind": "edge", "intent": {"intent_id": "int_1"}, "edges": [{"artifact_id": "a"}]})
    assert edge.asked == {"a": ["int_1"]}
    hits = [{"artifact_id": "a", "needs": [{"intent_id": "int_2"}]}, {"artifact_id": "b", "needs": []}]
    _, search = behind({"kind": "search", "hits": hits})
    assert search.asked == {"a": ["int_2"], "b": []}


def test_for_others_no_row_says_a_file_and_lines_stay() -> None:
    rows = {"catalogue": [{"source": "a/models.jsonl", "source_row": 3}], "choices": [{"source": "a/log.jsonl"}]}
    told = without_file_names({"kind": "artifact", "rows": rows})["rows"]
    assert told["catalogue"] == [{"source": "models", "source_row": 3}]
    assert told["choices"][0]["source"].startswith("log ")
    assert "jsonl" not in json.dumps(told)
