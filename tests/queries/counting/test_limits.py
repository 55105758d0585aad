"""What the job may take of the machine changes how long it takes, and no answer."""

from __future__ import annotations

from pathlib import Path

import narwhals as nw
import pyarrow as pa
import pytest

from bench.synthetic_log import DAY_US, FIRST_DAY, Size, SyntheticLog
from graph.errors import MatchgraphError, WrongUse
from graph.home import Home
from queries.counting.engine import Frame
from queries.counting.engines import open_engine
from queries.counting.engines.duckdb_engine import DuckDBEngine
from queries.counting.limits import Limits
from queries.recompute import recompute


@pytest.fixture
def spilled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes lie spilled in the home, looked up after every table that is kept."""
    found: list[int] = []
    keep = DuckDBEngine.materialise

    def watched(self: DuckDBEngine, name: str, frame: Frame) -> Frame:
        kept = keep(self, name, frame)
        found.append(sum(path.stat().st_size for path in Home(tmp_path).scratch_path.glob("duckdb-*/*")))
        return kept

    monkeypatch.setattr(DuckDBEngine, "materialise", watched)
    return found


def test_a_job_with_little_memory_spills_and_says_the_same(tmp_path: Path, spilled: list[int]) -> None:
    home = Home(tmp_path)
    log = SyntheticLog(Size(searches=40_000, days=2, intents=500, artifacts=60))
    log.write_catalogue(home)
    for day in range(2):
        log.write_day(home, day)
    now_us = (FIRST_DAY + 3) * DAY_US
    roomy = recompute(home, now_us=now_us, full=True)
    assert max(spilled) == 0
    narrow = recompute(home, now_us=now_us, full=True, limits=Limits("32MB", threads=1))
    assert max(spilled) > 5_000_000
    assert narrow.id == roomy.id


def test_too_little_memory_says_what_to_change(tmp_path: Path) -> None:
    with pytest.raises(MatchgraphError, match="--memory"):
        sort_a_million(tmp_path)


def sort_a_million(scratch: Path) -> None:
    with open_engine("duckdb", lambda _: [], scratch, Limits("1MB", threads=1)) as engine:
        numbers = engine.register("numbers", pa.table({"a": range(1_000_000)}))
        engine.arrow(numbers.select(nw.col("a").cum_sum().over(order_by="a")))


@pytest.mark.parametrize("memory", ["much", "-1GB", "12", "1 parsec"])
def test_what_is_no_amount_of_memory_is_wrong_use(memory: str) -> None:
    with pytest.raises(WrongUse, match="no amount of memory"):
        Limits(memory)


def test_no_threads_is_wrong_use() -> None:
    with pytest.raises(WrongUse, match="at least one"):
        Limits(threads=0)


def test_spark_has_limits_of_its_own(tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    with pytest.raises(WrongUse, match="limits of DuckDB"), open_engine("spark", lambda _: [], tmp_path, Limits("1GB")):
        pass
