"""False victories on shuffled clicks: how often "A beats B" is said of things that are equal by construction.

Reads the small release of the Open Bandit Dataset (Saito, Aihara, Matsutani & Narita 2021, arXiv 2008.07146).
"""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from queries.evidence.click_models import fit_ips, fit_pbm
from queries.evidence.intervals import probability_greater

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

LEVEL = 0.95


@dataclass(frozen=True)
class Impressions:
    """One element for each impression."""

    item: IntArray
    position: IntArray
    clicked: IntArray
    propensity: FloatArray


@dataclass(frozen=True)
class FalseVictories:
    """What was said of shuffled clicks."""

    model: str
    pairs: float
    """Share of (shuffle, pair) with "A beats B" or "B beats A"."""
    any_pair: float
    """Share of shuffles with any such claim at all."""


def read_impressions(folder: Path, policy: str) -> Impressions:
    """Read the impressions shown under one policy (`random` or `bts`)."""
    with gzip.open(folder / "impressions.csv.gz", "rt", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["policy"] == policy]
    _, item = np.unique([row["artifact_id"] for row in rows], return_inverse=True)
    return Impressions(
        item.astype(np.int64),
        np.array([int(row["position"]) for row in rows]),
        np.array([int(row["click"]) for row in rows]),
        np.array([float(row["propensity"]) for row in rows]),
    )


def false_victories(shown: Impressions, model: str, seed: int, shuffles: int) -> FalseVictories:
    """Shuffle the clicks within each position, fit `pbm` or `ips`, and count claims at the 95 % level."""
    rng = np.random.default_rng(seed)
    pairs = claimed = total = 0.0
    for _ in range(shuffles):
        hits, misses = _posterior(shown, _shuffled(shown, rng), model)
        beats = probability_greater(hits[:, None], misses[:, None], hits[None, :], misses[None, :]) >= (1 + LEVEL) / 2
        np.fill_diagonal(beats, False)
        claimed += float(beats.sum())
        pairs += len(hits) * (len(hits) - 1) / 2
        total += float(beats.any())
    return FalseVictories(model, claimed / pairs, total / shuffles)


def _shuffled(shown: Impressions, rng: np.random.Generator) -> IntArray:
    clicked = shown.clicked.copy()
    for position in np.unique(shown.position):
        at = np.flatnonzero(shown.position == position)
        clicked[at] = clicked[rng.permutation(at)]
    return clicked


def _posterior(shown: Impressions, clicked: IntArray, model: str) -> tuple[FloatArray, FloatArray]:
    if model == "pbm":
        fit = fit_pbm(shown.item, shown.position, np.ones_like(clicked), clicked)
        return fit.hits, fit.misses
    weighted = fit_ips(shown.item, shown.propensity, clicked)
    strength = weighted.effective_exposure + weighted.prior.strength
    return weighted.rate * strength, (1 - weighted.rate) * strength
