"""Which rows of the ledger are shown with an explanation: those of the things that it is about, and of their needs."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any, Final

from graph.source_names import source_name
from queries.answers.ledger_rows import LedgerRows

Row = dict[str, Any]

_LOG: Final = ("choices", "duels")
"""Lists of rows that come from files of the log."""


def rows_behind(answer: Row, rows: LedgerRows) -> Row:
    """Return the rows behind an explanation (`queries.answers.explain`, `explain_search`), as flat lists by table.

    catalogue   what the sources say of the artifacts
    choices     events in which they were chosen, for an edge or a search those of its needs
    duels       of a comparison: searches that showed both and led to a choice
    """
    found = _rows_behind(answer, rows)
    said = {"note": rows.note, "least_clients": rows.least_clients, "days_left_out": rows.days_left_out}
    return said | found


def without_file_names(answer: Row) -> Row:
    """Return an explanation whose rows say no file, which only the operator knows.

    Files of the log go by a hash of their names; what the catalogue says by its source's name: that is part of what is
    claimed. For the rest of the answer: `queries.answers.source_names.NamedSources`.
    """
    rows = answer["rows"]
    hidden = {name: [row | {"source": _hashed(row["source"])} for row in rows[name]] for name in _LOG if name in rows}
    named = [row | {"source": source_name(row["source"])} for row in rows["catalogue"]]
    return answer | {"rows": rows | hidden | {"catalogue": named}}


def _hashed(source: str) -> str:
    return f"log {blake2b(source.encode(), digest_size=6).hexdigest()}"


def _rows_behind(answer: Row, rows: LedgerRows) -> Row:
    if answer["kind"] == "comparison":
        ids = [answer[key]["artifact_id"] for key in "ab"]
        return _of_artifacts(ids, rows) | {"duels": rows.duels(ids[0], ids[1])}
    if answer["kind"] == "artifact":
        others = [each["artifact_id"] for each in answer["alternatives"]["found"]]
        return _of_artifacts([answer["artifact_id"]], rows, also_described=others)
    needs = {each["artifact_id"]: rows.allowed(each["artifact_id"], _needs(each, answer)) for each in _objects(answer)}
    return {"catalogue": _catalogue(needs, rows), "choices": _flat(rows.choices(needs))}


def _of_artifacts(ids: list[str], rows: LedgerRows, also_described: Iterable[str] = ()) -> Row:
    chosen = rows.choices({one: rows.allowed(one) for one in ids})
    return {"catalogue": _catalogue([*ids, *also_described], rows), "choices": _flat(chosen)}


def _objects(answer: Row) -> list[Row]:
    found: list[Row] = answer["edges"] if answer["kind"] == "edge" else answer["hits"]
    return found


def _needs(each: Row, answer: Row) -> list[str]:
    """Return the ids of the needs that speak for an object: the edge's own, or the past searches like a query."""
    return (
        [answer["intent"]["intent_id"]] if answer["kind"] == "edge" else [need["intent_id"] for need in each["needs"]]
    )


def _catalogue(ids: Iterable[str], rows: LedgerRows) -> list[Row]:
    return [{"artifact_id": one, **row} for one in dict.fromkeys(ids) for row in rows.catalogue(one)]


def _flat(found: dict[str, list[Row]]) -> list[Row]:
    return [{"artifact_id": one, **row} for one, rows in found.items() for row in rows]
