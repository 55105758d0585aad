"""What does it cost to lift an artifact by one place? Attacks on counts of matches, before and after `queries.robust`.

    python -m bench.attacks

Honest people: 4,000 clients over 90 days with Zipf-like activity choose among 12 artifacts. The attacker lifts
the one at place 6. *Events* counts every choice in the log; *times matched* counts one for each (client, day, intent);
*support* weighs these as `queries.robust` does. Cost: the least effort, in the attack's own unit, for one place up.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from queries.robust import ARTIFACT_LIMIT, UNIT, support

IntArray = npt.NDArray[np.int64]

ARTIFACTS, INTENTS, DAYS, CLIENTS, PLACE = 12, 60, 90, 4_000, 6
MOST_EFFORT = 1 << 15


@dataclass(frozen=True)
class Choices:
    """One element for each choice in the log."""

    client: IntArray
    day: IntArray
    intent: IntArray
    artifact: IntArray

    def joined(self, other: Choices) -> Choices:
        """These choices and others."""
        names = ("client", "day", "intent", "artifact")
        return Choices(*(np.append(getattr(self, name), getattr(other, name)) for name in names))

    def matches(self) -> Choices:
        """One for each distinct (client, day, intent, artifact)."""
        rows = np.unique(np.column_stack([self.client, self.day, self.intent, self.artifact]), axis=0)
        return Choices(*rows.T)


def honest(seed: int) -> Choices:
    """Draw what honest people chose; artifact 0 is the most popular."""
    rng = np.random.default_rng(seed)
    events = rng.zipf(2.0, CLIENTS).clip(max=60)
    client = np.repeat(np.arange(CLIENTS), events)
    popularity = 1 / np.arange(3, ARTIFACTS + 3)
    artifact = rng.choice(ARTIFACTS, len(client), p=popularity / popularity.sum())
    return Choices(client, rng.integers(0, DAYS, len(client)), rng.integers(0, INTENTS, len(client)), artifact)


Attack = Callable[[int, int], Choices]
"""Effort and target in, the attacker's choices out."""


def click_farm(effort: int, target: int) -> Choices:
    """`effort` new clients, one choice each."""
    return _choices(CLIENTS + np.arange(effort), np.zeros(effort), np.zeros(effort), target)


def self_click(effort: int, target: int) -> Choices:
    """One client chooses its own artifact `effort` times on one day, each time for another need."""
    return _choices(np.full(effort, CLIENTS), np.zeros(effort), np.arange(effort), target)


def replay(effort: int, target: int) -> Choices:
    """One choice of one client is sent `effort` times."""
    return _choices(np.full(effort, CLIENTS), np.zeros(effort), np.zeros(effort), target)


def slow_drip(effort: int, target: int) -> Choices:
    """One client chooses once a day, for `effort` days."""
    return _choices(np.full(effort, CLIENTS), np.arange(effort), np.zeros(effort), target)


def ring(effort: int, target: int) -> Choices:
    """`effort` clients choose their five artifacts, all for each other, on each of thirty days; the target is one."""
    client = np.repeat(CLIENTS + np.arange(effort), 150)
    artifact = np.tile((target + np.arange(0, 10, 2)) % ARTIFACTS, 30 * effort)
    day = np.tile(np.repeat(np.arange(30), 5), effort)
    return Choices(client, day, np.zeros(len(client), np.int64), artifact)


def _choices(
    client: npt.NDArray[np.generic], day: npt.NDArray[np.generic], intent: npt.NDArray[np.generic], target: int
) -> Choices:
    who, when, what = (column.astype(np.int64) for column in (client, day, intent))
    return Choices(who, when, what, np.full(len(client), target, np.int64))


ATTACKS: dict[str, tuple[Attack, str]] = {
    "click farm": (click_farm, "clients"),
    "ring": (ring, "clients"),
    "self-click": (self_click, "needs"),
    "replay": (replay, "events"),
    "slow drip": (slow_drip, "days"),
}


def by_events(choices: Choices) -> IntArray:
    """Choices of each artifact, as a naive directory counts them."""
    return np.bincount(choices.artifact, minlength=ARTIFACTS).astype(np.int64)


def by_times_matched(choices: Choices) -> IntArray:
    """Distinct (client, day, intent) of each artifact."""
    return by_events(choices.matches())


def by_support(choices: Choices) -> IntArray:
    """Weighted matches of each artifact, in units of 1 / `UNIT`."""
    matches = choices.matches()
    return support(matches.client, matches.artifact, ARTIFACTS)


SCORES: dict[str, Callable[[Choices], IntArray]] = {
    "events": by_events,
    "times matched": by_times_matched,
    "support": by_support,
}


def cost_of_one_place(people: Choices, attack: Attack, score: Callable[[Choices], IntArray], target: int) -> int | None:
    """Least effort after which fewer artifacts stand above the target; None if `MOST_EFFORT` is not enough."""

    def above(effort: int) -> int:
        found = score(people.joined(attack(effort, target)) if effort else people)
        return int(np.sum(found > found[target]))

    before, low, high = above(0), 0, 1
    while above(high) >= before:
        low, high = high, high * 2
        if high > MOST_EFFORT or (attack is ring and high > CLIENTS // 4):
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if above(middle) < before else (middle, high)
    return high


def largest_effect(people: Choices, target: int) -> float:
    """The most that any single attacking client adds to the target's support, over all attacks of one client."""
    before = by_support(people)[target]
    lone = (self_click, replay, slow_drip)
    return max(float(by_support(people.joined(attack(5_000, target)))[target] - before) / UNIT for attack in lone)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    people = honest(parser.parse_args().seed)
    target = int(np.argsort(-by_support(people), kind="stable")[PLACE - 1])
    print(f"{'cost of one place':18}" + "".join(f"{name:>16}" for name in SCORES))
    for name, (attack, unit) in ATTACKS.items():
        costs = [cost_of_one_place(people, attack, score, target) for score in SCORES.values()]
        shown = "".join(f"{'never' if cost is None else f'{cost:,}':>16}" for cost in costs)
        print(f"{name:18}{shown}  {unit}")
    print(f"largest effect of one client on support: {largest_effect(people, target):.2f}, bound {ARTIFACT_LIMIT}")


if __name__ == "__main__":
    main()
