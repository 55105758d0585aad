"""The parts of a rank as they are printed: what stands in a column adds up to what stands below it."""

from api.render.parts import parts_table, printed_parts
from tests.api.answers import PARTS_B, side


def test_weights_and_points_add_up_to_what_is_printed_below_them() -> None:
    table = parts_table({"": side()}, "")
    rows = {name: cells for name, *cells in table.rows}
    assert table.total
    assert list(rows) == ["Adoption", "Quality", "Ecosystem", "Match graph", "Freshness", "Rank"]
    known = [cells for name, cells in rows.items() if name != "Rank" and cells[3] != "—"]
    assert round(sum(float(points) for *_, points in known), 1) == float(rows["Rank"][3]) == 46.2
    assert sum(float(weight.removesuffix(" %")) for _, _, weight, _ in known) == 100
    assert rows["Match graph"] == ["—", "—", "—", "—"]


def test_two_ranks_stand_side_by_side_and_a_part_that_one_lacks_is_not_known_there() -> None:
    table = parts_table({"A": side(), "B": side(parts=PARTS_B, rank=58.34)}, "")
    assert [column.title for column in table.columns[1:5]] == ["A value", "A range", "A weight", "A points"]
    rows = {name: cells for name, *cells in table.rows}
    assert rows["Ecosystem"][4:] == ["—", "—", "—", "—"]
    assert rows["Match graph"][:4] == ["—", "—", "—", "—"]
    assert rows["Match graph"][4] == "35.0"


def test_an_artifact_without_rank_has_no_sum() -> None:
    assert parts_table({"": side(rank=None, parts=[])}, "").rows == (("Rank", "", "", "", "—"),)
    assert printed_parts(side(rank=None, parts=[])) == {}
