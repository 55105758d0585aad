import json

from bench.outcomes import coverage, read_verdicts


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
    unit, judge, success, human, names = read_verdicts(write(tmp_path / "outcomes.jsonl"))
    assert names == ["a", "b"]
    assert human.tolist() == [True, False]
    assert success[judge == 0].sum() == 20
    assert unit.max() == 29


def test_labels_of_some_units_cover_the_rate_of_all(tmp_path):
    share, width = coverage(write(tmp_path / "outcomes.jsonl"), 12, 1, draws=40)
    assert share > 0.9
    assert 0.1 < width < 0.8
