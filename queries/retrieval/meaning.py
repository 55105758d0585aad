"""What documents mean: a vector for each, how near a query is to it, and which are nearest.

Nearness is the cosine, counted in standard deviations above what the query has with the mean document:

    z(q, d) = (q·d − q·μ) / √(qᵀ Σ q)

with μ and Σ the mean and covariance of all vectors, so that a value means the same for every query and catalogue, and
no scan is needed to know it. Vectors are stored as whole numbers up to 127 times a scale. Which are nearest is found
by a scan of the signs (Charikar 2002, "Similarity estimation techniques from rounding algorithms"), then reckoned.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from queries.text.bytes_of_texts import column_of, looked_up, table, texts_of
from queries.text.encoders.contract import BUILT_IN, Encoder, Vectors, open_encoder
from queries.text.encoders.token_table import quantised
from queries.text.far_rows import touched
from queries.text.index_files import map_array
from queries.text.machine_code import compiled
from queries.text.sparse_values import is_large

MAX_SCANNED: Final = 100_000
"""Of larger catalogues only documents that another witness brought up are compared."""

MIN_SPREAD: Final = 0.03
"""Standard deviation of the cosine below which a catalogue says nothing: one document, or all alike."""

_PREFILTER: Final = 4
"""So many times the documents wanted are taken from the scan of signs."""

_MANY: Final = 10_000
"""So many documents are compared by compiled code: a tenth of the time, once the compiler has been started."""

_FOLDER: Final = "meaning"
_STEP: Final = 20_000
_JOINS: Final = re.compile(r"[_/\-]|(?<=[a-z])(?=[A-Z])")

_MAY_JOIN: Final = re.compile(r"[_/\-A-Z]")
"""What texts without joins mostly lack: a tenth of the time."""

_JOINS_TO_SPACES: Final = np.arange(256, dtype=np.uint8)
_JOINS_TO_SPACES[[ord(sign) for sign in "_/-"]] = ord(" ")
_SMALL, _LARGE = 1, 2
_CASES: Final = table(joined=ascii_lowercase) * np.uint8(_SMALL) + table(joined=ascii_uppercase) * np.uint8(_LARGE)

Documents = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.float64]


def spoken(text: str) -> str:
    """Return a text with the parts of its names apart.

    >>> spoken("getUserInfo, word-document/add_paragraph")
    'get User Info, word document add paragraph'
    """
    return _JOINS.sub(" ", text) if _MAY_JOIN.search(text) else text


def spoken_all(texts: Sequence[str]) -> list[str]:
    """Return what `spoken` gives for each of many texts."""
    column = column_of(pa.array(texts, pa.string()))
    apart: list[str] = texts_of(looked_up(column.data, _JOINS_TO_SPACES), column.starts).to_pylist()
    case = looked_up(column.data, _CASES)
    for row in column.rows_at(np.flatnonzero((case[:-1] == _SMALL) & (case[1:] == _LARGE))).tolist():
        apart[row] = spoken(texts[row])
    return apart


def write_meaning(path: Path, texts: Iterable[str], encoder: str = BUILT_IN) -> None:
    """Write the vectors of the documents' texts, in order of document number, into the folder `path`/meaning."""
    folder = path / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "encoder.txt").write_text(encoder, encoding="utf-8")
    opened = open_encoder(encoder)
    scales = [np.zeros(0, np.float32)]
    total, products = np.zeros(opened.dimensions), np.zeros((opened.dimensions, opened.dimensions))
    with (folder / "vectors.npy").open("wb") as file:
        _write_header(file, 0, opened.dimensions)
        for part in _parts(texts):
            vectors = opened.encode(spoken_all(part))
            total += vectors.sum(axis=0)
            products += vectors.T @ vectors
            rows, sizes = quantised(vectors)
            file.write(rows.tobytes())
            scales.append(sizes)
        file.seek(0)
        _write_header(file, sum(map(len, scales)), opened.dimensions)
    vectors_of_all: npt.NDArray[np.int8] = map_array(folder / "vectors.npy")
    count = max(len(vectors_of_all), 1)
    mean = total / count
    np.save(folder / "scales.npy", np.concatenate(scales))
    np.save(folder / "mean.npy", mean)
    np.save(folder / "covariance.npy", products / count - np.outer(mean, mean))
    np.save(folder / "signs.npy", _signs(vectors_of_all) if len(vectors_of_all) <= MAX_SCANNED else np.zeros((0, 0)))


def _write_header(file: BinaryIO, rows: int, columns: int) -> None:
    """Write the head of an array of 8 bits; NumPy leaves room in it for any number of rows."""
    head = {"descr": np.dtype(np.int8).str, "fortran_order": False, "shape": (rows, columns)}
    np.lib.format.write_array_header_1_0(file, head)


def _parts(texts: Iterable[str]) -> Iterator[list[str]]:
    waiting = iter(texts)
    while part := list(islice(waiting, _STEP)):
        yield part


def _signs(vectors: npt.NDArray[np.int8] | Vectors) -> npt.NDArray[np.uint64]:
    """Return the signs of the components as bits (words, n): a row for 64 dimensions."""
    packed = np.packbits(vectors > 0, axis=1)
    padded = np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8)))
    return np.ascontiguousarray(padded.view(np.uint64).T)


class Meaning:
    """Opened vectors. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self.encoder: Encoder = open_encoder((folder / "encoder.txt").read_text(encoding="utf-8"))
        self._vectors: npt.NDArray[np.int8] = map_array(folder / "vectors.npy")
        self._scales: Vectors = map_array(folder / "scales.npy")
        self._signs: npt.NDArray[np.uint64] = map_array(folder / "signs.npy")
        self._mean: Matrix = np.load(folder / "mean.npy")
        self._covariance: Matrix = np.load(folder / "covariance.npy")

    @classmethod
    def open(cls, path: Path) -> Meaning:
        """Open the vectors of the text index in the folder `path`. Raises OSError or ValueError."""
        return cls(path / _FOLDER)

    def vector(self, text: str) -> Vectors:
        """Return the vector of a query (dimensions,)."""
        found: Vectors = self.encoder.encode([spoken(text)])[0]
        return found

    def cosines(self, query: Vectors, documents: Documents) -> Matrix:
        """Return the cosines of a query's vector with documents (n,)."""
        if not len(documents):
            return np.zeros(0)
        products = self._vectors_of(documents) @ query
        found: Matrix = (products * self._scales[documents]).astype(np.float64)
        return found

    def _vectors_of(self, documents: Documents) -> Vectors:
        """Return the vectors of documents without their scales (n, dimensions)."""
        if not is_large(self._vectors):
            return self._vectors[documents].astype(np.float32)
        found = np.empty((len(documents), self._vectors.shape[1]), np.float32)
        compiled(_gathered)(self._vectors, documents, found)
        return found

    def mean_and_spread(self, query: Vectors) -> tuple[float, float]:
        """Return the cosine with the mean document, and the standard deviation; infinite without meaning."""
        if not query.any():
            return 0.0, math.inf
        double = query.astype(np.float64)
        variance = float(double @ self._covariance @ double)
        return float(double @ self._mean), max(variance**0.5 if variance > 0 else 0.0, MIN_SPREAD)

    def nearest(self, query: Vectors, limit: int) -> Documents:
        """Return the nearest documents, nearest first; none of a catalogue of more than `MAX_SCANNED`."""
        if not self._signs.size or not query.any():
            return np.zeros(0, np.int64)
        found = np.arange(self._signs.shape[1])
        if len(found) > _PREFILTER * limit:
            found = self._alike(query, _PREFILTER * limit)
        cosines = self.cosines(query, found).round(6)
        nearest: Documents = found[np.lexsort((found, -cosines))[:limit]].astype(np.int64)
        return nearest

    def _alike(self, query: Vectors, count: int) -> Documents:
        bits = _signs(query[None, :])[:, 0]
        if self._signs.shape[1] >= _MANY:
            found = np.empty(count, np.int64)
            compiled(_fewest_differing)(self._signs, bits, found)
            return found
        differing = np.zeros(self._signs.shape[1], np.uint16)
        for mine, theirs in zip(bits, self._signs, strict=True):
            differing += np.bitwise_count(theirs ^ mine)
        # the number breaks ties, so that equal facts give equal answers
        ordered = differing.astype(np.int64) * len(differing) + np.arange(len(differing))
        return np.argpartition(ordered, count)[:count]


def _gathered(vectors: npt.NDArray[np.int8], documents: Documents, found: Vectors) -> int:
    """Fill `found` (n, dimensions) with the vectors of documents. To be compiled; what is returned says nothing."""
    total = touched(vectors, documents)
    for i in range(len(documents)):
        source, target = vectors[documents[i]], found[i]
        for j in range(len(target)):
            target[j] = source[j]
    return total


def _fewest_differing(signs: npt.NDArray[np.uint64], bits: npt.NDArray[np.uint64], found: Documents) -> None:
    """Put the columns of `signs` (words, n) that differ from `bits` (words,) least into `found`, ascending.

    Of equal ones the first. To be compiled: bits are counted in parallel (Warren 2013, "Hacker's Delight", 5-1).
    """
    differing = np.zeros(signs.shape[1], np.int64)
    tally = np.zeros(64 * signs.shape[0] + 1, np.int64)
    for i in range(signs.shape[1]):
        for word in range(signs.shape[0]):
            x = signs[word, i] ^ bits[word]
            x -= (x >> np.uint64(1)) & np.uint64(0x5555555555555555)
            x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
            x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
            differing[i] += np.int64((x * np.uint64(0x0101010101010101)) >> np.uint64(56))
        tally[differing[i]] += 1
    most, left = 0, len(found)  # those that differ in fewer than `most` signs all fit, and `left` of those in as many
    while tally[most] < left:
        left -= tally[most]
        most += 1
    place = 0
    for i in range(len(differing)):
        if differing[i] < most or (differing[i] == most and left > 0):
            left -= differing[i] == most
            found[place] = i
            place += 1
