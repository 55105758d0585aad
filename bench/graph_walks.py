"""Five saved queries once more, computed by NetworkX from the graph as a whole, without any query language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import networkx as nx

from graph.projections.query_budget import Budget
from graph.saved_queries.catalogue import saved_query
from graph.saved_queries.running import run_saved_sql
from graph.snapshot import Snapshot

Rows: TypeAlias = set[tuple[Any, ...]]
Graph: TypeAlias = "nx.MultiDiGraph[str]"


@dataclass(frozen=True)
class Walk:
    """One saved query, asked with these parameters and compared in these columns."""

    parameters: Mapping[str, Any]
    columns: tuple[str, ...]
    compute: Callable[..., Rows]
    """Of the graph and the parameters."""


def asked_of_sql(snapshot: Snapshot, name: str, budget: Budget) -> Rows:
    """Return what the saved query finds, in the columns that are compared."""
    rows = run_saved_sql(snapshot, saved_query(name), dict(WALKS[name].parameters), budget=budget).rows()
    return {tuple(row[column] for column in WALKS[name].columns) for row in rows}


def walked(graph: Graph, name: str) -> Rows:
    """Return what NetworkX finds."""
    return WALKS[name].compute(graph, **WALKS[name].parameters)


def _nodes(graph: Graph, label: str) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((name, data) for name, data in graph.nodes(data=True) if data.get("label") == label)


def _choices(graph: Graph, intent: str) -> Iterator[tuple[str, int]]:
    """Yield artifacts and times matched of what logs chose for an intent."""
    for _, end, key, data in graph.out_edges(intent, keys=True, data=True):
        if key == "MATCHED/observed":
            node = graph.nodes[end]
            yield node.get("artifact_id", node["id"]), data.get("times_matched", 0)


def _demand_without_supply(graph: Graph, min_clients: int, max_share: float) -> Rows:
    found = set()
    for name, data in _nodes(graph, "Intent"):
        chosen = sum(times for _, times in _choices(graph, name))
        if data["clients"] >= min_clients and chosen / data["searches"] <= max_share:
            found.add((data["id"], chosen))
    return found


def _contested_intents(graph: Graph, min_artifacts: int) -> Rows:
    found = set()
    for name, data in _nodes(graph, "Intent"):
        artifacts = {artifact for artifact, times in _choices(graph, name) if times}
        if len(artifacts) >= min_artifacts:
            found.add((data["id"], len(artifacts)))
    return found


def _bridging_capabilities(graph: Graph, min_intents: int) -> Rows:
    chosen = nx.Graph(
        (start, end)
        for start, end, key, data in graph.edges(keys=True, data=True)
        if key == "MATCHED/observed" and data.get("times_matched") and end.startswith("Capability:")
    )
    found = set()
    for name in (name for name in chosen if name.startswith("Capability:")):
        if chosen.degree(name) >= min_intents:
            own = graph.nodes[name]["artifact_id"]
            two_away = nx.descendants_at_distance(chosen, name, 2)
            rivals = {graph.nodes[other]["artifact_id"] for other in two_away} - {own}
            found.add((graph.nodes[name]["id"], chosen.degree(name), len(rivals)))
    return found


def _one_way_alternatives(graph: Graph, max_place: int) -> Rows:
    edges = [(a, b, data["place"]) for a, b, key, data in graph.edges(keys=True, data=True) if key == "ALTERNATIVE_TO"]
    digraph = nx.DiGraph((a, b) for a, b, _ in edges)
    return {
        (graph.nodes[a]["id"], graph.nodes[b]["id"])
        for a, b, place in edges
        if place <= max_place and not digraph.has_edge(b, a)
    }


def _loses_to_one_rival(graph: Graph, min_clients: int) -> Rows:
    lost = nx.DiGraph(
        (a, b)
        for a, b, key, data in graph.edges(keys=True, data=True)
        if key == "COMPARED_WITH" and data["clients"] >= min_clients and _beaten(data["wins"], data["losses"])
    )
    return {
        (graph.nodes[a]["id"], graph.nodes[next(lost.successors(a))]["id"]) for a in lost if lost.out_degree(a) == 1
    }


def _beaten(wins: int, losses: int) -> bool:
    """Sign test, p below 0.05: chi squared of one degree of freedom, 3.84."""
    return losses > wins and 25 * (losses - wins) ** 2 >= 96 * (losses + wins)


WALKS: Final = {
    "demand-without-supply": Walk(
        {"min_clients": 4, "max_share": 0.4}, ("intent_id", "chosen"), _demand_without_supply
    ),
    "contested-intents": Walk({"min_artifacts": 2}, ("intent_id", "artifacts"), _contested_intents),
    "bridging-capabilities": Walk({"min_intents": 2}, ("capability_id", "intents", "rivals"), _bridging_capabilities),
    "one-way-alternatives": Walk({"max_place": 3}, ("artifact_id", "other_id"), _one_way_alternatives),
    "loses-to-one-rival": Walk({"min_clients": 5}, ("artifact_id", "rival_id"), _loses_to_one_rival),
}
