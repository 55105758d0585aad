from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import WrongUse
from queries.retrieval import matching
from queries.retrieval.matching import Matcher, text_matches
from queries.retrieval.order_of_hits import order_hits
from tests.queries.small_catalogue import edge, index_folder


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    return Matcher.open(index_folder(tmp_path_factory.mktemp("plain")))


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    rows = [edge("blow up my holiday snaps", "pixelUp"), edge("boil down a report", "sumly")]
    return Matcher.open(index_folder(tmp_path_factory.mktemp("learned"), rows))


def test_without_a_log_the_text_decides(plain: Matcher) -> None:
    best = plain.match("shorten reports", limit=3)[0]
    assert best.object_id == "papertalk/summarise"
    assert best.evidence == 0
    assert best.text_score > 0


def test_the_log_finds_what_shares_no_word_with_the_query(plain: Matcher, learned: Matcher) -> None:
    assert "pixelUp" not in [match.object_id for match in plain.match("blow up snaps", limit=5)]
    best = learned.match("blow up snaps", limit=5)[0]
    assert best.object_id == "pixelUp"
    assert best.text_score == 0
    assert [learned.past.describe(i)[1] for i in best.intents] == ["blow up my holiday snaps"]


def test_the_log_lifts_what_similar_searches_chose(plain: Matcher, learned: Matcher) -> None:
    before = [match.object_id for match in plain.match("boil down the report", limit=5)]
    after = [match.object_id for match in learned.match("boil down the report", limit=5)]
    assert after[0] == "sumly"
    assert set(before) <= set(after)


def test_an_unrelated_log_changes_nothing(plain: Matcher, learned: Matcher) -> None:
    before, after = (matcher.match("extract text of pdf", limit=5) for matcher in (plain, learned))
    assert [match.object_id for match in before] == [match.object_id for match in after]
    assert all(match.evidence == 0 and not match.intents for match in after)


def test_filters_and_candidates_hold_for_the_log_too(learned: Matcher) -> None:
    assert learned.match("blow up snaps", limit=5, filters=[("type", ["mcp"])]) == []
    assert [m.object_id for m in learned.match("blow up snaps", limit=5, candidates=["sumly"])] == ["sumly"]


def test_what_is_left_out_is_no_rival_either(plain: Matcher) -> None:
    whole = plain.match("shorten reports", limit=9)
    rest = plain.match("shorten reports", limit=9, without=[whole[0].artifact_id])
    assert {match.artifact_id for match in whole} - {match.artifact_id for match in rest} == {whole[0].artifact_id}
    before = {match.object_id: match.confidence for match in whole}
    assert all(match.confidence > before[match.object_id] for match in rest)


def test_all_candidates_are_ranked_those_without_any_sign_last(plain: Matcher) -> None:
    ranked = plain.match("enlarge", limit=9, candidates=["bildsuche", "papertalk/read_pdf", "pixelUp"])
    assert [match.object_id for match in ranked] == ["pixelUp", "bildsuche", "papertalk/read_pdf"]
    assert [match.score > 0 for match in ranked] == [True, False, False]


def test_many_are_matched_as_each_alone(learned: Matcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "BLOCK", 2)
    texts = ["blow up snaps", "shorten reports", "", "zebra", "enlarge"]
    candidates = [None, ["papertalk"], None, None, ["bildsuche", "pixelUp"]]
    alone = [learned.match(text, limit=3, candidates=given) for text, given in zip(texts, candidates, strict=True)]
    assert list(learned.match_all(texts, limit=3, candidates=candidates)) == alone
    assert list(learned.match_all([], limit=3)) == []


def test_an_encoder_that_is_not_installed_is_no_damage(tmp_path: Path) -> None:
    (index_folder(tmp_path) / "meaning" / "encoder.txt").write_text("nowhere:thing")
    with pytest.raises(WrongUse, match=r"no encoder 'nowhere:thing'.* Install it"):
        Matcher.open(tmp_path)


def test_the_job_gets_ids_with_confidence(tmp_path: Path) -> None:
    (first, nothing) = text_matches(index_folder(tmp_path), ["shorten a report", "🎉"], 2)
    assert first[0].object_id == "papertalk/summarise"
    assert 0 < first[0].confidence < 1
    assert nothing == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["shorten", "report", "pdf", "snaps", "blow", "搜索", "zzz", "the"]), max_size=6))
def test_scores_fall_and_confidences_are_probabilities(learned: Matcher, words: list[str]) -> None:
    matches = learned.match(" ".join(words), limit=10)
    assert [m.score for m in matches] == sorted((m.score for m in matches), reverse=True)
    assert all(0 <= m.confidence <= 1 and 0 <= m.evidence <= 2 for m in matches)
    assert len({m.document for m in matches}) == len(matches)


@given(st.sampled_from(["blow up snaps", "shorten reports", "boil down the report in pdf", "", "zebra"]))
@settings(deadline=None)
def test_hits_are_ordered_alike_by_compiled_code(learned: Matcher, text: str) -> None:
    found = learned.weighed(learned.analyse(text), 5)
    owners, weights = learned.index.owners(found.documents), np.array(learned.fusion.weights)
    known = (found.witnesses, weights, owners, found.documents, found.mass, found.coverage, found.untold, found.text)
    score, order, features = order_hits(*known, large=True)
    assert order.tolist() == found.order.tolist()
    assert score.tolist() == found.score.tolist()
    assert features == pytest.approx(found.features, abs=1e-9)
