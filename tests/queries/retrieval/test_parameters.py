import numpy as np
import pytest

from queries.retrieval.parameters import DOUBTFUL, MOST, USUAL, required, stated_values, untold


@pytest.mark.parametrize(
    ("extra", "needed"),
    [
        (None, 0),
        ('{"required": true}', 0),
        ('{"parameters": ["city", "required"]}', 0),
        ('{"parameters": [{"name": "unit", "required": false}]}', 1),
        ('{"parameters": [{"name": "from", "required": true}, {"name": "to", "required": true}]}', 2),
        ('{"input_schema": {"required": ["from", "to", "on"]}}', 3),
        ('{"input_schema": {"required": []}}', 1),
        ('{"parameters": {"required": {"type": "string"}}}', 0),
    ],
)
def test_how_many_values_a_call_takes(extra: str | None, needed: int) -> None:
    assert required(extra) == needed


def test_a_schema_with_very_many_fits_into_a_byte() -> None:
    names = ", ".join(f'"p{number}"' for number in range(500))
    assert required(f'{{"inputSchema": {{"required": [{names}]}}}}') == MOST


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Weather tomorrow? Rain. Or snow?", 0),
        ("weather in Hong Kong on March 3rd", 3),
        ("add 'milk' to my \"weekly list\"", 2),
        ("who is at https://example.org/a?b=1 or joe@example.org", 2),
        ("don't open the file notes.txt, it's mine", 1),
        ("I think that I know", 0),
    ],
)
def test_what_looks_like_a_value(text: str, count: int) -> None:
    assert stated_values(text) == count


def test_more_values_leave_less_untold_and_what_takes_none_says_nothing() -> None:
    needed, others = np.array([2, 2, 1, 0], np.int8), np.array([0.0, 4.0, 0.0, 0.0])
    nothing, two = untold(0, others, needed), untold(2, others, needed)
    assert nothing == pytest.approx([1 - USUAL, np.exp(-2 * DOUBTFUL) - USUAL, 1 - USUAL, 0])
    assert (two[:3] < nothing[:3]).all()
    assert two[3] == 0
