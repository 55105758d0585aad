"""Who is said to stand in for whom, as a sparse matrix of values between 0 and 1 over the artifacts of a catalogue.

direct    a text of one compares the two by name; believed where the other signs speak for a common purpose
shared    both say that they stand in for the same product, whether the catalogue describes it or not
expected  those most like a say that they stand in for a product, and b says so too (a vote of the nearest
          neighbours; Cover & Hart 1967, "Nearest neighbor pattern classification")

With R (artifacts, products) = 1 where an artifact stands in for a product or is it, `COMPARED` where it only compares
itself, r_p = ln(1 + N / artifacts of product p) / ln(1 + N) the product's rarity and T the `VOTERS` largest values of
each row of the text signal:

    shared = 1 - exp(-`SHARED_GAIN` R diag(r) R')        expected = 1 - exp(-T R diag(r) R')

where nobody votes for itself. `direct` and `shared` are one sign, the larger counts; `expected` is another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
from scipy import sparse

from queries.alternatives.purposes import Catalogue
from queries.alternatives.references import Reference, reference_key
from queries.text.mentions import ONE_NAME_EACH, Mention
from queries.text.similarity import largest, matrix_of, nearest, off_diagonal

LIKELY: Final = 0.4
"""Sum of the other signs from which a stated comparison is believed to compare things for one purpose."""

STATED_BY_BOTH: Final = 1.0
STATED_BY_ITSELF: Final = 0.8
STATED_BY_OTHER: Final = 0.6

COMPARED: Final = 0.5
SHARED_GAIN: Final = 3.0
VOTERS: Final = 10
RIVALS: Final = 200
"""Artifacts with a product in common that are kept for each."""


def direct_signal(catalogue: Catalogue, found: Iterable[Mention]) -> Any:
    """Return which artifacts are compared with which, in a text of the one, of the other or of both."""
    says = {
        (catalogue.place[mention.artifact_id], catalogue.place[mention.other_id])
        for mention in found
        if mention.compares and mention.artifact_id in catalogue.place and mention.other_id in catalogue.place
    }
    values: dict[tuple[int, int], float] = {}
    for a, b in says:
        both = (b, a) in says
        values[a, b] = STATED_BY_BOTH if both else STATED_BY_ITSELF
        values[b, a] = STATED_BY_BOTH if both else max(values.get((b, a), 0.0), STATED_BY_OTHER)
    return matrix_of(len(catalogue), values)


def where_likely(stated: Any, others: Iterable[Any]) -> Any:
    """Lower stated comparisons where the other signs add up to s < `LIKELY`: by the factor (s / `LIKELY`)².

    "Compared with image generators, its weights are open" compares, but not two things for one purpose.
    """
    total = sparse.csr_matrix(stated.shape)
    for signal in others:
        total = total + signal
    total.data = np.minimum(1.0, total.data / LIKELY) ** 2
    return off_diagonal(stated.multiply(total))


def products(catalogue: Catalogue, found: Iterable[Reference], listed: Mapping[str, str] = ONE_NAME_EACH) -> Any:
    """Return R of the module's formulas: CSR matrix (artifacts, products that are stated).

    `listed`: of names of one thing that one is the product under which the thing is listed.
    """
    values: dict[tuple[int, str], float] = {}
    for each in found:
        values[catalogue.place[each.artifact_id], each.key] = 1.0 if each.replaces else COMPARED
    stated = {key for _, key in values}
    bearers = defaultdict(list)
    for place, row in enumerate(catalogue.artifacts):
        if listed.get(row["artifact_id"], row["artifact_id"]) == row["artifact_id"]:
            bearers[reference_key((row["name"] or "").rsplit("/", 1)[-1])].append(place)
    for key in stated & bearers.keys():
        if len(bearers[key]) == 1:
            values[bearers[key][0], key] = 1.0
    columns = {key: column for column, key in enumerate(sorted(stated))}
    return matrix_of(
        len(catalogue), {(place, columns[key]): value for (place, key), value in values.items()}, max(1, len(columns))
    )


def shared_signal(stated: Any) -> Any:
    """Return `shared` of the module's formulas from R."""
    common = nearest(_weighted(stated), stated, limit=RIVALS, threshold=1e-6)
    common.data = -np.expm1(-SHARED_GAIN * common.data)
    return off_diagonal(common)


def voters(text: Any) -> Any:
    """Return T of the module's formulas from the text signal."""
    return largest(text, VOTERS)


def expected_signal(stated: Any, text: Any) -> Any:
    """Return `expected` of the module's formulas from R and the text signal."""
    voting, weighted = voters(text), _weighted(stated)
    common = nearest(sparse.csr_matrix(voting @ weighted), stated, limit=RIVALS, threshold=1e-6)
    own = np.asarray(weighted.multiply(stated).sum(axis=1)).ravel()
    others = sparse.csr_matrix(common - common.astype(bool).multiply(voting @ sparse.diags_array(own)))
    others.data = -np.expm1(-np.maximum(0.0, np.round(others.data, 9)))
    return off_diagonal(others)


def _weighted(stated: Any) -> Any:
    count = stated.shape[0]
    of_product = np.maximum(1, np.diff(stated.tocsc().indptr))
    return sparse.csr_matrix(stated @ sparse.diags_array(np.log1p(count / of_product) / np.log1p(count)))
