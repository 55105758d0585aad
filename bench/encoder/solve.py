"""A vector for every token, such that weighted sums of them come near the sentence vectors of a teacher.

    minimise  ‖A E − T‖² + λ ‖E − E₀‖²

over E (tokens × dimensions), with the rows of A the texts as bags of tokens under smooth inverse frequency weights
(Arora, Liang & Ma 2017, "A simple but tough-to-beat baseline for sentence embeddings": a / (a + p)), brought to sum 1;
T the teacher's vectors of the texts in their principal directions; E₀ its vectors of single tokens. Solved by conjugate
gradients (Hestenes & Stiefel 1952), all dimensions side by side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

Array = npt.NDArray[np.float32]

SIF_A = 3e-4
RIDGE = 0.1
STEPS = 40


def token_weights(texts: Sequence[Sequence[int]], tokens: int, a: float = SIF_A) -> Array:
    """Return a / (a + p) for every token (tokens,), p its share of all tokens of the texts."""
    counts = Counter(token for text in texts for token in text)
    shares = np.zeros(tokens, np.float32)
    shares[list(counts)] = list(counts.values())
    weights: Array = (a / (a + shares / shares.sum())).astype(np.float32)
    return weights


def bags(texts: Sequence[Sequence[int]], weights: Array) -> sparse.csr_array:
    """Return the weighted bags (texts, tokens); every row with a token adds up to 1."""
    starts = np.cumsum([0, *map(len, texts)])
    numbers = np.fromiter((token for text in texts for token in text), np.int32, int(starts[-1]))
    found = sparse.csr_array((weights[numbers], numbers, starts), shape=(len(texts), len(weights)))
    found.sum_duplicates()
    totals = np.asarray(found.sum(axis=1)).ravel()
    return sparse.diags_array(1 / np.maximum(totals, 1e-9)).astype(np.float32).tocsr() @ found


def principal_directions(vectors: Array, dimensions: int) -> Array:
    """Return the directions (size of a vector, dimensions) that hold most of the vectors' lengths."""
    _, directions = np.linalg.eigh(vectors.T @ vectors)
    found: Array = directions[:, ::-1][:, :dimensions].astype(np.float32)
    return found


def solve(rows: sparse.csr_array, targets: Array, start: Array, ridge: float = RIDGE, steps: int = STEPS) -> Array:
    """Return E (tokens, dimensions) of the equation above after so many steps from E₀ = `start`."""
    columns = rows.T.tocsr()

    def applied(x: Array) -> Array:
        return np.asarray(columns @ (rows @ x) + ridge * x)

    solution = np.zeros_like(start)
    residual = np.asarray(columns @ (targets - rows @ start))
    direction = residual.copy()
    length = (residual * residual).sum(axis=0)
    for _ in range(steps):
        image = applied(direction)
        step = length / np.maximum((direction * image).sum(axis=0), 1e-20)
        solution += step * direction
        residual -= step * image
        before, length = length, (residual * residual).sum(axis=0)
        direction = residual + length / np.maximum(before, 1e-20) * direction
    return start + solution
