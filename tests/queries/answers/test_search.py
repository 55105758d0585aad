from pathlib import Path
from typing import Any

import msgspec
import pytest

from graph.errors import UnknownName, WrongUse
from graph.snapshot import Snapshot
from graph.snapshot_schemas import EVIDENCE, ONE_THING
from queries.answers.constraints import Constraints
from queries.answers.search import nothing_fits, search, search_each
from queries.answers.search_plan import Question
from queries.retrieval.matches import Match
from tests.queries.small_catalogue import ARTIFACT_ROWS, artifacts, capabilities, edge, snapshot_of, table

EDGES = [edge("blow up my holiday snaps", "pixelUp"), edge("boil down a report", "papertalk", "papertalk/summarise")]
TOTALS = table([{"artifact_id": "papertalk", "times_matched": 7, "clients": 3}], EVIDENCE)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return snapshot_of(tmp_path_factory.mktemp("home"), EDGES, evidence=TOTALS)


def test_hits_are_artifacts_with_the_capabilities_that_fit_and_the_reasons(snapshot: Snapshot) -> None:
    best = search(snapshot, "boil down reports").hits[0]
    assert best.artifact_id == "papertalk"
    assert best.capabilities[0].name == "summariseDocument"
    assert best.evidence.terms == ["reports"]
    assert best.evidence.intents == ["boil down a report"]
    assert (best.evidence.times_matched, best.evidence.clients, best.evidence.kind) == (7, 3, "observed")


def test_several_questions_have_the_answers_that_each_has_alone(snapshot: Snapshot) -> None:
    asked = [
        Question("boil down reports"),
        Question("condense", Constraints(type="unheard of")),
        Question("", different_from="papertalk", limit=3),
        Question("papertalk document report", limit=1, diversity=0.3),
        Question("enlarge", limit=0),
    ]
    alone = [
        search(snapshot, each.query, limit=each.limit, different_from=each.different_from, diversity=each.diversity)
        for each in (asked[0], asked[2], asked[3])
    ]
    assert search_each(snapshot, asked) == [alone[0], None, alone[1], alone[2], None]
    assert search_each(snapshot, []) == []


def test_a_match_by_text_alone_says_so(snapshot: Snapshot) -> None:
    evidence = search(snapshot, "condense").hits[0].evidence
    assert (evidence.kind, evidence.times_matched, evidence.intents) == ("inferred", 0, [])


def test_each_artifact_appears_once(snapshot: Snapshot) -> None:
    found = [hit.artifact_id for hit in search(snapshot, "papertalk document report").hits]
    assert len(found) == len(set(found))


def test_the_answer_has_the_keys_of_the_contract(snapshot: Snapshot) -> None:
    answer = msgspec.to_builtins(search(snapshot, "boil down reports"))
    assert {"query", "hits", "nothing_fits", "message"} <= set(answer)
    assert {"artifact_id", "name", "type", "score", "confidence", "capabilities", "evidence"} <= set(answer["hits"][0])
    assert set(answer["hits"][0]["capabilities"][0]) == {"capability_id", "name", "score"}


def test_filters(snapshot: Snapshot) -> None:
    assert {hit.type for hit in search(snapshot, "report document", Constraints(type="api")).hits} == {"api"}
    assert {hit.license for hit in search(snapshot, "photographs search images", Constraints(license="mit")).hits} == {
        "MIT"
    }
    assert {hit.artifact_id for hit in search(snapshot, "report", Constraints(tags=("text",))).hits} == {"sumly"}
    assert search(snapshot, "report image", Constraints(tags=("text", "image"))).hits == []
    assert {hit.artifact_id for hit in search(snapshot, "report", Constraints(hosting="cloud")).hits} == {"sumly"}
    assert search(snapshot, "pdf text", Constraints(inputs=("pdf",))).hits[0].artifact_id == "papertalk"


@pytest.mark.parametrize(
    ("filters", "named"),
    [
        ({"type": "car"}, "api"),
        ({"license": "WTFPL"}, "mit"),
        ({"price": "gold"}, "paid"),
        ({"tags": ("x",)}, "image"),
        ({"hosting": "moon"}, "cloud"),
    ],
)
def test_an_unknown_filter_value_names_the_known_ones(snapshot: Snapshot, filters: dict[str, Any], named: str) -> None:
    with pytest.raises(WrongUse, match=named):
        search(snapshot, "report", Constraints(**filters))


@pytest.mark.parametrize("query", ["", "   ", "\n\t", "the and of", "🎉", "\x00\x1b[31m", "()[]{}\"'", "* : ~ ^"])
def test_queries_without_words_find_nothing_and_say_why(snapshot: Snapshot, query: str) -> None:
    answer = search(snapshot, query)
    assert answer.hits == []
    assert answer.nothing_fits
    assert answer.message


@pytest.mark.parametrize(
    "query", ['name:"report AND (', "report'; DROP TABLE x; --", "MATCH (n) RETURN report", "report " * 200_000]
)
def test_query_syntax_is_text(snapshot: Snapshot, query: str) -> None:
    assert search(snapshot, query).hits


def test_a_corrected_word_is_said(snapshot: Snapshot) -> None:
    answer = search(snapshot, "photograhps")
    assert answer.hits[0].artifact_id == "pixelUp"
    assert "photograhps" in (answer.message or "")


def test_different_from_leaves_it_out_and_says_how_the_others_differ(snapshot: Snapshot) -> None:
    answer = search(snapshot, "report", different_from="PaperTalk")
    assert [hit.artifact_id for hit in answer.hits] == ["sumly"]
    assert answer.hits[0].differences == ["API, not MCP Server"]


def test_different_from_without_a_query_searches_for_what_that_artifact_does(snapshot: Snapshot) -> None:
    assert "papertalk" in [hit.artifact_id for hit in search(snapshot, "", different_from="sumly").hits]


def test_an_unknown_artifact_gets_suggestions(snapshot: Snapshot) -> None:
    with pytest.raises(UnknownName, match=r"PaperTalk|papertalk"):
        search(snapshot, "report", different_from="PaprTalk")


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"diversity": 1.5}])
def test_bad_numbers(snapshot: Snapshot, wrong: dict[str, float]) -> None:
    with pytest.raises(WrongUse):
        search(snapshot, "report", **wrong)  # type: ignore[arg-type]


def test_an_english_word_that_the_catalogue_lacks_is_not_read_as_another(snapshot: Snapshot) -> None:
    assert "Read reporrt as report" in (search(snapshot, "reporrt").message or "")
    assert "Read" not in (search(snapshot, "resort").message or "")


def test_what_shares_no_word_is_found_by_its_meaning(snapshot: Snapshot) -> None:
    best = search(snapshot, "bigger pictures").hits[0]
    assert (best.artifact_id, best.evidence.terms) == ("pixelUp", [])


def test_of_many_alike_each_is_unlikely_and_yet_something_fits(tmp_path: Path) -> None:
    alike = [{"artifact_id": f"a{i:02d}", "name": f"Resizer {i}", "description": "resizes images"} for i in range(40)]
    others = [{"artifact_id": f"b{i:02d}", "name": f"Thing {i}", "description": "plays music"} for i in range(40)]
    snapshot = snapshot_of(tmp_path, artifacts=artifacts(alike + others), capabilities=capabilities([]))
    for limit in (1, 10):
        answer = search(snapshot, "resizes images", limit=limit)
        assert max(hit.confidence for hit in answer.hits) < 0.1
        assert not answer.nothing_fits
    assert search(snapshot, "plays golf with colleagues on weekends", limit=1).nothing_fits


def test_a_need_that_stands_worse_than_the_logged_ones_is_told_so_however_sure_its_hits_are() -> None:
    match, replace = Match(0, "a", None, 1.0, 1.0, 0.0, 0.0, confidence=0.9), msgspec.structs.replace
    assert not nothing_fits([replace(match, familiar=0.5, confidence=0.2 * 0.5)])
    assert nothing_fits([replace(match, familiar=0.5, confidence=0.19 * 0.5)])
    assert nothing_fits([replace(match, familiar=0.49)])
    assert nothing_fits([])


def test_what_a_hit_is_to_differ_from_is_no_rival_of_it(snapshot: Snapshot) -> None:
    answer = search(snapshot, "", different_from="pixelUp", limit=1)
    assert "pixelUp" not in [hit.artifact_id for hit in answer.hits]


def test_a_thing_with_two_names_is_one_hit_under_the_name_that_fits_best(tmp_path: Path) -> None:
    rows = [*ARTIFACT_ROWS, {**ARTIFACT_ROWS[0], "artifact_id": "acme/pixel-up", "name": "Pixel-Up picture enlarger"}]
    names = [
        {"artifact_id": name, "listed_as": "pixelUp", "times_matched": 7, "clients": 3}
        for name in ("pixelUp", "acme/pixel-up")
    ]
    totals = table([{"artifact_id": "pixelUp", "times_matched": 7, "clients": 3}], EVIDENCE)
    apart = snapshot_of(tmp_path / "apart", artifacts=artifacts(rows), evidence=totals)
    one = snapshot_of(tmp_path / "one", artifacts=artifacts(rows), evidence=totals, one_thing=table(names, ONE_THING))
    both = [hit.artifact_id for hit in search(apart, "enlarger of photographs").hits]
    assert both == ["acme/pixel-up", "pixelUp"]
    (hit,) = search(one, "enlarger of photographs").hits
    (other,) = hit.also_known_as
    assert (hit.artifact_id, other.artifact_id, other.times_matched, other.clients) == (
        "acme/pixel-up",
        "pixelUp",
        7,
        3,
    )
    assert (hit.evidence.times_matched, hit.evidence.clients) == (7, 3)  # of both names
    assert search(one, "enlarger of photographs", different_from="pixelUp").hits == []
