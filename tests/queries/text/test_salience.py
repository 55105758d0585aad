import numpy as np
import pytest

from queries.text import salience as module
from queries.text.encoders.token_table import TokenTable
from queries.text.salience import POWER, TYPICAL, salience
from queries.text.tokens import stem_of


def test_what_decides_a_need_tells_more_than_what_is_said_with_any() -> None:
    assert salience(stem_of("segmentation")) > salience(stem_of("possible"))
    assert salience(stem_of("recipe")) > salience(stem_of("friend"))


def test_the_shortest_vector_of_the_words_of_a_term_counts_and_unknown_terms_are_like_the_mean(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vectors = TYPICAL * np.array([[9, 0], [4, 0], [0, 1], [0, 3], [9, 9]], np.float32)
    table = TokenTable(["[UNK]", "cats", "cat", "dog", "##s"], vectors)
    monkeypatch.setattr(module, "token_table", lambda: table)
    module._known.cache_clear()
    try:
        found = [salience(term) for term in ("cat", "dog", "zebra")]
    finally:
        module._known.cache_clear()
    assert found == pytest.approx([1.0, 3**POWER, (1 + 3**POWER) / 2], abs=1e-4)
