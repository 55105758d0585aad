"""What follows from a question, before anything is looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import UnknownName, WrongUse
from graph.snapshot import Snapshot
from graph.snapshot_schemas import ONE_THING
from queries.answers.constraints import Constraints
from queries.answers.search_plan import BEST, DIVERSITY_WHEN_DIFFERENT, Question, planned
from tests.queries.small_catalogue import snapshot_of, table


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return snapshot_of(tmp_path_factory.mktemp("home"))


def test_as_many_artifacts_are_looked_at_as_are_shown_and_never_few(snapshot: Snapshot) -> None:
    plan = planned(snapshot, Question("reports", limit=20))
    assert (plan.diversity, plan.pool, plan.looked_at, plan.unwanted, plan.left_out) == (0.0, 20, 20, None, [])
    assert planned(snapshot, Question("reports", limit=2)).looked_at == BEST
    assert planned(snapshot, Question("reports", limit=4, diversity=0.3)).pool == 20
    assert plan.ask().limit == 200


def test_something_different_is_diverse_and_without_what_is_not_wanted(snapshot: Snapshot) -> None:
    plan = planned(snapshot, Question("reports", different_from="Sumly"))
    assert (plan.diversity, plan.left_out) == (DIVERSITY_WHEN_DIFFERENT, ["sumly"])
    assert planned(snapshot, Question("reports", different_from="Sumly", diversity=0.0)).diversity == 0.0


def test_without_words_the_need_is_what_that_artifact_does_without_its_name(snapshot: Snapshot) -> None:
    assert planned(snapshot, Question(" ", different_from="sumly")).analysed.text == "condenses long reports text"
    assert planned(snapshot, Question("maps", different_from="sumly")).analysed.text == "maps"


def test_where_a_thing_has_two_names_more_are_looked_at_and_both_left_out(tmp_path: Path) -> None:
    rows = [{"artifact_id": name, "listed_as": "sumly"} for name in ("papertalk", "sumly")]
    found = snapshot_of(tmp_path, one_thing=table(rows, ONE_THING))
    plan = planned(found, Question("reports", limit=20, different_from="papertalk", diversity=0.0))
    assert (plan.looked_at, plan.left_out) == (40, ["sumly", "papertalk"])


@pytest.mark.parametrize(
    ("question", "error"),
    [
        (Question("x", Constraints(type="unheard of")), WrongUse),
        (Question("x", limit=0), WrongUse),
        (Question("x", diversity=1.5), WrongUse),
        (Question("x", different_from="nobody"), UnknownName),
    ],
)
def test_what_cannot_be_asked_is_refused(snapshot: Snapshot, question: Question, error: type[Exception]) -> None:
    with pytest.raises(error):
        planned(snapshot, question)
