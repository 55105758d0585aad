import json
import math

import msgspec
import pytest

from api.cli.output import emit_json_lines, json_text, tell


class Row(msgspec.Struct):
    name: str
    value: float | None


def test_json_keeps_order_and_scripts_and_has_no_nan() -> None:
    text = json_text({"z": Row("语义", math.nan), "a": [1.5, None]})
    assert json.loads(text) == {"z": {"name": "语义", "value": None}, "a": [1.5, None]}
    assert text.index('"z"') < text.index('"a"')
    assert "语义" in text
    assert "\n" in text


def test_hidden_characters_are_escaped_and_come_back_whole() -> None:
    hostile = "a\x1b[31m\x7f\x9b\u202e\u200b\ufeffb"
    text = json_text({"name": hostile})
    assert json.loads(text) == {"name": hostile}
    assert text.isascii()
    assert text.replace("\n", "").isprintable()


def test_json_lines_are_one_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    emit_json_lines([Row("a\nb", 1.0), Row("c", None)])
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line) for line in lines] == [{"name": "a\nb", "value": 1.0}, {"name": "c", "value": None}]


def test_messages_go_to_stderr_without_hidden_characters(capsys: pytest.CaptureFixture[str]) -> None:
    tell("file \x1b[2J.jsonl")
    caught = capsys.readouterr()
    assert (caught.out, caught.err) == ("", "file [2J.jsonl\n")
