"""A ledger of any size to measure the job with: searches with lists of hits, clicks on them, and a catalogue.

Intents, artifacts and clients are drawn from Zipf's law; every tenth client is an agent. Every intent has its own
twelve capabilities, of which a search shows three to six; what is clicked follows the position-based model. Each day
is drawn from a seed of its own, so a ledger without its last day is the same as one that the last day has not reached
yet. Rows go through the code that every import uses, as the ledger keeps them: what readers do with files is measured
by `bench.ingest`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.home import Home
from graph.importing import importing
from graph.keys import KeyCache, combine_keys
from graph.schemas import LEDGER_TABLES
from graph.text import normalise_query

DAY_US: Final = 86_400_000_000
FIRST_DAY: Final = 20_454
"""2026-01-01, in days since 1970: not the first day of a period of 90 days."""
CANDIDATES: Final = 12
BATCH: Final = 100_000

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Size:
    """How much there is. Defaults follow from the number of searches."""

    searches: int
    days: int = 50
    intents: int = 20_000
    artifacts: int = 2_000
    seed: int = 1

    @property
    def clients(self) -> int:
        """Number of different clients: twenty searches each."""
        return max(self.searches // 20, 10)


class SyntheticLog:
    """Draws the rows of a ledger."""

    def __init__(self, size: Size) -> None:
        rng = np.random.default_rng(size.seed)
        self.size = size
        words = np.array([_word(number) for number in range(5_000)])
        drawn = [" ".join(words[_zipf(rng, len(words), 4)]) for _ in range(size.intents)]
        texts = [normalise_query(text) for each in drawn for text in (each, f"the {each} please")]
        self._texts = pa.array(texts)
        self._text_keys = np.array(KeyCache().keys(texts), np.int64)
        self.artifact_ids = [f"maker-{number % 97}/tool-{number}" for number in range(size.artifacts)]
        self.object_ids = [f"{artifact}/{part}" for artifact in self.artifact_ids for part in ("one", "two")]
        self._objects = pa.array(self.object_ids)
        self._object_keys = np.array(KeyCache().keys(self.object_ids), np.int64)
        shape = (size.intents, CANDIDATES)
        self._candidates = _zipf(rng, len(self.object_ids), size.intents * CANDIDATES).reshape(shape)
        self._attraction = rng.beta(1.0, 2.0, shape)
        self._findless = rng.random(size.intents) < 0.01
        self._descriptions = [" ".join(words[_zipf(rng, len(words), 20)]) for _ in self.object_ids]

    def write_catalogue(self, home: Home) -> None:
        """Import the descriptions, and the row of `sources` that makes a ledger of the folder."""
        artifacts = [{"artifact_id": each, "name": each, "type": "mcp"} for each in self.artifact_ids]
        capabilities = [
            {"capability_id": each, "artifact_id": each.rsplit("/", 1)[0], "name": text[:30], "description": text}
            for each, text in zip(self.object_ids, self._descriptions, strict=True)
        ]
        with importing(home, "catalogue") as run, home.lock("ledger"):
            for name, rows in (("artifacts", artifacts), ("capabilities", capabilities), ("sources", [{}])):
                numbered = [{"content_hash": number, "ingested_at": 0, **row} for number, row in enumerate(rows)]
                table = pa.Table.from_pylist(numbered, LEDGER_TABLES[name]).combine_chunks()
                run.append(name, table.to_batches()[0])
            run.commit()

    def write_day(self, home: Home, day: int) -> None:
        """Import the searches and events of one day, counted from 0, as one file."""
        rng = np.random.default_rng([self.size.seed, day])
        total = self.size.searches // self.size.days
        with importing(home, f"day {day}") as run, home.lock("ledger"):
            for start in range(0, total, BATCH):
                searches, events = self._batch(rng, day, start, min(BATCH, total - start))
                run.append("searches", searches)
                run.append("events", events)
            run.commit()

    def _batch(self, rng: np.random.Generator, day: int, start: int, n: int) -> tuple[pa.RecordBatch, pa.RecordBatch]:
        number = day * 100_000_000 + start + np.arange(n)
        search_key = combine_keys({"search": number})
        intent = _zipf(rng, self.size.intents, n)
        text = 2 * intent + rng.integers(0, 2, n)
        ts_us = (FIRST_DAY + day) * DAY_US + rng.integers(0, DAY_US, n)
        asking = _zipf(rng, self.size.clients, n, 0.7)
        client = combine_keys({"client": asking})
        lengths = np.where(self._findless[intent], 0, rng.integers(3, 7, n))
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        of_search = np.repeat(np.arange(n), lengths)
        position = np.arange(offsets[-1]) - offsets[of_search] + 1
        first = np.minimum(rng.geometric(0.5, n) - 1, CANDIDATES - 6)
        place = first[of_search] + position - 1
        shown = self._candidates[intent[of_search], place]
        seen = rng.random(len(shown)) < position**-0.7
        clicked = np.flatnonzero(seen & (rng.random(len(shown)) < self._attraction[intent[of_search], place]))
        session = combine_keys({"client": client, "half_day": ts_us // (DAY_US // 2)})
        actor = np.where(asking % 10 == 9, "agent", "human")
        who = {"client_key": client, "session_key": session, "bare_session_key": session, "actor": actor}
        searches = {
            **who,
            "search_key": search_key,
            "content_hash": search_key,
            "ts_us": ts_us,
            "text_key": self._text_keys[text],
            "query_text": self._texts.take(pa.array(text)),
            "query_norm": self._texts.take(pa.array(text)),
            "hits": pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), self._objects.take(pa.array(shown))),
            "shown": _shown(offsets, position, self._object_keys[shown]),
            "kind": pa.repeat("log", n),
        }
        of_event = of_search[clicked]
        events = {
            **{name: values[of_event] for name, values in who.items()},
            "search_key": search_key[of_event],
            "content_hash": combine_keys({"search": number[of_event], "position": position[clicked]}),
            "ts_us": ts_us[of_event] + rng.integers(1, 3_600, len(clicked)) * 1_000_000,
            "object_id": self._objects.take(pa.array(shown[clicked])),
            "object_key": self._object_keys[shown[clicked]],
            "position": position[clicked].astype(np.int32),
            "action": pa.repeat("click", len(clicked)),
            "action_name": pa.repeat("click", len(clicked)),
        }
        return _ledger_rows("searches", searches), _ledger_rows("events", events)


def _shown(offsets: Ints, position: Ints, keys: Ints) -> pa.Array:
    entries = pa.StructArray.from_arrays([position.astype(np.int32), keys], names=["position", "object_key"])
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), entries)


def _ledger_rows(table: str, columns: dict[str, object]) -> pa.RecordBatch:
    """Bring columns into a ledger table's schema, with the day of each row and what every row has."""
    schema = LEDGER_TABLES[table]
    days = np.asarray(columns["ts_us"]) // DAY_US
    n = len(days)
    columns |= {
        "event_date": pa.array(days.astype("datetime64[D]").astype(str)),
        "application": pa.repeat("bench", n),
        "source": pa.repeat("bench.jsonl", n),
        "source_row": np.arange(n),
        "ingested_at": np.zeros(n, np.int64),
    }
    arrays = [pa.array(columns[f.name]).cast(f.type) if f.name in columns else pa.nulls(n, f.type) for f in schema]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _zipf(rng: np.random.Generator, n: int, size: int, exponent: float = 0.9) -> Ints:
    """Draw numbers below `n`, number k with probability proportional to (k + 1) to the power of -`exponent`."""
    cumulated = np.cumsum(np.arange(1, n + 1) ** -exponent)
    drawn: Ints = np.searchsorted(cumulated, rng.random(size) * cumulated[-1]).astype(np.int64)
    return drawn


def _word(number: int) -> str:
    """Return a word of its own for every number: syllables, last first."""
    syllables = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
    found = syllables[number % 70] + syllables[number // 70 % 70]
    return found + syllables[number // 4_900 % 70] if number >= 4_900 else found
