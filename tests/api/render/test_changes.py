from typing import Any

from api.render.changes import changes_page
from api.render.text import text_page


def difference(**changes: Any) -> dict[str, Any]:
    inputs = [
        {"name": "strength", "before": 0.35, "after": 0.3},
        {"name": "clients", "before": None, "after": 1200},
        {"name": "states its licence", "before": 0.0, "after": 1.0},
        {"name": "updated_at", "before": None, "after": "2026-10-20"},
    ]
    part = {
        **{"name": "match_graph", "value_before": 0.7, "value_after": 0.6, "contribution_change": -4.26},
        **{"weight_before": 0.25, "weight_after": 0.25, "inputs": inputs},
    }
    same = {
        **{"name": "quality", "value_before": 0.5, "value_after": 0.5, "contribution_change": 0.22},
        **{"weight_before": 0.2462, "weight_after": 0.25, "inputs": []},
    }
    change = {
        "artifact_id": "cutter",
        "name": "Cutter",
        "before": 58.1,
        "after": 54.06,
        "change": -4.04,
        "times_matched_before": 5,
        "times_matched_after": 5,
        "parts": [part, same],
        "names": [{"artifact_id": "acme/cutter", "joined": True, "reason": "both give the address x.org"}],
    }
    return {
        "before": "old",
        "after": "new",
        "now_before": "1970-01-01T00:00:00Z",
        "now_after": "1970-01-02T00:00:00Z",
        "code_version_changed": True,
        "simulated": False,
        "parameters_changed": ["rank"],
        "rows": {"edges": [10, 1200]},
        "changed_count": 3,
        "unchanged_count": 4,
        "appeared_count": 2,
        "disappeared_count": 0,
        "changed": [change],
        "appeared": ["one"],
        "disappeared": [],
        **changes,
    }


def test_changes_of_the_parts_add_up_to_the_change_of_the_rank() -> None:
    lines = [" ".join(line.split()) for line in text_page(changes_page(difference()), 300).splitlines()]
    assert "- Cutter: 58.10 to 54.06 (-4.04)" in lines
    assert (
        "Match graph: -4.26 points (value 70.0 to 60.0; weight 25.0 % as before; strength 0.35 to 0.3; clients — to "
        "1,200; states its licence 0 to 1; updated at — to 2026-10-20)"
    ) in lines
    assert "Quality: +0.22 points (value 50.0 as before; weight 24.6 % to 25.0 %)" in lines
    assert not any(line.startswith("Times matched") for line in lines)
    assert "Now one thing with: acme/cutter (both give the address x.org)" in lines


def test_everything_else_that_differs_is_told() -> None:
    text = text_page(changes_page(difference()), 100)
    assert "As of 1970-01-01 and 1970-01-02. 3 ranks changed, 4 stayed, 2 came and 0 went." in text
    assert "different versions of matchgraph" in text
    assert "edges 10 1,200" in " ".join(text.split())
    assert text.count("more with --limit") == 2
    assert "No longer" not in text
    assert "simulated" not in text


def test_simulated_evidence_is_called_simulated() -> None:
    assert "come from a simulated log" in " ".join(text_page(changes_page(difference(simulated=True)), 100).split())
