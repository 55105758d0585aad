"""A small log of honest people, and what attackers add to it: searches as the job reads them.

Honest: 400 people over 180 days, with Zipf-like activity, ask for 20 needs and are shown 6 of 12 artifacts in an order
that changes from search to search; clicks follow the position-based model, a third of the choices report whether they
worked.
Every attacker wants one artifact up: it is shown at a place that he likes, chosen, and said to have worked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

ARTIFACTS, INTENTS, DAYS, CLIENTS, SHOWN = 12, 20, 180, 400, 6
FIRST_DAY = 20_430
"""In days since 1970: the first of a period of 90 days."""
DAY_US = 86_400_000_000
ATTACKER = 1_000_000
"""Numbers of attacking clients start here."""


@dataclass(frozen=True)
class Search:
    """One search with what was shown, chosen and said of it."""

    client: int
    day: int
    intent: int
    shown: tuple[int, ...]
    """Artifacts by place, the first place first."""
    chosen: tuple[int, ...] = ()
    worked: bool | None = None
    """What the calls of the chosen artifacts report."""
    network: int | None = None


@dataclass
class Attack:
    """How an attacker turns effort into searches."""

    name: str
    unit: str
    """What effort counts."""
    searches: Callable[[int, int], list[Search]] = field(repr=False)
    """Effort and target in."""


def honest(seed: int) -> list[Search]:
    """Draw what honest people did; the artifact with the number 0 attracts most."""
    rng = np.random.default_rng(seed)
    attraction = np.linspace(0.6, 0.15, ARTIFACTS)
    works = rng.uniform(0.5, 0.9, ARTIFACTS)
    searches = []
    for client in range(1, CLIENTS + 1):
        for _ in range(int(min(rng.zipf(1.8), 40))):
            intent = int(min(rng.zipf(1.5), INTENTS)) - 1
            order = np.argsort(-(attraction + 0.3 * rng.standard_normal(ARTIFACTS)))[:SHOWN]
            seen = rng.random(SHOWN) < np.arange(1, SHOWN + 1) ** -0.9
            chosen = tuple(int(one) for one in order[seen & (rng.random(SHOWN) < attraction[order])])
            said = bool(rng.random() < works[chosen[0]]) if chosen and rng.random() < 0.33 else None
            shown = tuple(int(one) for one in order)
            searches.append(Search(client, int(rng.integers(DAYS)), intent, shown, chosen, said))
    return searches


def _wanted(client: int, day: int, intent: int, target: int, **more: Any) -> Search:
    """A search in which the target stands at the fifth place, where few look, and is chosen."""
    others = [one for one in range(ARTIFACTS) if one != target][: SHOWN - 1]
    shown = (*others[:4], target, *others[4:])
    return Search(client, day, intent, shown, (target,), True, **more)


def _click_farm(effort: int, target: int) -> list[Search]:
    return [_wanted(ATTACKER + n, DAYS - 1, n % INTENTS, target) for n in range(effort)]


def _network_farm(effort: int, target: int) -> list[Search]:
    return [_wanted(ATTACKER + n, DAYS - 1, 0, target, network=77) for n in range(effort)]


def _ring(effort: int, target: int) -> list[Search]:
    """Clients choose their five artifacts, all for each other, on each of thirty days; the target is one."""
    friends = [(target + step) % ARTIFACTS for step in range(0, 10, 2)]
    return [
        _wanted(ATTACKER + n, DAYS - 30 + day, day % INTENTS, friend)
        for n in range(effort)
        for day in range(30)
        for friend in friends
    ]


def _self_click(effort: int, target: int) -> list[Search]:
    return [_wanted(ATTACKER, DAYS - 1, n % INTENTS, target) for n in range(effort)]


def _replay(effort: int, target: int) -> list[Search]:
    return [_wanted(ATTACKER, DAYS - 1, 0, target) for _ in range(effort)]


def _slow_drip(effort: int, target: int) -> list[Search]:
    return [_wanted(ATTACKER, max(DAYS - 1 - n, 0), n % INTENTS, target) for n in range(effort)]


ATTACKS = (
    Attack("click farm", "clients", _click_farm),
    Attack("farm of one network", "clients", _network_farm),
    Attack("ring", "clients", _ring),
    Attack("self-click", "searches", _self_click),
    Attack("replay", "events", _replay),
    Attack("slow drip", "days", _slow_drip),
)
LONE = ("self-click", "replay", "slow drip")
"""Attacks of a single client."""
