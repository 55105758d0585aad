"""The history of a rank: changes that add up, and what made a place change."""

from api.render.history import history_page
from tests.api.render.reading import lines

PART = {
    "name": "adoption", "value_before": 0.4, "value_after": 0.6, "weight_before": 1.0, "weight_after": 1.0,
    "contribution_before": 40.0, "contribution_after": 60.0, "contribution_change": 20.0, "inputs": [],
}  # fmt: skip
FIRST = {
    "snapshot_id": "20261001-1", "now": "2025-10-01T00:00:00Z", "rank": 40.0, "low": 30.0, "high": 50.0, "place": 9,
    "method": "rank/1", "change": None, "parts": [], "names": [], "place_change": None,
}  # fmt: skip
WAYS = {"came": 1, "passed": 0, "parted": 0, "went": 0, "fell_behind": 2, "joined": 0}
SECOND = {
    **FIRST, "snapshot_id": "20261101-2", "rank": 60.0, "place": 8, "method": "rank/2", "change": 20.0,
    "parts": [PART], "place_change": WAYS,
}  # fmt: skip
ANSWER = {"artifact_id": "cutter", "name": "Cutter", "history": [FIRST, SECOND], "simulated": False}


def test_a_change_says_of_what_it_is_made() -> None:
    shown = lines(history_page(ANSWER))
    assert "20261001-1 2025-10-01 40.00 30.0 to 50.0 9" in shown
    assert "20261101-2 2025-10-01 60.00 30.0 to 50.0 8 +20.00" in shown
    assert any(line.startswith("- 20261101-2: +20.00") for line in shown)
    assert "Method: rank/1 to rank/2" in shown
    assert "Place: 9th to 8th (1 new above it, 2 fell to it or behind)" in shown
    assert not any("simulated" in line for line in shown)


def test_one_snapshot_has_no_changes_and_none_no_rank() -> None:
    once = lines(history_page({**ANSWER, "history": [FIRST], "simulated": True}))
    assert "Why it changed" not in once
    assert any("simulated" in line for line in once)
    assert "It has no rank in any snapshot of this home." in lines(history_page({**ANSWER, "history": []}))
