from hypothesis import given
from hypothesis import strategies as st

from queries.text.tokens import (
    MAX_TEXT_CHARS,
    MAX_WORD_CHARS,
    STOP_WORDS,
    _ascii_words,
    index_terms,
    indexable,
    is_plain,
    stem,
    without_asking,
    words,
)


def test_names_are_split_at_case_underscore_and_digits() -> None:
    assert words("get_user_info") == ["get", "user", "info"]
    assert words("parseHTMLPage") == ["parsehtmlpage", "parse", "html", "page"]
    assert words("wav2vec2") == ["wav2vec2", "wav", "vec"]
    assert words("ResNet50") == ["resnet50", "res", "net", "50", "resnet"]


def test_ordinary_capitals_are_not_split() -> None:
    assert words("Convert PDF Files") == ["convert", "pdf", "files"]


def test_languages_with_signs_keep_them() -> None:
    assert words("C++ and c#, not a+b") == ["c++", "c#", "b"]


def test_scripts_without_spaces_give_bigrams_and_the_rest_words() -> None:
    assert words("查询火车票") == ["查询", "询火", "火车", "车票"]
    assert words("票") == ["票"]
    assert words("поиск картинок") == ["поиск", "картинок"]
    assert words("हिन्दी में") == ["हिन्दी", "में"]
    assert words("PDF文档pdf") == ["pdf", "文档", "pdf"]


def test_full_width_letters_are_ordinary_letters() -> None:
    assert words("ＰＤＦ") == ["pdf"]


def test_function_words_are_left_out_unless_asked_for() -> None:
    assert words("the text of a file") == ["text", "file"]
    assert words("the text", stop_words=True) == ["the", "text"]


def test_words_of_asking_are_left_out_of_queries_unless_there_is_nothing_else() -> None:
    assert without_asking(words("Please help me find a tool for PDF files")) == ["find", "pdf", "files"]
    assert without_asking(words("a recommendation please")) == ["recommendation", "please"]


def test_signs_and_emoji_give_nothing() -> None:
    assert words("🎉 !? () \x00\x1b ＋") == []


def test_stems_join_forms_and_fold_accents() -> None:
    assert stem(["images", "image", "imaging"]) == ["imag", "imag", "imag"]
    assert stem(["divinópolis"]) == stem(["divinopolis"])


def test_a_very_long_word_is_no_word() -> None:
    assert words("x" * (MAX_WORD_CHARS + 1) + " fine") == ["fine"]
    assert words("ab " * MAX_TEXT_CHARS)[-1] in ("ab", "a")


@given(st.text(max_size=200))
def test_every_word_is_lower_case_without_spaces_and_has_one_stem(text: str) -> None:
    found = words(text)
    assert all(word and len(word.split()) == 1 and word not in STOP_WORDS for word in found)
    assert len(stem(found)) == len(found)


@given(st.text(max_size=200))
def test_query_words_are_words_of_the_text_each_once(text: str) -> None:
    found = without_asking(words(text))
    assert len(found) == len(set(found))
    assert set(found) <= set(words(text))


PIECES = [
    "PDF",
    "Files",
    "getUser",
    "the",
    "of",
    "wav2vec",
    "URLs",
    "3",
    "c++",
    "C#",
    "naïve",
    "查询",
    "एक",
    "-",
    "_",
    "'s",
    "(",
    "x",
]


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(["", " ", "\n"])), max_size=12))
def test_the_index_holds_the_terms_that_queries_look_for(pieces: list[tuple[str, str]]) -> None:
    text = "".join(piece + space for piece, space in pieces)
    assert [term for term in index_terms(indexable(text).split()) if term] == stem(words(text))


@given(st.text(max_size=100))
def test_any_text_is_analysed_alike_by_index_and_query(text: str) -> None:
    assert [term for term in index_terms(indexable(text).split()) if term] == stem(words(text))


@given(
    st.lists(st.sampled_from([*"aZ9 _-.'é", "PDFs", "getUser", "c++", "The", "s", "x" * 61]), max_size=12).map("".join)
)
def test_plain_texts_are_taken_apart_as_others_are(text: str) -> None:
    if is_plain(text):
        assert words(text, stop_words=True) == _ascii_words(text)
