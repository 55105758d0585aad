"""Alternatives within constraints, and complements, of one artifact or of a file of ids."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec

from graph.durable import whole_file
from graph.errors import WrongUse
from graph.line_files import json_lines
from queries.answers.constraints import ANYTHING, Constraints, check_known
from queries.answers.list_shapes import WEAK_ALTERNATIVE, AlternativesAnswer, Related
from queries.answers.names import resolve_artifact
from queries.answers.one_thing import also_known_as, names_of
from queries.answers.ranks import same_text
from queries.answers.related import duplicates_of, related_to_all
from queries.answers.shapes import SnapshotTables, has_simulated_evidence
from queries.retrieval.diversity import most_different, traits
from queries.retrieval.facets import artifact_facets, capability_facets
from queries.retrieval.hosting import hosting

Row = dict[str, Any]


def alternatives(
    snapshot: SnapshotTables,
    name: str,
    wanted: Constraints = ANYTHING,
    *,
    limit: int = 10,
    other_vendor: bool = False,
    diversity: float = 0.0,
) -> AlternativesAnswer:
    """Return what to use instead of an artifact, the best first, and what was chosen together with it.

    `wanted` must hold for the alternatives; `other_vendor` leaves out those of the artifact's own vendor; `diversity`
    (0 to 1) prefers those that differ from the ones before them (`queries.retrieval.diversity`). They do not narrow
    the complements. Of a thing with several names it is those of all its names, and each other thing is there once.
    Raises `UnknownName` for the artifact, `WrongUse` for a value that nothing has.
    """
    artifact_id = resolve_artifact(snapshot, name)
    own = snapshot.rows("artifacts", artifact_id=artifact_id)[0]
    names = names_of(snapshot, artifact_id)
    found, rows = [], []
    for each in related_to_all(snapshot, names, "alternative"):
        row = snapshot.rows("artifacts", artifact_id=each.artifact_id)[0]
        if (other_vendor and same_text(row["vendor"], own["vendor"])) or not _meets(snapshot, row, wanted):
            continue
        found.append(each)
        rows.append(row)
    if not found:
        _check_known(snapshot, wanted)
    if diversity:
        found = _diverse(snapshot, found, rows, limit, diversity)
    complements = related_to_all(snapshot, names, "complement")[:limit]
    named = [artifact_id, *(each.artifact_id for each in [*found[:limit], *complements])]
    return AlternativesAnswer(
        artifact_id=artifact_id,
        name=own["name"] or artifact_id,
        alternatives=found[:limit],
        complements=complements,
        simulated=has_simulated_evidence(snapshot, named),
        snapshot_id=snapshot.id,
        duplicates=duplicates_of(snapshot, artifact_id),
        also_known_as=also_known_as(snapshot, artifact_id),
    )


def _diverse(
    snapshot: SnapshotTables, found: list[Related], rows: list[Row], limit: int, diversity: float
) -> list[Related]:
    """Choose those that differ from each other, and weak ones only after all others: these differ most of all."""
    good = [i for i, each in enumerate(found) if each.score >= WEAK_ALTERNATIVE]
    different = [traits(rows[i], _capabilities(snapshot, rows[i])) for i in good]
    chosen = most_different(different, [found[i].score for i in good], limit=limit, diversity=diversity)
    return [*(found[good[i]] for i in chosen), *(each for each in found if each.score < WEAK_ALTERNATIVE)]


def _meets(snapshot: SnapshotTables, artifact: Row, wanted: Constraints) -> bool:
    if wanted == ANYTHING:
        return True
    own = map(capability_facets, _capabilities(snapshot, artifact))
    return wanted.met_by(chain(artifact_facets(artifact), *own))


def _capabilities(snapshot: SnapshotTables, artifact: Row) -> list[Row]:
    return snapshot.rows("capabilities", artifact_id=artifact["artifact_id"])


def _check_known(snapshot: SnapshotTables, wanted: Constraints) -> None:
    """Raise `WrongUse` for a value that nothing has: what something has may be missing among some alternatives."""
    if wanted == ANYTHING:
        return
    known: dict[str, Counter[str]] = defaultdict(Counter)
    for table, facets_of in (("artifacts", artifact_facets), ("capabilities", capability_facets)):
        for row in snapshot.table(table).to_pylist():
            for term in facets_of(row):
                name, _, value = term.partition("=")
                known[name][value] += 1
    check_known(wanted, lambda name, value: value.strip().casefold() in known[name], known.__getitem__)


def alternatives_run(snapshot: SnapshotTables, artifact_id: str) -> list[str]:
    """Return where the alternatives of an artifact run, as far as their sources say, in alphabetical order."""
    others = (row["other_id"] for row in snapshot.rows("related", artifact_id=artifact_id, relation="alternative"))
    rows = (snapshot.rows("artifacts", artifact_id=other)[0] for other in others)
    return sorted({word for row in rows for word in hosting(row)})


class _BatchLine(msgspec.Struct, frozen=True):
    id: str


def alternatives_batch(snapshot: SnapshotTables, ids_path: Path, out_path: Path, limit: int = 10) -> int:
    """Answer a file of ids: lines {"id"} in, lines {"id", "alternatives": [{"artifact_id", "score"}]} out, in order.

    An id that is not in the graph gets an empty list and an "error". Returns the number of lines. Raises `BadInput`
    naming file and line for a line that is not {"id": text}, `WrongUse` where the answers cannot be written; nothing is
    left behind then.
    """
    remedy = 'Every line must be a JSON object such as {"id": "flux-1-pro"}.'
    answers = [
        msgspec.json.encode(_batch_answer(snapshot, line.id, limit))
        for _, line in json_lines(ids_path, _BatchLine, remedy)
    ]
    try:
        with whole_file(out_path) as partial:
            partial.write_bytes(b"".join(answer + b"\n" for answer in answers))
    except OSError as error:
        raise WrongUse(f"{out_path} cannot be written: {error.strerror}.") from error
    return len(answers)


def _batch_answer(snapshot: SnapshotTables, name: str, limit: int) -> Row:
    try:
        artifact_id = resolve_artifact(snapshot, name)
    except WrongUse as error:
        return {"id": name, "alternatives": [], "error": str(error)}
    rows = [row for row in snapshot.rows("related", artifact_id=artifact_id) if row["relation"] == "alternative"]
    rows.sort(key=lambda row: row["place"])
    return {
        "id": name,
        "alternatives": [{"artifact_id": row["other_id"], "score": row["score"]} for row in rows[:limit]],
    }
