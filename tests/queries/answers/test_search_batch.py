import json
from pathlib import Path

import pytest

from graph.errors import BadInput
from graph.snapshot import Snapshot
from queries.answers import search_batch as module
from queries.answers.search_batch import search_batch
from tests.queries.small_catalogue import edge, snapshot_of


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return snapshot_of(
        tmp_path_factory.mktemp("home"), [edge("boil down a report", "papertalk", "papertalk/summarise")]
    )


def test_batch(snapshot: Snapshot, tmp_path: Path) -> None:
    lines = [
        {"id": "1", "text": "boil down reports"},
        {"id": "2", "text": "🎉"},
        {"id": "3", "text": "nothing known", "candidates": ["sumly", "papertalk/read_pdf"]},
    ]
    (tmp_path / "q.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert search_batch(snapshot, tmp_path / "q.jsonl", tmp_path / "hits.jsonl", 2) == 3
    out = [json.loads(line) for line in (tmp_path / "hits.jsonl").read_text().splitlines()]
    assert [line["id"] for line in out] == ["1", "2", "3"]
    assert out[0]["hits"][0]["capability_id"] == "papertalk/summarise"
    assert set(out[0]["hits"][0]) == {"artifact_id", "capability_id", "score", "confidence"}
    assert len(out[0]["hits"]) == 2
    assert out[1]["hits"] == []
    assert {hit["capability_id"] or hit["artifact_id"] for hit in out[2]["hits"]} == {"sumly", "papertalk/read_pdf"}


def test_a_batch_that_fails_leaves_nothing_half_written(snapshot: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text('{"id": "1", "text": "report"}\n{"id"')
    with pytest.raises(BadInput, match="line 2"):
        search_batch(snapshot, tmp_path / "q.jsonl", tmp_path / "hits.jsonl", 2)
    assert [path.name for path in tmp_path.iterdir()] == ["q.jsonl"]
    with pytest.raises(BadInput, match="cannot be written"):
        search_batch(snapshot, tmp_path / "q.jsonl", tmp_path / "no" / "hits.jsonl", 2)


def test_two_processes_answer_as_one(snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PART", 3)
    texts = ["shorten a report", "sharp photos", "boil it down", "extract text", "documents", "必应搜索", "images"]
    lines = [json.dumps({"id": str(number), "text": text}) for number, text in enumerate(texts)]
    (tmp_path / "q.jsonl").write_text("\n".join(lines))
    for processes in (1, 2):
        out = tmp_path / f"{processes}.jsonl"
        assert search_batch(snapshot, tmp_path / "q.jsonl", out, 2, processes=processes) == len(texts)
    assert (tmp_path / "1.jsonl").read_text() == (tmp_path / "2.jsonl").read_text()
    (tmp_path / "q.jsonl").write_text("\n".join([*lines, "{"]))
    with pytest.raises(BadInput, match="line 8"):
        search_batch(snapshot, tmp_path / "q.jsonl", tmp_path / "none.jsonl", 2, processes=2)
    assert not (tmp_path / "none.jsonl").exists()
