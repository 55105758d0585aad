"""Which words of a query are read as others."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.snapshot_schemas import ARTIFACT_TABLE, CAPABILITY_TABLE
from queries.text.spelling import Spelling, as_written, catalogue_spelling

ARTIFACTS = [
    {"artifact_id": "a", "name": "Zoomer", "description": "Makes images larger. Shows maps; segmentation too."}
]
CAPABILITIES = [
    {
        "capability_id": "a/x",
        "artifact_id": "a",
        "name": "Upscale",
        "intents": ["restore photographs"],
        "tags": ["model"],
    }
]


@pytest.fixture(scope="module")
def read_as(tmp_path_factory: pytest.TempPathFactory) -> Spelling:
    artifacts = pa.Table.from_pylist(ARTIFACTS, ARTIFACT_TABLE)
    capabilities = pa.Table.from_pylist(CAPABILITIES, CAPABILITY_TABLE)
    return catalogue_spelling(artifacts, capabilities, tmp_path_factory.mktemp("words") / "spelling")


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("iamges", "images"),
        ("imaegs", "images"),
        ("segmentatoin", "segmentation"),
        ("segmentaton", "segmentation"),
        ("segmentattion", "segmentation"),
        ("segmentazion", "segmentation"),
        ("photogarphs", "photographs"),
        ("upsclae", "upscale"),
    ],
)
def test_slips_are_put_right(read_as: Spelling, word: str, meaning: str) -> None:
    assert read_as(word) == meaning


@pytest.mark.parametrize(
    "word",
    [
        "images",  # known
        "image",  # its stem is known
        "shoes",  # too short for a wrong letter ("shows")
        "modal",  # likewise ("model")
        "larges",  # likewise ("larger")
        "maps",
        "pmas",  # too short for anything
        "egmentation",  # the first letter is another one
        "segmentaions2",  # not a word
        "something",  # near nothing
    ],
)
def test_other_words_stay(read_as: Spelling, word: str) -> None:
    assert read_as(word) == word


@given(st.text(alphabet="aegimnost", max_size=14))
def test_correcting_twice_changes_nothing_more(read_as: Spelling, word: str) -> None:
    assert read_as(read_as(word)) == read_as(word)


def test_an_empty_catalogue_corrects_nothing(tmp_path: Path) -> None:
    read_as = catalogue_spelling(ARTIFACT_TABLE.empty_table(), CAPABILITY_TABLE.empty_table(), tmp_path)
    assert read_as("iamges") == as_written("iamges") == "iamges"
