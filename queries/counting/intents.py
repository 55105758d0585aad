"""Intents: the needs behind query texts, as a deterministic grouping that does not move when more searches come.

Two texts have the same intent if they have the same words after stemming (Snowball English, Porter 2001), whatever
their order and number. Left out are function words, but not those that turn the meaning ("without", "not"), and words
of asking ("please help me find"). A word that "to" or "into" points at is another word ("pdf to word" is not "word to
pdf"). Typing errors are corrected as far as the catalogue knows the word (`queries.text.spelling`). Nothing depends on
other texts, so an intent's id stays the same whatever else is searched for.

Measured on requests labelled with the tool that serves them: see `bench/intents.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import narwhals as nw
import pyarrow as pa
import snowballstemmer

from graph.keys import KeyCache, key_text
from graph.schemas import INT
from queries.counting.engine import Engine, Frame
from queries.counting.search_log import ANONYMOUS, day_of
from queries.counting.totals import Counting, Sums
from queries.text.spelling import Spelling, as_written
from queries.text.tokens import REQUEST_WORDS, STOP_WORDS

METHOD: Final = "stemmed-words-2"

_TURNING: Final = frozenset({"no", "not", "nor", "without", "off", "on", "up", "down", "in", "out", "over", "under"})
_LEFT_OUT: Final = STOP_WORDS - _TURNING
_TOWARDS: Final = frozenset({"to", "into"})


class Intents:
    """Gives query texts their intents; what it was asked before it knows."""

    def __init__(self, spelling: Spelling = as_written) -> None:
        self._spelling = spelling
        self._keys = KeyCache(prefix="intent", limit=sys.maxsize)
        self._known: dict[int, int | None] = {}

    def of(self, texts: pa.Table) -> pa.Array:
        """Return the intent of each text: columns text_key, text (normalised) in; (n,) keys out."""
        text_keys = texts["text_key"].to_pylist()
        new = [i for i, key in enumerate(text_keys) if key not in self._known]
        said = texts["text"].take(pa.array(new, INT)).to_pylist()
        found = self._keys.keys([" ".join(intent_words(text, self._spelling)) for text in said])
        self._known.update(zip([text_keys[i] for i in new], found, strict=True))
        return pa.array([self._known[key] for key in text_keys], INT)

    def still_hold(self, assigned: pa.Table) -> bool:
        """Say whether texts (text_key, text, intent_key) have the intents that they were given earlier."""
        return bool(self.of(assigned).equals(assigned["intent_key"].combine_chunks()))


def intent_words(text: str, spelling: Spelling = as_written) -> tuple[str, ...]:
    """Return the distinct words that make the intent of a normalised text, sorted.

    If only words of asking are left they count; if nothing is left, the text itself.

    >>> intent_words("please find me the best upscalers for images")
    ('best', 'find', 'imag', 'upscal')
    >>> intent_words("word to pdf"), intent_words("pdf to word")
    (('>pdf', 'word'), ('>word', 'pdf'))
    """
    found: set[str] = set()
    asking: set[str] = set()
    before = last = ""
    for word in text.split():
        if word not in _LEFT_OUT:
            read = _stem(spelling(word))
            pointed_at = last in _TOWARDS and before != "" and before not in _LEFT_OUT and before not in REQUEST_WORDS
            (asking if word in REQUEST_WORDS else found).add(f">{read}" if pointed_at else read)
        before, last = last, word
    return tuple(sorted(found or asking)) or (text,)


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    stemmed: str = _stemmer().stemWord(word)
    return stemmed


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    return snowballstemmer.stemmer("english")


def text_totals(searches: Frame, texts: Frame) -> Frame:
    """Count the searches of every text: text_key, text, intent_key, searches, first_us, last_us.

    `searches`: text_key, ts_us, judged. `texts`: text_key, text, intent_key. Queries of judgment files were asked by
    nobody: they count as texts only.
    """
    asked = searches.filter(~nw.col("judged")).group_by("text_key")
    totals = asked.agg(
        nw.len().cast(nw.Int64).alias("searches"),
        nw.col("ts_us").min().alias("first_us"),
        nw.col("ts_us").max().alias("last_us"),
    )
    joined = texts.select("text_key", "text", "intent_key").join(totals, on="text_key", how="left")
    return joined.with_columns(nw.col("searches").fill_null(0))


def askers(searches: Frame) -> Frame:
    """Return who asked with which text: text_key, intent_key, client, each once. Judgment files were asked by nobody.

    `searches`: text_key, intent_key, client, judged.
    """
    return searches.filter(~nw.col("judged")).select("text_key", "intent_key", "client").unique()


def intent_totals(texts: Frame, clients: Frame) -> Frame:
    """Count texts, searches and people of every intent.

    `texts` from `text_totals`, those of several parts of the log one below the other; `clients`: intent_key, clients
    (`ASKING`). Returns intent_key, texts, searches, clients, first_seen, last_seen.
    """
    totals = texts.group_by("intent_key").agg(
        nw.col("searches").sum().cast(nw.Int64),
        nw.col("first_us").min().alias("first_seen"),
        nw.col("last_us").max().alias("last_seen"),
    )
    counts = _count_distinct(texts, "intent_key", "text_key", "texts")
    totals = totals.join(counts, on="intent_key", how="left").join(clients, on="intent_key", how="left")
    return totals.with_columns(nw.col("clients").fill_null(0))


def text_clients(texts: Frame, clients: Frame) -> Frame:
    """Say how many clients asked with every text: text_key, text, intent_key, clients. Texts nobody asked have none.

    `texts` as for `intent_totals`; `clients`: text_key, clients (`ASKING`).
    """
    known = texts.select("text_key", "text", "intent_key").unique()
    return known.join(clients, on="text_key", how="left").with_columns(nw.col("clients").fill_null(0))


def _count_distinct(rows: Frame, by: str, column: str, name: str) -> Frame:
    return rows.select(by, column).unique().group_by(by).agg(nw.len().cast(nw.Int64).alias(name))


def _clients(_engine: Engine, asking: Frame) -> Mapping[str, Frame]:
    return {by: _count_distinct(asking, by, "client", "clients") for by in ASKING.tables}


ASKING: Final = Counting(
    name="asking",
    table="askers",
    group=("intent_key", "client"),
    tables={by: Sums((by,), "clients") for by in ("text_key", "intent_key")},
    count=_clients,
)
"""The distinct clients of every text and of every intent."""


def intent_labels(clients_of_texts: pa.Table) -> dict[int, str]:
    """Choose the label of every intent: the text that most clients used; of several the shortest, then the first.

    `clients_of_texts` from `text_clients`.
    """
    best: dict[int, tuple[int, int, str]] = {}
    columns = (clients_of_texts[name].to_pylist() for name in ("text", "intent_key", "clients"))
    for text, intent_key, clients in zip(*columns, strict=True):
        candidate = (-clients, len(text), text)
        if intent_key not in best or candidate < best[intent_key]:
            best[intent_key] = candidate
    return {intent_key: label for intent_key, (_, _, label) in best.items()}


def intent_id(intent_key: int) -> str:
    """Return the printed id of an intent."""
    return f"int_{key_text(intent_key)}"


def with_intents(searches: Frame, assigned: Frame) -> Frame:
    """Give searches their intent, client and day. `assigned`: text_key, intent_key.

    Adds intent_key, client and day to the columns of `SearchLog.searches`.
    """
    client = nw.coalesce("client_key", "session_key", nw.lit(ANONYMOUS)).cast(nw.Int64)
    joined = searches.join(assigned.select("text_key", "intent_key"), on="text_key", how="inner")
    return joined.with_columns(client.alias("client"), day_of(nw.col("ts_us")).alias("day"))
