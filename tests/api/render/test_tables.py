from hypothesis import given
from hypothesis import strategies as st

from api.render.blocks import Column, Table
from api.render.tables import GAP, column_widths, table_lines
from api.render.wrapping import display_width

WORDS = st.text(alphabet="abc 语é-", max_size=60)


def table(*rows: tuple[str, ...], total: bool = False) -> Table:
    return Table("Caption", (Column("Name"), Column("Points", numeric=True)), rows, total)


def test_numbers_stand_to_the_right_and_sums_below_a_rule() -> None:
    lines = table_lines(table(("First", "1.5"), ("Second one", "10.0"), ("Sum", "11.5"), total=True), 80)
    assert lines == [
        "Name        Points",
        "----------  ------",
        "First          1.5",
        "Second one    10.0",
        "----------  ------",
        "Sum           11.5",
    ]


def test_text_is_wrapped_and_numbers_never_are() -> None:
    lines = table_lines(table(("a rather long name", "1,234.5")), 20)
    assert lines == ["Name          Points", "-----------  -------", "a rather     1,234.5", "long name"]


def test_titles_of_number_columns_take_two_lines_rather_than_room() -> None:
    narrow = Table("Caption", (Column("Part"), Column("A points", numeric=True)), (("x", "1.0"),))
    assert table_lines(narrow, 80) == ["Part       A", "      points", "----  ------", "x        1.0"]


def test_a_table_without_titles_has_no_rule() -> None:
    untitled = Table("Caption", (Column(""), Column("")), (("a", "b"),))
    assert table_lines(untitled, 80) == ["a  b"]


@given(st.lists(st.tuples(WORDS, WORDS, st.just("123.4")), max_size=5), st.integers(min_value=40, max_value=120))
def test_a_table_never_outgrows_a_width_that_its_numbers_leave_room_in(rows: list[tuple[str, ...]], width: int) -> None:
    wide = Table("Caption", (Column("A"), Column("B"), Column("C", numeric=True)), tuple(rows))
    assert sum(column_widths(wide, width)) + 2 * len(GAP) <= width
    assert all(display_width(line) <= width for line in table_lines(wide, width))


def test_widest_columns_give_way_first() -> None:
    rows = (("x" * 50, "y" * 12, "1"),)
    columns = (Column("A"), Column("B"), Column("C", numeric=True))
    assert column_widths(Table("Caption", columns, rows), 40) == [23, 12, 1]
