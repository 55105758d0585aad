"""One Spark session for all tests of engines: starting it takes longer than any of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graph.errors import WrongUse
from queries.counting.engines import open_engine
from tests.missing import missing

FASTER_FOR_FEW_ROWS = (
    "--conf spark.sql.codegen.wholeStage=false "
    "--driver-java-options '-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:+UseSerialGC' pyspark-shell"
)
"""Compiling whole plans to Java, and Java to its best machine code, takes longer than running both on few rows."""


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keeps a session running, beside which Spark engines open. In CI it must start; elsewhere Java may be missing."""
    scratch = tmp_path_factory.mktemp("spark")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYSPARK_SUBMIT_ARGS", FASTER_FOR_FEW_ROWS)
        try:
            opened = open_engine("spark", lambda _table: [], scratch)
            opened.__enter__()
        except WrongUse as error:
            missing(str(error))
    yield
    opened.__exit__(None, None, None)
    assert list(scratch.iterdir()) == []
