"""Explain: every number opened to its formula, its inputs, the window it counts, and the method that made it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from graph.errors import UnknownName, WrongUse
from graph.ledger import Ledger
from graph.times import iso_time
from queries.alternatives.joined_score import METHOD as ALTERNATIVES_METHOD
from queries.answers.chosen_over import FORMULA as HEAD_TO_HEAD_FORMULA
from queries.answers.compare import (
    COMPARABLE_RULE,
    claims_of,
    common,
    compare,
    match_capabilities,
    shared_needs,
)
from queries.answers.comparison_shapes import CapabilityMatch
from queries.answers.edges import edge_answer
from queries.answers.explained_alternatives import explained_alternatives, explained_complements
from queries.answers.explained_rows import rows_behind
from queries.answers.improvements import improvements
from queries.answers.ledger_rows import LedgerRows
from queries.answers.meanings import (
    COUNT_MEANINGS,
    INTERVAL_FORMULA,
    NAMES_RULE,
    PART_FORMULAS,
    PLACE_RULE,
    RANK_FORMULA,
    SIMILARITY_FORMULA,
)
from queries.answers.names import resolve_artifact
from queries.answers.one_thing import all_names_together, names_of
from queries.answers.shapes import Side, SnapshotTables, has_simulated_evidence, simulated_applications
from queries.answers.show import top_edges
from queries.answers.sides import PLACES, side
from queries.answers.verdict import FORMULA as PROBABILITY_FORMULA
from queries.answers.verdict import probability_above

Row = dict[str, Any]

EDGES_SHOWN: Final = 10
_NO_COUNTS: Final = ("artifact_id", "listed_as", "first_seen", "last_seen")

_INTENT_ID = re.compile(r"int_[0-9a-f]{16}")


def explain(snapshot: SnapshotTables, *names: str, ledger: Ledger | None = None) -> Row:
    """Explain an artifact (one name), a comparison (two names), or an edge.

    An edge is an intent id followed by an artifact or capability id: as two names, as one joined by a space or a colon.
    The answer has a key "kind": artifact, comparison or edge; with a `ledger`, under "rows", some of its rows that went
    in. Raises `UnknownName` or `WrongUse`.
    """
    answer = _explained(snapshot, names)
    return answer if ledger is None else answer | {"rows": rows_behind(answer, LedgerRows(ledger, snapshot))}


def _explained(snapshot: SnapshotTables, names: Sequence[str]) -> Row:
    words = _split_edge(names)
    if len(words) == 2 and _INTENT_ID.fullmatch(words[0]):
        return explain_edge(snapshot, words[0], words[1])
    if len(names) == 1:
        return explain_artifact(snapshot, names[0])
    if len(names) == 2:
        return explain_comparison(snapshot, names[0], names[1])
    raise WrongUse("Give one artifact, two artifacts, or an edge: an intent id and an artifact or capability id.")


def _split_edge(names: Sequence[str]) -> Sequence[str]:
    if len(names) != 1:
        return names
    start = _INTENT_ID.match(names[0])
    rest = names[0][start.end() :] if start else ""
    return (names[0][: start.end()], rest[1:].strip()) if start and rest[:1] in (":", " ") else names


def explain_artifact(snapshot: SnapshotTables, name: str) -> Row:
    """Open every number of an artifact's rank and evidence."""
    one = side(snapshot, resolve_artifact(snapshot, name))
    edges = top_edges(snapshot, one.artifact_id)
    return {
        "kind": "artifact",
        **_artifact(snapshot, one),
        "edges": edges[:EDGES_SHOWN],
        "edge_count": len(edges),
        "alternatives": explained_alternatives(snapshot, one.artifact_id),
        "complements": explained_complements(snapshot, one.artifact_id),
    } | origin(snapshot, [one.artifact_id])


def _artifact(snapshot: SnapshotTables, one: Side) -> Row:
    ranks = snapshot.rows("ranks", artifact_id=one.artifact_id)
    inputs = {
        row["part"]: json.loads(row["inputs"]) for row in snapshot.rows("rank_parts", artifact_id=one.artifact_id)
    }
    return {
        "artifact_id": one.artifact_id,
        "name": one.name,
        "type": one.type,
        "also_known_as": msgspec.to_builtins(one.also_known_as),
        "listed_as": one.listed_as,
        "rank": {
            "value": one.rank,
            "low": one.low,
            "high": one.high,
            "completeness": one.completeness,
            **{name: getattr(one, name) for name in PLACES},
            "formula": RANK_FORMULA,
            "interval_formula": INTERVAL_FORMULA,
            "place_rule": PLACE_RULE,
            "method": ranks[0]["method"] if ranks else None,
        },
        "parts": [
            {**msgspec.to_builtins(part), "formula": PART_FORMULAS[part.name], "inputs": inputs[part.name]}
            for part in one.parts
        ],
        "improvements": msgspec.to_builtins(improvements({part.name: part.value for part in one.parts}, inputs)),
        "evidence": _evidence(snapshot, one.artifact_id),
        "evidence_of_all_names": _evidence_of_all_names(snapshot, one.artifact_id),
    }


def _evidence_of_all_names(snapshot: SnapshotTables, artifact_id: str) -> Row | None:
    """Return what the log says of all names of a thing, which is what its rank is made of; None if it has only one."""
    row = all_names_together(snapshot, artifact_id)
    if row is None:
        return None
    seen = _window(row) if row["first_seen"] is not None else None
    return {"names": names_of(snapshot, artifact_id), "rule": NAMES_RULE, **_counts(row), "window": seen}


def _counts(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in _NO_COUNTS}


def _evidence(snapshot: SnapshotTables, artifact_id: str) -> Row:
    rows = snapshot.rows("evidence", artifact_id=artifact_id)
    if not rows:
        return {"times_matched": 0, "clients": 0, "window": None, "meanings": COUNT_MEANINGS}
    row = rows[0]
    by_actor = [
        {name: value for name, value in each.items() if name != "artifact_id"}
        for each in snapshot.rows("evidence_by_actor", artifact_id=artifact_id)
    ]
    return {**_counts(row), "by_actor": by_actor, "window": _window(row), "meanings": COUNT_MEANINGS}


def _window(row: Mapping[str, Any]) -> Row:
    return {"first_seen": iso_time(row["first_seen"]), "last_seen": iso_time(row["last_seen"])}


def origin(snapshot: SnapshotTables, artifact_ids: Iterable[str]) -> Row:
    """Return from what the numbers of artifacts come: snapshot, its time, the methods and settings of the job."""
    simulated = has_simulated_evidence(snapshot, artifact_ids)
    return {
        "simulated": simulated,
        "simulated_applications": simulated_applications(snapshot) if simulated else [],
        "snapshot_id": snapshot.id,
        "now": iso_time(snapshot.now_us),
        "parameters": dict(snapshot.manifest.parameters),
    }


def explain_comparison(snapshot: SnapshotTables, a: str, b: str) -> Row:
    """Open the verdict on two artifacts, and both ranks."""
    answer = compare(snapshot, a, b)
    sides = answer.a, answer.b
    ids = answer.a.artifact_id, answer.b.artifact_id
    match = match_capabilities(snapshot, ids, (claims_of(snapshot, ids[0]), claims_of(snapshot, ids[1])))
    shared = common(snapshot, sides, match, shared_needs(snapshot, *ids))
    return {
        "kind": "comparison",
        "verdict": msgspec.to_builtins(answer.verdict),
        "probability": {
            "value": probability_above(*sides),
            "formula": PROBABILITY_FORMULA,
            "inputs": {
                key: {"rank": one.rank, "low": one.low, "high": one.high} for key, one in zip("ab", sides, strict=True)
            },
        },
        "comparable": {
            "value": shared.comparable,
            "rule": COMPARABLE_RULE,
            "inputs": {
                "shared_capabilities": shared.capabilities,
                "shared_share": shared.share,
                "shared_needs": shared.needs,
                "slips": shared.slips,
                "alternative_score": shared.alternative_score,
                "alternative_method": ALTERNATIVES_METHOD,
            },
        },
        "capabilities": {
            "formula": SIMILARITY_FORMULA,
            "shared": _shared(snapshot, ids, match),
        },
        "shared_needs": msgspec.to_builtins(answer.shared_needs),
        "head_to_head": {"formula": HEAD_TO_HEAD_FORMULA, "inputs": msgspec.to_builtins(answer.head_to_head)},
        "a": _artifact(snapshot, answer.a),
        "b": _artifact(snapshot, answer.b),
    } | origin(snapshot, [answer.a.artifact_id, answer.b.artifact_id])


def _shared(snapshot: SnapshotTables, ids: tuple[str, str], match: CapabilityMatch) -> list[Row]:
    """Return the pairs with what their similarities are made of; None where a person decided."""
    made_of = {}
    for first, second in (ids, ids[::-1]):
        for row in snapshot.rows("capability_pairs", artifact_a=first, artifact_b=second):
            made_of[frozenset((row["capability_a"], row["capability_b"]))] = row
    return [
        {"a": pair.a.capability_id, "b": pair.b.capability_id, "similarity": pair.similarity}
        | {
            name: made_of[frozenset((pair.a.capability_id, pair.b.capability_id))].get(name)
            for name in ("by_names", "by_texts", "factor")
        }
        for pair in match.shared
    ]


def explain_edge(snapshot: SnapshotTables, intent_id: str, object_id: str) -> Row:
    """Open the numbers of the edges from an intent to an artifact, or to one capability."""
    intents = snapshot.rows("intents", intent_id=intent_id)
    if not intents:
        raise UnknownName("intent", intent_id)
    intent = intents[0]
    rows = snapshot.rows("edges", intent_key=intent["intent_key"])
    found = [row for row in rows if object_id in (row["capability_id"], row["artifact_id"])]
    if not found:
        artifact_id = resolve_artifact(snapshot, object_id)
        found = [row for row in rows if row["artifact_id"] == artifact_id]
    if not found:
        matched = sorted({row["artifact_id"] for row in rows})
        raise WrongUse(f"{intent_id} has no edge to {object_id!r}. It has edges to: {', '.join(matched) or 'nothing'}.")
    found.sort(key=lambda row: (row["artifact_id"], row["capability_id"] or "", row["kind"]))
    return {
        "kind": "edge",
        "intent": {
            "intent_id": intent_id,
            "label": intent["label"],
            "texts": intent["texts"],
            "searches": intent["searches"],
            "clients": intent["clients"],
            "window": _window(intent),
        },
        "edges": [edge_answer(row, intent["label"]) for row in found],
        "meanings": COUNT_MEANINGS,
    } | origin(snapshot, {row["artifact_id"] for row in found})
