"""`matchgraph search` on the bundled example data: answers, filters, files of queries, and whatever people type."""

import json
from pathlib import Path

import pytest

from api.cli import run
from graph.home import Home
from graph.snapshot import Snapshot
from tests.api.cli.conftest import Caller

NEED = "semantic segmentation of street scenes"
SEGMENTERS = (
    "mask2former-swin-large-cityscapes-semantic",
    "segformer-b5-cityscapes",
    "oneformer-swin-large-cityscapes",
)


def test_search(call: Caller) -> None:
    answer = call.json("search", NEED, "--limit", "3")
    assert answer["query"] == NEED
    assert answer["hits"][0]["artifact_id"] in SEGMENTERS
    assert {"artifact_id", "name", "type", "score", "confidence", "capabilities", "evidence"} <= set(answer["hits"][0])
    assert answer["hits"][0]["name"] in call.text("search", NEED)


def test_batch(call: Caller, tmp_path: Path) -> None:
    queries, out = tmp_path / "queries.jsonl", tmp_path / "hits.jsonl"
    queries.write_text('{"id": "q1", "text": "transcribe speech"}\n')
    assert call.text("search", "--batch", str(queries), "--out", str(out)) == ""
    (line,) = map(json.loads, out.read_text().splitlines())
    assert line["id"] == "q1"
    assert {"artifact_id", "capability_id", "score", "confidence"} <= set(line["hits"][0])


def test_inputs_and_outputs_restrict(call: Caller) -> None:
    free = {hit["artifact_id"] for hit in call.json("search", "images", "--limit", "50")["hits"]}
    images = {hit["artifact_id"] for hit in call.json("search", "images", "--output", "image", "--limit", "50")["hits"]}
    assert images
    assert images < free
    takes = call.json("search", "images", "--output", "image", "--input", "text", "--limit", "50")["hits"]
    assert {hit["artifact_id"] for hit in takes} < images
    call.text("search", "images", "--batch", "a", "--out", "b", "--input", "text", code=2)


@pytest.mark.parametrize(
    "query",
    [
        *("", "   ", "the of and", "🎉🎊", "?!., --", "\x00\x07\x1b[31m", "\u202e\u200b", "\ufffe"),
        *('name:"x" AND (y OR', "c++ +(a -b) [1 TO 5] ~2 ^3 \\", "'; DROP TABLE artifacts; --", "%' OR '1'='1"),
        *("MATCH (n) DETACH DELETE n", "SELECT * FROM ranks", "*", "../../etc/passwd", "a" * 1_000_000),
        "resize " * 150_000,
    ],
    ids=lambda query: repr(query[:24]),
)
def test_whatever_is_typed_is_answered(call: Caller, query: str) -> None:
    code, page = call.any_code("search", query)
    assert code in (0, 1)
    assert not any(ord(character) < ord(" ") and character != "\n" for character in page)
    assert "Traceback" not in call.said
    answer = call.json("search", query, code=code)
    assert bool(answer["hits"]) == (code == 0)
    assert answer["hits"] or (answer["nothing_fits"] and answer["message"])


@pytest.mark.parametrize("query", ["", "the of and", "🎉🎊", "?!., --"])
def test_queries_without_a_word_say_so(call: Caller, query: str) -> None:
    answer = call.json("search", query, code=1)
    assert answer["hits"] == []
    assert "query is empty" in answer["message"] or "no word to search for" in answer["message"]


@pytest.mark.parametrize(
    ("option", "wrong", "known"),
    [
        *(("--type", "modle", "model"), ("--license", "WTFPL", "apache-2.0"), ("--price", "cheap", "free")),
        *(("--tag", "no such tag", "segmentation"), ("--input", "smell", "image"), ("--output", "smell", "text")),
    ],
)
def test_an_unknown_filter_value_names_the_known_ones(call: Caller, option: str, wrong: str, known: str) -> None:
    assert call.text("search", NEED, option, wrong, code=2) == ""
    assert wrong in call.said
    assert known in call.said


def test_an_unknown_artifact_gets_suggestions(call: Caller) -> None:
    assert call.text("search", NEED, "--different-from", "FLUX.1 Por", code=2) == ""
    assert "Did you mean: FLUX.1 Pro?" in call.said


def test_an_empty_home_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["search", NEED, "--home", str(tmp_path / "nothing")]) == 4
    assert "matchgraph ingest" in capsys.readouterr().err
    assert not (tmp_path / "nothing").exists()


def test_the_extra_encoder_is_recorded_and_searched_with(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    call = Caller(home, capsys)
    call.text("recompute", "--encoder", "minilm")
    assert Snapshot.open(home).manifest.parameters["encoder"] == "queries.text.encoders.minilm:minilm_1"
    (hit, *_) = call.json("search", "vocalist for lyrics")["hits"]
    assert hit["artifact_id"] == "singer"
