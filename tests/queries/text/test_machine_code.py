import numpy as np
import pytest

from queries.text import best_documents, best_of_each, machine_code, order_by_score
from queries.text.machine_code import compiled


def test_what_a_function_calls_becomes_machine_code_with_it() -> None:
    order = np.arange(4)
    compiled(order_by_score.sort_by_score)(order, np.array([1.0, 3.0, 1.0, 2.0]), np.array([9, 1, 2, 3], np.int32))
    assert order.tolist() == [1, 3, 2, 0]


def test_what_is_kept_is_another_thing_when_what_is_called_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    before = machine_code._with_called(order_by_score.sort_by_score)
    assert machine_code._with_called(order_by_score.sort_by_score).__qualname__ == before.__qualname__
    monkeypatch.setattr(order_by_score, "_before", machine_code._called)
    assert machine_code._with_called(order_by_score.sort_by_score).__qualname__ != before.__qualname__


def test_what_is_kept_is_another_thing_when_a_constant_of_what_is_called_is_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = machine_code._with_called(best_of_each.best_of_each).__qualname__
    monkeypatch.setattr(best_documents, "LOOKED_UP", best_documents.LOOKED_UP + 1)
    assert machine_code._with_called(best_of_each.best_of_each).__qualname__ != before


def test_a_function_that_calls_none_of_ours_stays_as_it_is() -> None:
    assert machine_code._with_called(order_by_score._before) is order_by_score._before
