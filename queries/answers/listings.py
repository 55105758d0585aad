"""Lists: ranks, match edges, and alternatives with constraints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from graph.durable import whole_file
from graph.errors import BadInput, UnknownName, WrongUse
from graph.keys import stable_key
from graph.text import normalise_query
from queries.answers.compare import duplicates_of, related
from queries.answers.hosting import hosting as hosting_of
from queries.answers.hosting import hosting_word
from queries.answers.names import nearest_names, resolve_artifact
from queries.answers.shapes import (
    AlternativesAnswer,
    EdgeList,
    RankList,
    SnapshotTables,
    has_simulated_evidence,
    k_anonymity,
)
from queries.answers.sides import side
from queries.retrieval.diversity import most_different
from queries.times import iso_time

Row = dict[str, Any]

_MAX_NAMED: Final = 20

EDGE_FIELDS: Final = (
    "intent_id", "intent", "artifact_id", "capability_id", "kind", "times_matched", "impressions", "clicks", "clients",
    "agent_times_matched", "agent_clients", "successes", "failures",
    "success_rate", "success_low", "success_high", "success_n",
    "strength", "strength_low", "strength_high", "effective_n", "confidence", "first_seen", "last_seen", "catalogued",
)  # fmt: skip
"""Keys of an edge in a list, in order."""


def rank_list(snapshot: SnapshotTables, *, type: str | None = None, limit: int | None = None) -> RankList:
    """Return the artifacts from the first place on (`queries.ranking.places`); those without a rank come last, by id.

    Raises `WrongUse` for a type that no artifact has, naming those there are.
    """
    rows = snapshot.table("ranks").select(["artifact_id", "type", "rank", "place"]).to_pylist()
    if type is not None:
        check_known("type", type, (row["type"] for row in rows))
        rows = [row for row in rows if _same(row["type"], type)]
    rows.sort(key=lambda row: (row["place"] is None, row["place"], row["artifact_id"]))
    ranks = [side(snapshot, row["artifact_id"]) for row in rows[:limit]]
    return RankList(
        ranks=ranks,
        total=len(rows),
        type=type,
        simulated=any(each.simulated for each in ranks),
        snapshot_id=snapshot.id,
    )


def check_known(what: str, wanted: str, values: Iterable[str | None]) -> None:
    """Raise `WrongUse` naming the known values if `wanted` is none of them, case aside."""
    known = {value for value in values if value}
    if not any(_same(value, wanted) for value in known):
        named = ", ".join(sorted(known)[:_MAX_NAMED]) or "none"
        raise WrongUse(f"No artifact here has the {what} {wanted!r}. Known: {named}.")


def _same(value: str | None, wanted: str) -> bool:
    return value is not None and value.strip().casefold() == wanted.strip().casefold()


def alternatives(
    snapshot: SnapshotTables,
    name: str,
    *,
    limit: int = 10,
    type: str | None = None,
    license: str | None = None,
    price: str | None = None,
    tags: Sequence[str] = (),
    hosting: str | None = None,
    other_vendor: bool = False,
    diversity: float = 0.0,
) -> AlternativesAnswer:
    """Return what to use instead of an artifact, the best first, and what was chosen together with it.

    `type`, `license`, `price` (a pricing model), `tags` (all of them) and `hosting` (self-hosted, cloud or another
    word that artifacts state) must hold for the alternatives; `other_vendor` leaves out those of the artifact's own
    vendor; `diversity` (0 to 1) prefers those that differ from the ones before them (`queries.retrieval.diversity`).
    They do not narrow the complements. Raises `UnknownName` for the artifact, `WrongUse` for a value that no artifact
    has.
    """
    artifact_id = resolve_artifact(snapshot, name)
    own = snapshot.rows("artifacts", artifact_id=artifact_id)[0]
    fits = _constraints(
        snapshot,
        {"type": type, "license": license, "pricing_model": price},
        tags,
        hosting,
        own["vendor"] if other_vendor else None,
    )
    found, rows = [], []
    for each in related(snapshot, artifact_id, "alternative"):
        row = snapshot.rows("artifacts", artifact_id=each.artifact_id)[0]
        if fits(row):
            found.append(each)
            rows.append(row)
    if diversity:
        scores = [each.score for each in found]
        found = [found[i] for i in most_different(rows, scores, limit=limit, diversity=diversity)]
    complements = related(snapshot, artifact_id, "complement")[:limit]
    named = [artifact_id, *(each.artifact_id for each in [*found[:limit], *complements])]
    return AlternativesAnswer(
        artifact_id=artifact_id,
        name=own["name"] or artifact_id,
        alternatives=found[:limit],
        complements=complements,
        simulated=has_simulated_evidence(snapshot, named),
        snapshot_id=snapshot.id,
        duplicates=duplicates_of(snapshot, artifact_id),
    )


def _constraints(
    snapshot: SnapshotTables,
    equal: Mapping[str, str | None],
    tags: Sequence[str],
    hosting: str | None,
    not_by: str | None,
) -> Callable[[Row], bool]:
    """Return what says of a row of `artifacts` whether it meets all constraints; None is no constraint.

    Raises `WrongUse` naming the known values for one that no artifact has.
    """
    for column, value in equal.items():
        if value is not None:
            check_known("price" if column == "pricing_model" else column, value, _column(snapshot, column))
    for tag in tags:
        check_known("tag", tag, (each for each_tags in _column(snapshot, "tags") for each in each_tags or ()))
    place = None if hosting is None else hosting_word(hosting)
    if place is not None:
        stated = snapshot.table("artifacts").select(["tags", "extra"]).to_pylist()
        check_known("hosting", place, (each for row in stated for each in hosting_of(row)))

    def fits(row: Row) -> bool:
        return (
            all(value is None or _same(row[column], value) for column, value in equal.items())
            and all(any(_same(own, tag) for own in row["tags"] or ()) for tag in tags)
            and (place is None or place in hosting_of(row))
            and (not_by is None or not _same(row["vendor"], not_by))
        )

    return fits


def alternatives_run(snapshot: SnapshotTables, artifact_id: str) -> list[str]:
    """Return where the alternatives of an artifact run, as far as their sources say, in alphabetical order."""
    others = (row["other_id"] for row in snapshot.rows("related", artifact_id=artifact_id, relation="alternative"))
    rows = (snapshot.rows("artifacts", artifact_id=other)[0] for other in others)
    return sorted({word for row in rows for word in hosting_of(row)})


def _column(snapshot: SnapshotTables, name: str) -> list[Any]:
    values: list[Any] = snapshot.table("artifacts").column(name).to_pylist()
    return values


class _BatchLine(msgspec.Struct, frozen=True):
    id: str


def alternatives_batch(snapshot: SnapshotTables, ids_path: Path, out_path: Path, limit: int = 10) -> int:
    """Answer a file of ids: lines {"id"} in, lines {"id", "alternatives": [{"artifact_id", "score"}]} out, in order.

    An id that is not in the graph gets an empty list and an "error". Returns the number of lines. Raises `BadInput`
    naming file and line for a line that is not {"id": text}, `WrongUse` where the answers cannot be written; nothing is
    left behind then.
    """
    decoder = msgspec.json.Decoder(_BatchLine)
    answers: list[bytes] = []
    try:
        lines = ids_path.read_bytes().splitlines()
    except OSError as error:
        raise BadInput(f"{ids_path} cannot be read: {error.strerror}.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            wanted = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadInput(
                f'{ids_path}, line {number}: {error}. Every line must be a JSON object such as {{"id": "flux-1-pro"}}.'
            ) from error
        answers.append(msgspec.json.encode(_batch_answer(snapshot, wanted.id, limit)))
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


def edge_list(
    snapshot: SnapshotTables, *, intent: str | None = None, artifact: str | None = None, limit: int | None = None
) -> EdgeList:
    """Return match edges with their evidence, those with the most matches first; all of them by default.

    `intent`: an intent id, the text of a search, or words that its texts contain. `artifact`: an id or name, of the
    catalogue or of an edge. Raises `UnknownName` with the nearest names where nothing fits.
    """
    edges = snapshot.table("edges")
    rows = edges.to_pylist() if artifact is None else _edges_of(snapshot, artifact)
    if intent is not None:
        keys = find_intents(snapshot, intent)
        rows = [row for row in rows if row["intent_key"] in keys]
    labels = _labels(snapshot)
    rows.sort(key=_edge_order)
    return EdgeList(
        edges=[edge_answer(row, labels.get(row["intent_key"])) for row in rows[:limit]],
        total=len(rows),
        simulated=has_simulated_evidence(snapshot, {row["artifact_id"] for row in rows[:limit]}),
        snapshot_id=snapshot.id,
        k_anonymity=k_anonymity(snapshot),
    )


def _edge_order(row: Row) -> tuple[int, str, str, str, str]:
    return -(row["times_matched"] or 0), row["intent_id"], row["artifact_id"], row["capability_id"] or "", row["kind"]


def edge_answer(row: Row, label: str | None) -> Row:
    """Return a row of the `edges` table as it is shown, with the label of its intent."""
    shown = {**row, "intent": label, "first_seen": iso_time(row["first_seen"]), "last_seen": iso_time(row["last_seen"])}
    return {name: shown[name] for name in EDGE_FIELDS}


def _edges_of(snapshot: SnapshotTables, artifact: str) -> list[Row]:
    """Return the edges of an artifact, also of one that the catalogue does not describe."""
    rows = snapshot.rows("edges", artifact_id=artifact)
    return rows or snapshot.rows("edges", artifact_id=resolve_artifact(snapshot, artifact))


def _labels(snapshot: SnapshotTables) -> dict[int, str | None]:
    table = snapshot.table("intents")
    return dict(zip(table.column("intent_key").to_pylist(), table.column("label").to_pylist(), strict=True))


def find_intents(snapshot: SnapshotTables, text: str) -> set[int]:
    """Return the keys of the intents meant by an intent id, a search's text, or words that a text contains.

    A text is found by its key, so that who knows it finds it, also where it is not shown.
    """
    wanted = normalise_query(text)
    found = {row["intent_key"] for row in snapshot.rows("intents", intent_id=text)}
    if not found:
        texts = snapshot.table("text_intents").to_pylist()
        words, text_key = set(wanted.split()), stable_key(wanted)
        found = {row["intent_key"] for row in texts if row["text_key"] == text_key} or {
            row["intent_key"] for row in texts if words and words <= set((row["text"] or "").split())
        }
    if not found:
        labels = [label for label in _labels(snapshot).values() if label]
        raise UnknownName("intent", text, nearest_names(text, labels))
    return found
