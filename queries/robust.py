"""How much may one client say? Weights of matches whose total is concave and bounded, however busy the client.

A match is a distinct (client, day, intent, artifact). Let n_a be a client's matches for artifact a. Each weighs

    A / (A + n_a − 1) · C / (C + T − 1),     T = Σ_a n_a · A / (A + n_a − 1)

so a first match weighs 1, a client's matches for one artifact together weigh less than A, and all of them less than C.
The form n · A / (A + n − 1) is the saturation of BM25's term frequency (Robertson & Zaragoza 2009, section 3.4),
scaled to 1 at n = 1: it rises with n, ever more slowly. A client's weights depend on nothing but its own matches:
adding or erasing a client changes no other weight.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from graph.errors import WrongUse

IntArray = npt.NDArray[np.int64]

ASKS_PER_INTENT: Final = 2
"""So many days on which a client asked for one intent count in a period (`queries.decay`), the earliest ones. Who asks
the same again mostly wants, and chooses, the same again: a third time says little that is new."""
ASKS_PER_CLIENT: Final = 60
"""So many of a client's asks count in a period, all intents together, the earliest ones: about two in three days. That
is room for busy people; what bounds a client narrowly is the limit for each intent."""
NETWORK_FACTOR: Final = 10
"""Where the network (prefix of the address) of searches is known, all of its clients together count for at most so
many times as many asks as one: an office has many people, and so has a farm of made-up clients."""

VERDICTS_PER_CLIENT: Final = 4
"""So many outcomes of a client's uses of one thing count in a period, the earliest ones."""

CLIENT_LIMIT: Final = 50
"""C: the matches of one client together weigh less than this."""
ARTIFACT_LIMIT: Final = 4
"""A: the matches of one client for one artifact together weigh less than this."""
UNIT: Final = 1 << 20
"""Weights are integers, this one being 1, so that sums do not depend on their order."""


def match_weights(client: npt.ArrayLike, artifact: npt.ArrayLike) -> IntArray:
    """Weight of each match in units of 1 / `UNIT`: two (n,) integer arrays in, (n,) integers out, each at least 0.

    One row for each distinct (client, day, intent, artifact), in any order; the caller drops repeats, which is what
    makes replayed events worthless.
    """
    c, a = np.asarray(client, np.int64), np.asarray(artifact, np.int64)
    if len(c) != len(a):
        raise WrongUse(f"client and artifact must be equally long, not {len(c)} and {len(a)}.")
    _, who = np.unique(c, return_inverse=True)
    pair, matches = _pairs(who, a)
    for_pair = UNIT * ARTIFACT_LIMIT // (ARTIFACT_LIMIT + matches - 1)
    first = np.unique(pair, return_index=True)[1]
    total = np.zeros(int(who.max(initial=-1)) + 1, np.int64)
    np.add.at(total, who[first], (UNIT * ARTIFACT_LIMIT * matches // (ARTIFACT_LIMIT + matches - 1))[first])
    room = UNIT * CLIENT_LIMIT
    weights: IntArray = for_pair * room // (room + total[who] - UNIT)
    return weights


def _pairs(who: IntArray, artifact: IntArray) -> tuple[IntArray, IntArray]:
    """Number the distinct (client, artifact) pairs; the number of each row's pair, and that pair's rows: (n,) both."""
    columns = np.column_stack([who, artifact])
    _, pair, sizes = np.unique(columns, axis=0, return_inverse=True, return_counts=True)
    return pair.ravel().astype(np.int64), sizes[pair.ravel()].astype(np.int64)


def support(client: npt.ArrayLike, artifact: npt.ArrayLike, artifacts: int) -> IntArray:
    """Weighted matches of each artifact in units of 1 / `UNIT`: (artifacts,). Artifacts count from 0.

    No client changes any element by `ARTIFACT_LIMIT` units or more, nor the sum of its own additions by `CLIENT_LIMIT`.
    """
    total = np.zeros(artifacts, np.int64)
    np.add.at(total, np.asarray(artifact, np.int64), match_weights(client, artifact))
    return total
