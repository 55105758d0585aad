"""Looking over new files only, beside what was seen of all others, is looking over everything."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.queries.counting.growing import Growing, Rows
from tests.queries.ledger_rows import at, event, search

names = st.sampled_from(("1", "2", "3", "4"))
days = st.sampled_from((0, 1, 2, 20, None))
actors = st.sampled_from(("human", "bot"))


@st.composite
def imports(draw: st.DrawFn) -> Rows:
    """A few searches and events: recorded again, late, lost, nameless, undated, of bots and of the future."""
    rows: Rows = {"searches": [], "events": []}
    for name, day, text in draw(st.lists(st.tuples(names, days, st.sampled_from(("a need", ""))), max_size=4)):
        rows["searches"].append(search(name, text, actor=draw(actors), **dated(day)))
    for named, day, told in draw(st.lists(st.tuples(st.none() | names, days, st.booleans()), max_size=5)):
        action, more = draw(st.sampled_from(("click", "hover"))), {"query_text": "a need"} if told else {}
        rows["events"].append(event(named, action, "x", actor=draw(actors), **dated(day), **more))
    return rows


def dated(day: int | None) -> dict[str, Any]:
    return {} if day is None else {"ts_us": at(day)}


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(imports(), st.sampled_from((at(1), at(10), at(30)))), min_size=2, max_size=4))
def test_looking_on_is_looking_at_everything(steps: Sequence[tuple[Rows, int]]) -> None:
    with TemporaryDirectory() as folder:
        growing = Growing(Path(folder), polars=True)
        for rows, now in steps:
            growing.add(rows)
            assert growing.index(now, "kept") == growing.index(now)


def test_a_search_recorded_again_moves_events_that_were_seen_long_ago(tmp_path: Path) -> None:
    growing = Growing(tmp_path)
    growing.add({"searches": [search("1", "a need", ts_us=at(1))], "events": [event("1", "click", "x", ts_us=at(1))]})
    before = growing.index(at(10), "kept")
    growing.add({"searches": [search("1", "a need", ts_us=at(3))]})
    after = growing.index(at(10), "kept")
    assert after == growing.index(at(10))
    assert len(after["repeated"]) == 1
    assert after["event_dates"] != before["event_dates"]


def test_an_event_whose_search_comes_later_is_lost_no_more(tmp_path: Path) -> None:
    growing = Growing(tmp_path)
    growing.add({"events": [event("1", "click", "x", ts_us=at(1), query_text="a need")]})
    assert growing.index(at(10), "kept")["report"]["adopted_events"] == 1
    growing.add({"searches": [search("1", "a need", ts_us=at(1))]})
    after = growing.index(at(10), "kept")
    assert after == growing.index(at(10))
    assert after["report"]["adopted_events"] == after["report"]["orphan_events"] == 0


def test_only_new_files_are_read_in_full(tmp_path: Path) -> None:
    """What was seen stays as it was where its file has changed under its name: nobody looks at its rows again."""
    growing = Growing(tmp_path)
    growing.add({"searches": [search("1", "a need", actor="bot", ts_us=at(1))]})
    growing.index(at(10), "kept")
    (seen,) = (tmp_path / "searches").rglob("*.parquet")
    growing.add({"searches": [search("2", "a need", ts_us=at(2))]})
    (other,) = set((tmp_path / "searches").rglob("*.parquet")) - {seen}
    seen.write_bytes(other.read_bytes())
    assert growing.index(at(10), "kept")["report"]["bot_searches"] == 1
    assert growing.index(at(10))["report"]["bot_searches"] == 0
