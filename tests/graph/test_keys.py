"""Keys of texts and people."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.keys import MASK_63, KeyCache, combine_keys, key_text, stable_key, stable_keys


def test_a_key_is_the_first_eight_bytes_of_blake2b_without_the_sign() -> None:
    digest = blake2b(b"semantic segmentation", digest_size=8).digest()
    assert stable_key("semantic segmentation") == int.from_bytes(digest, "little") & MASK_63


def test_keys_of_several_texts_depend_on_where_one_ends() -> None:
    assert stable_key("ab", "c") != stable_key("a", "bc")


def test_key_text_has_sixteen_digits() -> None:
    assert key_text(10) == "000000000000000a"


def test_a_secret_changes_every_key() -> None:
    assert KeyCache(b"a" * 32, "client").key("c-1") != KeyCache(b"b" * 32, "client").key("c-1")
    assert KeyCache(b"a" * 32, "client").key("c-1") != KeyCache(b"a" * 32, "session").key("c-1")


def test_keys_of_none_and_of_the_empty_text_are_none() -> None:
    cache = KeyCache()
    assert cache.keys(["x", None, "", "x"]) == [stable_key("x"), None, None, stable_key("x")]
    with pytest.raises(ValueError, match="empty text"):
        cache.key("")


def test_the_cache_may_overflow() -> None:
    cache = KeyCache(limit=2)
    texts = ["a", "b", "c", "a", "d", "c"]
    assert cache.keys(texts) == [stable_key(text) for text in texts]


@given(st.lists(st.tuples(st.integers(0, 2**62), st.integers(0, 2**62)), min_size=1, max_size=50))
def test_combined_keys_are_equal_exactly_for_equal_rows(rows: list[tuple[int, int]]) -> None:
    first, second = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    keys = combine_keys({"a": first, "b": second})
    assert len(set(keys.tolist())) == len(set(rows))
    assert (keys > 0).all()
    assert np.array_equal(keys, combine_keys({"b": second, "a": first}))


def test_combined_keys_tell_swapped_columns_apart() -> None:
    one, two = np.array([1]), np.array([2])
    assert combine_keys({"a": one, "b": two}) != combine_keys({"a": two, "b": one})
    with pytest.raises(ValueError, match="at least one column"):
        combine_keys({})


def test_many_texts_have_the_keys_of_each() -> None:
    texts = ["whisper", "", "Übersetzer", "whisper"]
    assert stable_keys(texts).tolist() == [stable_key(text) for text in texts]
    assert stable_keys([]).tolist() == []
