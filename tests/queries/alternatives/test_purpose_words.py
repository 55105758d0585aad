"""Words of purposes, held against a few lines of plain Python."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from queries.alternatives.purpose_words import TAG_WORTH, TEXT_WORDS, WORD_HALF, purpose_tags, purpose_words
from queries.text.similarity import split_names, terms
from queries.text.tokens import stem, words
from tests.queries.tables import Row, artifact, capability

TEXT = st.one_of(
    st.none(),
    st.lists(st.sampled_from(["labels", "Label", "photos", "getUser", "user", "the", "é"]), max_size=8).map(" ".join),
)
TAGS = st.one_of(st.none(), st.lists(st.sampled_from(["Photo labels", "user", "!"]), max_size=2))


def plainly(row: Row, rows: list[Row]) -> dict[str, tuple[float, str]]:
    """Return stem → (worth, word as first written)."""
    beginning = " ".join((row["description"] or "").split()[:TEXT_WORDS])
    rest = [text for each in rows for text in (each["name"], *(each["intents"] or ()))]
    worth: dict[str, float] = defaultdict(float)
    for place, root in enumerate(terms(beginning)):
        worth[root] += WORD_HALF / (WORD_HALF + place)
    for text in (row["name"], *rest):
        for root in terms(text):
            worth[root] += 1
    for tag in purpose_tags(row, rows):
        for root in terms(tag):
            worth[root] += TAG_WORTH
    written: dict[str, str] = {}
    for text in (row["name"], beginning, *rest):
        for word in words(split_names(text or "")):
            written.setdefault(stem([word])[0], word)
    return {root: (worth[root], written.get(root, "")) for root in worth}


@given(st.lists(st.tuples(TEXT, TEXT, TAGS, st.lists(st.tuples(TEXT, TEXT, TAGS), max_size=2)), max_size=4))
def test_words_are_worth_what_they_are_one_by_one(drawn) -> None:  # type: ignore[no-untyped-def]
    described = [
        (
            artifact(f"a{n}", name=name, description=text, tags=tags),
            [capability(f"a{n}", own or "", intents=[need or ""], tags=its) for own, need, its in rows],
        )
        for n, (name, text, tags, rows) in enumerate(drawn)
    ]
    found = purpose_words(described, [purpose_tags(*each) for each in described])
    wanted = [plainly(*each) for each in described]
    spelled = sorted({root for each in wanted for root in each})
    assert found.worths.shape == (len(drawn), max(1, len(spelled)))
    for place, each in enumerate(wanted):
        start, end = found.worths.indptr[place : place + 2]
        roots = [spelled[column] for column in found.worths.indices[start:end]]
        assert roots == sorted(each)
        assert found.worths.data[start:end].tolist() == [each[root][0] for root in roots]
        assert [found.words[number] for number in found.written[start:end]] == [each[root][1] for root in roots]


def test_a_long_description_counts_by_its_beginning() -> None:
    row = artifact("a", name=None, description="word " * TEXT_WORDS + "end")
    found = purpose_words([(row, [])], [[]])
    assert found.words == ["", "word"]
