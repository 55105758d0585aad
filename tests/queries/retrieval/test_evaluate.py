import json
from pathlib import Path

import pytest

from graph.errors import BadInput
from graph.snapshot import Snapshot
from queries.retrieval.evaluate import evaluate
from tests.queries.small_catalogue import edge, snapshot_of


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return snapshot_of(tmp_path_factory.mktemp("home"))


def files(folder: Path, texts: dict[str, str], qrels: str) -> tuple[Path, Path]:
    queries = folder / "queries.jsonl"
    queries.write_text("".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in texts.items()))
    (folder / "qrels.csv").write_text(qrels)
    return queries, folder / "qrels.csv"


def test_capabilities(snapshot: Snapshot, tmp_path: Path) -> None:
    texts = {"good": "shorten a report", "bad": "enlarge", "unjudged": "xylophone"}
    qrels = "query_id,capability_id,grade\ngood,papertalk/summarise,1\nbad,papertalk/read_pdf,1\n"
    found = evaluate(snapshot, *files(tmp_path, texts, qrels))
    assert (found["queries"], found["judged_queries"]) == (3, 2)
    assert found["hit@1"] == found["recall@10"] == found["mrr"] == 0.5
    assert found["calibration_method"] == "prior"
    assert 0 <= found["calibration_error"] <= 1


def test_judgments_of_artifacts_count_each_artifact_once(snapshot: Snapshot, tmp_path: Path) -> None:
    texts = {"q": "document report"}
    found = evaluate(snapshot, *files(tmp_path, texts, "query_id,artifact_id,grade\nq,papertalk,1\nq,sumly,1\n"))
    assert found["recall@5"] == found["comp@5"] == found["ndcg@5"] == 1


def test_against_another_snapshot(snapshot: Snapshot, tmp_path: Path) -> None:
    """The other one has seen the need: what was asked there is found there."""
    texts = {"q": "make long things shorter", "r": "shorten a report"}
    qrels = "query_id,capability_id,grade\nq,papertalk/summarise,1\nr,papertalk/summarise,1\n"
    learned = snapshot_of(tmp_path / "home", [edge("make long things shorter", "papertalk", "papertalk/summarise")])
    found = evaluate(learned, *files(tmp_path, texts, qrels), against=snapshot)
    assert found["against"]["snapshot_id"] == snapshot.id
    figures = found["against"]["measures"]["hit@1"]
    assert figures["value"] + figures["difference"] == pytest.approx(found["hit@1"])
    assert figures["difference"] > 0
    assert figures["low"] <= figures["difference"] <= figures["high"]
    assert 0 < figures["p_value"] <= 1


def test_files_that_do_not_belong_together(snapshot: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="belong together"):
        evaluate(snapshot, *files(tmp_path, {"q": "x"}, "query_id,artifact_id,grade\nother,papertalk,1\n"))
