from pathlib import Path

import pytest

from api.demo import NOW_US, RIVALS, UNLIKE, DemoAnswers, demo_answers, holds_other_data, home_for_demo
from api.fixture_files import DEMO_FILES, demo_paths
from api.render.demo import demo_page
from api.render.text import text_page
from graph.errors import WrongUse
from graph.home import Home
from graph.snapshot import Snapshot
from ingest.load import ingest_paths


def test_the_example_data_is_there() -> None:
    assert [path.name for path in demo_paths()] == list(DEMO_FILES)
    assert all(path.is_file() for path in demo_paths())


def test_everything_goes_in(demo: DemoAnswers) -> None:
    assert demo.imported.accepted > 5_000
    assert demo.imported.quarantined == 0
    assert all(file.error is None for file in demo.imported.files)


def test_unlike_things_are_not_compared_and_rivals_are(demo: DemoAnswers) -> None:
    assert demo.unlike.verdict.kind == "not_comparable"
    assert "not comparable" in demo.unlike.verdict.text
    assert [side.capability_count for side in (demo.unlike.a, demo.unlike.b)] == [13, 13]
    assert (demo.unlike.a.name, demo.unlike.b.name) == UNLIKE
    assert demo.rivals.verdict.kind in ("a", "b", "tie", "not_enough_evidence")
    assert {demo.rivals.a.name, demo.rivals.b.name} == set(RIVALS)
    assert demo.rivals.capabilities.shared
    assert demo.alternatives.alternatives


def test_ranks_are_the_sums_of_what_is_printed(demo: DemoAnswers) -> None:
    for side in (*demo.rank.ranks, demo.unlike.a, demo.unlike.b):
        assert side.rank == pytest.approx(sum(part.contribution for part in side.parts), abs=1e-9)


def test_the_page_says_where_the_data_went_and_that_the_log_is_simulated(demo: DemoAnswers) -> None:
    from api.cli.output import plain

    page = " ".join(text_page(demo_page(plain(demo)), 100).split())
    assert f"{demo.home}/ledger" in page
    assert demo.snapshot_id in page
    assert page.count("come from a simulated log") == 4
    assert f"{UNLIKE[0]} vs {UNLIKE[1]}" in page
    assert f"{RIVALS[0]} vs {RIVALS[1]}" in page
    assert "10 more: matchgraph compare" in page


def test_the_same_questions_get_the_same_answers(demo: DemoAnswers, demo_home: Home) -> None:
    again = demo_answers(demo_home, Snapshot.open(demo_home), demo.imported)
    assert again == demo


def test_a_home_with_other_data_is_never_mixed_with_the_simulated_log(demo_home: Home, tmp_path: Path) -> None:
    empty = Home(tmp_path / "empty")
    assert home_for_demo(empty, named=True) == (empty, None)
    assert home_for_demo(demo_home, named=False) == (demo_home, None)
    own = tmp_path / "own" / "needs.jsonl"
    own.parent.mkdir()
    own.write_text('{"id": "mine", "name": "Mine", "type": "model"}\n')
    used = Home(tmp_path / "used")
    ingest_paths(used, [own], format="artifacts", now_us=NOW_US)
    assert holds_other_data(used)
    with pytest.raises(WrongUse, match="Name an empty folder"):
        home_for_demo(used, named=True)
    other, message = home_for_demo(used, named=False)
    assert other.path != used.path
    assert str(used.path) in (message or "")
    other.path.rmdir()
