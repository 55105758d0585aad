"""Click prediction on real logs: learn from half of the sessions, foretell the clicks of the others.

Reads the TREC 2013 Session Track in UBI form. Baseline: the click rate of each rank. Model: PBM whose prior mean
depends on what is known before the list is shown: words of the query in title and snippet, words of the
session's earlier queries, seen before, chosen before, first query of the session. Either first result pages only, as
is usual (Chuklin, Markov & de Rijke 2015, chapter 5), or all ranks. Deeper ranks were seen only by those who turned
the page, who start at its top: so the model's position is that within the page, and the page is one of the features.

`predict` halves the sessions at random, once for each seed. These are sessions on which the model was also chosen; so
`chosen_and_reported` chooses among `VARIANTS` on the earlier half of the sessions alone, learns from it, and foretells
the later half once.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.text import normalise_query
from queries.evidence.click_models import fit_pbm
from queries.evidence.click_models.choose import log_outcome

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

BOOTSTRAPS = 2_000
PAGE = 10
"""Results of a page."""
DEEPEST_PAGE = 5
PSEUDO_IMPRESSIONS = 5.0
"""Each rank's click rate is pulled to the overall one by so many impressions."""


@dataclass(frozen=True)
class Shown:
    """One element for each result shown, in order of session, search and position."""

    session: IntArray
    position: IntArray
    clicked: IntArray
    features: FloatArray


@dataclass(frozen=True)
class Variant:
    """A model of clicks."""

    name: str
    paged: bool
    """Position within the page, and the page as a feature; else position counted through."""
    features: bool
    """Whether words and the session's past enter the prior."""


VARIANTS = tuple(
    Variant(f"{'paged' if paged else 'counted through'}, {'with' if features else 'without'} features", paged, features)
    for paged in (True, False)
    for features in (True, False)
)


@dataclass(frozen=True)
class Reported:
    """What the variant chosen on the earlier sessions did on the later ones."""

    chosen: Variant
    sessions: int
    """How many sessions were foretold."""
    rank_alone: float
    model: float
    low: float
    high: float
    """As in `Prediction`."""


@dataclass(frozen=True)
class Prediction:
    """Perplexities of unseen impressions (2 = a coin, 1 = certain), and their difference's 95 % bootstrap interval."""

    rank_alone: float
    model_without_text: float
    model: float
    low: float
    high: float
    """Ends of the interval of model minus rank alone; below 0 is better."""


def read_shown(folder: Path, deepest: int = 10) -> Shown:
    """Read impressions and clicks, and compute the features of each."""
    pages = {row["id"]: row for row in _read(folder / "artifacts.jsonl.gz")}
    words = {key: (_words(page.get("name")), _words(page.get("description"))) for key, page in pages.items()}
    documents: dict[str, int] = defaultdict(int)
    for title, snippet in words.values():
        for word in title | snippet:
            documents[word] += 1
    rarity = defaultdict(lambda: log(1 + len(words)), {w: log(1 + len(words) / (1 + n)) for w, n in documents.items()})
    rows = [row for session in _sessions(folder) for row in _session_rows(session, words, rarity)]
    rows = [row for row in rows if row[1] <= deepest]
    table = np.array([row[1:] for row in rows], np.float64)
    _, session = np.unique([row[0] for row in rows], return_inverse=True)
    return Shown(session.astype(np.int64), table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2:])


def predict(shown: Shown, seed: int) -> Prediction:
    """Split the sessions in halves, learn from each and foretell the other; bootstrap over sessions, paired."""
    rng = np.random.default_rng(seed)
    sessions = int(shown.session.max()) + 1
    first_half = np.zeros(sessions, np.bool_)
    first_half[rng.permutation(sessions)[: sessions // 2]] = True
    with_features, without_features = VARIANTS[:2]
    likelihood = np.empty((3, len(shown.clicked)))
    for half in (first_half, ~first_half):
        learnt = half[shown.session]
        rates = _rank_rates(shown, learnt)
        for row, chance in enumerate(
            (rates, _model(shown, learnt, without_features), _model(shown, learnt, with_features))
        ):
            likelihood[row, ~learnt] = log_outcome(chance, shown.clicked)[~learnt]
    low, high = _bootstrap(shown.session, likelihood[[0, 2]], rng)
    rank_alone, without, model = np.exp(-likelihood.mean(axis=1))
    return Prediction(float(rank_alone), float(without), float(model), low, high)


def chosen_and_reported(shown: Shown, seed: int) -> Reported:
    """Choose a variant on the earlier half of the sessions, learn from all of that half, foretell the later one."""
    earlier = shown.session < (int(shown.session.max()) + 1) // 2
    early = Shown(shown.session[earlier], shown.position[earlier], shown.clicked[earlier], shown.features[earlier])
    chosen = max(VARIANTS, key=lambda variant: _foretold(early, variant))
    later = ~earlier
    chances = _rank_rates(shown, earlier), _model(shown, earlier, chosen)
    likelihood = np.array([log_outcome(chance, shown.clicked)[later] for chance in chances])
    low, high = _bootstrap(shown.session[later], likelihood, np.random.default_rng(seed))
    rank_alone, model = (float(value) for value in np.exp(-likelihood.mean(axis=1)))
    return Reported(chosen, len(np.unique(shown.session[later])), rank_alone, model, low, high)


def _foretold(shown: Shown, variant: Variant) -> float:
    """Mean log-likelihood of each impression, learnt from the sessions with the other remainder modulo 2."""
    likelihood = np.empty(len(shown.clicked))
    for rest in (0, 1):
        learnt = shown.session % 2 == rest
        likelihood[~learnt] = log_outcome(_model(shown, learnt, variant), shown.clicked)[~learnt]
    return float(likelihood.mean())


def _bootstrap(session: IntArray, likelihood: FloatArray, rng: np.random.Generator) -> tuple[float, float]:
    """Ends of the 95 % interval of the second perplexity less the first, sessions drawn anew; (2, impressions)."""
    _, number = np.unique(session, return_inverse=True)
    sums, sizes = np.array([np.bincount(number, row) for row in likelihood]), np.bincount(number)
    drawn = rng.integers(0, len(sizes), (BOOTSTRAPS, len(sizes)))
    values = np.exp(-sums[:, drawn].sum(axis=2) / sizes[drawn].sum(axis=1))
    low, high = np.percentile(values[1] - values[0], [2.5, 97.5])
    return float(low), float(high)


def _rank_rates(shown: Shown, learnt: npt.NDArray[np.bool_]) -> FloatArray:
    deepest = int(shown.position.max())
    seen = np.bincount(shown.position[learnt], minlength=deepest + 1)
    clicks = np.bincount(shown.position[learnt], shown.clicked[learnt], deepest + 1)
    rate = (clicks + PSEUDO_IMPRESSIONS * shown.clicked[learnt].mean()) / (seen + PSEUDO_IMPRESSIONS)
    by_rank: FloatArray = rate[shown.position]
    return by_rank


def _model(shown: Shown, learnt: npt.NDArray[np.bool_], variant: Variant) -> FloatArray:
    """Chance of each click; items that were not learnt from get the prior, which is what features are for."""
    item, page, position = np.arange(len(shown.clicked)), (shown.position - 1) // PAGE, shown.position
    columns = [shown.features] if variant.features else []
    if variant.paged:
        position = (shown.position - 1) % PAGE + 1
        columns.append(np.column_stack([page > 0, np.minimum(page, DEEPEST_PAGE)]))
    fit = fit_pbm(
        item[learnt],
        position[learnt],
        np.ones(int(learnt.sum()), np.int64),
        shown.clicked[learnt],
        items=len(item),
        features=np.hstack(columns) if columns else None,
        use_placement=False,
    )
    chance: FloatArray = fit.attractiveness * fit.examination[np.minimum(position, len(fit.examination)) - 1]
    return chance


@dataclass
class _Session:
    name: str
    searches: list[dict[str, Any]]
    shown: dict[str, dict[str, int]]
    clicked: dict[str, set[str]]


def _sessions(folder: Path) -> Iterator[_Session]:
    shown: dict[str, dict[str, int]] = defaultdict(dict)
    clicked: dict[str, set[str]] = defaultdict(set)
    for event in _read(folder / "ubi_events.jsonl.gz"):
        where = event["event_attributes"]
        if event["action_name"] == "impression":
            shown[event["query_id"]][where["object"]["object_id"]] = where["position"]["ordinal"]
        elif event["action_name"] == "click":
            clicked[event["query_id"]].add(where["object"]["object_id"])
    searches = defaultdict(list)
    for search in _read(folder / "ubi_queries.jsonl.gz"):
        searches[search["session_id"]].append(search)
    for name in sorted(searches):
        yield _Session(name, sorted(searches[name], key=lambda search: str(search["query_id"])), shown, clicked)


def _session_rows(
    session: _Session, words: dict[str, tuple[set[str], set[str]]], rarity: dict[str, float]
) -> Iterator[tuple[Any, ...]]:
    """Session, position, clicked and the features of each result; only what came before the list is used."""
    seen: set[str] = set()
    chosen: set[str] = set()
    earlier: set[str] = set()
    for number, search in enumerate(session.searches):
        query, key = _words(search["user_query"]), search["query_id"]
        for page, position in sorted(session.shown[key].items(), key=lambda pair: (pair[1], pair[0])):
            title, snippet = words.get(page, (set(), set()))
            covered = (_cover(query, title, rarity), _cover(query, snippet, rarity))
            both = (_cover(query, title | snippet, rarity), _cover(earlier, title | snippet, rarity))
            past = (page in seen, page in chosen, number > 0)
            yield (session.name, position, page in session.clicked[key], *covered, *both, *past)
        seen |= set(session.shown[key])
        chosen |= session.clicked[key]
        earlier |= query


def _cover(query: set[str], text: set[str], rarity: dict[str, float]) -> float:
    """Share of the query's words found in a text, rare words counting more."""
    whole = sum(rarity[word] for word in sorted(query))
    return sum(rarity[word] for word in sorted(query & text)) / whole if whole else 0.0


def _words(text: str | None) -> set[str]:
    return set(normalise_query(text or "").split()) - _COMMON


_COMMON = {"the", "a", "of", "in", "to", "and", "for", "is", "what", "how"}


def _read(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
