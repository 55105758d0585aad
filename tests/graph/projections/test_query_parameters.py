import pytest

from graph.errors import WrongUse
from graph.projections.query_parameters import check_known, check_parameters


def test_every_parameter_has_a_value_and_every_value_a_parameter() -> None:
    check_parameters(["type", "days"], {"days": 3, "type": None})
    with pytest.raises(WrongUse, match=r"parameters days, type have no value\. Give: --param days=VALUE"):
        check_parameters(["type", "days"], {})
    check_known(["type", "days"], {"days": 3})
    with pytest.raises(WrongUse, match=r"no parameter colour; it has days, type"):
        check_known(["type", "days"], {"colour": "red"})
    with pytest.raises(WrongUse, match="no parameter colour; it has none"):
        check_known([], {"colour": "red"})
