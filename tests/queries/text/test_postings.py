"""The scores are Tantivy's, which computes the same formula from an index of its own."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import tantivy
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.text import postings, sparse_values
from queries.text.postings import Postings, Sought
from queries.text.postings_writer import PostingsWriter
from queries.text.word_columns import said

WORDS = [f"w{i}" for i in range(60)]
WEIGHTS = (1.0, 0.3)


def invented(random: np.random.Generator, count: int) -> list[tuple[str, str]]:
    """Texts of fewer than 40 words: Tantivy rounds the length of longer ones."""
    chances = 1 / np.arange(1, len(WORDS) + 1)
    chances /= chances.sum()

    def text(mean: int) -> str:
        return " ".join(random.choice(WORDS, size=int(random.integers(0, 2 * mean)), p=chances))

    return [(text(12), text(6)) for _ in range(count)]


def written(folder: Path, texts: list[tuple[str, str]], parts: int = 1) -> Postings:
    writer = PostingsWriter(lambda found: [word or None for word in found], WEIGHTS)
    for part in np.array_split(np.array(texts, dtype=object), parts):
        fields = (pa.array([text[place] for text in part], pa.string()) for place in (0, 1))
        writer.add(*([writer.terms_of(said(field, str.split))] for field in fields))
    writer.write(folder)
    return Postings(folder, len(texts))


def by_tantivy(texts: list[tuple[str, str]], terms: list[str]) -> dict[int, float]:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("number", fast=True)
    for name in ("main", "detail"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(num_threads=1)
    for number, (main, detail) in enumerate(texts):
        writer.add_document(tantivy.Document(number=number, main=main, detail=detail))
    writer.commit()
    index.reload()
    either = [
        (
            tantivy.Occur.Should,
            tantivy.Query.boost_query(tantivy.Query.term_query(schema, name, term, "freq"), weight),
        )
        for term in terms
        for name, weight in zip(("main", "detail"), WEIGHTS, strict=True)
    ]
    searcher = index.searcher()
    hits = searcher.search(tantivy.Query.boolean_query(either), limit=len(texts), count=False).hits
    numbers = searcher.fast_field_values("number", [address for _, address in hits])
    return {int(number): score for number, (score, _) in zip(numbers, hits, strict=True)}


@pytest.fixture(params=["interpreted", "compiled"])
def every_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparse_values, "FEW", 0 if request.param == "compiled" else 10**9)


@pytest.mark.usefixtures("every_way")
def test_scores_are_those_of_tantivy(tmp_path: Path) -> None:
    texts = invented(np.random.default_rng(26), 300)
    opened = written(tmp_path, texts)
    for terms in (["w0"], ["w3", "w40", "w7"], ["w59", "nothing", "w1"], ["nothing"]):
        expected = by_tantivy(texts, terms)
        found = opened.best(terms, len(texts))
        scored = dict(zip(found.numbers.tolist(), found.scores.tolist(), strict=True))
        assert scored == pytest.approx(expected, abs=2e-5)
        assert found.scores.tolist() == sorted(found.scores, reverse=True)
        every = opened.scores(terms, np.arange(len(texts)))
        assert every.tolist() == pytest.approx([expected.get(i, 0.0) for i in range(len(texts))], abs=2e-5)


@pytest.mark.usefixtures("every_way")
def test_the_best_are_the_first_of_all_and_nothing_is_left_of_the_last_search(tmp_path: Path) -> None:
    opened = written(tmp_path, invented(np.random.default_rng(27), 300))
    everything = opened.best(["w0", "w5"], 300)
    best = opened.best(["w0", "w5"], 7)
    assert best.numbers.tolist() == everything.numbers[:7].tolist()
    allowed = np.zeros(300, np.bool_)
    allowed[everything.numbers[3:5]] = True
    assert opened.best(["w0", "w5"], 7, allowed).numbers.tolist() == everything.numbers[3:5].tolist()


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.booleans())
@settings(max_examples=60, deadline=None)
def test_what_is_skipped_changes_nothing(many: tuple[Postings, Postings], seed: int, limit: int, some: bool) -> None:
    random = np.random.default_rng(seed)
    terms = [*random.choice(WORDS, size=int(random.integers(0, 12)), replace=False).tolist(), "nothing"]
    allowed = random.random(2_000) < 0.3 if some else None
    first, second = (opened.best(terms, limit, allowed) for opened in many)
    for one, other in zip(first, second, strict=True):
        assert one.tolist() == other.tolist()
    assert second.held.tolist() == (many[0].shares(terms, second.numbers) > 0).sum(axis=0).tolist()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Postings, Postings]]:
    """The same postings, searched at once and by compiled code in sixteen windows."""
    folder = tmp_path_factory.mktemp("many")
    at_once = written(folder, invented(np.random.default_rng(29), 2_000))
    compiled = Postings(folder, 2_000)
    at_once.large, compiled.large = False, True
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(postings, "WINDOW", 128)
        yield at_once, compiled


def test_equal_scores_come_in_order_of_number(tmp_path: Path) -> None:
    opened = written(tmp_path, [("otter", "")] * 5)
    assert opened.best(["otter"], 3).numbers.tolist() == [0, 1, 2]


def test_parts_do_not_matter(tmp_path: Path) -> None:
    texts = invented(np.random.default_rng(28), 100)
    written(tmp_path / "one", texts)
    written(tmp_path / "many", texts, parts=7)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "many" / file.name).read_bytes()


def test_counts_and_terms(tmp_path: Path) -> None:
    opened = written(tmp_path, [("otter otter", "pond"), ("otter", "river"), ("", "otter")])
    assert (opened.count("otter"), opened.count("pond"), opened.count("sea")) == (2, 1, 0)
    assert opened.terms() == [("otter", 2)]
    assert opened.holding("otter").tolist() == [0, 1, 2]
    assert (opened.shares(["pond", "sea"], np.array([0, 1])) > 0).tolist() == [[True, False], [False, False]]


def test_texts_of_a_field_are_added_up_and_words_in_no_text_are_not_written(tmp_path: Path) -> None:
    writer = PostingsWriter(list)
    first, second, unused = (
        writer.terms_of(said(pa.array(texts, pa.string()), str.split))
        for texts in (["otter pond", "sea"], ["otter", None], ["river", "river"])
    )
    assert unused.counts.tolist() == [1, 1]
    writer.add([first, second])
    writer.write(tmp_path / "apart")
    together = PostingsWriter(list)
    together.add([together.terms_of(said(pa.array(["otter pond otter", "sea"]), str.split))])
    together.write(tmp_path / "together")
    for file in (tmp_path / "apart").iterdir():
        assert file.read_bytes() == (tmp_path / "together" / file.name).read_bytes()


def test_terms_count_as_they_tell_and_length_as_it_is_said_to(tmp_path: Path) -> None:
    scores = {}
    for name, telling, b in (("plain", 1.0, 0.0), ("telling", 3.0, 0.0), ("damped", 1.0, 1.0)):
        writer = PostingsWriter(list, telling=lambda term, told=telling: told if term == "otter" else 1.0, b=b)
        writer.add([writer.terms_of(said(pa.array(["otter", "otter pond sea river"]), str.split))])
        writer.write(tmp_path / name)
        opened = Postings(tmp_path / name, 2)
        scores[name] = [opened.scores([term], np.array([0, 1])).tolist() for term in ("otter", "pond")]
    assert scores["plain"][0][0] == scores["plain"][0][1]
    assert scores["telling"] == [
        pytest.approx([3 * score for score in scores["plain"][0]], abs=2e-6),
        scores["plain"][1],
    ]
    assert scores["damped"][0][0] > scores["damped"][0][1]


def test_a_word_said_often_in_a_text(tmp_path: Path) -> None:
    often = written(tmp_path / "often", [("otter " * 300, ""), ("otter", "")])
    assert often.scores(["otter"], np.array([0, 1])).argmax() == 0


def test_no_documents(tmp_path: Path) -> None:
    PostingsWriter(list).write(tmp_path)
    assert Postings(tmp_path, 0).best(["otter"], 5).numbers.tolist() == []


def test_each_of_many_queries_gets_what_it_gets_alone(many: tuple[Postings, Postings]) -> None:
    sought = [
        Sought(["w1", "nothing", "w30"], [1.0, 2.0, 4.0], 5),
        Sought([], [], 3),
        Sought(["w2"], [0.5], 0),
        Sought(["w59", "w0"], [1.0, 1.0], 5_000),
    ]
    for postings_ in many:
        found = postings_.best_of_each(sought)
        assert [len(each.numbers) for each in found[:3]] == [5, 0, 0]
        assert set(found[0].held.tolist()) <= {1.0, 4.0, 5.0}
        for one, each in zip(sought, found, strict=True):
            alone = postings_.best_of_each([one])[0]
            assert [column.tolist() for column in each] == [column.tolist() for column in alone]
        wanted = [each.numbers[::-1] for each in found]
        wanted[1] = np.array([7])
        for each, again in zip(found, postings_.scores_of_each(sought, wanted), strict=True):
            if len(each.numbers):
                assert [column.tolist() for column in again] == [column[::-1].tolist() for column in each]
            else:
                assert not again.scores.any()
                assert not again.held.any()
