"""The neighbourhood of an artifact as a drawing: needs on the left, alternatives and complements on the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from api.pages.site import artifact_path
from api.render.numbers import rounded
from graph.phrasing import counted
from queries.answers.list_shapes import WEAK_ALTERNATIVE
from queries.answers.names import resolve_artifact
from queries.answers.one_thing import one_each
from queries.answers.related import related
from queries.answers.show import top_edges

MAX_ON_A_SIDE: Final = 12
ROW: Final = 34
LEFT: Final = 340
RIGHT: Final = 620
THICKEST: Final = 9


@dataclass(frozen=True)
class Node:
    """A neighbour, where it stands, and how thick the line to it is."""

    kind: str
    label: str
    path: str
    detail: str
    x: int
    y: int
    width: float


@dataclass(frozen=True)
class Neighbourhood:
    """An artifact in the middle, its neighbours around it."""

    artifact_id: str
    nodes: list[Node]
    height: int


def neighbourhood(snapshot: Any, name: str) -> Neighbourhood:
    """Return the neighbours of an artifact (id or name). Needs whose text is withheld are left out."""
    artifact_id = resolve_artifact(snapshot, name)
    needs = [edge for edge in top_edges(snapshot, artifact_id) if edge["kind"] == "observed" and edge["intent"]]
    strongest = {edge["intent_id"]: edge for edge in reversed(needs)}  # top_edges begins with the most matched
    needs = [edge for edge in needs if strongest[edge["intent_id"]] is edge][:MAX_ON_A_SIDE]
    instead = [each for each in related(snapshot, artifact_id, "alternative") if each.score >= WEAK_ALTERNATIVE]
    together = related(snapshot, artifact_id, "complement")
    others = [("alternative", each) for each in one_each(snapshot, instead)[: MAX_ON_A_SIDE * 2 // 3]]
    others += [("complement", each) for each in one_each(snapshot, together)[: MAX_ON_A_SIDE // 3]]
    height = ROW * (max(len(needs), len(others), 3) + 1)
    most = max((edge["times_matched"] for edge in needs), default=1) or 1
    left = [_need(edge, most, y) for edge, y in zip(needs, _places(needs, height), strict=True)]
    right = [_other(kind, each, y) for (kind, each), y in zip(others, _places(others, height), strict=True)]
    return Neighbourhood(artifact_id, left + right, height)


def _places(things: Sequence[Any], height: int) -> list[int]:
    """Return where things stand that are spread evenly over a height."""
    return [round(height * (place + 1) / (len(things) + 1)) for place in range(len(things))]


def _need(edge: Mapping[str, Any], most: int, y: int) -> Node:
    times = edge["times_matched"] or 0
    width = round(1 + (THICKEST - 1) * times / most, 1)
    return Node(
        "need",
        edge["intent"],
        f"/intents/{quote(edge['intent_id'])}",
        f"{counted(times, 'time')} matched",
        LEFT,
        y,
        width,
    )


def _other(kind: str, other: Any, y: int) -> Node:
    width = round(1 + (THICKEST - 1) * min(1.0, other.score), 1)
    return Node(kind, other.name, artifact_path(other.artifact_id), f"score {rounded(other.score, 2)}", RIGHT, y, width)
