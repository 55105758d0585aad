from __future__ import annotations

import pytest

from graph.errors import WrongUse
from queries.answers.constraints import ANYTHING, Constraints, check_known

FACETS = ("type=model", "license=mit", "tag=image", "tag=text", "hosting=self-hosted", "input=png", "output=svg")


@pytest.mark.parametrize(
    ("wanted", "met"),
    [
        (ANYTHING, True),
        (Constraints(type="Model", license="MIT"), True),
        (Constraints(type="model", license="gpl"), False),
        (Constraints(tags=("image", "text")), True),
        (Constraints(tags=("image", "sound")), False),
        (Constraints(inputs=("jpeg", "png")), True),
        (Constraints(inputs=("jpeg",)), False),
        (Constraints(hosting="on-prem"), True),
    ],
)
def test_all_must_hold_and_of_inputs_and_outputs_any(wanted: Constraints, met: bool) -> None:
    assert wanted.met_by(FACETS) is met


def test_an_unknown_value_names_the_most_frequent_known_ones() -> None:
    known = {"type": {"model": 2, "mcp": 1}}
    check_known(Constraints(type="mcp"), lambda name, value: value in known[name], known.__getitem__)
    with pytest.raises(WrongUse, match=r"has the type 'car'\. Known: mcp, model"):
        check_known(Constraints(type="car"), lambda name, value: value in known[name], known.__getitem__)
