"""Concepts: the same capability offered by several artifacts, under one `capability://` URI.

Leader clusters: the capability with the most similar ones becomes a leader and takes those that are similar to it;
then the next among what is left. A member is always similar to its leader, so that chains of small steps cannot join
unlike things, as they would in connected components. A `uri` that a capability states itself wins over its text.

URIs last: one is made of the name under which a concept was first known, so that neither a new member nor another name
changes it; what its members are or were called are aliases. They depend on the ledger alone, not on earlier snapshots.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

import pyarrow as pa

from graph.keys import key_text, stable_key
from graph.snapshot_schemas import CONCEPT_ALIASES, CONCEPTS
from graph.text import normalise_query, slug
from queries.text.capability_similarity import brand
from queries.text.similarity import split_names

SCHEME: Final = "capability://"
_MAX_URI_NAME: Final = 80

Row = dict[str, Any]
Neighbours = dict[str, dict[str, float]]
Borne = dict[str, list[tuple[str, int]]]
"""Capability → its display names with the time since when (microseconds since 1970), the first one first."""


class _Cluster:
    """A leader and its members with their similarity to it."""

    def __init__(self, leader: str, uri: str | None = None) -> None:
        self.leader = leader
        self.uri = uri
        self.members: dict[str, float] = {leader: 1.0}


def concepts(capabilities: pa.Table, pairs: pa.Table, names: pa.Table | None = None) -> pa.Table:
    """Return the concepts shared by at least two artifacts as a `CONCEPTS` table, one row for each member.

    `capabilities` needs `capability_id`, `artifact_id`, `name`, `uri`; `pairs` is a `CAPABILITY_PAIRS` table; `names`:
    what they were called since when (`queries.counting.catalogue.capability_names`), by default what they are called.
    """
    rows = {row["capability_id"]: row for row in _ordered(capabilities)}
    near = _neighbours(pairs, rows)
    found = [*_stated_clusters(rows.values(), near)]
    taken = {member for cluster in found for member in cluster.members}
    found.extend(_leader_clusters([key for key in rows if key not in taken], near, taken))
    shared = [cluster for cluster in found if len({rows[key]["artifact_id"] for key in cluster.members}) > 1]
    return _table(shared, rows, _borne(rows, names))


def _borne(rows: dict[str, Row], names: pa.Table | None) -> Borne:
    """Return for each capability its display names, the first one first."""
    found: Borne = {key: [] for key in rows}
    for row in names.to_pylist() if names is not None else ():
        key = row["capability_id"]
        if key in rows and row["name"] is not None:
            found[key].append((display_name(row["name"], rows[key]["artifact_id"]), row["since"]))
    present = {key: display_name(row["name"], row["artifact_id"]) for key, row in rows.items()}
    return {key: each or [(present[key], 0)] for key, each in found.items()}


def _ordered(capabilities: pa.Table) -> list[Row]:
    columns = capabilities.select(["capability_id", "artifact_id", "name", "uri"])
    rows: list[Row] = columns.sort_by("capability_id").to_pylist()
    return rows


def _neighbours(pairs: pa.Table, rows: dict[str, Row]) -> Neighbours:
    near: Neighbours = defaultdict(dict)
    for pair in pairs.to_pylist():
        left, right = pair["capability_a"], pair["capability_b"]
        if left in rows and right in rows:
            near[left][right] = near[right][left] = pair["similarity"]
    return near


def _stated_clusters(rows: Iterable[Row], near: Neighbours) -> list[_Cluster]:
    """Return a cluster for each stated URI, joined by capabilities without one that are similar to a member."""
    stated: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row["uri"]:
            stated[row["uri"]].append(row["capability_id"])
    owner = {key: uri for uri, keys in stated.items() for key in keys}
    clusters = {}
    for uri, keys in sorted(stated.items()):
        clusters[uri] = _Cluster(keys[0], uri)
        clusters[uri].members.update(dict.fromkeys(keys, 1.0))
    best: dict[str, tuple[float, str]] = {}
    for key in sorted(owner):
        for other, similarity in near.get(key, {}).items():
            if other not in owner:
                best[other] = max(best.get(other, (0.0, "")), (similarity, owner[key]))
    for other, (similarity, uri) in sorted(best.items()):
        clusters[uri].members[other] = similarity
    return list(clusters.values())


def _leader_clusters(keys: list[str], near: Neighbours, taken: set[str]) -> list[_Cluster]:
    clusters, assigned = [], set(taken)
    for key in sorted(keys, key=lambda key: (-len(near.get(key, {})), key)):
        if key in assigned or key not in near:
            continue
        cluster = _Cluster(key)
        cluster.members.update((other, value) for other, value in near[key].items() if other not in assigned)
        assigned.update(cluster.members)
        clusters.append(cluster)
    return clusters


def _label(cluster: _Cluster, rows: dict[str, Row]) -> str:
    """Return the name that most members bear; of equal ones the shortest, then the first of the alphabet."""
    return _most_common(display_name(rows[key]["name"], rows[key]["artifact_id"]) for key in cluster.members)


def _most_common(labels: Iterable[str]) -> str:
    count = Counter(labels)
    return min(count, key=lambda label: (-count[label], len(label), label))


def display_name(name: str | None, artifact_id: str) -> str:
    """Return a capability's name as plain words, without its artifact's own name in front.

    >>> display_name("playwright_takeScreenshot", "mcp:playwright")
    'take screenshot'
    """
    own = set(normalise_query(split_names(brand(artifact_id))).split())
    found = normalise_query(split_names(name or "")).split()
    while len(found) > 1 and found[0] in own:
        found = found[1:]
    return " ".join(found)


def _table(clusters: list[_Cluster], rows: dict[str, Row], borne: Borne) -> pa.Table:
    members: list[Row] = []
    for uri, cluster in _addressed(clusters, borne):
        label = _label(cluster, rows)
        for key, similarity in cluster.members.items():
            artifact_id = rows[key]["artifact_id"]
            members.append(
                {"concept_uri": uri, "label": label, "capability_id": key, "artifact_id": artifact_id}
                | {"similarity": similarity}
            )
    members.sort(key=lambda row: (row["concept_uri"], row["capability_id"]))
    return pa.Table.from_pylist(members, schema=CONCEPTS)


def _addressed(clusters: list[_Cluster], borne: Borne) -> Iterator[tuple[str, _Cluster]]:
    """Yield each concept with its URI: the stated one, else the slug of the name under which it was first known."""
    used: set[str] = {cluster.uri for cluster in clusters if cluster.uri}
    for label, _, _, first, cluster in sorted((_first_known(each, borne) for each in clusters), key=_precedence):
        uri = cluster.uri or _free_uri(label, first, used)
        used.add(uri)
        yield uri, cluster


def _first_known(cluster: _Cluster, borne: Borne) -> tuple[str, int, int, str, _Cluster]:
    """Return the first label of a concept, since when it is known, minus its size, its first member, and itself."""
    since = min(borne[key][0][1] for key in cluster.members)
    first = sorted(key for key in cluster.members if borne[key][0][1] == since)
    return _most_common(borne[key][0][0] for key in first), since, -len(cluster.members), first[0], cluster


def _precedence(known: tuple[str, int, int, str, _Cluster]) -> tuple[str, int, int, str]:
    return known[:4]


def _free_uri(label: str, first: str, used: set[str]) -> str:
    """Return the URI of a label; where another concept had it before, with six digits of the first member's key."""
    uri = _uri(label) or SCHEME + key_text(stable_key(first))
    return uri if uri not in used else f"{uri}-{key_text(stable_key(first))[:6]}"


def _uri(label: str) -> str | None:
    name = slug(label)[:_MAX_URI_NAME].strip("-")
    return SCHEME + name if name else None


def concept_aliases(found: pa.Table, names: pa.Table) -> pa.Table:
    """Return the other addresses of concepts as a `CONCEPT_ALIASES` table, by alias.

    `found`: a `CONCEPTS` table; `names` as in `concepts`. Each name that a member bears or once bore, and each URI that
    it once stated, leads to the concept; if several claim one, to that with the most members that bear it.
    """
    concept = dict(zip(found["capability_id"].to_pylist(), found["concept_uri"].to_pylist(), strict=True))
    owner = dict(zip(found["capability_id"].to_pylist(), found["artifact_id"].to_pylist(), strict=True))
    claims: dict[str, Counter[str]] = defaultdict(Counter)
    for row in names.to_pylist():
        key = row["capability_id"]
        if key in concept:
            for alias in {row["uri"], _uri(display_name(row["name"], owner[key]))} - {None}:
                claims[str(alias)][concept[key]] += 1
    own = set(concept.values())
    aliases = [
        {"alias_uri": alias, "concept_uri": min(claimed, key=lambda uri: (-claimed[uri], uri))}
        for alias, claimed in sorted(claims.items())
        if alias not in own
    ]
    return pa.Table.from_pylist(aliases, schema=CONCEPT_ALIASES)
