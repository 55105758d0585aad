"""Every relational step runs on two engines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

import pyarrow as pa
import pytest

from queries.counting.engine import Engine
from tests.queries.ledger_rows import duckdb_engine, polars_engine

EngineMaker = Callable[[Mapping[str, pa.Table]], AbstractContextManager[Engine]]


@pytest.fixture(scope="module", params=[duckdb_engine, polars_engine], ids=["duckdb", "polars"])
def engine_over(request: pytest.FixtureRequest) -> EngineMaker:
    maker: EngineMaker = request.param
    return maker
