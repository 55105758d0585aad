from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from queries.text.index_files import map_columns, write_columns
from queries.text.typos import TypoIndex, within_one_error, write_typo_index

WORDS = [("image", 5), ("imagine", 2), ("convert", 3), ("covert", 1), ("пример", 2), ("pdf", 9), ("gpt4", 4)]


@pytest.fixture
def typos(tmp_path: Path) -> TypoIndex:
    write_typo_index(tmp_path, WORDS)
    return TypoIndex.open(tmp_path)


@pytest.mark.parametrize("typo", ["imge", "imagee", "imxge", "iamge"])
def test_one_error_of_each_kind_is_corrected(typos: TypoIndex, typo: str) -> None:
    assert typos.nearest(typo) == "image"


def test_other_scripts_are_corrected_too(typos: TypoIndex) -> None:
    assert typos.nearest("примре") == "пример"


def test_two_errors_are_not_corrected(typos: TypoIndex) -> None:
    assert typos.nearest("imxxe") is None


def test_the_word_of_more_documents_is_preferred(typos: TypoIndex) -> None:
    assert typos.nearest("covvert") == "convert" or within_one_error("covvert", "covert")
    assert typos.nearest("coxvert") == "convert"


def test_a_short_word_keeps_its_first_letter(typos: TypoIndex) -> None:
    assert typos.nearest("umage") is None
    assert typos.nearest("xonvert") == "convert"


def test_a_stem_is_shown_as_it_is_written(tmp_path: Path) -> None:
    write_typo_index(tmp_path, [("classifi", 2), ("plot", 1)], {"classifi": "classify"})
    known = TypoIndex.open(tmp_path)
    assert [known.written(word) for word in ("classifi", "plot", "absent", "zoom")] == [
        "classify", "plot", "absent", "zoom",
    ]  # fmt: skip


def test_what_an_earlier_version_wrote_is_read(tmp_path: Path) -> None:
    write_typo_index(tmp_path, WORDS)
    file = tmp_path / "typo_words.arrow"
    earlier = map_columns(file).drop_columns("written")
    file.unlink()
    write_columns(file, earlier)
    known = TypoIndex.open(tmp_path)
    assert known.written(known.nearest("imge") or "") == "image"


def test_short_words_and_names_with_digits_are_left_alone(typos: TypoIndex) -> None:
    assert typos.nearest("pfd") is None
    assert typos.nearest("gpt5") is None


def test_an_empty_vocabulary_corrects_nothing(tmp_path: Path) -> None:
    write_typo_index(tmp_path, [])
    assert TypoIndex.open(tmp_path).nearest("imge") is None


letters = st.text("abc", min_size=0, max_size=7)


@given(letters, letters)
def test_one_error_is_an_optimal_string_alignment_distance_of_at_most_one(a: str, b: str) -> None:
    assert within_one_error(a, b) == (OSA.distance(a, b) <= 1)
