"""Words of a text: names split at case and underscore, stop words left out, scripts without spaces in bigrams.

The text index and the queries use the same words, so that what is typed meets what is stored. Stemming (Snowball
English, Porter 2001) and accent folding are Tantivy's, for the index and the query alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import tantivy

MAX_TEXT_CHARS: Final = 20_000
"""Longer texts are cut here: what a thing does is said before."""

MAX_WORD_CHARS: Final = 60

_FUNCTION_WORDS: Final = """
    a about above after again against all also am an and any are as at be because been before being below between
    both but by can cannot could did do does doing don down during each either else etc every few for from further
    had has have having he her here hers herself him himself his how however i if in into is it its itself just let
    ll many may me might more most much must my myself no nor not now of off on once only onto or other our ours
    ourselves out over own per re same shall she should so some such t than that the their theirs them themselves
    then there these they this those though through thus to too under until up upon us very via was we were what when
    where whether which while who whom whose why will with within without would yes yet you your yours yourself
    yourselves s d m ve
"""
STOP_WORDS: Final = frozenset(_FUNCTION_WORDS.split())
"""English function words (after van Rijsbergen 1979, table 2.1, and the Snowball project's list)."""

_ASKING: Final = """
    advise anyone anything assist give gimme hello help hey hi kindly know like looking love need needs okay please
    possible quickly really recommend recommendation recommendations something suggest suggestion suggestions tell
    thank thanks tool tools try trying use using want wanted wants wish wondering
"""
REQUEST_WORDS: Final = frozenset(_ASKING.split())
"""Words with which people ask, whatever they ask for. Left out of queries only."""

_WORD = re.compile(r"(?<![A-Za-z0-9])[cCfFjJ](?:\+\+|#)|[A-Za-z0-9]+")
_DIFFICULT = re.compile(
    r"[A-Z0-9+#](?:(?<=[+#])|(?<=[a-z][A-Z0-9])|(?<=[A-Z][0-9])|(?<=[0-9])(?=[A-Za-z])|(?<=[A-Z])(?=[A-Z](?!s\b)[a-z]))"
)
"""Where the words of an ASCII text are not simply its runs of letters and digits. (Begins with one set of characters,
which the scanner skips to: ten times as fast as the plain alternation of pairs.)"""
_SIGNS_TO_SPACES: Final = {code: " " for code in range(128) if not chr(code).isalnum()}
_LOWERED_OR_SPACE: Final = bytes(ord(chr(code).lower() if chr(code).isalnum() else " ") for code in range(128)) * 2
_PLURAL = re.compile(r"[A-Z]{2,}s")
_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_LETTERS = re.compile(r"[A-Za-z]+")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+"
)
"""Thai, Lao, Burmese, Khmer, kana, Han; and Hangul, where endings stick to the words."""


def words(text: str, *, stop_words: bool = False) -> list[str]:
    """Return the words of a text in order, lower case, not stemmed; `stop_words` keeps the function words.

    A compound name gives itself and its parts; a run of a script without spaces gives its bigrams.

    >>> words("The getUserInfo tool of AI2sql, in C++")
    ['getuserinfo', 'get', 'user', 'info', 'tool', 'ai2sql', 'ai', 'sql', 'c++']
    >>> words("必应搜索")
    ['必应', '应搜', '搜索']
    """
    text = text[:MAX_TEXT_CHARS]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if is_plain(text):
        found = _without_long(text.encode().translate(_LOWERED_OR_SPACE).decode().split())
    else:
        found = _ascii_words(text) if text.isascii() else _unicode_words(text)
    return found if stop_words else [word for word in found if word not in STOP_WORDS]


def without_asking(found: Sequence[str]) -> list[str]:
    """Return the words of a query without those of asking, each once; all of them if nothing else is left.

    >>> without_asking(words("Please help me find a tool for SQL queries, any SQL"))
    ['find', 'sql', 'queries']
    """
    return list(dict.fromkeys(word for word in found if word not in REQUEST_WORDS) or dict.fromkeys(found))


def _ascii_words(text: str) -> list[str]:
    found: list[str] = []
    for word in _WORD.findall(text):
        if word.islower() and word.isalpha():
            found.append(word)
        elif word[1:].islower() and word.isalpha():
            found.append(word.lower())
        else:
            found.extend(_name_parts(word))
    return _without_long(found)


def _without_long(found: list[str]) -> list[str]:
    return [word for word in found if len(word) <= MAX_WORD_CHARS]


@lru_cache(maxsize=100_000)
def _name_parts(word: str) -> tuple[str, ...]:
    """Return a word and its parts at changes of case and between letters and digits, each once.

    Parts of one character say nothing and are left out.
    """
    if word[-1] in "+#" or _PLURAL.fullmatch(word):
        return (word.lower(),)
    parts = _PARTS.findall(word) + _LETTERS.findall(word)
    return tuple(dict.fromkeys([word.lower(), *(part.lower() for part in parts if len(part) > 1)]))


def _unicode_words(text: str) -> list[str]:
    found: list[str] = []
    spaced = _UNSPACED.sub(lambda run: f" {run.group()} ", text)
    for word in "".join(map(_letter_or_space, spaced)).split():
        if word.isascii():
            found.extend(_ascii_words(word))
        elif _UNSPACED.fullmatch(word):
            found.extend(_bigrams(word))
        else:
            found.append(word.casefold().lower())  # casefold alone makes capitals of Cherokee
    return _without_long(found)


def _letter_or_space(character: str) -> str:
    # Vowel signs of many scripts are marks (M*), which str.isalnum leaves out.
    keep = character.isalnum() or character in "+#" or unicodedata.category(character).startswith("M")
    return character if keep else " "


def _bigrams(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def indexable(text: str) -> str:
    """Return a text as `index_terms` takes its words: words joined by spaces, function words still among them or not.

    Texts without compound names and of ASCII letters are not taken apart here, which is ten times as fast.
    """
    return text[:MAX_TEXT_CHARS].translate(_SIGNS_TO_SPACES) if is_plain(text) else " ".join(words(text))


def is_plain(text: str) -> bool:
    """Say whether the words of a text are simply its runs of ASCII letters and digits.

    >>> is_plain("Finds 3 cats."), is_plain("getUserInfo"), is_plain("café")
    (True, False, False)
    """
    return text.isascii() and not _DIFFICULT.search(text)


def index_terms(found: list[str]) -> list[str | None]:
    """Return the terms of words from texts that went through `indexable`; None for function words and monsters.

    >>> index_terms(["The", "Running", "café"])
    [None, 'run', 'cafe']
    """
    lowered = [word.lower() for word in found]
    kept = [word != "" and word not in STOP_WORDS and len(word.encode()) <= 4 * MAX_WORD_CHARS for word in lowered]
    terms = iter(stem([word for word, keep in zip(lowered, kept, strict=True) if keep]))
    return [next(terms) if keep else None for keep in kept]


def tells(word: str) -> bool:
    """Say of a word of `words` whether it tells anything: no function word, no monster."""
    return len(word) <= MAX_WORD_CHARS and word not in STOP_WORDS


def stem(found: list[str]) -> list[str]:
    """Return the index terms of words, in order and as many.

    >>> stem(["queries", "running"])
    ['queri', 'run']
    """
    return list(_word_analyzer().analyze(" ".join(found)))


@lru_cache(maxsize=100_000)
def stem_of(word: str) -> str:
    """Return the index term of one word: what queries are made of has mostly been asked before."""
    return stem([word])[0]


@lru_cache(maxsize=1)
def _word_analyzer() -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    return builder.filter(tantivy.Filter.ascii_fold()).filter(tantivy.Filter.stemmer("english")).build()


_DERIVATIONS: Final = (
    ("ifi", "if"),  # classify, classification
    ("analyz", "analysi"),
    ("analyz", "analys"),
    ("analyz", "analyt"),
    ("analys", "analysi"),
    ("analys", "analyt"),
    ("analysi", "analyt"),
    ("ogn", "ognit"),  # recognise, recognition
    ("ert", "ers"),  # convert, conversion
    ("crib", "cript"),  # transcribe, transcription
    ("duc", "duct"),  # produce, production
    ("mit", "miss"),  # permit, permission
    ("tend", "tens"),  # extend, extension
    ("pand", "pans"),  # expand, expansion
    ("cid", "cis"),  # decide, decision
    ("solv", "solut"),  # resolve, resolution
)
_MIN_BRITISH: Final = 5


def derived(term: str) -> list[str]:
    """Return index terms that the stemmer keeps apart although they are one word to the reader.

    Verbs and nouns of Latin origin, and "-ise" beside "-ize". Whoever uses them checks that they exist.

    >>> derived("classifi"), derived("summar"), derived("optimis")
    (['classif', 'classifiis'], ['summaris'], ['optim'])
    """
    found = []
    for verb, noun in _DERIVATIONS:
        if term.endswith(verb):
            found.append(term.removesuffix(verb) + noun)
        elif term.endswith(noun):
            found.append(term.removesuffix(noun) + verb)
    if term.endswith("is") and len(term) >= _MIN_BRITISH + 2:
        found.append(term.removesuffix("is"))
    elif len(term) >= _MIN_BRITISH:
        found.append(term + "is")
    return list(dict.fromkeys(found))
