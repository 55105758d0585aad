"""Which capabilities of different artifacts do the same? By their names and by what they are said to do.

A capability is compared by two blocks of words, its name and what it does. Each block is a unit vector; a row's
blocks are scaled by the square roots of weights that add up to one, so that the inner product of two rows is

    similarity(a, b) = sqrt(n_a n_b) cos(name_a, name_b) + sqrt(d_a d_b) cos(does_a, does_b),   d = 1 - n.

Where the names differ in what they say (`queries.text.name_differences`), `NAMES_DIFFER` times that. The weights and
the threshold were chosen by reading pairs of public catalogues; `docs/alternatives.md` has the figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import pyarrow as pa

from graph.snapshot_schemas import CAPABILITY_PAIRS
from queries.text.name_differences import ASKING, Said, asks_for_many, differ
from queries.text.similarity import Words, similar_rows, split_names, stack_blocks, terms, tfidf, tfidf_of_matrix
from queries.text.stemmed_texts import Stemmed, stemmed
from queries.text.tokens import words
from queries.text.word_entries import entries

SAME_CAPABILITY: Final = 0.64
"""Pairs at or above this similarity are taken for the same capability."""

NAMES_DIFFER: Final = 0.6
"""Factor of the similarity of two capabilities whose names differ by a word that the other nowhere says."""

NAME_WEIGHT: Final = 0.6
ONE_WORD_NAME_WEIGHT: Final = 0.4
"""Names such as "search" or "fetch" say too little to link by."""
NO_DESCRIPTION_NAME_WEIGHT: Final = 0.68
"""Two equal names without any text are linked (0.68); if one of them has a text they are not (0.639)."""

DESCRIPTION_WORDS: Final = 30
"""What a capability does stands at the beginning; usage notes follow and would drown it."""

DOES_LISTS: Final = ("intents", "tags", "input_types", "output_types")
"""Lists that say, beside the description, what a capability is for and works on."""

NEIGHBOURS: Final = 200
"""Similar capabilities kept for each capability."""

PAIRS_AT_ONCE: Final = 50_000

_MODULE = re.compile(r"^(?:[A-Za-z_]\w*\.)+(?=[A-Za-z_]\w*$)")
"""What stands before the last dot of a name of a program."""

_ID_SEPARATOR = re.compile(r"[-_. ]+")


def brand(artifact_id: str) -> str:
    """Return the word of an artifact's id with which its capabilities' names may begin.

    >>> brand("mcp:playwright"), brand("acme/word-document-server")
    ('playwright', 'word')
    """
    return _ID_SEPARATOR.split(re.split("[:/]", artifact_id)[-1].lstrip("-_. "), maxsplit=1)[0]


def capability_words(names: Sequence[str | None], artifact_ids: Sequence[str]) -> list[list[str]]:
    """Return the words of capabilities' names, each without its artifact's own name or its module's in front.

    >>> capability_words(["playwright_click_element", "api.users.get_user"], ["mcp:playwright", "x"])
    [['click', 'element'], ['get', 'user']]
    """
    found = stemmed([_MODULE.sub("", name or "") for name in names]).lists()
    distinct = list(dict.fromkeys(artifact_ids))
    own = dict(zip(distinct, stemmed(list(map(brand, distinct))).lists(), strict=True))
    return [_without_brand(name, own[each]) for name, each in zip(found, artifact_ids, strict=True)]


def _without_brand(name: list[str], own: Sequence[str]) -> list[str]:
    first = 0
    while first < len(name) - 1 and name[first] in own:
        first += 1
    return name[first:]


def _own_name(name: str | None) -> list[str]:
    """Return the words of a name without its module's in front."""
    return words(split_names(_MODULE.sub("", name or "")))


def _telling_name(name: str | None, own: Words) -> Words:
    """Return the words of a name by which it may differ from others; of one word (`own`), the module's in front too.

    "user.mandates" and "partner.mandates" are two things.
    """
    module = _MODULE.match(name or "")
    return own if len(own) > 1 or module is None else [*terms(module.group().replace(".", " ")), *own]


def capability_vectors(capabilities: Sequence[dict[str, Any]], names: Sequence[Words], does: Stemmed) -> Any:
    """Return one row for each capability: rows of the `capabilities` table, their `capability_words` and `said_of`."""
    count = len(capabilities)
    listed = np.array([sum(len(row[field] or ()) for field in DOES_LISTS) for row in capabilities], np.int64)
    owners, texts = np.concatenate([np.arange(count), np.repeat(np.arange(count), listed)]), does.texts()
    counts = (texts >= count) | (does.places() < DESCRIPTION_WORDS)
    words = entries(does.stems, does.numbers[counts], owners[texts[counts]], count).counts()
    described = np.diff(words.indptr) > 0
    weight = np.array([_name_weight(*each) for each in zip(names, described.tolist(), strict=True)], np.float64)
    return stack_blocks([tfidf(names), tfidf_of_matrix(words)], [weight, np.where(described, 1 - weight, 0.0)])


def said_of(capabilities: Sequence[dict[str, Any]]) -> Stemmed:
    """Return the words of what capabilities do: of the description of each, then of the lists of each."""
    listed = [text for row in capabilities for field in DOES_LISTS for text in row[field] or ()]
    return stemmed([*(row["description"] for row in capabilities), *listed])


def _name_weight(name: Words, is_described: bool) -> float:
    if ASKING.issuperset(name):
        return 0.0  # "requests.get" asks, and does not say for what.
    if not is_described and len(name) > 1:
        return NO_DESCRIPTION_NAME_WEIGHT
    return NAME_WEIGHT if len(name) > 1 else ONE_WORD_NAME_WEIGHT


def capability_pairs(capabilities: pa.Table, threshold: float = SAME_CAPABILITY) -> pa.Table:
    """Return the similar capabilities of different artifacts, each pair once, as a `CAPABILITY_PAIRS` table.

    Rows come out ordered by `capability_a`, `capability_b`; similarities are rounded to 6 decimals. Each says of what
    it is made: `factor` (`by_names` + `by_texts`), the two products of the module's formula.
    """
    columns = ["capability_id", "artifact_id", "name", "description", *DOES_LISTS]
    rows = capabilities.select(columns).sort_by("capability_id").to_pylist()
    names, does = capability_words(*([row[key] for row in rows] for key in ("name", "artifact_id"))), said_of(rows)
    vectors = capability_vectors(rows, names, does)
    found = similar_rows(vectors, limit=NEIGHBOURS, threshold=threshold).tocoo()
    similar: dict[tuple[int, int], float] = {}
    factors: dict[tuple[int, int], float] = {}

    @cache
    def said(place: int) -> Said:
        row = rows[place]
        return Said(
            _telling_name(row["name"], names[place]),
            asks_for_many(_own_name(row["name"])),
            frozenset(does.stems_of(place)),
        )

    for left, right, value in zip(found.row.tolist(), found.col.tolist(), found.data.tolist(), strict=True):
        if rows[left]["artifact_id"] == rows[right]["artifact_id"]:
            continue
        factor = NAMES_DIFFER if differ(said(left), said(right)) else 1.0
        if value * factor >= threshold:
            similar[min(left, right), max(left, right)] = min(1.0, round(value * factor, 6))
            factors[min(left, right), max(left, right)] = factor
    ordered = sorted(similar)
    by_names = _inner_products(vectors[:, : len(set().union(*names))], ordered)
    return pa.table(
        {
            "capability_a": [rows[left]["capability_id"] for left, _ in ordered],
            "capability_b": [rows[right]["capability_id"] for _, right in ordered],
            "artifact_a": [rows[left]["artifact_id"] for left, _ in ordered],
            "artifact_b": [rows[right]["artifact_id"] for _, right in ordered],
            "similarity": [similar[pair] for pair in ordered],
            "by_names": by_names,
            "by_texts": [
                max(0.0, round(similar[pair] / factors[pair] - share, 6))
                for pair, share in zip(ordered, by_names, strict=True)
            ],
            "factor": [factors[pair] for pair in ordered],
        },
        schema=CAPABILITY_PAIRS,
    )


def _inner_products(vectors: Any, pairs: Sequence[tuple[int, int]]) -> list[float]:
    """Return the inner products of pairs of rows, rounded to 6 decimals."""
    found: list[float] = []
    for start in range(0, len(pairs), PAIRS_AT_ONCE):
        left, right = np.array(pairs[start : start + PAIRS_AT_ONCE], np.int64).T
        found += np.asarray(vectors[left].multiply(vectors[right]).sum(axis=1)).ravel().round(6).tolist()
    return found
