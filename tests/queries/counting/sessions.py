"""Sessions written as strings of one-letter artifacts, counted."""

from __future__ import annotations

import pyarrow as pa

from queries.counting.together import SESSIONS, Together, chosen_together
from tests.queries.ledger_rows import ledger, polars_engine

SCHEMA = pa.schema([(name, pa.int64()) for name in ("unit", "client", "number")])
IDS = pa.array([chr(number) for number in range(128)])


def together(sessions: dict[int, str], clients: int) -> Together:
    """Count sessions, each a string of one-letter artifacts; every row comes twice."""
    rows = [
        {"unit": unit, "client": unit % clients, "number": ord(each)}
        for unit, chosen in sessions.items()
        for each in chosen * 2
    ]
    with polars_engine(ledger()) as engine:
        counted = SESSIONS.everything(engine, engine.register("chosen", pa.Table.from_pylist(rows, SCHEMA)))
        return chosen_together(engine, counted, IDS)
