"""How much may one client say? Limits on what counts for strength and success rate; `counting.asks` applies them.

Within a period of 90 days (`queries.counting.decay`) a client's asks and outcomes count in order of time, until a limit
is reached: min(n, limit) is concave in what he does, an integer, and never changed by what comes later. Periods weigh
2^(-age/2), so all that a client ever said weighs less than limit / (1 - 2^(-1/2)) = 3.42 x limit. What that can move at
most is shown in `docs/robustness.md`, and `bench.attacks` tries it.
"""

from __future__ import annotations

from typing import Final

ASKS_PER_INTENT: Final = 2
"""So many days on which a client asked for one intent count in a period (`counting.decay`), the earliest ones. Who asks
the same again mostly wants, and chooses, the same again: a third time says little that is new."""
ASKS_PER_CLIENT: Final = 60
"""So many of a client's asks count in a period, all intents together, the earliest ones: about two in three days. That
is room for busy people; what bounds a client narrowly is the limit for each intent."""
TAUGHT_BY_CLIENT: Final = 4
"""So many of a client's asks in a period, the earliest ones, teach the click model what all things share (how far
people look, what is usual): as many as most clients have at all. All else he says is about the things themselves."""
NETWORK_FACTOR: Final = 10
"""Where the network (prefix of the address) of searches is known, all of its clients together count for at most so
many times as many asks as one: an office has many people, and so has a farm of made-up clients."""

VERDICTS_PER_CLIENT: Final = 4
"""So many outcomes of a client's uses of one thing count in a period, the earliest ones."""
