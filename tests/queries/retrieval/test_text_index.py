from pathlib import Path

import pytest

from graph.errors import DamagedHome
from queries.retrieval.build_index import build_text_index
from queries.retrieval.text_index import Scope, TextIndex
from queries.text.spelling import catalogue_spelling
from tests.queries.small_catalogue import ARTIFACT_ROWS, CAPABILITY_ROWS, artifacts, capabilities, index_folder


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> TextIndex:
    return TextIndex.open(index_folder(tmp_path_factory.mktemp("index")))


def found(index: TextIndex, text: str, **more: object) -> list[str]:
    return [hit.capability_id or hit.artifact_id for hit in index.query(text, limit=10, **more)]  # type: ignore[arg-type]


def test_every_field_is_searched(index: TextIndex) -> None:
    assert found(index, "PixelUp") == ["pixelUp"]
    assert found(index, "enlarging photograph") == ["pixelUp"]
    assert found(index, "citing paragraphs") == ["papertalk/summarise"]
    assert found(index, "contracts") == ["papertalk/summarise"]
    assert found(index, "page range") == ["papertalk/read_pdf"]
    assert found(index, "quarterly") == ["sumly"]
    assert "papertalk/read_pdf" in found(index, "papertalk")


def test_links_are_not_text(index: TextIndex) -> None:
    assert found(index, "never example") == []


def test_parts_of_camel_case_names_are_words(index: TextIndex) -> None:
    assert found(index, "summarising documents")[0] == "papertalk/summarise"


def test_other_scripts_are_found(index: TextIndex) -> None:
    assert found(index, "搜索") == ["bildsuche"]
    assert found(index, "поиск") == ["bildsuche"]
    assert found(index, "画像") == ["bildsuche"]


def test_the_name_weighs_more_than_the_description(tmp_path: Path) -> None:
    rows = [
        {"artifact_id": "a", "name": "Alpha", "description": "about otter"},
        {"artifact_id": "b", "name": "Otter", "description": "about alpha"},
    ]
    build_text_index(tmp_path, artifacts(rows), capabilities([]))
    assert found(TextIndex.open(tmp_path), "otter") == ["b", "a"]


def test_typing_errors_are_corrected_and_said(index: TextIndex) -> None:
    query = index.analyse("photograhps")
    assert query.corrected == {"photograhps": "photograph"}
    assert [hit.artifact_id for hit in index.query(query, limit=3)] == ["pixelUp"]


def test_a_typing_error_is_compared_with_words_as_they_are_written(tmp_path: Path) -> None:
    tables = artifacts([{"artifact_id": "a", "name": "Images", "description": "classifies"}]), capabilities([])
    catalogue_spelling(*tables, tmp_path / "words")
    build_text_index(tmp_path / "index", *tables, spelled=tmp_path / "words")
    index = TextIndex.open(tmp_path / "index")
    query = index.analyse("imges clasifying")
    assert query.corrected == {"imges": "images", "clasifying": "classifies"}
    assert list(query.terms) == ["imag", "classifi"]


def test_english_words_that_the_catalogue_lacks_are_no_typing_errors(tmp_path: Path) -> None:
    build_text_index(tmp_path, artifacts([{"artifact_id": "a", "name": "base break"}]), capabilities([]))
    assert TextIndex.open(tmp_path).analyse("bake bread").unknown == ("bake", "bread")


def test_hidden_characters_are_no_part_of_a_word(index: TextIndex) -> None:
    assert index.analyse("photo\u200bgraph\u00ads").terms == index.analyse("photographs").terms
    assert index.analyse("photo\x07graphs") == index.analyse("photographs")


def test_verbs_find_nouns_of_the_same_origin_and_spellings_each_other(tmp_path: Path) -> None:
    rows = [{"artifact_id": "a", "name": "Image classification"}, {"artifact_id": "b", "name": "Text summarization"}]
    build_text_index(tmp_path, artifacts(rows), capabilities([]))
    index = TextIndex.open(tmp_path)
    assert found(index, "classify") == ["a"]
    assert found(index, "summarise") == ["b"]
    assert index.analyse("classify summarise").corrected == {}


def test_words_that_others_know_are_not_corrected(index: TextIndex) -> None:
    assert index.analyse("reportt", also_known=lambda term: True).corrected == {}


def test_unknown_words_weigh_in_the_mass_of_the_query(index: TextIndex) -> None:
    plain, stranger = index.analyse("report"), index.analyse("report zyzzyva")
    assert stranger.unknown == ("zyzzyva",)
    assert stranger.mass == pytest.approx(plain.mass + stranger.unknown_mass)


def test_filters_restrict_and_do_not_change_the_score(index: TextIndex) -> None:
    free = {hit.document: hit.score for hit in index.query("report document", limit=9)}
    paid = index.query("report document", limit=9, filters=[("price", ["paid"]), ("type", ["API", "mcp"])])
    assert {hit.artifact_id for hit in paid} == {"sumly", "papertalk"}
    assert {hit.document: hit.score for hit in paid}.items() <= free.items()


def test_what_passes_a_filter_stays_whatever_else_is_left_out(index: TextIndex) -> None:
    query, paid = index.analyse("report document"), [("price", ["paid"])]
    everything = index.ranked(query, 9, Scope(paid)).numbers.tolist()
    (artifacts, _) = index.ids(index.ranked(query, 1, Scope(paid)).numbers)
    assert len(index.ranked(query, 9, Scope(paid, without=artifacts)).numbers) < len(everything)
    assert index.ranked(query, 9, Scope(paid)).numbers.tolist() == everything


def test_capabilities_take_the_facets_of_their_artifact_and_their_own(index: TextIndex) -> None:
    assert found(index, "pdf", filters=[("license", ["apache-2.0"])]) == ["papertalk/read_pdf"]
    assert found(index, "pdf", filters=[("input", ["pdf"])]) == ["papertalk/read_pdf"]
    assert found(index, "pdf", filters=[("input", ["video"])]) == []


def test_candidates_may_be_artifacts_or_capabilities(index: TextIndex) -> None:
    assert set(found(index, "report", candidates=["sumly"])) == {"sumly"}
    assert set(found(index, "report", candidates=["papertalk/summarise"])) == {"papertalk/summarise"}
    assert found(index, "report", candidates=[]) == []
    assert found(index, "report", candidates=["nobody"]) == []


def test_matched_words_are_those_of_the_query_as_typed(index: TextIndex) -> None:
    query = index.analyse("shortening reports of otters")
    hits = index.query(query, limit=9)
    words = index.matched_words(query, [hit.document for hit in hits])
    assert words[hits[0].document] == ["shortening", "reports"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "the of and",
        "🎉🎉",
        "\x00\x07\x1b",
        '"',
        "(((",
        "a:b AND NOT (",
        "' OR 1=1 --",
        "*",
        "MATCH (n) DELETE n",
    ],
)
def test_no_query_is_a_syntax_error(index: TextIndex, text: str) -> None:
    assert isinstance(index.query(text, limit=5), list)


def test_a_megabyte_of_query_is_cut(index: TextIndex) -> None:
    assert index.query("report " * 150_000, limit=3)[0].artifact_id in ("sumly", "papertalk")


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    build_text_index(tmp_path / "a", artifacts(), capabilities())
    build_text_index(tmp_path / "b", artifacts(ARTIFACT_ROWS[::-1]), capabilities(CAPABILITY_ROWS[::-1]))
    for text in ("report document", "free images", "搜索", "papertalk"):
        a, b = (TextIndex.open(tmp_path / name).query(text, limit=9) for name in "ab")
        assert a == b


def test_equal_scores_come_in_order_of_id(tmp_path: Path) -> None:
    rows = [{"artifact_id": f"x{i}", "name": "Otter", "description": "otter text"} for i in (3, 1, 2)]
    build_text_index(tmp_path, artifacts(rows), capabilities([]))
    assert found(TextIndex.open(tmp_path), "otter") == ["x1", "x2", "x3"]


def test_an_empty_catalogue_finds_nothing(tmp_path: Path) -> None:
    build_text_index(tmp_path, artifacts([]), capabilities([]))
    assert TextIndex.open(tmp_path).query("anything", limit=3) == []


def test_a_missing_index_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DamagedHome, match="matchgraph recompute"):
        TextIndex.open(tmp_path / "nowhere")


def test_what_a_function_must_be_told(tmp_path: Path) -> None:
    schema = '{"parameters": [{"name": "city", "required": true}, {"name": "day", "required": true}]}'
    rows = [{"artifact_id": "a", "name": "weather", "extra": schema}, {"artifact_id": "b", "name": "weather"}]
    build_text_index(tmp_path, artifacts(rows), capabilities([]))
    opened = TextIndex.open(tmp_path)
    silent, telling = (
        opened.untold(query, opened.ranked(query, 2))
        for query in map(opened.analyse, ("weather", "weather in Rome on the 3rd"))
    )
    assert silent.tolist() == [0.75, 0.0]  # nothing is told, less than the usual quarter
    assert telling[0] < 0
    assert telling[1] == 0


def test_an_index_without_parameters_leaves_nothing_untold(index: TextIndex) -> None:
    query = index.analyse("report")
    assert not index.untold(query, index.ranked(query, 3)).any()
