import numpy as np

from queries.text.far_rows import LINE, touched
from queries.text.machine_code import compiled


def test_one_number_of_each_line_of_each_row_is_read() -> None:
    table = np.zeros((4, 3 * LINE), np.int8)
    table[2, ::LINE] = 1, 2, 4
    table[3, 0] = 100
    for one in (touched, compiled(touched)):
        assert one(table, np.array([2, 0, 2])) == 14
        assert one(table.view(np.uint16), np.array([3])) == 100
