"""Intents: the needs behind query texts, as a deterministic grouping that does not move when more searches come.

Two texts have the same intent if they have the same words after stemming (Snowball English, Porter 2001), whatever
their order and number. Left out are function words, but not those that turn the meaning ("without", "not"), and words
of asking ("please help me find"). A word that "to" or "into" points at is another word ("pdf to word" is not "word to
pdf"). Typing errors are corrected as far as the catalogue knows the word (`queries.spelling`). Nothing depends on
other texts, so an intent's id stays the same whatever else is searched for.

Measured on requests labelled with the tool that serves them: see `bench/intents.py`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import narwhals as nw
import pyarrow as pa
import snowballstemmer

from graph.keys import KeyCache, key_text
from graph.schemas import INT
from queries.engine import Engine, Frame
from queries.first_asks import with_first_asks
from queries.search_log import ANONYMOUS
from queries.spelling import Spelling, as_written
from queries.tokens import REQUEST_WORDS, STOP_WORDS

METHOD: Final = "stemmed-words-2"

_TURNING: Final = frozenset({"no", "not", "nor", "without", "off", "on", "up", "down", "in", "out", "over", "under"})
_LEFT_OUT: Final = STOP_WORDS - _TURNING
_TOWARDS: Final = frozenset({"to", "into"})

_ASSIGNED: Final = pa.schema([pa.field("text_key", INT), pa.field("intent_key", INT)])


def assign_intents(texts: pa.Table, spelling: Spelling = as_written) -> pa.Table:
    """Give every query text its intent: columns text_key, text (normalised) in; text_key, intent_key out."""
    cache = KeyCache(prefix="intent")
    keys = cache.keys(" ".join(intent_words(text, spelling)) for text in texts["text"].to_pylist())
    return pa.table({"text_key": texts["text_key"].cast(INT), "intent_key": pa.array(keys, INT)}, _ASSIGNED)


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


def intent_totals(searches: Frame) -> Frame:
    """Count people and searches of every intent.

    `searches`: intent_key, text_key, client, kind, ts_us. Returns intent_key, texts, searches, clients, first_seen,
    last_seen. Queries of judgment files were asked by nobody: they count as texts only.
    """
    asked = searches.filter(nw.col("kind") != "judged")
    texts = _count_distinct(searches, "text_key", "texts")
    clients = _count_distinct(asked, "client", "clients")
    times = asked.group_by("intent_key").agg(
        nw.len().cast(nw.Int64).alias("searches"),
        nw.col("ts_us").min().alias("first_seen"),
        nw.col("ts_us").max().alias("last_seen"),
    )
    joined = texts.join(times, on="intent_key", how="left").join(clients, on="intent_key", how="left")
    return joined.with_columns(nw.col("searches", "clients").fill_null(0))


def text_clients(searches: Frame) -> Frame:
    """Count the distinct clients of every text: text_key, intent_key, clients. Texts that nobody asked have none."""
    pairs = searches.select("text_key", "intent_key", "client", "kind").unique()
    asked = (nw.col("kind") != "judged").cast(nw.Int64).sum().cast(nw.Int64)
    return pairs.group_by("text_key", "intent_key").agg(asked.alias("clients"))


def _count_distinct(searches: Frame, column: str, name: str) -> Frame:
    pairs = searches.select("intent_key", column).unique()
    return pairs.group_by("intent_key").agg(nw.len().cast(nw.Int64).alias(name))


def intent_labels(clients_of_texts: pa.Table, texts: pa.Table) -> dict[int, str]:
    """Choose the label of every intent: the text that most clients used; of several the shortest, then the first."""
    text_of = dict(zip(texts["text_key"].to_pylist(), texts["text"].to_pylist(), strict=True))
    best: dict[int, tuple[int, int, str]] = {}
    columns = (clients_of_texts[name].to_pylist() for name in ("text_key", "intent_key", "clients"))
    for text_key, intent_key, clients in zip(*columns, strict=True):
        text = text_of[text_key]
        candidate = (-clients, len(text), text)
        if intent_key not in best or candidate < best[intent_key]:
            best[intent_key] = candidate
    return {intent_key: label for intent_key, (_, _, label) in best.items()}


def intent_id(intent_key: int) -> str:
    """Return the printed id of an intent."""
    return f"int_{key_text(intent_key)}"


def with_intents(engine: Engine, searches: Frame, assigned: pa.Table) -> Frame:
    """Give searches their intent and client; kept by the engine.

    Returns search_key, content_hash, intent_key, text_key, client_key, session_key, client, ts_us, kind, hits and
    first_ask (see `queries.first_asks`).
    """
    intents = engine.register("assigned_intents", assigned)
    client = nw.coalesce("client_key", "session_key", nw.lit(ANONYMOUS)).cast(nw.Int64)
    joined = searches.join(intents, on="text_key", how="inner").with_columns(client.alias("client"))
    return engine.materialise("searches_with_intents", with_first_asks(joined))
