from __future__ import annotations

import pytest

from ingest.readers.model_card import MAX_DESCRIPTION_CHARS, READER, first_paragraphs
from tests.ingest.reading import head_of, read_bytes

CARD = """---
license: other
license_name: kite-1
language: [en, de]
pipeline_tag: image-to-text
base_model: owner/base
tags:
  - kites
{front}---
<!-- generated -->
# Model card for **Kite** 7B

![picture](x.png)

A model that tells
one kite from another.

- a list
- of things

| a | table |
|---|---|

```python
code that is not prose
```

It was trained on kites. See [the paper](https://p.example).
"""


def card(tmp_path, front: str = "", name: str = "kite.md"):
    found = read_bytes(READER, tmp_path, CARD.format(front=front), name)
    assert found.rejections == []
    return found.records["artifacts"][0]


def test_a_card_is_a_model(tmp_path):
    row = card(tmp_path)
    assert (row["artifact_id"], row["name"], row["type"], row["license"]) == ("kite-7b", "Kite 7B", "model", "kite-1")
    assert row["tags"] == ["kites", "image-to-text"]
    assert row["description"] == (
        "A model that tells one kite from another.\n\nIt was trained on kites. See [the paper](https://p.example)."
    )
    assert row["extra"]["front_matter"]["base_model"] == "owner/base"


@pytest.mark.parametrize(
    ("front", "artifact_id", "name"),
    [
        ("model_id: ann/kite-7b\n", "ann/kite-7b", "kite-7b"),
        ("model_name: kite-x\n", "kite-x", "kite-x"),
        ("model_name: Kite X\n", "kite-x", "Kite X"),
        ("model_id: ann/kite\nmodel_name: Kite\n", "ann/kite", "Kite"),
    ],
)
def test_the_front_matter_names_the_model(tmp_path, front, artifact_id, name):
    row = card(tmp_path, front)
    assert (row["artifact_id"], row["name"]) == (artifact_id, name)


@pytest.mark.parametrize(("file", "artifact_id"), [("README.md", "my-folder"), ("owl-3b.md", "owl-3b")])
def test_without_a_heading_file_or_folder_name_it(tmp_path, file, artifact_id):
    folder = tmp_path / "my-folder"
    folder.mkdir()
    found = read_bytes(READER, folder, "---\nlibrary_name: x\n---\nText of the card.\n", file)
    assert found.records["artifacts"][0]["artifact_id"] == artifact_id


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("# Kite\n", "no-front-matter"),
        ("---\nlicense: mit\n", "no-front-matter"),
        ("---\nlicense: !!python/name:x\n---\n# K\n", "unsafe-yaml"),
        ("---\nlicense: 5\n---\n# K\n", "wrong-type"),
        ("---\nlicense: [mit\n---\n# K\n", "invalid-yaml"),
        ("---\nmodel_id: ''\n---\n# !!!\n", None),
    ],
)
def test_bad_cards_are_refused_as_a_whole(tmp_path, text, code):
    found = read_bytes(READER, tmp_path, text, "card-file.md")
    assert [kind for _, kind in found.codes] == ([code] if code else [])


@pytest.mark.parametrize(
    ("front", "taken"),
    [("pipeline_tag: x", True), ("license: mit\ntags: [a]", True), ("license: mit", False), ("title: x", False),
     ("license: mit\ntags: [a]\nsdk: gradio", False), ("task_categories: [a]\nlicense: mit\ntags: [b]", False)],
)  # fmt: skip
def test_only_front_matter_of_models_is_taken(tmp_path, front, taken):
    assert READER.recognises(head_of(tmp_path, f"---\n{front}\n---\ntext\n", "README.md")) is taken


def test_descriptions_are_cut_between_paragraphs_or_words():
    paragraph = "word " * 400
    text = first_paragraphs("\n\n".join([paragraph] * 3))
    assert text == paragraph.strip()
    single = first_paragraphs("word " * 2_000)
    assert single is not None
    assert len(single) <= MAX_DESCRIPTION_CHARS
    assert single.endswith("word")
    assert first_paragraphs("# Only a heading\n") is None
