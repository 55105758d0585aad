"""Some rows of the ledger behind a number, so that it can be looked up where it was imported from.

Rows of the catalogue are public. Rows of the log are people's: shown are only those of a need for which at least k
distinct clients chose the thing (k-anonymity, as for the texts of searches), with the day and not the time, and without
any key of a client or a session. What does not count (`queries.counting`: bots, rows after the snapshot's time, events
that choose nothing) is not shown. The ledger is read as it is now, so nothing of an erased client can appear.

The newest days come first; after `DAYS` days with searches the search for more is given up, so that a long log costs
no more than a short one, and it is said how many days were not looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, Final

import narwhals as nw
import pyarrow as pa
import pyarrow.compute as pc

from graph.keys import stable_key
from graph.ledger import Ledger, files_by_date, read_files
from graph.times import iso_date
from queries.answers.one_thing import listed_as, names_of
from queries.answers.shapes import SnapshotTables, k_anonymity
from queries.counting.choices import is_choice
from queries.counting.engine import Frame
from queries.counting.seen_log import counted_events, counted_searches

Row = dict[str, Any]
Allowed = Mapping[str, Set[int]]
"""Artifact id → keys of the intents whose rows may be shown."""

DAYS: Final = 30
EACH: Final = 3
"""Rows of the log shown for each artifact."""
INTENTS: Final = 20
"""Needs of an artifact, those with the most matches, from which rows are taken."""

_CATALOGUE: Final = (
    *("artifact_id", "description", "license", "pricing_model", "price", "stars", "downloads", "likes"),
    *("updated_at", "revised_at", "source", "source_row"),
)
_EVENTS: Final = (
    *("search_key", "action", "action_name", "object_id", "object_key", "position", "actor", "value", "ts_us"),
)
_SEARCHES: Final = ("search_key", "kind", "actor", "query_norm", "text_key", "shown", "ts_us")
_FROM: Final = ("event_date", "source", "source_row")
_DESCRIPTION_CHARS: Final = 160


class LedgerRows:
    """Rows of one ledger that stand behind the numbers of one snapshot."""

    def __init__(self, ledger: Ledger, snapshot: SnapshotTables) -> None:
        self._ledger = ledger
        self._snapshot = snapshot
        self._least = k_anonymity(snapshot) or 1
        self._days_left_out = 0

    @property
    def note(self) -> str:
        """What is shown, and what was not looked at so far."""
        left = self._days_left_out
        days = f"; {left:,} earlier days of the log were not looked through" if left else ""
        return (
            f"some rows of the ledger, the newest first; of the log those of needs for which at least {self._least} "
            f"clients chose the artifact, without times and clients{days}"
        )

    @property
    def days_left_out(self) -> int:
        """Days with searches that were not looked at so far, though fewer rows than wanted had been found."""
        return self._days_left_out

    @property
    def least_clients(self) -> int:
        """So many clients must stand behind a need before rows of it are shown."""
        return self._least

    def catalogue(self, artifact_id: str) -> list[Row]:
        """Return the revisions of an artifact, the newest first: what its source says, and where that stands."""
        files = self._ledger.files("artifacts")
        if not files:
            return []
        found = read_files(files, "artifacts", _CATALOGUE, pc.field("artifact_id") == artifact_id).to_pylist()
        found.sort(key=lambda row: (-(row["revised_at"] or 0), row["source"], row["source_row"]))
        return [
            {name: _shown(name, value) for name, value in row.items() if value is not None and name != "artifact_id"}
            for row in found[:EACH]
        ]

    def allowed(self, artifact_id: str, among: Iterable[str] | None = None) -> frozenset[int]:
        """Return the keys of the needs for which enough clients chose an artifact, at most `INTENTS`.

        `among`: only of these intent ids.
        """
        edges = [
            edge
            for edge in self._snapshot.rows("edges", artifact_id=artifact_id)
            if edge["kind"] == "observed" and (edge["clients"] or 0) >= self._least
        ]
        edges.sort(key=lambda edge: (-(edge["times_matched"] or 0), edge["intent_id"]))
        wanted = None if among is None else set(among)
        keys = dict.fromkeys(edge["intent_key"] for edge in edges if wanted is None or edge["intent_id"] in wanted)
        return frozenset(list(keys)[:INTENTS])

    def choices(self, allowed: Allowed) -> dict[str, list[Row]]:
        """Return for each artifact some events in which it, or a capability of it, was chosen for an allowed need."""
        owner = {key: one for one in allowed for key in self._objects(one)}
        needs = _Needs(self._snapshot, frozenset[int]().union(*allowed.values()))
        found: dict[str, list[Row]] = {one: [] for one in allowed}
        if not needs.of_text:
            return found
        for events, searches in self._days(owner.keys()):
            for event in events:
                one, search = owner[event["object_key"]], searches.get(event["search_key"])
                intent = needs.of_text.get(search["text_key"]) if search else None
                if intent is not None and intent in allowed[one] and len(found[one]) < EACH:
                    found[one].append(_event(event, needs.label[intent]))
            if all(len(rows) >= EACH for rows in found.values()):
                break
        return found

    def duels(self, a_id: str, b_id: str) -> list[Row]:
        """Return some searches that showed both and led to a choice of either, for needs with enough clients."""
        first, second = sorted(listed_as(self._snapshot, one) for one in (a_id, b_id))
        rows = self._snapshot.rows("head_to_head", artifact_a=first, artifact_b=second)
        clients = {row["intent_key"]: row["clients"] for row in rows if row["intent_key"] is not None}
        needs = _Needs(self._snapshot, {key for key, count in clients.items() if count >= self._least})
        sides = {side: self._objects_of_thing(one) for side, one in (("a", a_id), ("b", b_id))}
        found: list[Row] = []
        if not needs.of_text:
            return found
        for events, searches in self._days(sides["a"] | sides["b"]):
            chosen: dict[int, set[str]] = defaultdict(set)
            for event in events:
                chosen[event["search_key"]].add("a" if event["object_key"] in sides["a"] else "b")
            for key, who in chosen.items():
                search = searches.get(key)
                if search is not None and search["text_key"] in needs.of_text:
                    places = {name: _best_place(search["shown"], objects) for name, objects in sides.items()}
                    if all(places.values()):
                        need = needs.label[needs.of_text[search["text_key"]]]
                        found.append(_duel(search, need, places, "both" if len(who) == 2 else who.pop()))
            if len(found) >= EACH:
                break
        return found[:EACH]

    def _objects(self, artifact_id: str) -> set[int]:
        """Return the keys under which the log knows an artifact and its capabilities."""
        tables = ("artifacts", "capabilities")
        keys = {row["object_key"] for name in tables for row in self._snapshot.rows(name, artifact_id=artifact_id)}
        return keys or {stable_key(artifact_id)}

    def _objects_of_thing(self, artifact_id: str) -> set[int]:
        return set().union(*map(self._objects, names_of(self._snapshot, artifact_id)))

    def _days(self, objects: Iterable[int]) -> Iterator[tuple[list[Row], dict[int, Row]]]:
        """Yield for each day that counts its choosing events on objects, and their searches of that day by key."""
        wanted = pc.field("object_key").isin(list(objects))
        events, searches = (files_by_date(self._ledger.files(name)) for name in ("events", "searches"))
        last = iso_date(self._snapshot.now_us) or ""  # "undated" comes after every date, so it is left out
        days = [day for day in sorted(events, reverse=True) if day <= last and day in searches]
        for day in days[:DAYS]:
            acts = self._choosing(events[day], wanted)
            if acts:
                keys = pc.field("search_key").isin(list({row["search_key"] for row in acts}))
                yield acts, {row["search_key"]: row for row in self._asked(searches[day], keys)}
        self._days_left_out = max(self._days_left_out, len(days) - DAYS)

    def _choosing(self, files: Sequence[str], wanted: pc.Expression) -> list[Row]:
        rows = _in_order(read_files(files, "events", (*_EVENTS, *_FROM), wanted))
        return _records(counted_events(rows, self._snapshot.now_us).filter(is_choice()))

    def _asked(self, files: Sequence[str], wanted: pc.Expression) -> list[Row]:
        rows = _in_order(read_files(files, "searches", (*_SEARCHES, *_FROM), wanted))
        return _records(counted_searches(rows, self._snapshot.now_us).filter(nw.col("kind") == "log"))


def _in_order(table: pa.Table) -> Frame:
    ordered: Frame = nw.from_native(table.sort_by([("source", "ascending"), ("source_row", "ascending")])).lazy()
    return ordered


def _records(frame: Frame) -> list[Row]:
    found: list[Row] = frame.collect("pyarrow").to_native().to_pylist()
    return found


class _Needs:
    """Texts of some intents, and what these intents are called."""

    def __init__(self, snapshot: SnapshotTables, intents: Iterable[int]) -> None:
        self.of_text: dict[int, int] = {}
        self.label: dict[int, str | None] = {}
        for key in sorted(intents):
            self.label[key] = next((row["label"] for row in snapshot.rows("intents", intent_key=key)), None)
            self.of_text |= {row["text_key"]: key for row in snapshot.rows("text_intents", intent_key=key)}


def _best_place(shown: list[Row] | None, objects: Set[int]) -> int | None:
    return min((each["position"] for each in shown or () if each["object_key"] in objects), default=None)


def _event(event: Row, need: str | None) -> Row:
    told = {name: event[name] for name in ("action", "object_id", "position", "actor")}
    return {
        "need": need,
        **told,
        "day": event["event_date"],
        "source": event["source"],
        "source_row": event["source_row"],
    }


def _duel(search: Row, need: str | None, places: Mapping[str, int | None], chosen: str) -> Row:
    return {
        "need": need, "a_position": places["a"], "b_position": places["b"], "chosen": chosen, "actor": search["actor"],
        "day": search["event_date"], "source": search["source"], "source_row": search["source_row"],
    }  # fmt: skip


def _shown(name: str, value: Any) -> Any:
    if name.endswith("_at"):
        return iso_date(value)
    if name == "description" and len(value) > _DESCRIPTION_CHARS:
        return value[:_DESCRIPTION_CHARS].rsplit(" ", 1)[0] + " …"
    return value
