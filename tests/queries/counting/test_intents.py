"""Intents: which texts express the same need."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.keys import stable_key
from graph.text import normalise_query
from queries.counting.intents import (
    ASKING,
    Intents,
    askers,
    intent_id,
    intent_labels,
    intent_totals,
    intent_words,
    text_clients,
    text_totals,
)
from tests.queries.conftest import EngineMaker
from tests.queries.ledger_rows import at, ledger


def texts(*values: str) -> pa.Table:
    return pa.table({"text_key": [stable_key(value) for value in values], "text": list(values)})


def intents_of(*values: str) -> list[int]:
    keys: list[int] = Intents().of(texts(*values)).to_pylist()
    return keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("image upscaler", "upscalers for images"),
        ("translate a pdf", "pdf translating"),
        ("please help me find an image upscaler", "find image upscalers"),
        ("i want to convert word to pdf", "convert word to pdf"),
        ("how to edit video", "edit videos"),
    ],
)
def test_order_number_function_words_and_asking_do_not_matter(one: str, other: str) -> None:
    assert len(set(intents_of(one, other))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("pdf to word", "word to pdf"),
        ("sign in with password", "sign in without password"),
        ("c", "c++"),
        ("gpt 4", "gpt 5"),
        ("turn on the light", "turn off the light"),
        ("text to speech", "speech to text"),
        ("chat", "help"),
    ],
)
def test_texts_with_another_meaning_stay_apart(one: str, other: str) -> None:
    assert len(set(intents_of(one, other))) == 2


def test_a_text_of_function_words_is_its_own_intent() -> None:
    assert intent_words("what is the") == ("what is the",)
    assert len(set(intents_of("what is the", "the is what"))) == 2


@given(st.lists(st.text(max_size=40).map(normalise_query).filter(bool), min_size=1, max_size=8, unique=True))
def test_intents_do_not_depend_on_other_texts(values: list[str]) -> None:
    together = dict(zip(values, intents_of(*values), strict=True))
    backwards = dict(zip(values[::-1], intents_of(*values[::-1]), strict=True))
    alone = {value: intents_of(value)[0] for value in values}
    assert together == backwards == alone


def test_words_of_asking_count_where_there_are_no_others() -> None:
    assert intent_words("recommend something") == ("recommend", "someth")
    assert len(set(intents_of("please help", "try something"))) == 2


def test_words_are_read_as_the_spelling_says() -> None:
    known = texts("iamge upscaler", "image upscaler")
    corrected = Intents(lambda word: "image" if word == "iamge" else word)
    keys = corrected.of(known)
    assert keys[0] == keys[1] == Intents().of(texts("image upscaler"))[0]
    assert corrected.still_hold(known.append_column("intent_key", keys))
    assert not Intents().still_hold(known.append_column("intent_key", keys))


def test_no_texts_no_intents() -> None:
    assert len(Intents().of(texts())) == 0


def test_labels_are_what_most_clients_said() -> None:
    intent = {"upscale image": 1, "image upscaling": 1, "an image upscaler": 1, "zoom image": 2}
    counts = {"upscale image": 2, "image upscaling": 5, "an image upscaler": 5, "zoom image": 0}
    rows = [{"text": text, "intent_key": intent[text], "clients": counts[text]} for text in intent]
    assert intent_labels(pa.Table.from_pylist(rows)) == {1: "image upscaling", 2: "zoom image"}


def test_ids_are_sixteen_hexadecimal_digits() -> None:
    assert intent_id(255) == "int_00000000000000ff"


def asked(*rows: tuple[int, int, int, bool, int | None]) -> pa.Table:
    names = ("intent_key", "text_key", "client", "judged", "ts_us")
    schema = pa.schema([(name, pa.bool_() if name == "judged" else pa.int64()) for name in names])
    return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], schema)


def test_totals_count_people_and_leave_out_judgment_files(engine_over: EngineMaker) -> None:
    rows = asked(
        (1, 11, 5, False, at(0)),
        (1, 11, 5, False, at(3)),
        (1, 12, 6, False, None),
        (1, 13, 0, True, at(9)),
        (2, 21, 0, True, None),
    )
    known = pa.table({"text_key": [11, 12, 13, 21], "text": list("abcd"), "intent_key": [1, 1, 1, 2]})
    with engine_over(ledger()) as engine:
        frame = engine.register("asked", rows)
        counted, asking = text_totals(frame, engine.register("known", known)), askers(frame)
        both, twice = nw.concat([counted, counted.head(0)]), nw.concat([asking, asking])  # parts of a log overlap
        people = ASKING.count(engine, twice)
        of_intents, of_texts = intent_totals(both, people["intent_key"]), text_clients(both, people["text_key"])
        totals: dict[int, dict[str, Any]] = {row["intent_key"]: row for row in engine.arrow(of_intents).to_pylist()}
        clients = {row["text_key"]: row["clients"] for row in engine.arrow(of_texts).to_pylist()}
    assert totals[1] == {
        "intent_key": 1,
        "texts": 3,
        "searches": 3,
        "clients": 2,
        "first_seen": at(0),
        "last_seen": at(3),
    }
    assert totals[2] == {
        "intent_key": 2,
        "texts": 1,
        "searches": 0,
        "clients": 0,
        "first_seen": None,
        "last_seen": None,
    }
    assert clients == {11: 1, 12: 1, 13: 0, 21: 0}
