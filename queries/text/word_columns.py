"""The words of whole columns of texts: texts of plain ASCII words at once, the others one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from queries.text.bytes_of_texts import AS_WRITTEN, Column, Rows, Table, column_of, looked_up, pieces, table
from queries.text.runs import places_of_runs
from queries.text.tokens import MAX_TEXT_CHARS, is_plain

Numbers = npt.NDArray[np.int64]

_LETTERS_AND_DIGITS: Final = table(joined=ascii_letters + digits)
_LOWER, _UPPER, _DIGIT, _ODD = 1, 2, 3, 4
_COUNT: Final = np.uint8(5)


class Said(NamedTuple):
    """Words of texts: numbers of words, one text after the other (n,), and how many words each text has (texts,)."""

    words: list[str]
    """Each once."""
    numbers: Numbers
    counts: Numbers


class Runs(NamedTuple):
    """Numbers that rows hold, one row after the other (n,), and how many each row holds (rows,)."""

    numbers: Numbers
    counts: Numbers

    def of(self, rows: Numbers) -> Runs:
        """Return what some rows hold; row -1 holds nothing."""
        starts = np.cumsum(self.counts) - self.counts
        known = rows >= 0
        counts = np.where(known, self.counts[rows], 0) if len(self.counts) else np.zeros(len(rows), np.int64)
        first = np.where(known, starts[rows], 0) if len(self.counts) else counts
        return Runs(self.numbers[places_of_runs(first, counts)], counts)


def said(texts: pa.StringArray, take_apart: Callable[[str], Sequence[str]], becomes: Table = AS_WRITTEN) -> Said:
    """Return the words of a column of texts, of a null none.

    `take_apart` gives the words of a text that is not plain: of more than ASCII, with compound names, or very long.
    `becomes`: what the bytes of the others become.
    """
    told = pc.fill_null(texts, "")
    others = _not_plain(column_of(told), told)
    apart = [take_apart(text) for text in told.take(pa.array(others)).to_pylist()]
    if len(others):
        mask = np.zeros(len(told), np.bool_)
        mask[others] = True
        told = pc.if_else(pa.array(mask), "", told)
    found, counts = pieces(column_of(told), _LETTERS_AND_DIGITS, becomes)
    encoded = found.dictionary_encode()
    plain = Said(encoded.dictionary.to_pylist(), encoded.indices.to_numpy().astype(np.int64), counts)
    return _with_others(plain, others, apart) if len(others) else plain


def _with_others(plain: Said, others: Rows, apart: Sequence[Sequence[str]]) -> Said:
    """Return words of texts where some texts, ascending, have none so far: theirs are given."""
    known = {word: number for number, word in enumerate(plain.words)}
    numbers = [known.setdefault(word, len(known)) for words in apart for word in words]
    counts = plain.counts.copy()
    counts[others] = [len(words) for words in apart]
    rows = np.concatenate([np.repeat(np.arange(len(counts)), plain.counts), np.repeat(others, counts[others])])
    order = np.argsort(rows, kind="stable")
    return Said(list(known), np.concatenate([plain.numbers, np.array(numbers, np.int64)])[order], counts)


def said_in_lists(lists: pa.ListArray, take_apart: Callable[[str], Sequence[str]]) -> Said:
    """Return the words of the texts in each list of a column, see `said`."""
    found = said(pc.list_flatten(lists), take_apart)
    ends = np.cumsum(pc.fill_null(pc.list_value_length(lists), 0).to_numpy())
    words_before = np.concatenate([np.zeros(1, np.int64), np.cumsum(found.counts)])
    return found._replace(counts=np.diff(words_before[ends], prepend=0))


def _not_plain(column: Column, texts: pa.StringArray) -> Rows:
    """Return the texts that are not simply their runs of ASCII letters and digits, or too long, ascending."""
    long = np.flatnonzero(np.diff(column.starts) > MAX_TEXT_CHARS)
    doubtful = np.setdiff1d(column.rows_at(_doubtful_places(column)), long)
    seen = zip(doubtful.tolist(), texts.take(pa.array(doubtful)).to_pylist(), strict=True)
    return np.union1d(long, np.array([row for row, text in seen if not is_plain(text)], np.int64))


def _doubtful_places(column: Column) -> Numbers:
    """Return where bytes, alone or with those before them, look like a compound name or no ASCII."""
    kind = looked_up(column.data, _KINDS)
    changes = looked_up(kind[:-1] * _COUNT + kind[1:], _CHANGES) > 0
    changes[1:] |= (kind[:-2] == _UPPER) & (kind[1:-1] == _UPPER) & (kind[2:] == _LOWER)
    between = column.starts[1:-1]
    changes[between[(between > 0) & (between < len(kind))] - 1] = False
    found = kind == _ODD
    found[1:] |= changes
    return np.flatnonzero(found)


def _kinds() -> npt.NDArray[np.uint8]:
    kinds = np.zeros(256, np.uint8)
    for kind, characters in ((_LOWER, ascii_lowercase), (_UPPER, ascii_uppercase), (_DIGIT, digits), (_ODD, "+#")):
        kinds[np.frombuffer(characters.encode("ascii"), np.uint8)] = kind
    kinds[128:] = _ODD
    return kinds


def _changes() -> Table:
    """Return 1 for `first * _COUNT + second` where a compound name changes between bytes of these two kinds."""
    found = np.zeros(256, np.uint8)
    changes = found[: _COUNT**2].reshape(_COUNT, _COUNT)
    letters, digit = (_LOWER, _UPPER), _DIGIT
    changes[_LOWER, [_UPPER, _DIGIT]] = changes[_UPPER, digit] = changes[digit, letters] = 1
    return found


_KINDS: Final = _kinds()
_CHANGES: Final = _changes()
