from __future__ import annotations

from typing import Any

from api.render.explained_alternatives import alternative_blocks, complement_blocks
from api.render.text import text_page

SIGNS = [
    {"kind": "text", "text": "both speak of cars", "weight": 1.0, "value": 0.5},
    {"kind": "variant", "text": "variants of net", "weight": 0.0, "value": None},
]


def need(number: int, label: str | None) -> dict[str, Any]:
    return {"intent_id": f"int_{number}", "intent": label, "a_clients": 6 + number, "b_clients": 2}


def words(blocks: Any) -> str:
    return " ".join(text_page(list(blocks)).split())


def test_an_alternative_shows_each_factor_of_its_score() -> None:
    needs = [need(0, "cut out people"), *(need(number, None) for number in range(1, 7))]
    found = {
        "name": "Net",
        "score": 0.36,
        "factors": {"type": 1.0, "use": 0.9},
        "reasons": SIGNS,
        "shared_needs": needs,
    }
    said = words(alternative_blocks({"formula": "F", "method": "m/1", "weights": {"text": 0.8}, "found": [found]}))
    assert "Formula: F; method m/1." in said
    assert "Net, score 0.3600 with f = 1.00 and u = 0.9000" in said
    assert "text, weight 0.8 × value 0.5000, share 1.00: both speak of cars" in said
    assert "variant: variants of net" in said
    assert "cut out people 6 / 2; int_1 7 / 2;" in said
    assert "2 more needs in the JSON" in said


def test_a_complement_shows_its_counts() -> None:
    reason = {"kind": "together", "text": "chosen together in 9 sessions", "weight": 1.0, "value": None}
    said = words(complement_blocks({"formula": "F", "found": [{"name": "Net", "score": 0.5, "reasons": [reason]}]}))
    assert "Net, score 0.5000 together: chosen together in 9 sessions" in said


def test_nothing_found_is_no_block() -> None:
    assert list(alternative_blocks({"found": []})) == list(complement_blocks({"found": []})) == []
