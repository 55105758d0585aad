"""The phrases that several pages share: how a rank, a price or a body of evidence is put into words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from api.render.numbers import NO_VALUE, NOT_KNOWN, interval, ordinal, percent, rounded, window
from graph.phrasing import counted
from graph.vocabulary import ARTIFACT_TYPES

Answer: TypeAlias = Mapping[str, Any]
"""An answer, or a part of one, as JSON-like data (design section 8)."""

PART_TITLES: Final = {
    "adoption": "Adoption",
    "quality": "Quality",
    "ecosystem": "Ecosystem",
    "match_graph": "Match graph",
    "freshness": "Freshness",
}
SIMULATED: Final = "simulated log"
SIMULATED_NOTE: Final = (
    "The searches behind these numbers come from a simulated log, not from people. They show how matchgraph "
    "works, not which artifact is better."
)
_PRICING_TITLES: Final = {
    "free": "Free",
    "freemium": "Free tier, paid beyond",
    "paid": "Paid",
    "open_source": "Open source",
}


def type_title(artifact_type: str | None) -> str:
    """Write an artifact type; types outside the vocabulary stay as they are."""
    return NOT_KNOWN if artifact_type is None else ARTIFACT_TYPES.get(artifact_type, artifact_type)


def part_title(part: str) -> str:
    """Write the name of a part of the rank."""
    return PART_TITLES.get(part, part)


def rank_phrase(side: Answer) -> str:
    """Write a rank with its interval.

    >>> rank_phrase({"rank": 58.14, "low": 51, "high": 64.2})
    '58.1/100 (51.0 to 64.2)'
    """
    if side.get("rank") is None:
        return NOT_KNOWN
    return f"{rounded(side['rank'])}/100 ({interval(side.get('low'), side.get('high'))})"


def place_phrase(side: Answer, name: str = "place") -> str:
    """Write a place with its range. `name`: of the place's key.

    >>> place_phrase({"place": 4, "place_low": 3, "place_high": 6})
    '4th (3rd to 6th)'
    """
    place, low, high = (side.get(f"{name}{end}") for end in ("", "_low", "_high"))
    if place is None:
        return NOT_KNOWN
    if low is None or high is None or low == high:
        return ordinal(place)
    return f"{ordinal(place)} ({ordinal(low)} to {ordinal(high)})"


def pricing_phrase(side: Answer) -> str:
    """Write the pricing model and the price as far as they are known."""
    pricing = side.get("pricing") or {}
    model = pricing.get("model")
    known = [_PRICING_TITLES.get(model, model) if model and model != "unknown" else None, pricing.get("price")]
    phrase = ", ".join(text for text in known if text) or NOT_KNOWN
    return f"{phrase} (its source contradicts itself)" if pricing.get("contradictory") else phrase


def matched_phrase(side: Answer) -> str:
    """Write how often something was matched, by how many clients, when, and whether the log is simulated.

    >>> matched_phrase({"times_matched": 12, "clients": 9, "first_seen": "2026-09-02", "last_seen": "2026-10-31"})
    '12 times by 9 clients, 2026-09-02 to 2026-10-31'
    """
    times = side.get("times_matched")
    if times is None:
        return NOT_KNOWN
    if times == 0:
        return "never so far"
    phrase = f"{counted(times, 'time')} by {counted(side.get('clients') or 0, 'client')}"
    if side.get("first_seen") is not None:
        phrase += f", {window(side['first_seen'], side.get('last_seen'))}"
    return f"{phrase} ({SIMULATED})" if side.get("simulated") else phrase


def other_names_phrase(others: Sequence[Answer], together: Answer | None = None) -> str:
    """Write under which other names a thing is known, how often each was matched, and all names together.

    `together`: the counts of all names, each client and each match counted once; None leaves them out.

    >>> flux = {"name": "Flux", "artifact_id": "acme/flux", "times_matched": 5, "clients": 4}
    >>> other_names_phrase([flux], {"times_matched": 16, "clients": 11})
    'Flux (acme/flux), matched 5 times by 4 clients; all names together 16 times by 11 clients'
    """
    said = []
    for each in others:
        matched = f", matched {matched_phrase(each)}" if each["times_matched"] else ""
        said.append(f"{each['name']} ({each['artifact_id']}){matched}")
    if together is not None and any(each["times_matched"] for each in others):
        counts = {name: together[name] for name in ("times_matched", "clients")}
        said.append(f"all names together {matched_phrase(counts)}")
    return "; ".join(said)


def completeness_phrase(side: Answer) -> str:
    """Write which share of the rank's weight rests on known parts."""
    share = side.get("completeness")
    return NOT_KNOWN if share is None else f"{percent(share)} of the weight is known"


def strength_phrase(strength: float | None, low: float | None, high: float | None) -> str:
    """Write a strength with its interval.

    >>> strength_phrase(0.4251, 0.3, 0.56), strength_phrase(None, None, None)
    ('0.43 (0.30 to 0.56)', '—')
    """
    return NO_VALUE if strength is None else f"{rounded(strength, 2)} ({interval(low, high, 2)})"


def need_phrase(text: str | None, k_anonymity: int | None) -> str:
    """Write the text of a need, or why it is not shown.

    >>> need_phrase("cut out people", 5), need_phrase(None, 5)
    ('cut out people', 'withheld (fewer than 5 clients)')
    """
    return known(text) if text or k_anonymity is None else f"withheld (fewer than {k_anonymity} clients)"


def known(text: str | None) -> str:
    """Write a text that may not be known."""
    return text or NOT_KNOWN
