"""How much each witness counts when hits are ranked: words, meaning, and what similar past searches chose.

    fused = words + w₁ · meaning + w₂ · neighbours + w₃ · asked

The prior weights were fitted on public data sets. A home with a log moves them as far as its log speaks for it: its
past searches, each asked again as if it had not been logged, give the weights of largest posterior probability under
a conditional logit (McFadden 1974; the "right" hit is chosen from those found) with a Gaussian prior around the
constants. So ten past searches move little, a thousand decide. Words and meaning keep their proportion: what a log
chose was found by some search before, so a log flatters whatever that search went by.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from graph.errors import DamagedHome

Matrix = npt.NDArray[np.float64]

WITNESSES: Final = (
    "words",  # BM25 as a share of the query's mass, 0 to about 2
    "meaning",  # cosine in standard deviations above the mean document's, from 0
    "neighbours",  # square root of what similar past searches chose, 0 to 1.4
    "asked",  # cosine with what the document was chosen for, damped, 0 to 1
    "wordings",  # BM25 of the needs that the document was chosen for, as a share of the query's weight, 0 to about 2
)
FILE: Final = "fusion.json"
SHARPNESS: Final = 7.0
"""Prior of the logit's slope: what the fused score is multiplied with before the soft maximum."""

SPREAD: Final = 0.2
"""Standard deviation of a weight's prior, as a share of the weight."""

Example = tuple[Matrix, npt.NDArray[np.bool_]]
"""Witnesses (n, len(WITNESSES)) of the hits of one search, and which of them are right (n,)."""


class Fusion(msgspec.Struct, frozen=True):
    """Weights of the witnesses, that of words being 1."""

    weights: tuple[float, ...]
    method: str
    """`prior`, or `log` where the home's own searches moved them."""
    searches: int = 0

    def fused(self, witnesses: Matrix) -> Matrix:
        """Return the fused scores (n,) of hits with witnesses (n, len(WITNESSES))."""
        found: Matrix = witnesses @ np.array(self.weights)
        return found


PRIOR: Final = Fusion((1.0, 0.08, 1.0, 0.6, 0.5), "prior")


def fit_fusion(examples: Sequence[Example], counts: Sequence[float] | None = None) -> Fusion:
    """Return the weights of largest posterior probability; searches without a right or a wrong hit say nothing.

    `counts`: for how many searches each counts, by default 1.
    """
    counted = zip(examples, [1.0] * len(examples) if counts is None else counts, strict=True)
    telling = [(example, count) for example, count in counted if 0 < example[1].sum() < len(example[1])]
    if not telling:
        return PRIOR
    witnesses = np.concatenate([found for (found, _), _ in telling])
    right = np.concatenate([labels for (_, labels), _ in telling])
    lengths = [len(labels) for (_, labels), _ in telling]
    starts = np.cumsum([0, *lengths[:-1]])
    of_search = np.array([count for _, count in telling])
    of_hit = np.repeat(of_search, lengths)
    text = witnesses[:, :2] @ np.array(PRIOR.weights[:2])
    from scipy.optimize import minimize  # a third of a second, which those who only search need not spend

    inputs = np.column_stack([text, witnesses[:, 2:]])
    centre = SHARPNESS * np.array([1.0, *PRIOR.weights[2:]])

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        logits = inputs @ weights
        every, of_every = _log_sums(logits, starts)
        correct, of_correct = _log_sums(np.where(right, logits, -np.inf), starts)
        off = (weights - centre) / (SPREAD * centre)
        slope = inputs.T @ (of_hit * (of_every - of_correct)) + off / (SPREAD * centre)
        return float(of_search @ (every - correct) + off @ off / 2), slope

    bounds = [(1.0, None), *[(0.0, None)] * (len(centre) - 1)]
    found = minimize(loss, centre, jac=True, method="L-BFGS-B", bounds=bounds).x
    learned = (found[1:] / found[0]).round(4).tolist()
    return Fusion((*PRIOR.weights[:2], *learned), "log", len(telling))


def _log_sums(logits: Matrix, starts: npt.NDArray[np.int64]) -> tuple[Matrix, Matrix]:
    """Return log Σ exp of every search's logits, and each hit's share of its sum."""
    lengths = np.diff([*starts.tolist(), len(logits)])
    highest = np.maximum.reduceat(logits, starts)
    raised = np.exp(logits - np.repeat(highest, lengths))
    sums = np.add.reduceat(raised, starts)
    return highest + np.log(sums), raised / np.repeat(sums, lengths)


def write_fusion(path: Path, fusion: Fusion) -> None:
    """Write the weights into the folder of a text index."""
    (path / FILE).write_bytes(msgspec.json.format(msgspec.json.encode(fusion), indent=1))


def read_fusion(path: Path) -> Fusion:
    """Return the weights of a text index, the prior ones if none were fitted; raises `DamagedHome`."""
    file = path / FILE
    if not file.exists():
        return PRIOR
    try:
        return msgspec.json.decode(file.read_bytes(), type=Fusion)
    except (OSError, msgspec.DecodeError) as error:
        raise DamagedHome(f"{file} cannot be read ({error}). Run: matchgraph recompute") from error
