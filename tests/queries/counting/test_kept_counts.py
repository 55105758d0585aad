"""Counting on from what is kept gives what counting everything gives, whatever came when."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.erasing import remove_client
from graph.home import Home
from graph.keys import stable_key
from graph.ledger import Ledger
from graph.snapshot import Snapshot
from queries.counting.catalogue import artifact_table, capability_table
from queries.counting.engines.duckdb_engine import DuckDBEngine
from queries.counting.inferred import TextMatch
from queries.counting.kept_counts import KeptCounts, rows_digest
from queries.counting.limits import Limits
from queries.evidence.match_evidence import match_evidence
from queries.recompute import recompute
from tests.queries.counting.growing import Growing
from tests.queries.ledger_rows import at, described, event, outcome, search
from tests.queries.test_recompute import home_with

Rows = dict[str, list[dict[str, Any]]]

NOW = at(120)
DAYS: Sequence[int | None] = (0, 1, 95, 130, None)
"""Two periods, the future, and no day at all."""
KEPT = "kept"
CLIENTS = ("ann", "bob", "cyd", "eve")


def random_rows(seed: int) -> Rows:
    """A log with everything that makes counting on hard: late, lost, repeated and undated searches, events and acts."""
    chance = random.Random(seed)
    rows: Rows = {
        "artifacts": [described("artifacts", artifact_id=name, name=name) for name in ("big", "small")],
        "capabilities": [described("capabilities", capability_id="big/zoom", artifact_id="big", name="zoom")],
        "searches": [],
        "events": [],
        "outcomes": [],
        "sources": [described("sources", file_hash="f", format="test", rows=1)],
    }
    for number in range(40):
        day = chance.choice(DAYS)
        when = {} if day is None else {"ts_us": at(day, chance.randrange(1_000))}
        who = {} if chance.random() < 0.2 else {"client": chance.choice(CLIENTS), "session": f"s{number // 3}"}
        if chance.random() < 0.3:
            who["network_key"] = 99  # type: ignore[assignment]
        name = f"q{number % 33}"  # seven are recorded twice
        text = chance.choice(("upscale image", "image upscaler", "translate pdf", "make a map"))
        hits = chance.sample(("big/zoom", "small", "elsewhere", "big"), chance.randrange(4))
        if chance.random() < 0.9:
            actor = "bot" if chance.random() < 0.1 else "human"
            rows["searches"].append(search(name, text, hits=hits, actor=actor, **when, **who))
        for _ in range(chance.randrange(3)):
            rows["events"].append(random_event(chance, name, day, text))
    for number in range(8):
        verdict = chance.choice(("success", "failure"))
        rows["outcomes"].append(outcome(verdict, "human", "h", session=f"s{number}"))
    return rows


def random_event(chance: random.Random, name: str, day: int | None, text: str) -> dict[str, Any]:
    later = None if day is None else at(day + chance.choice((-1, 0, 0, 0, 1, 95)), chance.randrange(2_000))
    action = chance.choice(("click", "click", "impression", "success", "failure", "judgment"))
    fields: dict[str, Any] = {"ts_us": later, "client": chance.choice(CLIENTS)}
    if action == "judgment":
        fields["value"] = 1.0
    if chance.random() < 0.3:
        fields["query_text"] = text
    if action == "impression":
        fields["position"] = chance.randrange(1, 5)
    nameless = "query_text" in fields and chance.random() < 0.3
    return event(None if nameless else name, action, chance.choice(("big/zoom", "small", "elsewhere")), **fields)


def parts_of(rows: Rows, seed: int, parts: int) -> list[Rows]:
    """The rows in several imports, in any order, a third of them twice; descriptions come first."""
    chance = random.Random(seed)
    found: list[Rows] = [{name: [] for name in rows} for _ in range(parts)]
    for name, some in rows.items():
        for row in chance.sample(some, len(some)):
            places = chance.sample(range(parts), 2 if chance.random() < 0.3 else 1)
            for place in (0,) if name in ("artifacts", "sources") else places:
                found[place][name].append(row)
    return found


def match(texts: Sequence[str], limit: int) -> list[list[TextMatch]]:
    return [[TextMatch("big/zoom", 0.8)][:limit] for _ in texts]


def evidence(home: Home, now_us: int, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """All tables, from counts in a folder, a block for each day; only those in `KEPT` are for the next run."""
    ledger = Ledger.open(home)
    with DuckDBEngine(ledger.files, home.scratch_path, Limits(threads=1)) as engine:
        engine.searches_at_once = 1
        catalogue = artifact_table(engine), capability_table(engine)
        kept = KeptCounts(folder, ledger.files, lambda _sentence: None, lasting=folder.name == KEPT)
        found = match_evidence(engine, now_us, *catalogue, lambda _tables: match, lambda _sentence: None, kept)
    tables = {name: table.to_pylist() for name, table in found.tables.items()}
    together = sorted(map(str, found.together.pairs.to_pylist() + found.together.alone.to_pylist()))
    return {**tables, "report": [found.report], "together": [{"rows": together}]}


moments = st.lists(st.sampled_from((2, 96, 120, 131)), min_size=3, max_size=3)


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 3), moments)
def test_counting_on_is_counting_everything(seed: int, parts: int, nows: list[int]) -> None:
    with TemporaryDirectory() as folder:
        growing = Growing(Path(folder))
        for part, now in zip(parts_of(random_rows(seed), seed, parts), nows, strict=False):
            growing.add({name: part[name] for name in ("searches", "events")})
            assert growing.counts(at(now), KEPT) == growing.counts(at(now))


def test_evidence_from_counts_that_were_kept_is_that_from_all_of_them(tmp_path: Path) -> None:
    home, kept = Home(tmp_path / "home"), tmp_path / KEPT
    home.secret(create=True)
    for part, now in zip(parts_of(random_rows(1), 1, 2), (96, 131), strict=True):
        home_with(home.path, {name: some for name, some in part.items() if some})
        evidence(home, at(now), kept)
    remove_client(home, stable_key("client", "ann"), now_us=NOW)
    assert evidence(home, NOW, kept) == evidence(home, NOW, tmp_path / "anew")


def first_days(rows: Rows) -> Rows:
    return {
        **rows,
        **{name: [row for row in rows[name] if (row.get("ts_us") or 0) < at(95)] for name in ("searches", "events")},
    }


def times(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}


@pytest.fixture
def daily(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DuckDBEngine, "searches_at_once", 1)


def holding(name: str, home: Home) -> list[Path]:
    """The folders with a table: "shown" of a block, "duels" of one."""
    return [path for path in home.state_path.iterdir() if (path / name).exists()]


def content(snapshot: Snapshot) -> Any:
    return snapshot.id, snapshot.manifest.tables, snapshot.manifest.parameters


@pytest.mark.usefixtures("daily")
def test_a_new_day_leaves_the_counts_of_others_and_the_snapshot_is_that_of_a_full_run(tmp_path: Path) -> None:
    rows = random_rows(1)
    home = home_with(tmp_path, first_days(rows))
    recompute(home, now_us=NOW)
    before = times(home.state_path)
    home_with(tmp_path, rows)
    made = recompute(home, now_us=NOW)
    after = times(home.state_path)
    assert len(before.items() & after.items()) >= 2
    assert after.keys() - before.keys()
    assert content(recompute(home, now_us=NOW, full=True)) == content(made)
    assert not times(home.state_path).items() & after.items()


@pytest.mark.usefixtures("daily")
def test_a_new_artifact_leaves_the_counts_of_blocks_and_not_their_duels(tmp_path: Path) -> None:
    home = home_with(tmp_path, random_rows(1))
    recompute(home, now_us=NOW)
    before = times(home.state_path)
    counted, of_duels = ({path.name for path in holding(name, home)} for name in ("shown", "duels"))
    home_with(tmp_path, {"artifacts": [described("artifacts", artifact_id="elsewhere", name="elsewhere")]})
    made = recompute(home, now_us=NOW)
    stayed = {name for name, _ in before.items() & times(home.state_path).items()}
    assert counted <= stayed
    assert not of_duels & stayed
    assert content(recompute(home, now_us=NOW, full=True)) == content(made)


@pytest.mark.usefixtures("daily")
def test_a_description_that_moves_intents_moves_duels_too(tmp_path: Path) -> None:
    log: Rows = {
        "artifacts": [described("artifacts", artifact_id=name, name=name) for name in ("big", "small")],
        "sources": [described("sources", file_hash="f", format="test", rows=1)],
        "searches": [search(str(i), "upscaling imgae", hits=["big", "small"], client_key=i + 1) for i in range(6)],
        "events": [event(str(i), "click", "big") for i in range(6)],
    }
    home = home_with(tmp_path, log)
    old = recompute(home, now_us=NOW)
    words = "Makes an image larger."
    home_with(tmp_path, {"artifacts": [described("artifacts", artifact_id="big", description=words)]})
    made = recompute(home, now_us=NOW)
    assert intents_of_duels(made) != intents_of_duels(old)
    assert content(recompute(home, now_us=NOW, full=True)) == content(made)


def intents_of_duels(snapshot: Snapshot) -> set[int]:
    return {key for key in snapshot.table("head_to_head")["intent_key"].to_pylist() if key is not None}


@pytest.mark.usefixtures("daily")
def test_nothing_new_nothing_counted(tmp_path: Path) -> None:
    home = home_with(tmp_path, random_rows(2))
    made = recompute(home, now_us=NOW)
    before = times(home.state_path)
    assert content(recompute(home, now_us=NOW)) == content(made)
    assert times(home.state_path) == before


@pytest.mark.usefixtures("daily")
def test_damaged_counts_are_said_and_counted_anew(tmp_path: Path) -> None:
    home = home_with(tmp_path, random_rows(3))
    made = recompute(home, now_us=NOW)
    damaged, cut, lost = sorted(holding("shown", home))[:3]
    for folder in holding("duels", home):  # those of blocks that are counted anew are not looked for
        (folder / "duels").write_bytes(b"")
    content_ = bytearray((damaged / "shown").read_bytes())
    content_[len(content_) // 2] ^= 1
    (damaged / "shown").write_bytes(bytes(content_))
    (cut / "about.json").write_text("{")
    (lost / "asks").unlink()
    sentences: list[str] = []
    again = recompute(home, now_us=NOW, report=sentences.append)
    assert content(again) == content(made)
    assert sum("damaged" in sentence for sentence in sentences) >= 4


@pytest.mark.usefixtures("daily")
def test_nothing_of_an_erased_client_is_kept(tmp_path: Path) -> None:
    Home(tmp_path).secret(create=True)
    home = home_with(tmp_path, random_rows(4))
    recompute(home, now_us=NOW)
    ann = stable_key("client", "ann")
    assert any(ann in clients(path) for path in home.state_path.iterdir())
    remove_client(home, ann, now_us=NOW)
    assert not home.state_path.exists()
    made = recompute(home, now_us=NOW)
    assert not any(ann in clients(path) for path in home.state_path.iterdir())
    assert content(recompute(home, now_us=NOW, full=True)) == content(made)


def clients(folder: Path) -> set[int]:
    with DuckDBEngine(lambda _table: [], folder.parent) as engine:
        names = [
            name for name in ("asks", "said", "askers", "chosen", "faced", "duels", "pairs") if (folder / name).exists()
        ]
        tables = [engine.arrow(engine.load([folder / name])) for name in names]
    return {client for table in tables if "client" in table.column_names for client in table["client"].to_pylist()}


def test_a_look_back_neither_uses_nor_changes_what_is_kept(tmp_path: Path) -> None:
    home = home_with(tmp_path, random_rows(5))
    recompute(home, now_us=NOW)
    before = times(home.state_path)
    recompute(home, now_us=NOW, as_of_us=at(0) - 1)
    assert times(home.state_path) == before


def test_two_runs_at_once_do_not_share_a_folder(tmp_path: Path) -> None:
    home = home_with(tmp_path, random_rows(6))
    with home.lock("state"):
        made = recompute(home, now_us=NOW)
    assert not home.state_path.exists()
    assert content(recompute(home, now_us=NOW)) == content(made)


def test_the_digest_of_rows_knows_their_values_and_not_their_order() -> None:
    rows = pa.table({"a": [1, 2, None], "b": [3, 4, 5]})
    assert rows_digest(rows) == rows_digest(rows.take(pa.array([2, 0, 1])))
    assert rows_digest(rows) != rows_digest(rows.slice(1))
    assert rows_digest(rows) != rows_digest(rows.set_column(0, "a", pa.array([1, 2, 9])))
