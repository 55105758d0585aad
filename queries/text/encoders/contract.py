"""What an encoder is, and how the one of a home is found.

The encoder that comes with matchgraph is `queries.text.encoders.token_table`; `minilm` is an extra. Another one is
named `module:object`; the object is an `Encoder`, or a function without parameters that returns one. It is needed at
`recompute` and by whatever answers searches from the snapshot.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from typing import Final, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from graph.errors import WrongUse

BUILT_IN: Final = "queries.text.encoders.token_table:token_table_2"

EXTRAS: Final = {"minilm": "queries.text.encoders.minilm:minilm_1"}
"""Short names of encoders that are installed as extras, and the names that snapshots record."""

Vectors = npt.NDArray[np.float32]


@runtime_checkable
class Encoder(Protocol):
    """Gives texts of like meaning vectors of a large product. Equal texts must always get equal vectors."""

    dimensions: int
    """Length of a vector; a multiple of 64 makes full use of what is stored."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return a vector of length 1 for each text (n, dimensions), zeros where it says nothing of the text."""
        ...


def full_name(name: str) -> str:
    """Return the `module:object` that a short name stands for; any other name as it is."""
    return EXTRAS.get(name, name)


@lru_cache(maxsize=4)
def open_encoder(name: str) -> Encoder:
    """Return the encoder called `module:object`; raises `WrongUse` if there is none."""
    module, _, attribute = name.partition(":")
    try:
        found = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise WrongUse(
            f"There is no encoder {name!r} ({error}). "
            f"Give {', '.join(EXTRAS)}, or MODULE:OBJECT of an installed package."
        ) from error
    try:
        encoder = found if isinstance(found, Encoder) and not isinstance(found, type) else found()
    except TypeError:
        encoder = None
    if not isinstance(encoder, Encoder):
        raise WrongUse(f"{name!r} is no encoder: it needs `dimensions` and `encode(texts)`, see docs/search.md.")
    return encoder
