import json
from pathlib import Path

import numpy as np
import pytest

from bench.outcomes import coverage, rate_of, read_judged

LIVEMCPBENCH = Path(__file__).resolve().parents[3] / "shared" / "data" / "livemcpbench" / "outcomes.jsonl"


def write(path):
    rows = []
    for unit in range(30):
        good = unit % 3 > 0
        rows.append(
            {"session_id": f"s{unit:02}", "outcome": "success" if good else "failure", "judge": "a", "kind": "human"}
        )
        rows.append({"session_id": f"s{unit:02}", "outcome": "success", "judge": "b", "kind": "LLM judge"})
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_reading_tells_people_from_models(tmp_path):
    judged = read_judged(write(tmp_path / "outcomes.jsonl"))
    assert judged.judges == ["b"]
    assert judged.label.sum() == 20
    assert judged.votes.tolist() == [[1]] * 30


def test_with_all_labels_it_is_what_people_say(tmp_path):
    rate, low, high, model = rate_of(read_judged(write(tmp_path / "outcomes.jsonl")), np.ones(30, bool))
    assert rate == pytest.approx(20.5 / 31)
    assert low < 20 / 30 < high
    assert model.reliability.specificity[0] < 0.6


def test_labels_of_some_units_cover_the_rate_of_all(tmp_path):
    share, width = coverage(read_judged(write(tmp_path / "outcomes.jsonl")), 12, 1, draws=40)
    assert share >= 0.85  # a judge who calls everything a success is off by more than judges usually are
    assert 0.1 < width < 0.8


@pytest.mark.skipif(not LIVEMCPBENCH.exists(), reason="livemcpbench lies in ../shared/data, which is absent")
def test_on_livemcpbench_the_interval_covers_what_people_say():
    judged = read_judged(LIVEMCPBENCH)
    people, nobody = float(np.nanmean(judged.label)), np.zeros(len(judged.label), bool)
    _, low, high, _ = rate_of(judged, nobody)
    assert low < people < high
    _, low, high, _ = rate_of(judged, ~nobody)
    assert low < people < high
    assert coverage(judged, 16, 1, draws=20)[0] >= 0.9
