"""What every reader must do, whatever its format."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.vocabulary import ACTORS
from ingest.border.canonical import Canonicaliser
from ingest.files.contract import COLUMNS
from ingest.files.source import Source
from ingest.registry import MODULES, reader, recognise
from tests.ingest.reading import Found, head_of, read_bytes, read_file
from tests.ingest.samples import NOBODYS, SAMPLES, UBI_EVENT_ROWS, jsonl

CASES = [pytest.param(name, file, data, id=f"{name}:{file}") for name, files in SAMPLES.items() for file, data in files]
TEXT_CASES = [case for case in CASES if not str(case.values[1]).endswith(".parquet")]
ROW_CASES = [
    case for case in TEXT_CASES if str(case.values[1]).rpartition(".")[2] in ("jsonl", "csv", "tsv", "txt", "log")
    and case.values[0] != "compare-page"
]  # fmt: skip
NOW_US = 1_790_000_000_000_000


def rows_of(found: Found) -> int:
    return sum(map(len, found.records.values())) + len(found.rejections)


def test_every_reader_has_samples():
    assert set(SAMPLES) == set(MODULES)


@pytest.mark.parametrize(("name", "file", "data"), CASES)
@pytest.mark.parametrize("packed", [False, True])
def test_exactly_one_reader_takes_a_file(tmp_path, name, file, data, packed):
    if packed and file.endswith(".parquet"):
        return  # a packed Parquet file cannot be opened at a place; see test_packed_parquet_is_nobodys
    head = head_of(tmp_path, data, file + ".gz" if packed else file)
    assert [other for other in MODULES if reader(other).recognises(head)] == [name]
    assert recognise(head) is reader(name)


@pytest.mark.parametrize(("file", "data"), NOBODYS, ids=[file for file, _ in NOBODYS])
def test_nobody_takes_what_has_no_known_format(tmp_path, file, data):
    head = head_of(tmp_path, data, file)
    assert [name for name in MODULES if reader(name).recognises(head)] == []


def test_packed_parquet_is_nobodys(tmp_path):
    assert recognise(head_of(tmp_path, SAMPLES["artifacts"][3][1], "a.parquet.gz")) is None


@pytest.mark.parametrize("name", MODULES)
def test_a_reader_says_who_it_is(name):
    found = reader(name)
    assert found.name == name
    assert found.title
    assert set(found.tables) <= set(COLUMNS)


@pytest.mark.parametrize(("name", "file", "data"), CASES)
def test_rows_have_columns_lines_and_bytes(tmp_path, name, file, data):
    found = read_bytes(reader(name), tmp_path, data, file)
    assert rows_of(found) >= 1
    for chunk in found.chunks:
        assert chunk.table in reader(name).tables
        assert set(chunk.columns) <= set(COLUMNS[chunk.table])
        assert {len(column) for column in chunk.columns.values()} == {len(chunk)}
        assert all(line >= 1 for line in chunk.lines)
        assert all(isinstance(chunk.raw(place), bytes) and chunk.raw(place) for place in range(len(chunk)))


@pytest.mark.parametrize(("name", "file", "data"), CASES)
def test_reading_twice_gives_the_same(tmp_path, name, file, data):
    first = read_bytes(reader(name), tmp_path, data, file)
    second = read_file(reader(name), tmp_path / file)
    assert (first.records, first.lines, first.codes, first.notes) == (
        second.records, second.lines, second.codes, second.notes,
    )  # fmt: skip


@pytest.mark.parametrize(("name", "file", "data"), TEXT_CASES)
def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path, name, file, data):
    plain = read_bytes(reader(name), tmp_path, data, file)
    marked = b"\xef\xbb\xbf" + data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    assert reader(name).recognises(head_of(tmp_path, marked, file))
    assert read_bytes(reader(name), tmp_path, marked, file).records == plain.records


@pytest.mark.parametrize(("name", "file", "data"), CASES)
def test_what_a_reader_yields_fits_the_ledger(tmp_path, name, file, data):
    canonical = Canonicaliser(secret=b"0" * 32, label="x", now_us=NOW_US, actor=ACTORS[0])
    for chunk in read_bytes(reader(name), tmp_path, data, file).chunks:
        rows = canonical.canonical(chunk)
        assert rows.batch.num_rows == len(chunk)
        assert rows.rejections == []


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize("data", [b"", b"\n \n"], ids=["no bytes", "blank lines"])
def test_an_empty_file_gives_a_note_and_no_rows(tmp_path, name, data):
    found = read_bytes(reader(name), tmp_path, data, "empty")
    assert rows_of(found) == 0
    assert found.note_codes == {"empty-file"}


@pytest.mark.parametrize(("name", "file", "data"), ROW_CASES)
def test_one_bad_line_costs_one_row(tmp_path, name, file, data):
    good = read_bytes(reader(name), tmp_path, data, file)
    lines = data.splitlines(keepends=True)
    middle = len(lines) - 1
    spoilt = b"".join(lines[:middle]) + b"\xff\xfe{half\n" + lines[middle]
    found = read_bytes(reader(name), tmp_path, spoilt, file)
    assert found.records == good.records
    assert rows_of(found) == rows_of(good) + 1
    assert (middle + 1, "invalid-utf8") in found.codes


@pytest.mark.parametrize(("name", "file", "data"), ROW_CASES)
def test_a_truncated_gzip_keeps_the_rows_before_its_end(tmp_path, name, file, data):
    lines = data.splitlines(keepends=True)
    noise = random.Random(7)  # blanks of varied number, or all lines would lie in one block of the packed data
    body = b"".join(lines[-1].rstrip(b"\n") + b" " * noise.randrange(9) + b"\n" for _ in range(3_000))
    whole = b"".join(lines[:-1]) + body
    packed = gzip.compress(whole)
    full = read_bytes(reader(name), tmp_path, packed, file + ".gz")
    found = read_bytes(reader(name), tmp_path, packed[: len(packed) * 2 // 3], file + ".gz")
    assert [code for _, code in found.codes].count("truncated-gzip") == 1
    assert found.rejections[-1].code == "truncated-gzip"
    taken = rows_of(found) - 1
    assert 1 <= taken < rows_of(full)
    for table, records in found.records.items():
        assert records == full.records[table][: len(records)]


@pytest.mark.parametrize(("name", "file", "data"), TEXT_CASES)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damage_makes_a_reader_raise(tmp_path, name, file, data, draw: st.DataObject):
    """Bytes cut out, put in and overwritten anywhere: rows, rejections or notes, never an exception."""
    start = draw.draw(st.integers(0, len(data)))
    length = draw.draw(st.integers(0, 12))
    noise = draw.draw(
        st.binary(max_size=8) | st.sampled_from([b"\0", b'"', b"{", b"]", b"\n", b": -1", b"NaN", b"&a *a"])
    )
    damaged = data[:start] + noise + data[start + length :]
    found = read_bytes(reader(name), tmp_path, damaged, file)
    assert rows_of(found) > 0 or found.notes
    for rejection in found.rejections:
        assert all((rejection.code, rejection.reason, rejection.remedy))
        assert rejection.line >= 0
    canonical = Canonicaliser(secret=b"0" * 32, label="x", now_us=NOW_US)
    for chunk in found.chunks:
        rows = canonical.canonical(chunk)
        assert rows.batch.num_rows + len(rows.rejections) == len(chunk)


@pytest.mark.parametrize("name", MODULES)
def test_a_reader_survives_what_is_not_its_format(tmp_path, name):
    for place, (_, data) in enumerate([*NOBODYS, *(sample for files in SAMPLES.values() for sample in files)]):
        found = read_bytes(reader(name), tmp_path, data, f"other-{place}.txt")
        assert rows_of(found) > 0 or found.notes


DATA = Path(__file__).parents[3] / "shared" / "data"
EXPECTED = {
    "apibench/artifacts.jsonl.gz": ("artifacts", {"artifacts": 1069}),
    "apibench/qrels.csv": ("judgments", {"events": 3443}),
    "apibench/queries.jsonl": ("judgments", {"searches": 1307}),
    "awesome-selfhosted/artifacts.jsonl.gz": ("artifacts", {"artifacts": 1337}),
    "bfcl-live/artifacts.jsonl.gz": ("artifacts", {"artifacts": 1519}),
    "bfcl-live/qrels.csv": ("judgments", {"events": 1627}),
    "bfcl-live/queries.jsonl.gz": ("judgments", {"searches": 1125}),
    "hf-models-hugginggpt/artifacts.jsonl.gz": ("artifacts", {"artifacts": 673}),
    "livemcpbench/artifacts.jsonl": ("artifacts", {"artifacts": 70}),
    "livemcpbench/capabilities.jsonl": ("capabilities", {"capabilities": 527}),
    "livemcpbench/outcomes.jsonl": ("outcomes", {"outcomes": 528}),
    "livemcpbench/qrels.csv": ("judgments", {"events": 141}),
    "livemcpbench/qrels_artifacts.csv": ("judgments", {"events": 85}),
    "livemcpbench/queries.jsonl": ("judgments", {"searches": 48}),
    "livemcpbench/ubi_events.jsonl": ("ubi-events", {"events": 757}),
    "livemcpbench/ubi_queries.jsonl": ("ubi-queries", {"searches": 162}),
    "mcp-registry-seed/artifacts.jsonl": ("artifacts", {"artifacts": 471}),
    "metatool/artifacts.jsonl": ("artifacts", {"artifacts": 199}),
    "metatool/artifacts_extra.jsonl": ("artifacts", {"artifacts": 390}),
    "metatool/qrels.csv.gz": ("judgments", {"events": 10764}),
    "metatool/queries.jsonl.gz": ("judgments", {"searches": 10520}),
    "open-bandit/artifacts.jsonl": ("artifacts", {"artifacts": 34}),
    "opensearch-ubi-sample/qrels.csv.gz": ("judgments", {"events": 6678}),
    "opensearch-ubi-sample/queries.jsonl": ("judgments", {"searches": 150}),
    "opensearch-ubi-sample/ubi_events.jsonl.gz": ("ubi-events", {"events": 3448}),
    "opensearch-ubi-sample/ubi_queries.jsonl.gz": ("ubi-queries", {"searches": 473}),
    "oss-alternatives/artifacts.jsonl": ("artifacts", {"artifacts": 215}),
    "public-apis/artifacts.jsonl": ("artifacts", {"artifacts": 1695}),
    "routellm/artifacts.jsonl": ("artifacts", {"artifacts": 2}),
    "routellm/outcomes.csv.gz": ("outcomes", {"outcomes": 15256}),
    "routellm/queries.jsonl.gz": ("judgments", {"searches": 7628}),
    "trec-session-2013/artifacts.jsonl.gz": ("artifacts", {"artifacts": 2739}),
    "trec-session-2013/current_queries.jsonl": ("judgments", {"searches": 44}),
    "trec-session-2013/qrels_topics.csv.gz": ("judgments", {"events": 5794}),
    "trec-session-2013/topics.jsonl": ("judgments", {"searches": 31}),
    "trec-session-2013/ubi_events.jsonl.gz": ("ubi-events", {"events": 2722}),
    "trec-session-2013/ubi_queries.jsonl.gz": ("ubi-queries", {"searches": 220}),
}


@pytest.mark.skipif(not DATA.is_dir(), reason="the data sets written by others are not beside this repository")
@pytest.mark.parametrize("path", EXPECTED)
def test_data_sets_of_others_are_read_completely(path):
    name, counts = EXPECTED[path]
    assert recognise(Source(DATA / path, path).head()) is reader(name)
    found = read_file(reader(name), DATA / path)
    assert {table: len(records) for table, records in found.records.items()} == counts
    assert found.rejections == []


@pytest.mark.skipif(not DATA.is_dir(), reason="the data sets written by others are not beside this repository")
def test_every_file_of_the_data_sets_is_known_or_nobodys():
    nobodys = {"alternative_to.csv", "alternatives_qrels.csv", "impressions.csv.gz", "tags.jsonl", "README.md"}
    for path in sorted(DATA.glob("*/*")):
        claims = [name for name in MODULES if reader(name).recognises(Source(path, path.name).head())]
        if path.name == "capability_taxonomy.jsonl":
            assert claims == ["capabilities"]
            found = read_file(reader("capabilities"), path)
            assert {code for _, code in found.codes} == {"capability-without-artifact"}
        elif path.name in nobodys:
            assert claims == [], path
        else:
            relative = str(path.relative_to(DATA))
            assert claims == [EXPECTED[relative][0]], path


def test_a_field_first_seen_behind_a_bad_line_is_kept(tmp_path):
    """Decoding then goes line by line, and rows read before the new field must still be there."""
    first = jsonl(UBI_EVENT_ROWS[0])
    data = first + b"{half\n" + jsonl({**UBI_EVENT_ROWS[1], "weather": "windy"})
    found = read_bytes(reader("ubi-events"), tmp_path, data)
    assert [event.get("extra") for event in found.records["events"]] == [None, {"weather": "windy"}]
    assert found.codes == [(2, "invalid-json")]
