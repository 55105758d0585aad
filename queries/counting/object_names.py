"""Names of objects that the log mentions and the catalogue does not describe."""

from __future__ import annotations

import narwhals as nw
import pyarrow as pa

from graph.keys import KeyCache
from queries.counting.catalogue import TARGETS
from queries.counting.engine import Engine, Frame


def undescribed_objects(engine: Engine, pairs: Frame, described: Frame, named: Frame, raw_searches: Frame) -> pa.Table:
    """Return what undescribed objects stand for, in the columns of `TARGETS`: each for an artifact of its own id.

    `pairs`: object_key of everything that needs a name. The name is taken from `named` (object_key, object_id), else
    from the lists of hits.
    """
    unknown = engine.materialise(
        "unknown_objects", pairs.select("object_key").unique().join(described, on="object_key", how="anti")
    )
    wanted = set(engine.arrow(unknown)["object_key"].to_pylist())
    if not wanted:
        return TARGETS.empty_table()
    named = named.join(unknown, on="object_key", how="inner").group_by("object_key").agg(nw.col("object_id").min())
    found = engine.arrow(named)
    names = dict(zip(found["object_key"].to_pylist(), found["object_id"].to_pylist(), strict=True))
    if wanted - names.keys():
        names |= _names_in_lists(engine, raw_searches, wanted - names.keys())
    rows = [
        {"object_key": key, "artifact_key": key, "artifact_id": name, "capability_id": None, "catalogued": False}
        for key, name in sorted(names.items())
    ]
    return pa.Table.from_pylist(rows, TARGETS)


def _names_in_lists(engine: Engine, raw_searches: Frame, wanted: set[int]) -> dict[int, str]:
    texts = engine.arrow(raw_searches.select("hits").explode("hits").unique())["hits"].drop_null().to_pylist()
    keys = KeyCache().keys(texts)
    return {key: text for key, text in zip(keys, texts, strict=True) if key in wanted}
