"""How far one artifact is an alternative to another: the signs that say so, joined to one score.

Each sign k has a value v_k between 0 and 1 and a weight w_k:

    score = f u (1 - Π_k (1 - w_k v_k)),

the probability that at least one sign is right if sign k is right with probability w_k v_k and they err independently
(noisy-or; Pearl 1988, "Probabilistic Reasoning in Intelligent Systems", section 4.3.2). One strong sign suffices,
several weak ones add up, and an artifact that nobody has searched for yet is still found by what it says. f lowers the
score of unlike types: a data set of street scenes is no substitute for a model that was trained on it. u between
0.9 and 1 is larger for the one that more people use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.integer[Any]]

METHOD: Final = "alternatives/8"

WEIGHTS: Final = {"text": 0.8, "concept": 0.7, "co_choice": 0.8, "stated": 0.8, "expected": 0.5}
"""How far each sign is trusted alone."""

OTHER_TYPE: Final = 0.8
OTHER_KIND: Final = 0.3
PASSIVE_TYPES: Final = {"dataset": "data", "benchmark": "benchmark", "prompt": "prompt", "template": "template"}
"""Types that are not run by themselves, by kind; all others are programs or services that do something."""

ADOPTION_SHARE: Final = 0.1
"""Of alternatives that are else alike those come first that more people use: one that nobody uses loses this share."""

FULL_ADOPTION: Final = {"stars": 1e5, "likes": 1e4, "downloads": 1e7}
"""Figures at which an artifact counts as widely used in full."""


def type_factors(types: Sequence[str | None], left: IntArray, right: IntArray) -> FloatArray:
    """Return f for pairs of artifacts, given by their places in `types`.

    1 for the same type, `OTHER_TYPE` for another, `OTHER_KIND` for another kind of thing.
    """
    names = [each or "" for each in types]
    kinds = [PASSIVE_TYPES.get(each, "active") for each in names]
    type_codes, kind_codes = (np.unique(each, return_inverse=True)[1] for each in (names, kinds))
    alike = np.where(type_codes[left] == type_codes[right], 1.0, OTHER_TYPE)
    return np.where(kind_codes[left] == kind_codes[right], alike, OTHER_KIND)


def use_factors(artifacts: Sequence[Mapping[str, Any]], *, told: bool) -> FloatArray:
    """Return u of artifacts, from the largest a of ln(1 + figure) / ln(1 + `FULL_ADOPTION`): 1 - 0.1 (1 - a).

    This only decides between alternatives that are else alike: where others have figures (`told`), one without counts
    as unused. Where nobody has any all are 1.
    """
    if not told:
        return np.ones(len(artifacts))
    used = np.zeros(len(artifacts))
    for name, full in FULL_ADOPTION.items():
        figures = np.array([row[name] or 0 for row in artifacts], np.float64)
        used = np.maximum(used, np.minimum(1.0, np.log1p(figures) / np.log1p(full)))
    return 1 - ADOPTION_SHARE * (1 - used)


def has_figures(artifact: Mapping[str, Any]) -> bool:
    """Say whether an artifact has any figure of use above zero."""
    return any(artifact[name] for name in FULL_ADOPTION)
