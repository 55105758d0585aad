from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.files.fields import BadField, Fields

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)


@pytest.mark.parametrize(
    ("value", "expected"), [(5, 5), ("1200", 1200), (7.0, 7), (" 3 ", 3), (None, None), ("", None)]
)
def test_count_takes_whole_numbers(value, expected):
    assert Fields({"n": value}).count("n") == expected


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (True, "wrong-type"), ("1,200", "wrong-type"), (1.5, "wrong-type"), ([], "wrong-type"), ("1e3", "wrong-type"),
        (float("inf"), "wrong-type"), (-1, "negative-number"), ("-5", "negative-number"),
        (1 << 63, "number-too-large"), ("9" * 20, "number-too-large"),
    ],
)  # fmt: skip
def test_count_refuses_what_is_no_count(value, code):
    with pytest.raises(BadField) as caught:
        Fields({"n": value}).count("n")
    assert caught.value.code == code
    assert "n:" in caught.value.reason


@pytest.mark.parametrize(("value", "expected"), [("a, b;c|d", ["a", "b", "c", "d"]), ('["a, b", "c"]', ["a, b", "c"]),
                                                 (["x", "", "x"], ["x"]), ("", None), ([], None)])  # fmt: skip
def test_words_are_split_at_every_separator(value, expected):
    assert Fields({"t": value}).words("t") == expected


def test_sentences_keep_their_commas():
    assert Fields({"t": "needs wind, and sun; no rain"}).sentences("t") == ["needs wind, and sun", "no rain"]


@pytest.mark.parametrize("value", [[1, 2], 5, True, {"a": 1}])
def test_lists_of_text_hold_text(value):
    with pytest.raises(BadField, match="t: "):
        Fields({"t": value}).words("t")


@pytest.mark.parametrize(("value", "expected"), [("x ", "x"), (5, "5"), (0, "0")])
def test_ids_are_text_or_whole_numbers(value, expected):
    assert Fields({"id": value}).required_id("id") == expected


@pytest.mark.parametrize(
    ("value", "code"),
    [(None, "missing-id"), (" ", "missing-id"), (1.5, "wrong-type"), (True, "wrong-type"), ("x" * 513, "bad-id"),
     ("a\u202eb", "bad-id"), ("a\nb", "bad-id"), ("a\0b", "nul-character")],
)  # fmt: skip
def test_bad_ids_are_refused(value, code):
    with pytest.raises(BadField) as caught:
        Fields({"id": value}).required_id("id", "other")
    assert caught.value.code == code


def test_names_lose_their_hidden_characters_and_a_note_says_so():
    fields = Fields({"name": "Ki\u202e\nte"})
    assert fields.name("name") == "Ki te"
    assert [note.code for note in fields.notes] == ["hidden-characters"]


def test_the_first_name_with_a_value_wins_and_the_rest_is_kept():
    fields = Fields({"a": None, "b": "B", "c": "C", "d": 4})
    assert fields.text("a", "b", "c") == "B"
    assert fields.rest() == {"c": "C", "d": 4}


def refusal(fields: Fields, take: str) -> str | None:
    try:
        getattr(fields, take)("a", "b")
    except BadField as error:
        return error.reason
    return None


@given(st.dictionaries(st.sampled_from("abc"), SCALARS | st.lists(SCALARS) | st.dictionaries(st.text(), SCALARS)))
def test_a_field_is_taken_or_refused_with_a_reason(values):
    for take in ("text", "name", "identifier", "count", "number", "words", "sentences", "time"):
        reason = refusal(Fields(values), take)
        assert reason is None or reason.startswith(("a:", "b:"))
