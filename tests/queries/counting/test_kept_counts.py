"""Counting on from what is kept gives what counting everything gives, whatever came when.

Most of it runs over Polars, where a few rows cost a tenth; whole snapshots are made with DuckDB.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copy2, copytree
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.erasing import remove_client
from graph.home import Home
from graph.keys import stable_key
from graph.ledger import Ledger
from graph.snapshot import Snapshot
from queries.counting import totals
from queries.counting.catalogue import artifact_table, capability_table
from queries.counting.engines.duckdb_engine import DuckDBEngine
from queries.counting.inferred import TextMatch
from queries.counting.kept_counts import KeptCounts, rows_digest
from queries.evidence.match_evidence import match_evidence
from queries.recompute import recompute
from queries.text.spelling import catalogue_spelling
from tests.queries.counting.growing import Growing, PolarsOverFiles, Rows
from tests.queries.ledger_rows import at, described, event, outcome, search
from tests.queries.test_recompute import home_with

Tables = dict[str, list[dict[str, Any]]]

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


@dataclass
class Evidence:
    """Makes all tables of a home over Polars, from counts with a block for each day."""

    home: Home
    said: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where counts are kept; erasing a client leaves it alone."""
        return self.home.path / KEPT

    def kept(self, now_us: int = NOW) -> Tables:
        """From what is kept, and keeps what is new."""
        return self._found(now_us, self.folder, lasting=True)

    def anew(self, now_us: int = NOW) -> Tables:
        """From nothing."""
        with TemporaryDirectory() as folder:
            return self._found(now_us, Path(folder) / "counts", lasting=False)

    def _found(self, now_us: int, folder: Path, *, lasting: bool) -> Tables:
        files = Ledger.open(self.home).files
        engine = PolarsOverFiles(files)
        catalogue = artifact_table(engine), capability_table(engine)
        spelling = catalogue_spelling(*catalogue, self.home.path / "spelling")
        kept = KeptCounts(folder, files, self.said.append, lasting=lasting)
        found = match_evidence(engine, now_us, *catalogue, lambda _: match, lambda _: None, kept, spelling)
        tables = {name: table.to_pylist() for name, table in found.tables.items()}
        together = sorted(map(str, found.together.pairs.to_pylist() + found.together.alone.to_pylist()))
        return {**tables, "report": [found.report], "together": [{"rows": together}]}


moments = st.lists(st.sampled_from((2, 96, 120, 131)), min_size=3, max_size=3)


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 3), moments)
def test_counting_on_is_counting_everything(seed: int, parts: int, nows: list[int]) -> None:
    with TemporaryDirectory() as folder:
        growing = Growing(Path(folder), polars=True)
        for part, now in zip(parts_of(random_rows(seed), seed, parts), nows, strict=False):
            growing.add({name: part[name] for name in ("searches", "events")})
            assert growing.counts(at(now), KEPT) == growing.counts(at(now))


def test_evidence_from_counts_that_were_kept_is_that_from_all_of_them(tmp_path: Path) -> None:
    evidence = Evidence(Home(tmp_path))
    evidence.home.secret(create=True)
    for part, now in zip(parts_of(random_rows(1), 1, 2), (96, 131), strict=True):
        home_with(tmp_path, {name: some for name, some in part.items() if some})
        evidence.kept(at(now))
    remove_client(evidence.home, stable_key("client", "ann"), now_us=NOW)
    assert evidence.kept() == evidence.anew()


def times(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}


def holding(name: str, folder: Path) -> list[Path]:
    """The counts with a table: "shown" of a block, "duels" of one."""
    return [path for path in folder.iterdir() if (path / name).exists()]


def content(snapshot: Snapshot) -> Any:
    return snapshot.id, snapshot.manifest.tables, snapshot.manifest.parameters


def first_days(rows: Rows) -> Rows:
    return {
        **rows,
        **{name: [row for row in rows[name] if (row.get("ts_us") or 0) < at(95)] for name in ("searches", "events")},
    }


@pytest.fixture(scope="module", autouse=True)
def no_rows_are_few() -> Iterator[None]:
    """Counts are brought forward, however little there is to count."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(totals, "AT_ONCE_ROWS", -1)
        yield


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with the first days of a log and the snapshot of these, counted day by day. Tests work on a copy."""
    home = Home(tmp_path_factory.mktemp("counted"))
    home.secret(create=True)
    home_with(home.path, first_days(random_rows(1)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DuckDBEngine, "searches_at_once", 1)
        recompute(home, now_us=NOW)
    return home


@pytest.fixture
def home(counted: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setattr(DuckDBEngine, "searches_at_once", 1)
    return Home(copytree(counted.path, tmp_path / "home", copy_function=copy2))


def test_a_new_day_leaves_the_counts_of_others_and_the_snapshot_is_that_of_a_full_run(home: Home) -> None:
    before = times(home.state_path)
    home_with(home.path, random_rows(1))
    made = recompute(home, now_us=NOW)
    after = times(home.state_path)
    assert len(before.items() & after.items()) >= 2
    assert after.keys() - before.keys()
    assert content(recompute(home, now_us=NOW, full=True)) == content(made)
    assert not times(home.state_path).items() & after.items()


def test_nothing_new_nothing_counted(home: Home) -> None:
    before, made = times(home.state_path), Snapshot.open(home)
    assert content(recompute(home, now_us=NOW)) == content(made)
    assert times(home.state_path) == before


def test_a_new_artifact_leaves_the_counts_of_blocks_and_not_their_duels(tmp_path: Path) -> None:
    evidence = Evidence(home_with(tmp_path, random_rows(1)))
    evidence.kept()
    before = times(evidence.folder)
    counted, of_duels = ({path.name for path in holding(name, evidence.folder)} for name in ("shown", "duels"))
    home_with(tmp_path, {"artifacts": [described("artifacts", artifact_id="elsewhere", name="elsewhere")]})
    made = evidence.kept()
    stayed = {name for name, _ in before.items() & times(evidence.folder).items()}
    assert counted <= stayed
    assert not of_duels & stayed
    assert made == evidence.anew()


def test_a_description_that_moves_intents_moves_duels_too(tmp_path: Path) -> None:
    log: Rows = {
        "artifacts": [described("artifacts", artifact_id=name, name=name) for name in ("big", "small")],
        "sources": [described("sources", file_hash="f", format="test", rows=1)],
        "searches": [search(str(i), "upscaling imgae", hits=["big", "small"], client_key=i + 1) for i in range(6)],
        "events": [event(str(i), "click", "big") for i in range(6)],
    }
    evidence = Evidence(home_with(tmp_path, log))
    old = evidence.kept()
    words = "Makes an image larger."
    home_with(tmp_path, {"artifacts": [described("artifacts", artifact_id="big", description=words)]})
    made = evidence.kept()
    assert intents_of_duels(made) != intents_of_duels(old)
    assert made == evidence.anew()


def intents_of_duels(tables: Tables) -> set[int]:
    return {row["intent_key"] for row in tables["head_to_head"] if row["intent_key"] is not None}


def test_damaged_counts_are_said_and_counted_anew(tmp_path: Path) -> None:
    evidence = Evidence(home_with(tmp_path, random_rows(3)))
    made = evidence.kept()
    damaged, cut, lost = sorted(holding("shown", evidence.folder))[:3]
    for folder in holding("duels", evidence.folder):  # those of blocks that are counted anew are not looked for
        (folder / "duels").write_bytes(b"")
    content_ = bytearray((damaged / "shown").read_bytes())
    content_[len(content_) // 2] ^= 1
    (damaged / "shown").write_bytes(bytes(content_))
    (cut / "about.json").write_text("{")
    (lost / "asks").unlink()
    assert evidence.kept() == made
    assert sum("damaged" in sentence for sentence in evidence.said) >= 4


def test_nothing_of_an_erased_client_is_kept(home: Home) -> None:
    ann = stable_key("client", "ann")
    assert any(ann in clients(path) for path in home.state_path.iterdir())
    remove_client(home, ann, now_us=NOW)
    assert not home.state_path.exists()
    recompute(home, now_us=NOW)
    assert not any(ann in clients(path) for path in home.state_path.iterdir())


def clients(folder: Path) -> set[int]:
    names = ("asks", "said", "askers", "chosen", "faced", "duels", "pairs")
    tables = [pq.read_table(folder / name) for name in names if (folder / name).exists()]
    return {client for table in tables if "client" in table.column_names for client in table["client"].to_pylist()}


def test_a_look_back_neither_uses_nor_changes_what_is_kept(home: Home) -> None:
    before = times(home.state_path)
    recompute(home, now_us=NOW, as_of_us=at(0) - 1)
    assert times(home.state_path) == before


def test_two_runs_at_once_do_not_share_a_folder(home: Home) -> None:
    before, made = times(home.state_path), Snapshot.open(home)
    with home.lock("state"):
        assert content(recompute(home, now_us=NOW)) == content(made)
    assert times(home.state_path) == before


def test_the_digest_of_rows_knows_their_values_and_not_their_order() -> None:
    rows = pa.table({"a": [1, 2, None], "b": [3, 4, 5]})
    assert rows_digest(rows) == rows_digest(rows.take(pa.array([2, 0, 1])))
    assert rows_digest(rows) != rows_digest(rows.slice(1))
    assert rows_digest(rows) != rows_digest(rows.set_column(0, "a", pa.array([1, 2, 9])))
