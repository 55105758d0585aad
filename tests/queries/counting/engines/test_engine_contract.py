"""What every engine must do in the same way, to the last bit of the last table of a snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click
import narwhals as nw
import pyarrow as pa
import pytest

from api.cli.recompute import recompute as recompute_command
from api.demo import NOW_US
from api.fixture_files import demo_paths
from graph.home import Home
from graph.ledger import Ledger
from graph.schemas import LEDGER_TABLES
from graph.snapshot import Snapshot
from ingest.load import ingest_paths
from queries.counting.engine import Engine, Frame
from queries.counting.engines import ENGINES, open_engine
from queries.counting.search_log import day_of
from queries.recompute import recompute
from tests.queries.ledger_rows import DAY, described, event, outcome, search
from tests.queries.test_recompute import ROWS_WITH_SOURCE, home_with

Rows = list[dict[str, Any]]

AWKWARD_ROWS: dict[str, Rows] = {
    **ROWS_WITH_SOURCE,
    "searches": [
        *ROWS_WITH_SOURCE["searches"],
        search("9", "naïve 東京 \U0001f5fa map", hits=["big/zoom"]),  # undated, of no client
        search("10", "upscale image", hits=[], client="ann", ts_us=-1),
    ],
    "events": [
        *ROWS_WITH_SOURCE["events"],
        event("9", "click", "Ünlisted / 'thing'"),
        event(None, "click", "small", query_text="a map without a search"),
    ],
    "outcomes": [*ROWS_WITH_SOURCE["outcomes"], outcome("success", "callback", "c", search="9")],
}
"""Orphans, bots, judgments, undated rows, objects that nobody described: more than the example log has."""


@pytest.fixture(params=ENGINES)
def name(request: pytest.FixtureRequest) -> str:
    if request.param == "spark":
        request.getfixturevalue("spark")
    return str(request.param)


@pytest.fixture
def engine(name: str, tmp_path: Path) -> Iterator[Engine]:
    with open_over(name, Home(tmp_path)) as opened:
        yield opened


def open_over(name: str, home: Home) -> AbstractContextManager[Engine]:
    return open_engine(name, Ledger.open(home).files if home.has_ledger else _no_files, home.scratch_path)


def _no_files(_table: str) -> list[str]:
    return []


def rows_of(engine: Engine, frame: Frame, order: str) -> Rows:
    rows: Rows = engine.arrow(frame).sort_by(order).to_pylist()
    return rows


# --- tables --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["home", "it's a home, 100 %"])
def test_a_ledger_table_is_read_as_it_was_written(name: str, tmp_path: Path, folder: str) -> None:
    home = home_with(tmp_path / folder, AWKWARD_ROWS, AWKWARD_ROWS)
    with open_over(name, home) as engine:
        for table, schema in LEDGER_TABLES.items():
            found = engine.arrow(engine.table(table)).select(schema.names).cast(schema)
            assert found.sort_by("content_hash").equals(Ledger.open(home).arrow(table).sort_by("content_hash")), table


def test_a_table_that_was_never_written_has_all_columns_and_no_rows(engine: Engine) -> None:
    for table, schema in LEDGER_TABLES.items():
        found = engine.arrow(engine.table(table))
        assert (found.column_names, found.num_rows) == (schema.names, 0)


def test_every_type_of_the_ledger_comes_back_as_it_was(engine: Engine) -> None:
    schema = pa.schema({field.name: field.type for fields in LEDGER_TABLES.values() for field in fields})
    row = {
        "artifact_id": "naïve 東京 \U0001f5fa 'quoted' \\ \n",
        "content_hash": 2**63 - 1,
        "ingested_at": -(2**63),
        "tags": ["b", None, "a"],
        "hits": [],
        "shown": [{"position": 2**31 - 1, "object_key": None}],
        "value": 0.1,
        "worked": False,
    }
    given = pa.Table.from_pylist([row, {}], schema)
    found = engine.arrow(engine.materialise("kept", engine.register("given", given)))
    assert found.cast(schema).sort_by("content_hash").equals(given)


def test_a_name_can_be_used_again(engine: Engine) -> None:
    for value in (1, 2):
        kept = engine.materialise("kept", engine.register("given", pa.table({"a": [value]})))
        assert rows_of(engine, kept, "a") == [{"a": value}]


def test_an_empty_frame_can_be_kept(engine: Engine) -> None:
    given = engine.register("given", pa.table({"a": [1], "b": ["x"]}))
    kept = engine.materialise("kept", given.filter(nw.col("a") > 1))
    assert engine.arrow(kept).to_pydict() == {"a": [], "b": []}


def test_ledger_tables_join_with_registered_and_kept_ones(name: str, tmp_path: Path) -> None:
    home = home_with(tmp_path, {"sources": [described("sources", file_hash="f"), described("sources", file_hash="g")]})
    with open_over(name, home) as engine:
        given = engine.register("given", pa.table({"file_hash": ["f", "h"], "n": [1, 2]}))
        joined = engine.table("sources").join(given, on="file_hash", how="inner").select("file_hash", "n")
        again = engine.materialise("kept", joined).join(given, on=["file_hash", "n"], how="inner")
        assert rows_of(engine, again, "n") == [{"file_hash": "f", "n": 1}]


def test_nothing_is_left_behind(name: str, tmp_path: Path) -> None:
    with open_over(name, Home(tmp_path)) as engine:
        engine.materialise("kept", engine.register("given", pa.table({"a": [1]})))
    assert list((tmp_path / "scratch").iterdir()) == []


# --- functions -----------------------------------------------------------------------------------------------------

VALUES = pa.table(
    {
        "row": [0, 1, 2],
        "ts": [DAY - 1, DAY, None],
        "n": [7, None, -1],
        "x": [0.1234567894, None, 2.0],
        "yes": [True, False, None],
        "word": ["CLICK", "click ", None],
        "list": [["a"], [], None],
    }
)
VOTE = nw.when(nw.col("yes")).then(nw.lit(1)).when(~nw.col("yes")).then(nw.lit(-1)).otherwise(None)
FUNCTIONS: dict[str, tuple[nw.Expr, list[Any]]] = {
    "day": (day_of(nw.col("ts")), [0, 1, -1]),
    "rounded": (nw.col("x").round(9), [0.123456789, None, 2.0]),
    "first known": (nw.coalesce("n", "ts"), [7, DAY, -1]),
    "compared": (nw.col("n") > 0, [True, None, False]),
    "null or true": ((nw.col("n") > 0) | (nw.col("row") == 1), [True, True, False]),
    "not": (~nw.col("yes"), [False, True, None]),
    "number of a truth": (nw.col("yes").cast(nw.Int64), [1, 0, None]),
    "vote": (VOTE, [1, -1, None]),
    "is in": (nw.col("word").str.to_lowercase().is_in(("click",)), [True, False, None]),
    "contains": (nw.col("word").str.contains("LIC", literal=True), [True, False, None]),
    "length": (nw.col("list").list.len().fill_null(0), [1, 0, 0]),
    "filled": (nw.col("n").fill_null(strategy="forward").over(order_by="row"), [7, 7, -1]),
    "place, null first": (nw.col("row").cum_count().over(order_by=["n", "row"]), [3, 1, 2]),
    "place in a group": (nw.col("row").cum_count().over("yes", order_by="row"), [1, 1, 1]),
}


def test_functions_of_the_job_treat_null_and_rounding_alike(engine: Engine) -> None:
    columns = [expression.alias(column) for column, (expression, _) in FUNCTIONS.items()]
    found = engine.arrow(engine.register("values", VALUES).select("row", *columns)).sort_by("row")
    assert found.drop_columns("row").to_pydict() == {column: expected for column, (_, expected) in FUNCTIONS.items()}


def test_texts_are_ordered_by_code_point(engine: Engine) -> None:
    texts = ["z", "Z", "é", "￿", "\U0001f5fa"]
    given = engine.register("given", pa.table({"text": texts}))
    found = given.select(nw.col("text").min().alias("first"), nw.col("text").max().alias("last"))
    assert rows_of(engine, found, "first") == [{"first": "Z", "last": "\U0001f5fa"}]


def test_null_is_one_group_and_joins_with_nothing(engine: Engine) -> None:
    given = engine.register("given", pa.table({"key": [1, None, None], "n": [1, 2, 3]}))
    sums = given.group_by("key").agg(nw.col("n").sum().cast(nw.Int64))
    assert rows_of(engine, sums, "n") == [{"key": 1, "n": 1}, {"key": None, "n": 5}]
    assert engine.arrow(given.select("key").unique()).num_rows == 2
    keys = given.select("key")
    assert rows_of(engine, given.join(keys, on="key", how="inner"), "n") == [{"key": 1, "n": 1}]
    assert rows_of(engine, given.join(keys, on="key", how="anti"), "n") == [{"key": None, "n": n} for n in (2, 3)]


def test_structs_of_lists_become_rows(engine: Engine) -> None:
    given = pa.Table.from_pylist(
        [{"shown": [{"position": 1, "object_key": 5}, {"position": None, "object_key": 6}]}, {"shown": []}, {}],
        pa.schema([LEDGER_TABLES["searches"].field("shown")]),
    )
    hit = nw.col("shown").struct
    rows = engine.register("given", given).explode("shown").filter(~nw.col("shown").is_null())
    found = rows.select(hit.field("position").alias("position"), hit.field("object_key").alias("object_key"))
    expected = [{"position": 1, "object_key": 5}, {"position": None, "object_key": 6}]
    assert rows_of(engine, found, "object_key") == expected


def test_a_sum_that_is_too_large_fails_instead_of_wrapping_around(engine: Engine) -> None:
    given = engine.register("given", pa.table({"n": [2**62, 2**62]}))
    with pytest.raises(Exception, match=r"(?i)overflow|out of range"):
        engine.arrow(given.select(nw.col("n").sum().cast(nw.Int64)))


# --- the whole job -------------------------------------------------------------------------------------------------


def test_all_engines_publish_the_same_snapshot(spark: None, tmp_path: Path) -> None:
    home = Home(tmp_path)
    ingest_paths(home, demo_paths(), now_us=NOW_US)
    home_with(tmp_path, AWKWARD_ROWS)
    made: dict[str, Snapshot] = {name: recompute(home, now_us=NOW_US, engine=name) for name in ENGINES}
    first = made["duckdb"]
    assert first.manifest.rows["judgments"] > 0
    assert first.manifest.parameters["adopted_events"] > 0
    for snapshot in made.values():
        differing = [table for table, file in first.manifest.tables.items() if snapshot.manifest.tables[table] != file]
        assert differing == []
        assert snapshot.manifest.parameters == first.manifest.parameters
        assert snapshot.id == first.id
    assert list(home.scratch_path.iterdir()) == []


def test_the_command_line_offers_every_engine() -> None:
    (option,) = (each for each in recompute_command.params if each.name == "engine")
    assert isinstance(option.type, click.Choice)
    assert tuple(option.type.choices) == ENGINES
