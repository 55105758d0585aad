"""Whole files into a home."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import BadInput, WrongUse
from graph.home import Home
from graph.ledger import Ledger
from ingest.imported_files import ImportedFiles, KnownFile
from ingest.load import IngestReport, ingest_paths, require_readable
from ingest.quarantine import list_quarantine

NOW = 1_777_636_800_000_000


def event(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "application": "shop",
        "action_name": "click",
        "query_id": f"q{number}",
        "client_id": f"c{number}",
        "timestamp": "2026-04-30T10:00:00Z",
        "event_attributes": {"object": {"object_id": f"o{number}"}, "position": {"ordinal": 1}},
        **changes,
    }


def write(path: Path, rows: list[Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), "utf-8")
    return path


def ingest(home: Path, *paths: Path, **options: Any) -> IngestReport:
    return ingest_paths(Home(home), list(paths), now_us=options.pop("now_us", NOW), **options)


def facts(home: Path) -> dict[str, list[Any]]:
    """All rows of a home without when and whence they came."""
    ledger = Ledger.open(Home(home))
    tables = ("artifacts", "capabilities", "searches", "events", "outcomes")
    return {
        table: sorted(
            json.dumps({k: v for k, v in row.items() if k not in ("source", "source_row", "ingested_at")}, default=str)
            for row in ledger.arrow(table).to_pylist()
        )
        for table in tables
    }


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "events.jsonl", [event(1), event(2), event(2)])
    first, second = ingest(tmp_path / "home", path), ingest(tmp_path / "home", path)
    assert (first.accepted, first.duplicates, first.quarantined) == (2, 1, 0)
    assert (second.accepted, second.duplicates, second.quarantined) == (0, 3, 0)
    assert [note.code for note in second.files[0].notes] == ["imported-before"]
    assert Ledger.open(Home(tmp_path / "home")).count("events") == 2


def test_equal_files_of_one_call_count_once_with_the_rows_that_wait_now(tmp_path: Path) -> None:
    rows = [event(1), event(2, timestamp="soon")]
    write(tmp_path / "data" / "1.jsonl", rows)
    write(tmp_path / "data" / "2.jsonl", rows)
    report = ingest(tmp_path / "home", tmp_path / "data")
    counts = [(file.accepted, file.duplicates, file.quarantined) for file in report.files]
    assert counts == [(1, 0, 1), (0, 1, 1)]
    assert Ledger.open(Home(tmp_path / "home")).count("sources") == 1


def test_a_file_that_another_process_brought_meanwhile_is_known(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    early = ImportedFiles(home)
    assert early.known("x") is None
    ingest(home.path, write(tmp_path / "events.jsonl", [event(1), event(2, timestamp="soon")]))
    row = Ledger.open(home).arrow("sources").to_pylist()[0]
    assert early.known(row["file_hash"]) is None
    with home.lock("ledger"):
        assert early.known_now("x") is None
        assert early.known_now(row["file_hash"]) == early.known(row["file_hash"]) == KnownFile("ubi-events", 1, 1)


def test_the_same_events_in_another_file_change_nothing(tmp_path: Path) -> None:
    write(tmp_path / "a" / "events.jsonl", [event(1), event(2)])
    path = tmp_path / "b.jsonl.gz"
    with gzip.open(path, "wt") as file:
        file.writelines(json.dumps(dict(reversed(event(number).items()))) + "\n" for number in (2, 1, 3))
    report = ingest(tmp_path / "home", tmp_path / "a", path)
    assert [(file.accepted, file.duplicates) for file in report.files] == [(2, 0), (1, 2)]


def test_good_rows_go_in_and_bad_ones_are_named(tmp_path: Path) -> None:
    rows = [event(1), '{"action_name": "click"', event(2, timestamp="soon"), event(3, query_id=5), event(4)]
    report = ingest(tmp_path / "home", write(tmp_path / "events.jsonl", rows))
    assert (report.accepted, report.quarantined) == (2, 3)
    waiting = list_quarantine(Home(tmp_path / "home"))
    assert [(row.line, row.code) for row in waiting] == [(2, "invalid-json"), (3, "unreadable-time"), (4, "wrong-type")]
    assert all(row.reason and row.remedy and row.raw for row in waiting)
    again = ingest(tmp_path / "home", write(tmp_path / "copy" / "events.jsonl", rows))
    assert again.quarantined == 3


def test_no_client_id_is_stored_in_clear_anywhere(tmp_path: Path) -> None:
    rows = [
        event(1, client_id="jane-doe-77"),
        event(2, client_id="jane-doe-77", timestamp="x"),
        '{"client_id": "jane-doe-77", "x',
    ]
    ingest(tmp_path / "home", write(tmp_path / "events.jsonl", rows))
    home = Home(tmp_path / "home")
    ledger = Ledger.open(home)
    for table in ("events", "quarantine", "sources"):
        assert "jane-doe-77" not in json.dumps(ledger.arrow(table).to_pylist(), default=str)
    files = [path for path in home.path.rglob("*") if path.is_file() and path.suffix == ".json"]
    assert all(b"jane-doe-77" not in path.read_bytes() for path in files)


@settings(max_examples=5, deadline=None)
@given(st.data())
def test_any_order_and_any_split_gives_the_same_facts(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    rows = [event(number % 7, user_query=f"x{number % 2}") for number in range(12)]
    shuffled = data.draw(st.permutations(rows))
    cut = data.draw(st.integers(0, len(rows)))
    folder = tmp_path_factory.mktemp("case")
    for name in ("one", "two"):  # equal secrets, so that pseudonyms can be compared
        (folder / name).mkdir()
        (folder / name / "secret.key").write_text("ab" * 32)
    ingest(folder / "one", write(folder / "all.jsonl", rows))
    for part in (shuffled[:cut], shuffled[cut:], shuffled[: cut + 2]):
        if part:
            ingest(folder / "two", write(folder / f"{len(part)}.jsonl", part))
    assert facts(folder / "one") == facts(folder / "two")


def test_positions_from_zero_are_raised_for_the_application_that_uses_them(tmp_path: Path) -> None:
    def shown(number: int, place: int, application: str) -> dict[str, Any]:
        attributes = {"object": {"object_id": "o"}, "position": {"ordinal": place}}
        return event(number, application=application, action_name="impression", event_attributes=attributes)

    rows = [shown(1, 2, "zero"), shown(2, 1, "one"), event(3, application="one"), shown(4, 0, "zero")]
    rows.append(
        event(5, application="one", event_attributes={"object": {"object_id": "o"}, "position": {"ordinal": 0}})
    )
    report = ingest(tmp_path / "home", write(tmp_path / "events.jsonl", rows))
    assert [note.text for note in report.files[0].notes if note.code == "positions-from-zero"] == [
        "positions of zero count from 0; they were raised by 1"
    ]
    events = Ledger.open(Home(tmp_path / "home")).arrow("events").to_pylist()
    found = {(row["search_id"], row["position"]) for row in events}
    assert found == {("q1", 3), ("q2", 1), ("q3", 1), ("q4", 1), ("q5", None)}


def test_a_folder_is_walked_and_what_is_no_data_left_out(tmp_path: Path) -> None:
    write(tmp_path / "data" / "sub" / "events.jsonl", [event(1)])
    (tmp_path / "data" / "README.md").write_text("# Words\n\nNothing to import.\n")
    (tmp_path / "data" / ".hidden").write_text("x")
    report = ingest(tmp_path / "home", tmp_path / "data")
    assert [(Path(file.path).name, file.format) for file in report.files] == [
        ("README.md", None), ("events.jsonl", "ubi-events"),
    ]  # fmt: skip
    require_readable(report)


def test_a_named_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_bytes(b"")
    (tmp_path / "photo.bin").write_bytes(bytes(range(256)))
    report = ingest(tmp_path / "home", tmp_path / "empty.jsonl", tmp_path / "photo.bin", tmp_path / "missing.jsonl")
    with pytest.raises(BadInput, match=r"(?s)empty\.jsonl is empty.*none of the known formats.*missing\.jsonl"):
        require_readable(report)


def test_unknown_formats_and_actors_are_wrong_use(tmp_path: Path) -> None:
    path = write(tmp_path / "events.jsonl", [event(1)])
    with pytest.raises(WrongUse, match="ubi-events"):
        ingest(tmp_path / "home", path, format="ubi")
    with pytest.raises(WrongUse, match="human, agent, bot"):
        ingest(tmp_path / "home", path, actor="robot")


def test_a_changed_description_is_a_new_row_and_the_old_one_stays(tmp_path: Path) -> None:
    old = {"id": "a", "name": "A", "type": "model", "description": "old"}
    ingest(tmp_path / "home", write(tmp_path / "1.jsonl", [old]))
    ingest(tmp_path / "home", write(tmp_path / "2.jsonl", [{**old, "description": "new"}]), now_us=NOW + 1)
    rows = Ledger.open(Home(tmp_path / "home")).arrow("artifacts").to_pylist()
    assert sorted(row["description"] for row in rows) == ["new", "old"]
    assert {row["source"].split("/")[-1] for row in rows} == {"1.jsonl", "2.jsonl"}


def test_a_description_that_comes_back_adds_nothing(tmp_path: Path) -> None:
    """A, then B, then A: the ledger holds both, and B stays the newest."""
    one, two = ({"id": "a", "name": "A", "type": "model", "description": text} for text in ("A", "B"))
    reports = [
        ingest(tmp_path / "home", write(tmp_path / name, [row, {**row, "id": name}]), now_us=NOW + place)
        for place, (name, row) in enumerate((("1.jsonl", one), ("2.jsonl", two), ("3.jsonl", one)))
    ]
    assert [(report.accepted, report.duplicates) for report in reports] == [(2, 0), (2, 0), (1, 1)]
    rows = Ledger.open(Home(tmp_path / "home")).arrow("artifacts").to_pylist()
    found = {row["description"]: row["ingested_at"] for row in rows if row["artifact_id"] == "a"}
    assert found == {"A": NOW, "B": NOW + 1}


def test_a_crash_before_the_end_leaves_nothing_and_can_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "events.jsonl", [event(1)])
    with monkeypatch.context() as patch:
        patch.setattr("ingest.load._source_row", _fail)
        with pytest.raises(KeyboardInterrupt):
            ingest(tmp_path / "home", path)
    report = ingest(tmp_path / "home", path)
    assert report.accepted + report.duplicates == 1
    assert Ledger.open(Home(tmp_path / "home")).count("events") == 1


def _fail(*_: object) -> None:
    raise KeyboardInterrupt


def big_line() -> bytes:
    return b'{"action_name":"' + b"x" * (50 << 20) + b'"}\n'


def bomb() -> bytes:
    buffer = io.BytesIO()
    with gzip.open(buffer, "wb") as file:
        for _ in range(300):
            file.write(b"0" * (1 << 20))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: gzip.compress(json.dumps(event(1)).encode() + b"\n" + b"x" * 9999)[:-20], "truncated-gzip"),
        (big_line, "line-too-long"),
        (bomb, "decompression-bomb"),
    ],
    ids=["truncated", "long-line", "bomb"],
)
def test_hostile_files_are_named_and_cost_little_memory(
    tmp_path: Path, content: Callable[[], bytes], code: str
) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(content())
    report = ingest(tmp_path / "home", path, format="ubi-events")
    codes = [row.code for row in list_quarantine(Home(tmp_path / "home"))]
    assert code in codes
    assert report.quarantined == len(codes)
    if code == "truncated-gzip":
        assert report.accepted == 1
