"""Concepts: the same capability offered by several artifacts, under one `capability://` URI.

Leader clusters: the capability with the most similar ones becomes a leader and takes those that are similar to it;
then the next among what is left. A member is always similar to its leader, so that chains of small steps cannot join
unlike things, as they would in connected components. A `uri` that a capability states itself wins over its text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, Final

import pyarrow as pa

from graph.keys import key_text, stable_key
from graph.snapshot_schemas import CONCEPTS
from graph.text import normalise_query, slug
from queries.text.similarity import brand, split_names

SCHEME: Final = "capability://"
_MAX_URI_NAME: Final = 80

Row = dict[str, Any]
Neighbours = dict[str, dict[str, float]]


class _Cluster:
    """A leader and its members with their similarity to it."""

    def __init__(self, leader: str, uri: str | None = None) -> None:
        self.leader = leader
        self.uri = uri
        self.members: dict[str, float] = {leader: 1.0}


def concepts(capabilities: pa.Table, pairs: pa.Table) -> pa.Table:
    """Return the concepts shared by at least two artifacts as a `CONCEPTS` table, one row for each member.

    `capabilities` needs `capability_id`, `artifact_id`, `name`, `uri`; `pairs` is a `CAPABILITY_PAIRS` table.
    """
    rows = {row["capability_id"]: row for row in _ordered(capabilities)}
    near = _neighbours(pairs, rows)
    found = [*_stated_clusters(rows.values(), near)]
    taken = {member for cluster in found for member in cluster.members}
    found.extend(_leader_clusters([key for key in rows if key not in taken], near, taken))
    shared = [cluster for cluster in found if len({rows[key]["artifact_id"] for key in cluster.members}) > 1]
    return _table(shared, rows)


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
    names = Counter(display_name(rows[key]["name"], rows[key]["artifact_id"]) for key in cluster.members)
    return min(names, key=lambda name: (-names[name], len(name), name))


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


def _table(clusters: list[_Cluster], rows: dict[str, Row]) -> pa.Table:
    used: set[str] = {cluster.uri for cluster in clusters if cluster.uri}
    labelled = sorted(((_label(cluster, rows), cluster) for cluster in clusters), key=_precedence)
    members: list[Row] = []
    for label, cluster in labelled:
        uri = cluster.uri or _free_uri(label, cluster.leader, used)
        used.add(uri)
        for key, similarity in cluster.members.items():
            artifact_id = rows[key]["artifact_id"]
            members.append(
                {"concept_uri": uri, "label": label, "capability_id": key, "artifact_id": artifact_id}
                | {"similarity": similarity}
            )
    members.sort(key=lambda row: (row["concept_uri"], row["capability_id"]))
    return pa.Table.from_pylist(members, schema=CONCEPTS)


def _precedence(labelled: tuple[str, _Cluster]) -> tuple[str, int, str]:
    return labelled[0], -len(labelled[1].members), labelled[1].leader


def _free_uri(label: str, leader: str, used: set[str]) -> str:
    """Return the URI of a label; where a larger concept bears the same label, with six digits of the leader's key."""
    uri = SCHEME + (slug(label)[:_MAX_URI_NAME].strip("-") or key_text(stable_key(leader)))
    return uri if uri not in used else f"{uri}-{key_text(stable_key(leader))[:6]}"
