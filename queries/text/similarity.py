"""How alike texts are: TF-IDF cosine over stemmed words, and the nearest rows of sparse matrices.

TF-IDF with sublinear term frequency and smoothed inverse document frequency: Manning, Raghavan & Schütze 2008,
"Introduction to Information Retrieval", sections 6.2-6.4.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sparse_dot_topn import sp_matmul_topn

from queries.side_by_side import processors
from queries.text.row_bounds import row_bounds
from queries.text.tokens import stem, words
from queries.text.word_entries import entries

FloatArray = npt.NDArray[np.float64]
Words = Sequence[str]

RARE_BEARERS: Final = 50
RARE_SHARE: Final = 0.01
MAX_COMMON: Final = 0.35
"""Of a row's squared length, how much may lie in columns that more rows have than these."""

ALL_PAIRS: Final = 20_000
CANDIDATES: Final = 300
BLOCK_ROWS: Final = 500
ROWS_AT_ONCE: Final = 200_000
MANY_ROWS: Final = 5_000
"""From so many rows on all processors multiply."""

_CASE_CHANGE = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])")


def split_names(text: str) -> str:
    """Put spaces into camelCase and snake_case names.

    >>> split_names("getUserInfo get_user_info")
    'get User Info get user info'
    """
    return _CASE_CHANGE.sub(" ", text).replace("_", " ")


def terms(text: str | None) -> list[str]:
    """Return the stemmed words of a text in order, compound names split; of nothing, an empty list.

    >>> terms("getUserInfo returns queries")
    ['get', 'user', 'info', 'return', 'queri']
    """
    return stem(words(split_names(text))) if text else []


def tfidf(documents: Sequence[Words]) -> Any:
    """Return the documents as rows of unit length: CSR matrix (documents, distinct words), empty rows zero.

    Weight of a word: (1 + ln count) (1 + ln((1 + N) / (1 + document frequency))). Columns are in alphabetical order,
    so equal documents give equal bytes.
    """
    known: dict[str, int] = {}
    numbers = [known.setdefault(word, len(known)) for document in documents for word in document]
    rows = np.repeat(np.arange(len(documents)), np.fromiter(map(len, documents), np.int64, len(documents)))
    return tfidf_of_matrix(entries(list(known), np.array(numbers, np.int64), rows, len(documents)).counts())


def tfidf_of_matrix(counts: Any) -> Any:
    """Return the same as `tfidf` from a CSR matrix (documents, words) that says how often each has each, above 0.

    A count c below 1, of a word that is worth less than one, stands itself in place of 1 + ln c: both are 1 at c = 1.
    """
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    values = np.where(counts.data > 1, 1 + np.log(counts.data), counts.data)
    values = values * (1 + np.log((1 + counts.shape[0]) / (1 + frequency)))[counts.indices]
    return unit_rows(sparse.csr_matrix((values, counts.indices, counts.indptr), shape=counts.shape))


def unit_rows(matrix: Any) -> Any:
    """Scale every row of a CSR matrix to length one; empty rows stay empty."""
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags_array(1 / np.where(lengths > 0, lengths, 1.0)) @ matrix)


def stack_blocks(blocks: Sequence[Any], weights: Sequence[FloatArray]) -> Any:
    """Put blocks of unit rows side by side: (n, w_1 + w_2 + ...). `weights[k][i]` is the share of block k in row i."""
    scaled = [sparse.diags_array(np.sqrt(weight)) @ block for block, weight in zip(blocks, weights, strict=True)]
    return sparse.csr_matrix(sparse.hstack(scaled))


def nearest(left: Any, right: Any, *, limit: int, threshold: float) -> Any:
    """Return for each row of `left` its `limit` largest inner products with rows of `right`, from `threshold` on.

    CSR matrix (rows of left, rows of right). Unit rows in: cosines out.
    """
    if not left.shape[0] or not right.shape[0]:
        return sparse.csr_matrix((left.shape[0], right.shape[0]))
    # The library keeps what is strictly above its threshold.
    below = float(np.nextafter(threshold, -1.0))
    threads = processors() if left.shape[0] >= MANY_ROWS else 1  # each row is one thread's, so the result is the same
    across = sparse.csr_matrix(right.T)
    return sp_matmul_topn(left, across, top_n=limit, threshold=below, sort=True, n_threads=threads)


def similar_rows(vectors: Any, *, limit: int, threshold: float) -> Any:
    """Return the inner products of rows of length up to one, from a high `threshold` on, at most `limit` of each row.

    The same as `nearest(vectors, vectors)`, without multiplying what nearly all rows hold. With r the part of a row in
    rare columns and c that in common ones, a b = r_a r_b + c_a c_b ≤ r_a r_b + |c_a| |c_b| (Cauchy-Schwarz): where
    |c|² ≤ `MAX_COMMON`, pairs are looked for by r from `threshold` - `MAX_COMMON` on. Other rows are compared in full.
    """
    count = vectors.shape[0]
    bearers = np.bincount(vectors.indices, minlength=vectors.shape[1])
    rare = vectors[:, np.flatnonzero(bearers <= max(RARE_BEARERS, RARE_SHARE * count))]
    lengths = (np.asarray(each.multiply(each).sum(axis=1)).ravel() for each in (vectors, rare))
    is_common = np.subtract(*lengths) > MAX_COMMON
    light, heavy = np.flatnonzero(~is_common), np.flatnonzero(is_common)
    found = nearest(rare[light], rare[light], limit=4 * limit, threshold=threshold - MAX_COMMON).tocoo()
    left, right = light[found.row], light[found.col]
    values = _products(vectors, left, right)
    full = nearest(vectors[heavy], vectors, limit=limit, threshold=threshold).tocoo()
    rows = np.concatenate([left, heavy[full.row], full.col])
    columns = np.concatenate([right, full.col, heavy[full.row]])
    values = np.concatenate([values, full.data, full.data])
    kept = values >= threshold
    joined = sparse.coo_matrix((values[kept], (rows[kept], columns[kept])), shape=(count, count))
    return largest(_without_repeats(joined), limit)


def _products(vectors: Any, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> FloatArray:
    """Return the inner products of pairs of rows."""
    found = np.zeros(len(left))
    for start in range(0, len(left), ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        found[part] = np.asarray(vectors[left[part]].multiply(vectors[right[part]]).sum(axis=1)).ravel()
    return found


def _without_repeats(matrix: Any) -> Any:
    """Keep the first of several values of one place of a COO matrix."""
    order = np.lexsort((matrix.col, matrix.row))
    row, column, data = matrix.row[order], matrix.col[order], matrix.data[order]
    first = np.ones(len(row), bool)
    first[1:] = (row[1:] != row[:-1]) | (column[1:] != column[:-1])
    return sparse.csr_matrix((data[first], (row[first], column[first])), shape=matrix.shape)


def nearest_by_both(said: Any, meant: npt.NDArray[np.float32], *, limit: int, threshold: float) -> Any:
    """Return for each row its `limit` largest sums of two inner products, of sparse rows and of dense rows (n, d).

    CSR matrix (n, n). Up to `ALL_PAIRS` rows every pair is looked at; of more, for each row the `CANDIDATES` with the
    largest sparse product.
    """
    count = said.shape[0]
    if count > ALL_PAIRS:
        found = sparse.coo_matrix(nearest(said, said, limit=CANDIDATES, threshold=threshold / 2))
        for start in range(0, found.nnz, ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            found.data[part] += np.einsum("ij,ij->i", meant[found.row[part]], meant[found.col[part]])
        found.data[found.data < threshold] = 0
        found.eliminate_zeros()
        return largest(sparse.csr_matrix(found), limit)
    blocks = []
    for start in range(0, count, BLOCK_ROWS):
        part = slice(start, start + BLOCK_ROWS)
        values = (said[part] @ said.T).toarray() + meant[part] @ meant.T
        if count > limit:
            least = np.partition(values, count - limit, axis=1)[:, count - limit, None]
            values[values < least] = 0
        values[values < threshold] = 0
        blocks.append(sparse.csr_matrix(values))
    return largest(sparse.csr_matrix(sparse.vstack(blocks)), limit) if blocks else sparse.csr_matrix((0, 0))


def largest(matrix: Any, limit: int) -> Any:
    """Keep the `limit` largest values of every row of a CSR matrix; of equal ones the first columns."""
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    maybe = np.flatnonzero(matrix.data >= row_bounds(matrix.data, matrix.indptr, limit)[rows])
    rows, columns, data = rows[maybe], matrix.indices[maybe], matrix.data[maybe]
    order = np.lexsort((columns, -data, rows))
    kept = np.sort(order[np.arange(len(order)) - np.searchsorted(rows, rows) < limit])
    return sparse.csr_matrix((data[kept], (rows[kept], columns[kept])), shape=matrix.shape)


def off_diagonal(matrix: Any) -> Any:
    """Return a CSR matrix without its diagonal, columns in order."""
    found = sparse.csr_matrix(matrix)
    found.setdiag(0)
    found.eliminate_zeros()
    found.sort_indices()
    return found


def matrix_of(rows: int, values: Mapping[tuple[int, int], float], columns: int | None = None) -> Any:
    """Return a CSR matrix (rows, rows or `columns`) from its values by (row, column)."""
    ordered = sorted(values)
    places = np.array(ordered, np.int64).reshape(-1, 2)
    data = np.array([values[key] for key in ordered], np.float64)
    return sparse.csr_matrix((data, (places[:, 0], places[:, 1])), shape=(rows, columns or rows))
