from __future__ import annotations

import pytest

from graph.errors import WrongUse
from graph.snapshot import Snapshot
from graph.snapshot_schemas import EVIDENCE
from queries.answers.constraints import Constraints
from queries.answers.resolve import resolve
from tests.queries.small_catalogue import edge, snapshot_of, table

EDGES = [edge("boil down a report", "papertalk", "papertalk/summarise")]
TOTALS = table([{"artifact_id": "papertalk", "times_matched": 7, "clients": 3}], EVIDENCE)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return snapshot_of(tmp_path_factory.mktemp("home"), EDGES, evidence=TOTALS)


def test_one_answer_with_its_capability_and_the_evidence(snapshot: Snapshot) -> None:
    answer = resolve(snapshot, "boil down a report")
    found = answer.resolved
    assert found is not None
    assert (found.artifact_id, found.times_matched, found.clients) == ("papertalk", 7, 3)
    assert found.capability is not None
    assert (found.capability.capability_id, found.capability.unique) == ("papertalk/summarise", "cites paragraphs")
    assert found.invocation.protocol == "mcp"
    assert [reason.text for reason in found.why] == ["Chosen for: boil down a report.", "Shares the words: report."]
    assert [other.artifact_id for other in answer.alternatives] == ["sumly"]
    assert found.confidence > answer.alternatives[0].confidence


def test_what_does_not_fit_is_no_answer(snapshot: Snapshot) -> None:
    answer = resolve(snapshot, "zzz qqq")
    assert answer.resolved is None
    assert answer.alternatives == []
    assert answer.message


def test_so_many_alternatives_as_asked_for(snapshot: Snapshot) -> None:
    assert resolve(snapshot, "boil down a report", alternatives=0).alternatives == []


def test_constraints_hold_for_answer_and_alternatives(snapshot: Snapshot) -> None:
    answer = resolve(snapshot, "boil down a report", Constraints(type="api"))
    named = [answer.resolved, *answer.alternatives]
    assert {each.type for each in named if each is not None} == {"api"}
    with pytest.raises(WrongUse, match="Known: "):
        resolve(snapshot, "boil down a report", Constraints(type="car"))
