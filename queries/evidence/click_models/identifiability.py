"""Can examination be told from attractiveness at all? Only if the same items were shown at several places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from queries.evidence.click_models.counts import PlaceCounts

LEAST_VARIATION: Final = 0.02
"""Less than this share of differing pairs is too little, unless the clicks that do differ are many."""
MANY_MOVED_CLICKS: Final = 50
"""For each place: so many clicks away from an item's commonest place tell examination however rare they are."""
LEAST_CLICKS: Final = 20


@dataclass(frozen=True)
class Identifiability:
    """Whether places and items can be told apart, and why not."""

    identifiable: bool
    variation: float
    """Probability that two impressions of an item, drawn at random, were at different places."""
    moved_clicks: float
    """Clicks on items away from the place where they were shown most."""
    linked_share: float
    """Share of the impressions at places that items link, directly or through others, with the commonest place."""
    reasons: tuple[str, ...]


def identifiability(counts: PlaceCounts) -> Identifiability:
    """Check that places are linked by common items, that positions vary, and that there are clicks to learn from."""
    shown = counts.by_item(counts.impressions)
    total = float(shown.sum())
    if not total:
        return Identifiability(False, 0.0, 0, 0.0, ("There are no impressions.",))
    squares = counts.by_item(counts.impressions**2)
    same = np.divide(squares, shown, out=np.zeros(counts.items), where=shown > 0)
    variation = float(np.sum(shown - same)) / total
    linked, moved = _linked_share(counts), _moved_clicks(counts)
    moving = variation >= LEAST_VARIATION or moved >= MANY_MOVED_CLICKS * max(counts.places - 1, 1)
    clicks = float(counts.clicks.sum())
    reasons = []
    if not moving:
        reasons.append(f"Items hardly change places: only {variation:.1%} of pairs of impressions differ in place.")
    if linked < 1 - 1e-9:
        reasons.append(f"{1 - linked:.1%} of the impressions are at places that share no item with the others.")
    if clicks < LEAST_CLICKS:
        reasons.append(f"There are only {clicks:.12g} clicks; at least {LEAST_CLICKS} are needed.")
    firm = moving and linked >= 0.5 and clicks >= LEAST_CLICKS
    return Identifiability(firm, variation, moved, linked, tuple(reasons))


def _moved_clicks(counts: PlaceCounts) -> float:
    order = np.lexsort((counts.place, -counts.impressions, counts.item))
    first = np.diff(counts.item[order], prepend=-1) != 0
    return float(counts.clicks[order][~first].sum())


def _linked_share(counts: PlaceCounts) -> float:
    """Share of impressions in the component of the item-place graph that holds the most of them."""
    nodes = counts.items + counts.places
    graph = coo_array((np.ones(len(counts.item)), (counts.item, counts.items + counts.place)), shape=(nodes, nodes))
    _, component = connected_components(graph, directed=False)
    weight = np.bincount(component[counts.item], counts.impressions)
    return float(weight.max() / weight.sum())
