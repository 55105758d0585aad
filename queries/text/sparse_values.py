"""Values of a sparse matrix that is given by rows, looked up for some rows and columns, and added up.

By compiled code all columns of a row are searched for side by side, a step of the binary search for each before the
next step for any: none waits for what another one reads, nor for a branch that nobody can foresee (Ross 2004,
"Selection conditions in main memory", ACM TODS). In rows of 5,000 to 110,000 columns that takes .6 of the time.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from queries.text.machine_code import compiled
from queries.text.runs import places_of_runs

FEW: Final = 20_000
"""Fewer values than this are looked up and added up by the interpreter: starting the compiler takes longer."""

Numbers = npt.NDArray[np.int64]
Singles = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float64]


def is_large(values: npt.NDArray[Any]) -> bool:
    """Say whether what is stored (n,) is worth the compiler."""
    return len(values) >= FEW


def sparse_values(
    starts: Numbers, columns: npt.NDArray[Any], values: Singles, rows: Numbers, wanted: npt.NDArray[Any]
) -> Singles:
    """Return the values of some rows and columns of a sparse matrix (rows, wanted); 0 where it has none.

    The matrix is given by rows: `columns` are ascending within each row, from `starts[row]` on. Row -1 is empty.
    """
    found = np.zeros((len(rows), len(wanted)), np.float32)
    look_up = compiled(_look_up) if is_large(columns) else _look_up_at_once
    look_up(starts, columns, values, rows, wanted, found)
    return found


def summed(values: Singles, large: bool = False) -> Matrix:
    """Return the sums (n,) of columns of values (rows, n), to 6 decimals; of a `large` matrix by compiled code."""
    if not large:
        found: Matrix = values.sum(axis=0, dtype=np.float64).round(6)
        return found
    sums = np.zeros(values.shape[1])
    compiled(_add_up)(values, sums)
    return sums


def _add_up(values: Singles, sums: Matrix) -> None:
    """Fill `sums`, zeros before, as `summed` returns them. To be compiled."""
    for i in range(values.shape[0]):
        for j in range(len(sums)):
            sums[j] += values[i, j]
    for j in range(len(sums)):
        sums[j] = np.rint(sums[j] * 1e6) / 1e6


def _look_up_at_once(
    starts: Numbers,
    columns: npt.NDArray[Any],
    values: Singles,
    rows: Numbers,
    wanted: npt.NDArray[Any],
    found: Singles,
) -> None:
    """Fill `found` as `sparse_values` returns it, by array operations over all that the rows hold."""
    known = np.flatnonzero(rows >= 0)
    first, end = starts[rows[known]], starts[rows[known] + 1]
    sizes = end - first
    places = places_of_runs(first, sizes)
    order = np.argsort(wanted, kind="stable")
    if not len(places) or not len(order):
        return
    at = order[np.minimum(np.searchsorted(wanted, columns[places], sorter=order), len(order) - 1)]
    held = wanted[at] == columns[places]
    found[np.repeat(known, sizes)[held], at[held]] = values[places[held]]


def _look_up(
    starts: Numbers,
    columns: npt.NDArray[Any],
    values: Singles,
    rows: Numbers,
    wanted: npt.NDArray[Any],
    found: Singles,
) -> None:
    """Fill `found` as `sparse_values` returns it. To be compiled."""
    places = np.empty(len(wanted), np.int64)
    for i in range(len(rows)):
        if rows[i] < 0 or starts[rows[i]] == starts[rows[i] + 1]:
            continue
        places[:] = starts[rows[i]]
        left = starts[rows[i] + 1] - starts[rows[i]]
        while left > 1:  # each is at its place or among so many
            half = left >> 1
            for j in range(len(wanted)):
                middle = places[j] + half
                places[j] += half * (columns[np.uint64(middle)] <= wanted[j])
            left -= half
        for j in range(len(wanted)):
            if columns[places[j]] == wanted[j]:
                found[i, j] = values[places[j]]
