"""What holds of every encoder that matchgraph offers."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.text.encoders.contract import BUILT_IN, EXTRAS, Encoder, Vectors, full_name, open_encoder

NAMES = [BUILT_IN, *EXTRAS]
TEXTS = ["picture of a cat", "", "🎉 🎉", "Übersetze Texte", "a " * 600, "picture of a cat", "get user info"]


@pytest.fixture(params=NAMES)
def encoder(request: pytest.FixtureRequest) -> Encoder:
    return open_encoder(full_name(request.param))


def lengths(vectors: Vectors) -> Sequence[float]:
    found: list[float] = np.linalg.norm(vectors, axis=1).tolist()
    return found


def test_vectors_are_of_length_1_or_nothing(encoder: Encoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimensions)
    assert vectors.dtype == np.float32
    assert encoder.dimensions % 64 == 0
    found = dict(zip(TEXTS, lengths(vectors), strict=True))
    assert all(length == 0 or length == pytest.approx(1, abs=1e-5) for length in found.values())
    assert {text for text in ("", "🎉 🎉", "picture of a cat", "get user info") if found[text]} == {
        "picture of a cat",
        "get user info",
    }


def test_no_texts_have_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimensions)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=10, deadline=None)
@given(st.lists(st.text(st.sampled_from("readpdf cats-_é必"), max_size=40), min_size=1, max_size=5))
def test_equal_texts_have_equal_vectors_whatever_stands_beside_them(name: str, texts: list[str]) -> None:
    encoder = open_encoder(full_name(name))
    together = encoder.encode([*texts, *texts])
    assert together[: len(texts)].tolist() == together[len(texts) :].tolist()
    assert together[: len(texts)] == pytest.approx(np.vstack([encoder.encode([text]) for text in texts]), abs=1e-6)


def test_like_meanings_lie_nearer_than_like_letters(encoder: Encoder) -> None:
    cat, kitten, cart = encoder.encode(["picture of a cat", "image of a kitten", "picket of a cart"])
    assert cat @ kitten > cat @ cart + 0.2
