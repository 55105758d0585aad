import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from queries.retrieval.rows_of_documents import RowsOfDocuments


@given(st.sets(st.integers(0, 60)), st.lists(st.integers(0, 90)))
def test_rows_are_those_of_a_search(held: set[int], wanted: list[int]) -> None:
    documents = sorted(held)
    rows = RowsOfDocuments(np.array(documents, np.int64)).of(np.array(wanted, np.int64))
    assert rows.tolist() == [documents.index(each) if each in held else -1 for each in wanted]
