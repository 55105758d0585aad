"""Erasing a client: what is left is what a home holds that never saw it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import api.erasure
from api.erasure import Choices, Erasure, Proof, erase_client, prove_erasure
from graph.erased import read_erased
from graph.erasing import client_key, rows_on_disk
from graph.errors import MatchgraphError
from graph.home import Home
from graph.ledger import Ledger
from graph.snapshot import Snapshot, current_id, list_snapshots
from queries.alternatives import duplicate_review
from queries.recompute import recompute
from queries.text.encoders.contract import full_name
from tests.api.logs import (
    ERASED,
    NOW_US,
    click,
    home_with_secret,
    import_log,
    random_log,
    search,
    without,
)

LOG_TABLES = ("searches", "events", "outcomes")


def erase(home: Home, client: str = ERASED, **more: Any) -> Erasure:
    return erase_client(home, client_key(home, client), at_us=NOW_US, now_us=NOW_US, report=lambda _: None, **more)


def facts(home: Home) -> dict[str, list[str]]:
    ledger = Ledger.open(home)
    left_out = ("source", "source_row", "ingested_at")
    return {
        table: sorted(
            str({k: v for k, v in row.items() if k not in left_out}) for row in ledger.arrow(table).to_pylist()
        )
        for table in (*LOG_TABLES, "quarantine")
    }


def test_the_answers_equal_those_of_a_home_that_never_saw_the_client(tmp_path: Path) -> None:
    log = random_log(2)
    home, other = home_with_secret(tmp_path / "home"), home_with_secret(tmp_path / "other")
    import_log(home, tmp_path / "a" / "log", log)
    before = recompute(home, now_us=NOW_US)
    import_log(other, tmp_path / "b" / "log", without(log, ERASED))
    never = recompute(other, now_us=NOW_US)
    assert before.manifest.tables != never.manifest.tables

    answer = erase(home, prove=True)

    after = Snapshot.open(home)
    assert after.id == answer.snapshot_id
    assert after.manifest.tables == never.manifest.tables
    assert answer.snapshots_deleted == [before.id]
    assert answer.proof == Proof(0, len(after.manifest.tables), [])


def test_what_was_chosen_for_the_home_is_kept_and_proved(tmp_path: Path) -> None:
    home = home_with_secret(tmp_path / "home")
    import_log(home, tmp_path / "log", random_log(1))
    home.rank_weights_path.write_text("[types.model]\nhalf_life_days = 99\n")
    (home.path / duplicate_review.FILE).write_text("artifact_a,artifact_b,verdict\ncutter,painter,same\n")
    before = recompute(home, now_us=NOW_US, k_anonymity=2, encoder="minilm")
    assert before.table("duplicates").num_rows == 2

    answer = erase(home, prove=True, choices=Choices(k_anonymity=4))

    after = Snapshot.open(home).manifest.parameters
    assert (after["k_anonymity"], after["encoder"]) == (2, full_name("minilm"))
    assert after["rank"] == before.manifest.parameters["rank"]
    assert Snapshot.open(home).table("duplicates").num_rows == 2
    assert answer.proof is not None
    assert answer.proof.holds


def test_ranks_that_cannot_be_made_again_are_said_aloud(tmp_path: Path) -> None:
    home = home_with_secret(tmp_path / "home")
    import_log(home, tmp_path / "log", random_log(1))
    (tmp_path / "own.toml").write_text("[types.model]\nhalf_life_days = 99\n")
    method = recompute(home, now_us=NOW_US, weights=tmp_path / "own.toml").manifest.parameters["rank"]
    told: list[str] = []
    erase_client(home, client_key(home, ERASED), at_us=NOW_US, now_us=NOW_US, prove=False, report=told.append)
    assert told[-1].startswith(f"The ranks before ({method}) were made with other weights")


def test_where_no_snapshot_is_in_force_the_settings_count(tmp_path: Path) -> None:
    home = home_with_secret(tmp_path / "home")
    import_log(home, tmp_path / "log", random_log(1))
    erase(home, prove=False, choices=Choices(k_anonymity=4))
    assert Snapshot.open(home).manifest.parameters["k_anonymity"] == 4


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_facts_equal_those_of_a_home_that_never_saw_the_client(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    folder = tmp_path_factory.mktemp("facts")
    log = random_log(seed)
    home, other = home_with_secret(folder / "home"), home_with_secret(folder / "other")
    import_log(home, folder / "a" / "log", log)
    import_log(other, folder / "b" / "log", without(log, ERASED))
    before, expected = facts(home), facts(other)
    removed = erase(home, compute=False).removal.rows
    assert facts(home) == expected
    assert removed == {table: len(before[table]) - len(expected[table]) for table in removed}
    assert rows_on_disk(home) == 0


@pytest.fixture
def erased_home(tmp_path: Path) -> Home:
    """A home from which a client was erased; its log lies in `tmp_path`/log."""
    home = home_with_secret(tmp_path / "home")
    import_log(home, tmp_path / "log", random_log(1))
    erase(home, compute=False)
    return home


def test_importing_the_old_log_again_does_not_bring_the_client_back(erased_home: Home, tmp_path: Path) -> None:
    held = facts(erased_home)
    log = random_log(1)
    (tmp_path / "again").mkdir()
    for name in log:  # other bytes, so that the files are not known by their hash
        log[name].reverse()
    report = import_log(erased_home, tmp_path / "again" / "log", log)
    assert facts(erased_home) == held
    for file in report.files[1:]:
        notes = {note.code: note.count for note in file.notes}
        assert notes["erased-client"] == file.erased > 0
        assert (file.accepted, file.quarantined) == (0, 0)
    assert sum(file.erased for file in report.files) == sum(
        row["whose"] == ERASED for rows in log.values() for row in rows
    )


def test_new_rows_of_an_erased_client_stay_out_whatever_comes_first(erased_home: Home, tmp_path: Path) -> None:
    held = facts(erased_home)
    session = {"session_id": "new session"}
    parts: list[dict[str, list[Any]]] = [
        {"outcomes": [{**session, "outcome": "success", "judge": "tests", "kind": "human"}]},
        {"ubi_events": [click(900, None, "cutter", user_query="a private need")]},
        {"ubi_queries": [search(900, ERASED, "a private need", **session)]},
        {"ubi_events": [click(900, None, "painter", **session), click(900, "ben", "singer")]},
    ]
    for number, part in enumerate(parts):
        import_log(erased_home, tmp_path / str(number) / "log", part)
    new = {table: len(rows) - len(held[table]) for table, rows in facts(erased_home).items()}
    assert new == {"searches": 0, "events": 1, "outcomes": 0, "quarantine": 0}
    assert rows_on_disk(erased_home) == 0


def test_what_others_share_with_the_client_stays(tmp_path: Path) -> None:
    home = home_with_secret(tmp_path / "home")
    shared = {"session_id": "shared"}
    log = {
        "ubi_queries": [search(1, ERASED, "sing a song", **shared), search(2, "ben", "sing a song", **shared)],
        "outcomes": [{**shared, "outcome": "success", "judge": "tests", "kind": "human"}],
    }
    import_log(home, tmp_path / "log", log)
    assert erase(home, compute=False).removal.rows == {"searches": 1, "events": 0, "outcomes": 0, "quarantine": 0}


def test_rows_in_quarantine_go_too_and_do_not_come_back(tmp_path: Path) -> None:
    home = home_with_secret(tmp_path / "home")
    bad = [search(number, client, "sing a song", timestamp="soon") for number, client in ((1, ERASED), (2, "ben"))]
    good = [search(3, ERASED, "sing a song", session_id="s")]
    import_log(home, tmp_path / "a" / "log", {"ubi_queries": [*bad, *good]})
    report = erase(home, compute=False)
    assert report.removal.rows == {"searches": 1, "events": 0, "outcomes": 0, "quarantine": 1}
    bad.append(search(4, None, "sing a song", timestamp="soon", session_id="s"))
    again = import_log(home, tmp_path / "b" / "log", {"ubi_queries": [*bad, *good]})
    assert len(facts(home)["quarantine"]) == 1  # Ben's, the same in either file
    assert (again.files[1].quarantined, again.files[1].erased) == (1, 3)


def test_an_interrupted_erasure_is_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, erased_home: Home) -> None:
    home = home_with_secret(tmp_path / "second")
    import_log(home, tmp_path / "c" / "log", random_log(1))
    old = recompute(home, now_us=NOW_US)

    def fail(*_: Any, **__: Any) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("graph.erasing.vacuum", fail)
        with pytest.raises(OSError, match="full"):
            erase(home)
    with monkeypatch.context() as patched:
        patched.setattr(api.erasure, "recompute", fail)
        with pytest.raises(OSError, match="full"):
            erase(home)
    erased = read_erased(home)
    assert erased is not None
    assert not erased.entries[0].finished
    assert current_id(home) == old.id

    answer = erase(home, prove=False)
    assert answer.removal.begun_before
    assert answer.snapshots_deleted == [old.id]
    assert facts(home) == facts(erased_home)
    again = erase(home)
    assert (again.found, again.removal.finished_before) == (False, True)


def test_without_a_new_snapshot_none_is_in_force(tmp_path: Path) -> None:
    home = home_with_secret(tmp_path / "home")
    import_log(home, tmp_path / "log", random_log(1))
    recompute(home, now_us=NOW_US)
    assert len(erase(home, compute=False).snapshots_deleted) == 1
    assert current_id(home) is None
    assert list_snapshots(home) == []


def test_an_unknown_client_changes_nothing(tmp_path: Path) -> None:
    home = home_with_secret(tmp_path / "home")
    import_log(home, tmp_path / "log", random_log(1))
    held = facts(home)
    assert not erase(home, "nobody").found
    assert facts(home) == held
    assert read_erased(home) is None


def test_the_proof_fails_where_a_row_or_a_figure_is_left(erased_home: Home) -> None:
    manifest = recompute(erased_home, now_us=NOW_US).manifest
    assert prove_erasure(erased_home, manifest).holds
    changed = manifest.tables | {"ranks": "0" * 64}
    manifest = msgspec.structs.replace(manifest, tables=changed)
    ledger = Ledger.open(erased_home)
    left = ledger.arrow("outcomes").slice(0, 1)
    erased = read_erased(erased_home)
    assert erased is not None
    left = left.set_column(0, left.schema.field(0), pa.array([int(erased.sessions[0])], pa.int64()))
    pq.write_table(left, ledger.path("outcomes") / "part-left.parquet")
    assert prove_erasure(erased_home, manifest) == Proof(1, len(changed), ["ranks"])


def test_a_recompute_that_ran_meanwhile_publishes_nothing(tmp_path: Path) -> None:
    home = home_with_secret(tmp_path / "home")
    import_log(home, tmp_path / "log", random_log(1))

    def erase_in_between(step: str) -> None:
        if step == "Publishing the snapshot":
            erase(home, compute=False)

    with pytest.raises(MatchgraphError, match="was erased while this ran"):
        recompute(home, now_us=NOW_US, report=erase_in_between)
    assert list_snapshots(home) == []


def test_the_id_stands_in_no_file(erased_home: Home) -> None:
    """Neither the rows and logs of the tables nor the list of the erased hold the id, or the session named after it."""
    files = [path for path in erased_home.path.rglob("*") if path.is_file()]
    assert len(files) > 15
    assert not [path for path in files if ERASED.encode() in path.read_bytes()]


def test_a_log_of_nobody_else_leaves_an_empty_graph(tmp_path: Path) -> None:
    home = home_with_secret(tmp_path / "home")
    import_log(home, tmp_path / "log", random_log(1, clients=(ERASED,)))
    erase(home, prove=False)
    assert facts(home) == {"searches": [], "events": [], "outcomes": [], "quarantine": []}
    assert Snapshot.open(home).table("edges").num_rows == 0
