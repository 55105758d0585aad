from math import inf
from pathlib import Path

import numpy as np
import pytest

from queries.retrieval.meaning import Meaning, spoken, spoken_all, write_meaning
from queries.text.encoders.contract import Vectors


class Numbers:
    """An encoder whose vector of "a b c" is (a - 9, b - 9, c - 9) at length 1: a minus sign would join words."""

    dimensions = 3

    def encode(self, texts: list[str]) -> Vectors:
        rows = np.array([[float(part) - 9 for part in text.split()] for text in texts], np.float32).reshape(-1, 3)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


NUMBERS = f"{__name__}:Numbers"


def drawn(count: int) -> np.ndarray:
    return np.random.default_rng(3).standard_normal((count, 3)).round(3)


def written(folder: Path, rows: np.ndarray) -> Meaning:
    write_meaning(folder, (" ".join(map(str, row)) for row in (rows + 9).tolist()), NUMBERS)
    return Meaning.open(folder)


def test_cosines_and_what_is_nearest_are_those_of_numpy(tmp_path: Path) -> None:
    rows = drawn(50)
    meaning = written(tmp_path, rows)
    query = meaning.vector("9.2 8.5 9.7")
    expected = rows @ query / np.linalg.norm(rows, axis=1)
    assert meaning.cosines(query, np.arange(50)) == pytest.approx(expected, abs=0.01)
    assert expected[meaning.nearest(query, 20)].min() >= np.sort(expected)[-25]


def test_compiled_code_finds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    meaning = written(tmp_path, drawn(900))  # of 8 signs: nearly all are equal to others
    asked = [meaning.vector(text) for text in ("9.2 8.5 9.7", "10 11 8", "8 8 8")]
    expected = [meaning.nearest(query, 30).tolist() for query in asked]
    monkeypatch.setattr("queries.retrieval.meaning._MANY", 0)
    assert [meaning.nearest(query, 30).tolist() for query in asked] == expected
    some = np.array([899, 0, 7, 7])
    expected_cosines = [meaning.cosines(query, some).tolist() for query in asked]
    monkeypatch.setattr("queries.retrieval.meaning.is_large", lambda vectors: True)
    assert [meaning.cosines(query, some).tolist() for query in asked] == expected_cosines


def test_standardised_cosines_have_mean_0_and_deviation_1_over_the_catalogue(tmp_path: Path) -> None:
    meaning = written(tmp_path, drawn(400))
    query = meaning.vector("10 11 8")
    mean, spread = meaning.mean_and_spread(query)
    found = (meaning.cosines(query, np.arange(400)) - mean) / spread
    assert (found.mean(), found.std()) == pytest.approx((0, 1), abs=0.02)
    assert meaning.mean_and_spread(0 * query) == (0, inf)


def test_an_empty_catalogue_has_nothing_near(tmp_path: Path) -> None:
    meaning = written(tmp_path, np.zeros((0, 3)))
    assert len(meaning.nearest(meaning.vector("10 9 9"), 5)) == 0


def test_names_are_taken_apart() -> None:
    assert spoken("getUserInfo word-document/add_page") == "get User Info word document add page"
    odd = ["", "getUserInfo a_b", "ÄöAÖ éA aÉ", "aB_cD/-eF", "AbcD\n_必X"]
    assert spoken_all(odd) == [spoken(text) for text in odd]
