"""How artifacts stand among each other: who names them, who builds on them, who does the same, and who is near.

What counts are makers, not artifacts: the vendor, else the owner of a repository or of an "owner/name", else the
artifact itself. What a maker says of its own things counts nothing, and many artifacts of one maker count once, so that
nobody can raise an artifact by describing others. Names of one thing are one artifact here, made by who makes the one
under which it is listed. Every count is of distinct other makers:

named_by               whose texts name it (`queries.text.mentions`)
built_on_by            who state that they are made of it, need it or integrate it: the fields `BUILT_ON` of their rows,
                       and what their capabilities require
shares_concepts_with   with whom it shares a concept
reached_by             from whom one or two steps along the first two lead to it: one that is named by much-named ones
                       stands in the middle. One maker opens the way to `REACH_OF_ONE` others at most
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import pyarrow as pa

from graph.text import normalise_query
from queries.text.mentions import ONE_NAME_EACH, NameFinder, mentions

Row = dict[str, Any]
Pairs = set[tuple[str, str]]
"""(artifact that says so, artifact that it says it of)."""

BUILT_ON: Final = (
    *("base_model", "built_on", "based_on", "depends_on", "dependencies"),
    *("integrations", "integrates_with"),
)
"""Extra fields of an artifact that name what it is made of or works with, by id or name."""

REACH_OF_ONE: Final = 10


class Surroundings:
    """What is said among the artifacts of a catalogue."""

    def __init__(
        self,
        artifacts: pa.Table,
        capabilities: pa.Table,
        concepts: pa.Table,
        listed: Mapping[str, str] = ONE_NAME_EACH,
    ) -> None:
        """Read three snapshot tables. `listed`: name of a thing with several → the one under which it is listed."""
        rows = artifacts.select(["artifact_id", "name", "vendor", "extra"]).to_pylist()
        self._listed = listed
        self._maker = {
            row["artifact_id"]: maker(row) for row in rows if self._thing(row["artifact_id"]) == row["artifact_id"]
        }
        self._described = {self._thing(each) for each in capabilities["artifact_id"].to_pylist()}
        named = {(each.artifact_id, each.other_id) for each in mentions(artifacts, capabilities, listed)}
        self._named = self._by_makers(named)
        self._built = self._by_makers(_built_on(rows, capabilities, listed))
        self._sharing = self._by_makers(_sharing(concepts))
        self._of_maker: dict[str, set[str]] = defaultdict(set)
        for says in (self._named, self._built):
            for artifact_id, makers in says.items():
                self._of_maker[self._maker[artifact_id]] |= makers.keys()

    def _thing(self, artifact_id: str) -> str:
        return self._listed.get(artifact_id, artifact_id)

    def _by_makers(self, pairs: Pairs) -> dict[str, dict[str, str]]:
        """Return for each artifact the other makers that say something of it, each with the first that says it."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for who, other in sorted((self._thing(who), self._thing(other)) for who, other in pairs):
            if who in self._maker and other in self._maker and self._maker[who] != self._maker[other]:
                found[other].setdefault(self._maker[who], who)
        return found

    def counts(self, artifact_id: str) -> dict[str, int | None]:
        """Return the counts of the module's text; None where the catalogue cannot tell.

        A catalogue in which nobody names anybody says nothing about who would be named; likewise of being built on.
        """
        artifact_id = self._thing(artifact_id)
        others = len(self._maker) > 1
        shares = others and artifact_id in self._described
        return {
            "named_by": len(self._named.get(artifact_id, ())) if others and self._named else None,
            "built_on_by": len(self._built.get(artifact_id, ())) if others and self._built else None,
            "shares_concepts_with": len(self._sharing.get(artifact_id, ())) if shares else None,
            "reached_by": len(self._reached(artifact_id)) if others and (self._named or self._built) else None,
        }

    def named_by(self, artifact_id: str) -> list[str]:
        """Return an artifact of each other maker that names it, in alphabetical order."""
        return sorted(self._named.get(self._thing(artifact_id), {}).values())

    def _reached(self, artifact_id: str) -> set[str]:
        near = self._named.get(artifact_id, {}).keys() | self._built.get(artifact_id, {}).keys()
        found = set(near)
        for one in near:
            found.update(sorted(self._of_maker.get(one, set()) - {self._maker[artifact_id]})[:REACH_OF_ONE])
        return found


def maker(artifact: Mapping[str, Any]) -> str:
    """Return who makes an artifact: its vendor, else the owner of "owner/name", else itself.

    >>> maker({"artifact_id": "x", "name": "google/flan-t5", "vendor": None})
    'google'
    """
    owner, slash, _ = (artifact["name"] or "").partition("/")
    return normalise_query(artifact["vendor"] or (owner if slash else "")) or f"artifact {artifact['artifact_id']}"


def _built_on(rows: Iterable[Row], capabilities: pa.Table, listed: Mapping[str, str]) -> Pairs:
    rows = list(rows)
    names = {row["artifact_id"]: row["name"] for row in rows if row["name"]}
    bearers: dict[str, set[str]] = defaultdict(set)
    for artifact_id, name in [*names.items(), *((key, key) for key in (row["artifact_id"] for row in rows))]:
        bearers[name.casefold()].add(listed.get(artifact_id, artifact_id))
    found: Pairs = set()
    for row in rows:
        extra = json.loads(row["extra"]) if row["extra"] else {}
        for named in (text for field in BUILT_ON for text in _texts(extra.get(field))):
            meant = bearers.get(named.strip().casefold(), set())
            found |= {(row["artifact_id"], other) for other in meant} if len(meant) == 1 else set()
    needs = [
        (row["artifact_id"], text)
        for row in capabilities.select(["artifact_id", "requires"]).to_pylist()
        for text in row["requires"] or ()
    ]
    finder = NameFinder(names, needs, listed)
    found |= {(who, other) for who, text in needs for other in finder.find(text, compares=False)}
    return found


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from value.split(",")
    elif isinstance(value, list):
        yield from (each for each in value if isinstance(each, str))


def _sharing(concepts: pa.Table) -> Pairs:
    """Return the pairs of artifacts that share a concept."""
    members: dict[str, set[str]] = defaultdict(set)
    for uri, artifact_id in zip(*(concepts.column(n).to_pylist() for n in ("concept_uri", "artifact_id")), strict=True):
        members[uri].add(artifact_id)
    return {(one, other) for group in members.values() for one in group for other in group if one != other}
