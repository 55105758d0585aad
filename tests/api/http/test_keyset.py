"""Pages by keys: together they are the sorted table, each row once, and no cursor of strangers breaks them."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.keyset import Order, page_of_rows
from api.http.problems import Problem

ORDER: Order = [("rank", "descending"), ("id", "ascending")]
TABLE = pa.table({"rank": [1.5, 2.5, 1.5], "id": ["b", "c", "a"]})


def pages(table: pa.Table, limit: int) -> list[list[str]]:
    found, cursor = [], None
    while True:
        page = page_of_rows(table, ORDER, limit=limit, cursor=cursor)
        found.append(page.rows.column("id").to_pylist())
        if (cursor := page.cursor) is None:
            return found


def test_ties_of_the_first_column_are_told_apart_by_the_second() -> None:
    assert pages(TABLE, 2) == [["c", "a"], ["b"]]
    assert pages(TABLE, 3) == [["c", "a", "b"]]


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.3]), st.text(max_size=3)), unique=True), st.integers(1, 5))
def test_pages_put_together_are_the_sorted_table(rows: list[tuple[float, str]], limit: int) -> None:
    rows = [(rank, f"{identity}#{number}") for number, (rank, identity) in enumerate(rows)]
    table = pa.table(
        {"rank": pa.array([r for r, _ in rows], pa.float64()), "id": pa.array([i for _, i in rows], pa.string())}
    )
    expected = [identity for _, identity in sorted(rows, key=lambda row: (-row[0], row[1].encode()))]
    assert [identity for page in pages(table, limit) for identity in page] == expected


def test_rows_that_came_since_do_not_move_the_next_page() -> None:
    cursor = page_of_rows(TABLE, ORDER, limit=1, cursor=None).cursor
    grown = pa.concat_tables([TABLE, pa.table({"rank": [9.0], "id": ["z"]})])
    assert page_of_rows(grown, ORDER, limit=2, cursor=cursor).rows.column("id").to_pylist() == ["a", "b"]


def test_a_cursor_of_a_list_in_another_order_is_refused() -> None:
    other: Order = [("clients", "descending"), ("id", "ascending")]
    cursor = page_of_rows(TABLE.rename_columns(["clients", "id"]), other, limit=1, cursor=None).cursor
    with pytest.raises(Problem) as refused:
        page_of_rows(TABLE, ORDER, limit=1, cursor=cursor)
    assert refused.value.code == "bad-cursor"


@pytest.mark.parametrize(
    "key", [b"[]", b"[1.5, 2]", b"{}", b'{"rank": 1}', b'{"rank": "a", "id": "b"}', b'{"rank": 1, "id": 2}', b"\xff"]
)
def test_a_key_of_another_form_is_refused(key: bytes) -> None:
    with pytest.raises(Problem) as refused:
        page_of_rows(TABLE, ORDER, limit=1, cursor=urlsafe_b64encode(key).decode().rstrip("="))
    assert refused.value.code == "bad-cursor"


@pytest.mark.parametrize("cursor", ["", "x", "é", "W10", "e30"])
def test_a_cursor_that_was_not_given_out_is_refused(cursor: str) -> None:
    with pytest.raises(Problem) as refused:
        page_of_rows(TABLE, ORDER, limit=1, cursor=cursor)
    assert refused.value.code == "bad-cursor"
