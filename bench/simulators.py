"""Search logs whose truth is known: people who look by position, by cascade, or until satisfied (DBN).

Every knob is a field with its source; every draw comes from one seeded generator.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Truth = Literal["pbm", "cascade", "dbn"]


@dataclass(frozen=True)
class Settings:
    """How the simulated world is made. The first block is the setting of the published figures of this project."""

    intents: int = 300
    artifacts: int = 10
    sessions: int = 120_000
    zipf: float = 1.1
    """Share of intent r is proportional to r^-zipf. Web queries: about 1 (Baeza-Yates & Ribeiro-Neto 2011, 5.2)."""
    examination_power: float = 0.9
    """PBM: P(position k is looked at) = k^-power. Joachims, Swaminathan & Schnabel 2017 (section 6) use 0 to 2."""
    attractiveness: tuple[float, float] = (1.0, 2.0)
    """Beta parameters of each (intent, artifact) pair's attractiveness; mean 1/3."""
    ranker_noise: float = 2.5
    """Lasting error of the logging ranker, in standard deviations of attractiveness: it orders by the sum."""
    session_noise: float = 1.0
    """Error that differs from search to search (personalisation, freshness), same unit: why positions vary."""
    satisfaction: tuple[float, float] = (0.1, 0.5)
    """DBN: P(stop after a click) at attractiveness 0 and 1, linear between them. The "informational" row of
    Hofmann, Schuth, Whiteson & de Rijke 2013 (WSDM, table 3), after Guo, Liu & Wang 2009."""
    continuation: float = 0.9
    """DBN: P(looking on when not satisfied); Chapelle & Zhang 2009 (section 6) found 0.9 best."""


@dataclass(frozen=True)
class Log:
    """Simulated searches. Item = intent · artifacts + artifact; all lists are equally long."""

    attractiveness: FloatArray
    """(intents, artifacts): P(click when looked at), the truth."""
    intent: IntArray
    """(searches,)"""
    item: IntArray
    """(searches, artifacts): the list shown, first position first."""
    clicked: BoolArray
    """(searches, artifacts), in the same order."""

    def rows(self) -> tuple[IntArray, IntArray, IntArray, IntArray]:
        """One row for each thing shown: search, item, position, clicked; four (n,) arrays."""
        searches, length = self.item.shape
        search = np.repeat(np.arange(searches), length)
        position = np.tile(np.arange(1, length + 1), searches)
        return search, self.item.ravel(), position, self.clicked.ravel().astype(np.int64)


def simulate(truth: Truth, seed: int, settings: Settings | None = None) -> Log:
    """Draw a log. The same seed gives the same intents, attractiveness and lists whatever the truth."""
    s = settings or Settings()
    rng = np.random.default_rng(seed)
    alpha = rng.beta(*s.attractiveness, size=(s.intents, s.artifacts))
    share = np.arange(1, s.intents + 1) ** -s.zipf
    intent = rng.choice(s.intents, s.sessions, p=share / share.sum())
    order = _shown_order(alpha, intent, s, rng)
    clicked = _CLICKS[truth](np.take_along_axis(alpha[intent], order, 1), s, rng)
    return Log(alpha, intent, intent[:, None] * s.artifacts + order, clicked)


def _shown_order(alpha: FloatArray, intent: IntArray, s: Settings, rng: np.random.Generator) -> IntArray:
    standard = (alpha - alpha.mean()) / alpha.std()
    lasting = standard + s.ranker_noise * rng.standard_normal(alpha.shape)
    score = lasting[intent] + s.session_noise * rng.standard_normal((len(intent), s.artifacts))
    return np.argsort(-score, axis=1, kind="stable")


def _pbm_clicks(alpha: FloatArray, s: Settings, rng: np.random.Generator) -> BoolArray:
    examination = np.arange(1, s.artifacts + 1) ** -s.examination_power
    clicked: BoolArray = rng.random(alpha.shape) < alpha * examination
    return clicked


def _cascade_clicks(alpha: FloatArray, _: Settings, rng: np.random.Generator) -> BoolArray:
    """Top down until the first click (Craswell, Zoeter, Taylor & Ramsey 2008)."""
    attracted = rng.random(alpha.shape) < alpha
    first: BoolArray = np.logical_and(attracted, np.cumsum(attracted, axis=1) == 1)
    return first


def _dbn_clicks(alpha: FloatArray, s: Settings, rng: np.random.Generator) -> BoolArray:
    """Top down until satisfied by a clicked result, or tired (Chapelle & Zhang 2009)."""
    attracted = rng.random(alpha.shape) < alpha
    low, high = s.satisfaction
    satisfied = attracted & (rng.random(alpha.shape) < low + (high - low) * alpha)
    stops = satisfied | (rng.random(alpha.shape) >= s.continuation)
    stopped_before = np.cumsum(stops, axis=1) - stops > 0
    clicked: BoolArray = np.logical_and(attracted, ~stopped_before)
    return clicked


_CLICKS = {"pbm": _pbm_clicks, "cascade": _cascade_clicks, "dbn": _dbn_clicks}
