"""Groups of things whose rates have a prior of their own: the types of artifacts.

What is usual for a model need not be usual for a prompt. How far a type's prior goes its own way is for the models of
strength and success to learn: where little is known of a type it stays with all others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

IntArray = npt.NDArray[np.int64]

NO_TYPE: Final = 0
"""Stratum of what the catalogue does not describe."""


@dataclass(frozen=True)
class Strata:
    """The stratum of objects and artifacts, by key."""

    key: IntArray
    """Keys in ascending order, each once: (n,)."""
    number: IntArray
    """Their strata, counted from 0: (n,)."""

    def of(self, keys: IntArray) -> IntArray:
        """Return the stratum of each key; `NO_TYPE` for unknown ones: (m,) in and out."""
        if not len(self.key):
            return np.full(len(keys), NO_TYPE, np.int64)
        place = np.minimum(np.searchsorted(self.key, keys), len(self.key) - 1)
        return np.where(self.key[place] == keys, self.number[place], NO_TYPE).astype(np.int64)


ONE_STRATUM: Final = Strata(np.zeros(0, np.int64), np.zeros(0, np.int64))
"""Everything together."""


def type_strata(names: pa.Table, artifacts: pa.Table) -> Strata:
    """Number the types of artifacts, in alphabetical order from 1.

    `names`: object_key, artifact_key of whatever evidence can be about; `artifacts`: object_key, type.
    """
    type_of = dict(zip(artifacts["object_key"].to_pylist(), artifacts["type"].to_pylist(), strict=True))
    number = {name: place for place, name in enumerate(sorted(set(type_of.values()) - {None}), NO_TYPE + 1)}
    of_artifact = {key: number.get(name, NO_TYPE) for key, name in type_of.items()}
    found = {
        key: of_artifact.get(owner, NO_TYPE)
        for key, owner in zip(names["object_key"].to_pylist(), names["artifact_key"].to_pylist(), strict=True)
    }
    found |= of_artifact
    keys = np.array(sorted(found), np.int64)
    return Strata(keys, np.array([found[key] for key in keys.tolist()], np.int64))
