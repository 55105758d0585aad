from copy import copy

import msgspec
import pytest

from queries.retrieval.matches import one_per_object
from queries.retrieval.matching import Ask, Matcher
from queries.retrieval.text_index import Scope
from tests.queries.small_catalogue import edge, index_folder


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    rows = [edge("blow up my holiday snaps", "pixelUp"), edge("document report", "sumly")]
    return Matcher.open(index_folder(tmp_path_factory.mktemp("matches"), rows))


def test_hits_of_searches_of_several_kinds_are_what_each_gets_alone(matcher: Matcher) -> None:
    query = matcher.analyse("document report")
    asks = [
        Ask(query, 5),
        Ask(query, 5, Scope(candidates=["papertalk"])),
        Ask(query, 5, Scope(without=["papertalk"])),
        Ask(query, 5, artifacts=1),
        Ask(matcher.analyse("🎉"), 5),
    ]
    together = matcher.match_each(asks)
    assert together == [matcher.match_each([ask])[0] for ask in asks]
    assert [len(found) > 0 for found in together] == [True, True, True, True, False]
    assert {match.artifact_id for match in together[1]} == {"papertalk"}
    assert together[0][0].intents == (matcher.past.neighbours([query.stems])[0].intents[0],)
    assert matcher.match_each([]) == []


def test_choices_among_candidates_have_their_own_calibrator_beside_others(matcher: Matcher) -> None:
    unlikely = msgspec.structs.replace(matcher.calibrator, bias=matcher.calibrator.bias - 3)
    judged = copy(matcher)
    judged.calibrator = msgspec.structs.replace(matcher.calibrator, among=unlikely)
    query = matcher.analyse("document report")
    asks = [Ask(query, 5), Ask(query, 5, Scope(candidates=["papertalk"])), Ask(query, 5, Scope(without=["sumly"]))]
    before, after = matcher.match_each(asks), judged.match_each(asks)
    assert [before[0], before[2]] == [after[0], after[2]]
    assert all(match.confidence < other.confidence for match, other in zip(after[1], before[1], strict=True))
    assert after == [judged.match_each([ask])[0] for ask in asks]


def test_the_finer_answer_stands_for_its_artifact(matcher: Matcher) -> None:
    kept = [match.object_id for match in one_per_object(matcher.match("document report", limit=9))]
    assert "papertalk/summarise" in kept
    assert "papertalk" not in kept
    assert "sumly" in kept
    (found,) = matcher.match_all(["document report"], limit=9, objects=2)
    assert [match.object_id for match in found] == kept[:2]
    query = matcher.analyse("document report")
    with_rest = matcher.match_each([Ask(query, 9), Ask(query, 9, objects=2)])
    assert [len(each) for each in with_rest] == [len(matcher.match("document report", limit=9)), 2]
