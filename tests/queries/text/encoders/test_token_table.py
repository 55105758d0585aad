import numpy as np
import pytest

from graph.errors import WrongUse
from queries.text.encoders.contract import BUILT_IN, Encoder, open_encoder
from queries.text.encoders.token_table import MAX_TOKENS, TokenTable, quantised, to_unit, token_table


def test_a_text_is_the_sum_of_its_tokens_at_length_1() -> None:
    table = TokenTable(["[UNK]", "a", "b"], np.array([[0, 0], [3, 0], [0, 4]], np.float32))
    assert table.encode(["a b", "b", "zz", ""]) == pytest.approx(np.array([[0.6, 0.8], [0, 1], [0, 0], [0, 0]]))


def test_pieces_of_words_say_nothing_alone() -> None:
    table = TokenTable(["[UNK]", "a", "b", "##c"], np.array([[0, 0], [3, 0], [0, 4], [0, 4]], np.float32))
    assert table.encode(["ac", "bcc ac", "ac b"]) == pytest.approx(
        np.array([[0, 0], [0, 0], [3, 8]]) / [[1], [1], [73**0.5]]
    )


def test_words_more_have_vectors_of_their_own_and_are_no_common_words() -> None:
    table = TokenTable(["[UNK]", "a", "##b"], np.array([[0, 0], [3, 0], [0, 4], [0, 4]], np.float32), ["ab"])
    assert table.encode(["ab", "ab a"]) == pytest.approx(np.array([[0, 1], [0.6, 0.8]]))
    assert table.words() == ["a"]


def test_lengths_of_whole_words() -> None:
    words, lengths = TokenTable(
        ["[UNK]", "a", "##b"], np.array([[9, 9], [3, 4], [0, 1], [0, 2]], np.float32), ["c"]
    ).lengths()
    assert (words, lengths.tolist()) == (["a", "c"], [5, 2])


def test_many_texts_get_the_vectors_of_each_and_of_long_ones_the_beginning_counts() -> None:
    table = TokenTable(["[UNK]", "a", "b", "##c"], np.array([[0, 0], [3, 0], [0, 4], [0, 5]], np.float32))
    texts = ["a b", "", "ac", "b ac a", "a " * MAX_TOKENS + "b b b"]
    together = table.encode(texts)
    assert together.tolist() == [table.encode([text])[0].tolist() for text in texts]
    assert together[-1].tolist() == [1, 0]
    assert table.encode(texts[:4]).tolist() == together[:4].tolist()


def test_letters_put_together_mean_nothing() -> None:
    assert not token_table().encode(["zxqv wjkl"]).any()


def test_like_meanings_lie_nearer_than_like_letters() -> None:
    vectors = token_table().encode(["picture of a cat", "image of a kitten", "picket of a cart"])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_the_built_in_encoder_is_one() -> None:
    assert isinstance(open_encoder(BUILT_IN), Encoder)


@pytest.mark.parametrize(
    "name", ["nowhere:thing", "queries.text.encoders.contract:missing", "math:tau", "json:loads", ""]
)
def test_what_is_no_encoder_is_refused(name: str) -> None:
    with pytest.raises(WrongUse):
        open_encoder(name)


def test_rows_get_length_1_where_they_are_and_short_ones_become_zeros() -> None:
    rows = np.array([[3, 4], [1e-10, 0], [0, -2], [0, 0]] * 100, np.float32)
    to_unit(rows)
    assert rows == pytest.approx(np.array([[0.6, 0.8], [0, 0], [0, -1], [0, 0]] * 100))


def test_rows_are_quantised_each_by_its_largest_number() -> None:
    numbers, scales = quantised(np.array([[127, -1, 0.4], [0, 0, 0], [254, 2, 1.2]] * 100, np.float32))
    assert numbers.tolist() == [[127, -1, 0], [0, 0, 0], [127, 1, 1]] * 100
    assert scales.tolist() == [1, 0, 2] * 100


def test_quantised_rows_come_back_within_half_a_step() -> None:
    rows = np.random.default_rng(1).standard_normal((5, 8)).astype(np.float32)
    numbers, scales = quantised(np.vstack([rows, np.zeros((1, 8), np.float32)]))
    assert np.abs(numbers[:5] * scales[:5, None] - rows).max() <= scales.max() / 2 + 1e-6
    assert not numbers[5].any()
