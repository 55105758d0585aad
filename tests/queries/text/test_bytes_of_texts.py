import re

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from queries.text.bytes_of_texts import LOWERED, column_of, looked_up, pieces, table

KINDS = table(joined="abAB", alone="-.")


@given(st.lists(st.text(st.sampled_from("abA-. é"), max_size=8), max_size=5))
def test_pieces_are_runs_and_single_signs_of_each_text(texts: list[str]) -> None:
    found, counts = pieces(column_of(pa.array(texts, pa.string())), KINDS, LOWERED)
    each = [re.findall("[abA]+|[-.]", text) for text in texts]
    assert found.to_pylist() == [piece.lower() for of_text in each for piece in of_text]
    assert counts.tolist() == [len(of_text) for of_text in each]


def test_each_byte_becomes_what_the_table_says() -> None:
    data = np.frombuffer(b"aA-\xff", np.uint8)
    assert looked_up(data[1:], LOWERED).tolist() == [ord("a"), ord("-"), 255]
    assert looked_up(data, KINDS).tolist() == [1, 1, 2, 0]
