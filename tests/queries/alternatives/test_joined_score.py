from __future__ import annotations

import numpy as np
import pytest

from queries.alternatives.joined_score import OTHER_KIND, OTHER_TYPE, has_figures, type_factors, use_factors

NOBODY = {"stars": None, "likes": None, "downloads": None}


def test_another_type_counts_less_and_another_kind_of_thing_least() -> None:
    types = ["model", "model", "api", "dataset", None]
    left, right = np.array([0, 0, 0, 3, 0, 4]), np.array([1, 2, 3, 3, 4, 4])
    expected = [1, OTHER_TYPE, OTHER_KIND, 1, OTHER_TYPE, 1]
    assert type_factors(types, left, right).tolist() == expected


def test_use_is_the_best_known_figure_on_a_fixed_scale() -> None:
    rows = [NOBODY | {"stars": 99_999, "downloads": 0}, NOBODY | {"likes": 99}, NOBODY]
    assert use_factors(rows, told=True) == pytest.approx([1, 0.95, 0.9], abs=1e-4)


def test_where_nobody_has_figures_all_are_alike() -> None:
    rows = [NOBODY, NOBODY | {"stars": 0}]
    assert not any(map(has_figures, rows))
    assert use_factors(rows, told=False).tolist() == [1, 1]
    assert has_figures(NOBODY | {"likes": 1})
