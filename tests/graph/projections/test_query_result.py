"""Results as frames and in notebooks."""

import polars
import pyarrow as pa
import pytest

from graph.errors import WrongUse
from graph.projections.query_result import QueryResult, result_of_rows

RESULT = QueryResult(pa.table({"name": ["<b>", None], "n": [1, 2]}), truncated=True)


def test_one_call_gives_each_kind_of_frame():
    assert RESULT.rows() == [{"name": "<b>", "n": 1}, {"name": None, "n": 2}]
    frame = RESULT.polars()
    assert isinstance(frame, polars.DataFrame)
    assert frame.rows() == [("<b>", 1), (None, 2)]


def test_pandas_is_asked_for_in_words_where_it_is_missing():
    try:
        import pandas  # noqa: F401
    except ImportError:
        with pytest.raises(WrongUse, match="pip install pandas"):
            RESULT.pandas()
    else:
        assert list(RESULT.pandas()["n"]) == [1, 2]


def test_notebooks_get_a_table_with_names_escaped():
    html = RESULT._repr_html_()
    assert "<td>&lt;b&gt;</td><td>1</td>" in html
    long = QueryResult(pa.table({"n": list(range(60))}), truncated=True)
    assert "10 more rows and others beyond the limit" in long._repr_html_()


def test_rows_of_plain_values_get_their_types():
    result = result_of_rows(["a", "b", "c"], [[1, "x", 1], [None, "y", "z"], [3, "w", None]], limit=2)
    assert result.truncated
    assert result.rows() == [{"a": 1, "b": "x", "c": "1"}, {"a": None, "b": "y", "c": "z"}]
    assert result_of_rows(["n"], [[2**70]], limit=5).rows() == [{"n": str(2**70)}]
