"""The ledger as it stood: what came later is not read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from queries.counting.as_of import AsOf
from queries.recompute import recompute
from tests.api.logs import NOW_US, home_with_secret, import_log, random_log
from tests.queries.conftest import EngineMaker
from tests.queries.ledger_rows import event, ledger

FIRST, SECOND = NOW_US, NOW_US + 1_000_000


def test_rows_of_that_moment_count_and_later_ones_do_not(engine_over: EngineMaker) -> None:
    rows: list[dict[str, Any]] = [event("q", "click", "o", ingested_at=time) for time in (1, 2, 3)]
    with engine_over(ledger(events=rows)) as engine:

        def read(as_of: int) -> list[int]:
            return sorted(engine.arrow(AsOf(engine, as_of).table("events"))["ingested_at"].to_pylist())

        assert [read(time) for time in (0, 2, 3)] == [[], [1, 2], [1, 2, 3]]
        assert AsOf(engine, 0).name == engine.name


def test_the_state_between_two_imports_is_that_before_the_second(tmp_path: Path) -> None:
    log = random_log(1)
    home = home_with_secret(tmp_path / "home")
    import_log(home, tmp_path / "a" / "log", {name: rows[::2] for name, rows in log.items()}, now_us=FIRST)
    then = recompute(home, now_us=NOW_US)
    import_log(home, tmp_path / "b" / "log", log, now_us=SECOND)
    again = recompute(home, now_us=NOW_US, as_of_us=SECOND - 1)
    assert again.manifest.tables == then.manifest.tables
    assert again.manifest.parameters["as_of_us"] == SECOND - 1
    assert recompute(home, now_us=NOW_US).manifest.tables != then.manifest.tables
