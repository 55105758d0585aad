"""Query texts that too few people asked: counted, matched, never shown.

A rare text can give its author away. Of every intent that fewer than k distinct clients asked, the label is withheld
(k-anonymity: Sweeney 2002, "k-Anonymity: a model for protecting privacy", section 3; clients are counted, never
events). Other texts than labels are not published at all. Texts of judgment files are shown: nobody asked them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import narwhals as nw
import pyarrow as pa

from graph.snapshot_schemas import INTENTS, TEXT_INTENTS
from queries.counting.engine import Engine

K_ANONYMITY: Final = 5
"""So many distinct clients must have asked before a text is shown."""

JUDGED: Final = "judged"


def judged_texts(engine: Engine) -> frozenset[int]:
    """Return the text keys of the queries of judgment files."""
    judged = engine.table("searches").filter(nw.col("kind") == JUDGED, ~nw.col("text_key").is_null())
    return frozenset(engine.arrow(judged.select("text_key").unique())["text_key"].to_pylist())


def withhold_labels(intents: pa.Table, text_intents: pa.Table, judged: frozenset[int], k: int) -> pa.Table:
    """Return the table `intents` with the label of every intent that fewer than `k` clients asked set to null.

    If a judgment file holds the same need, its text is the label instead; of several the shortest, then the first.
    """
    public = _judged_labels(text_intents, judged)
    columns = (intents[name].to_pylist() for name in ("intent_key", "label", "clients"))
    labels = [label if clients >= k else public.get(key) for key, label, clients in zip(*columns, strict=True)]
    place = INTENTS.get_field_index("label")
    return intents.set_column(place, INTENTS.field(place), pa.array(labels, pa.string()))


def published_text_intents(text_intents: pa.Table, intents: pa.Table, judged: frozenset[int]) -> pa.Table:
    """Return the table `text_intents` with all texts set to null but labels in `intents` and judged ones."""
    shown = set(intents["label"].to_pylist()) - {None}
    pairs = zip(text_intents["text_key"].to_pylist(), text_intents["text"].to_pylist(), strict=True)
    texts = [text if key in judged or text in shown else None for key, text in pairs]
    place = TEXT_INTENTS.get_field_index("text")
    return text_intents.set_column(place, TEXT_INTENTS.field(place), pa.array(texts, pa.string()))


def _judged_labels(text_intents: pa.Table, judged: frozenset[int]) -> Mapping[int, str]:
    best: dict[int, tuple[int, str]] = {}
    for row in text_intents.to_pylist():
        candidate = (len(row["text"]), row["text"])
        if row["text_key"] in judged and candidate < best.get(row["intent_key"], (len(row["text"]) + 1, "")):
            best[row["intent_key"]] = candidate
    return {key: text for key, (_, text) in best.items()}
