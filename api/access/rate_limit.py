"""How many requests a caller has left: a token bucket for each key or address.

A bucket holds a minute's worth of requests and fills evenly, so short bursts pass and a steady excess does not.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import Final

MAX_BUCKETS: Final = 100_000
"""Beyond this the caller heard of longest ago is forgotten, that is, gets a full bucket again."""


@dataclass(frozen=True)
class Allowance:
    """What a caller may still do."""

    limit: int
    """Requests a minute."""
    remaining: int
    reset_seconds: int
    """Until the bucket is full again."""
    retry_seconds: int
    """Until the next request is allowed; 0 if this one was."""


class RateLimiter:
    """Token buckets by name; all limits are requests a minute."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str, limit: int, now: float) -> Allowance:
        """Take one request from a bucket. `now`: seconds of any clock that never goes back."""
        per_second = limit / 60
        filled, at = self._buckets.pop(name, (float(limit), now))
        filled = min(limit, filled + (now - at) * per_second)
        allowed = filled >= 1
        filled -= allowed
        self._buckets[name] = (filled, now)
        if len(self._buckets) > MAX_BUCKETS:
            self._buckets.popitem(last=False)
        reset = ceil((limit - filled) / per_second)
        return Allowance(limit, int(filled), reset, 0 if allowed else max(1, ceil((1 - filled) / per_second)))


@lru_cache(maxsize=10_000)
def network_of(address: str) -> str:
    """Return what counts as one caller: an IPv4 address, or the /64 prefix of an IPv6 address.

    >>> network_of("203.0.113.7"), network_of("2001:db8:1:2:3::4"), network_of("::ffff:203.0.113.7")
    ('203.0.113.7', '2001:db8:1:2', '203.0.113.7')
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return ":".join(f"{int(part, 16):x}" for part in parsed.exploded.split(":")[:4])
    return str(parsed)
