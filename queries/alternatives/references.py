"""What does an artifact say it stands in for? Names of products, whether the catalogue describes them or not.

Two artifacts that state the same product are rivals, also if nobody describes that product. Names come from

- fields of an artifact's row that are made for it (`FIELDS`), kept in `extra`: a list, or a text with commas;
- sentences that compare (`comparing_cues`): "an alternative to X and Y", "X replacement", "competes with X".

A name is a run of up to four words written like names, directly behind the cue (or before it). This is a pattern of
Hearst (1992, "Automatic acquisition of hyponyms from large text corpora"), with capital letters in place of a parser.
Behind weak cues ("open source", "like"), where capitals often begin something else, and of words that are otherwise
ordinary, only names that are known count: those of the catalogue, and those that others state in the other ways.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from graph.text import normalise_query
from queries.alternatives.comparing_cues import CUES, OF_ONE, RIVAL_NOUNS
from queries.text.mentions import SENTENCE_END, ordinary_words, written_words
from queries.text.tokens import STOP_WORDS

FIELDS: Final = ("alternative_to", "alternatives_to", "replaces", "replacement_for", "competitors")
"""Extra fields of an artifact that name what it stands in for."""

MAX_NAME_WORDS: Final = 4
_TOKEN = re.compile(r"[^\W_][\w+#.’'-]*[\w+#]|[^\W_]|[^\s\w]")
_CATEGORY = re.compile(r"[A-Z]{2,5}s?|[A-Z]aaS")
"""Written like "CMS" or "PaaS": a kind of product as often as a product."""

_KIN = re.compile(r"-(?:like|style|based)$")
_SIZE = re.compile(r"\d+[BMK]")
"""Of a model, as in "175B GPT-3"."""
_VERSION = re.compile(r"[vV]\d[\d.]*")

_PRAISE: Final = frozenset((
    "simple", "free", "open", "source", "self", "hosted", "modern", "fast", "light", "lightweight", "minimal",
    "minimalist", "new", "best", "ultimate", "easy",
    "powerful", "private", "secure", "small", "tiny", "first", "privacy", "friendly",
))  # fmt: skip
"""Words before a name that are not part of it, also where no other description uses them."""
_FILLERS: Final = frozenset(
    (
        "the",
        "a",
        "an",
        "your",
        "commercial",
        "proprietary",
        "services",
        "products",
        "tools",
        "apps",
        "like",
        "such",
        "as",
    )
)
_BETWEEN: Final = frozenset((",", "/", "&", "and", "or"))
_WITHIN: Final = frozenset(("of", "the"))
_MAX_LIST: Final = 8

_OF_CUES: Final = frozenset(
    max(first.split("-"), key=len) for first in (*(cue[0] for cue in CUES), *RIVAL_NOUNS, "like")
)
"""The longest parts of the words with which cues begin."""

Row = dict[str, Any]


@dataclass(frozen=True, order=True)
class Reference:
    """An artifact sets itself beside a product."""

    artifact_id: str
    key: str
    """The product's name in the form in which names are compared."""
    name: str
    replaces: bool
    """Whether it says that it stands in for the product; else it compares itself, or is made out of it."""
    sentence: str
    """Where it says so; of a field, nothing."""


def reference_key(name: str) -> str:
    """Return the form in which names of products are compared: letters and digits only, in lower case.

    >>> reference_key("Google Analytics"), reference_key("Cal.com")
    ('googleanalytics', 'calcom')
    """
    return normalise_query(name).replace(" ", "")


def references(artifacts: pa.Table) -> list[Reference]:
    """Return what the artifacts say they stand in for or compare with, ordered; each product of an artifact once.

    `artifacts` needs `artifact_id`, `name`, `description`, `extra`. Its own name is no reference.
    """
    rows = artifacts.select(["artifact_id", "name", "description", "extra"]).to_pylist()
    ordinary = ordinary_words((row["artifact_id"], row["description"] or "") for row in rows)
    own = {row["artifact_id"]: reference_key((row["name"] or "").rsplit("/", 1)[-1]) for row in rows}
    found = [reference for row in rows for reference in _of_fields(row)]
    doubtful: list[Reference] = []
    for row in rows:
        for reference, is_sure in _of_sentences(row, ordinary):
            (found if is_sure else doubtful).append(reference)
    known = {reference.key for reference in found} | set(own.values()) - ordinary
    found += [reference for reference in doubtful if reference.key in known]
    return sorted(_strongest(each for each in found if each.key and each.key != own[each.artifact_id]))


def _strongest(found: Iterable[Reference]) -> list[Reference]:
    """Keep of several of one artifact and product the one that replaces, a field's before a sentence's."""
    kept: dict[tuple[str, str], Reference] = {}
    for each in sorted(found, key=lambda each: (not each.replaces, each.sentence != "", each)):
        kept.setdefault((each.artifact_id, each.key), each)
    return list(kept.values())


def _of_fields(row: Row) -> Iterator[Reference]:
    extra = json.loads(row["extra"]) if row["extra"] else {}
    for field in FIELDS:
        value = extra.get(field)
        names = re.split(r"[,;|]", value) if isinstance(value, str) else value if isinstance(value, list) else []
        for name in names:
            if isinstance(name, str) and name.strip():
                yield Reference(row["artifact_id"], reference_key(name), name.strip(), True, "")


def _of_sentences(row: Row, ordinary: Set[str]) -> Iterator[tuple[Reference, bool]]:
    """Yield the names that comparing sentences hold, and whether each is sure to be one."""
    text = row["description"] or ""
    if not _may_compare(text):
        return
    for sentence in SENTENCE_END.split(text):
        tokens = _TOKEN.findall(sentence)
        line = " ".join(sentence.split())
        for kind, run, is_closed in _runs(tokens):
            name = _KIN.sub("", " ".join(_trimmed(run, ordinary)))
            is_sure = (
                kind != "known" and (is_closed or not _is_ordinary(name, ordinary)) and not _CATEGORY.fullmatch(name)
            )
            yield Reference(row["artifact_id"], reference_key(name), name, kind == "replaces", line), is_sure


def _may_compare(text: str) -> bool:
    """Say whether a word stands there with which comparisons begin: in most texts none does."""
    return not _OF_CUES.isdisjoint(map(str.lower, written_words(text)))


def _runs(tokens: Sequence[str]) -> Iterator[tuple[str, list[str], bool]]:
    """Yield (kind of cue, words of a name, whether nothing but an end or another name follows) for each name."""
    lower = [token.lower() for token in tokens]
    for place in range(len(tokens)):
        for length in (2, 1):
            kind = CUES.get(tuple(lower[place : place + length]))
            if kind and tokens[place] != "VS":  # as in "VS Code"
                names = list(_names_behind(tokens, place + length))
                if not names and lower[place] in OF_ONE:
                    names = list(_lower_name(tokens, place + length))
                yield from ((kind, *each) for each in names)
                break
        if lower[place] in RIVAL_NOUNS:
            names_before = list(_names_before(tokens, place)) or _lower_names_before(tokens, place)
            yield from (("replaces", run, False) for run in names_before)
        if lower[place].endswith("-like") and _is_name_word(tokens[place]):
            yield "known", [tokens[place][: -len("-like")]], True


def _names_behind(tokens: Sequence[str], place: int) -> Iterator[tuple[list[str], bool]]:
    for _ in range(3):
        place += place < len(tokens) and tokens[place].lower() in _FILLERS
    for _ in range(_MAX_LIST):
        run = _run(tokens, place)
        place += len(run)
        after = tokens[place] if place < len(tokens) else "."
        if not run:
            return
        yield run, after in _BETWEEN or not after[0].isalnum()
        while place < len(tokens) and tokens[place].lower() in _BETWEEN:
            place += 1


def _lower_name(tokens: Sequence[str], place: int) -> Iterator[tuple[list[str], bool]]:
    """Yield the one word that follows if nothing but an end comes behind it: "(fork of it-tools)"."""
    ends = place + 1 >= len(tokens) or not tokens[place + 1][0].isalnum()
    if place < len(tokens) and ends and tokens[place][0].isalpha():
        yield [tokens[place]], True


def _run(tokens: Sequence[str], start: int) -> list[str]:
    """Return the words of the name that begins at a place; a number or "of" may stand within it."""
    end = start
    while end < min(len(tokens), start + MAX_NAME_WORDS):
        goes_on = end + 1 < len(tokens) and _is_name_word(tokens[end + 1])
        inner = tokens[end].isdigit() or (tokens[end] in _WITHIN and goes_on)
        if not (_is_name_word(tokens[end]) or (end > start and inner)):
            break
        end += 1
    return list(tokens[start:end])


def _names_before(tokens: Sequence[str], place: int) -> Iterator[list[str]]:
    for _ in range(_MAX_LIST):
        end = place
        while place > 0 and end - place < MAX_NAME_WORDS and _is_name_word(tokens[place - 1]):
            place -= 1
        if place == end:
            return
        yield list(tokens[place:end])
        while place > 0 and tokens[place - 1].lower() in _BETWEEN:
            place -= 1


def _lower_names_before(tokens: Sequence[str], place: int) -> list[list[str]]:
    """Return the words between an opening bracket and the cue if slashes join them: "(serveo/ngrok alternative)"."""
    names = []
    while place > 1 and tokens[place - 1][0].isalpha() and tokens[place - 2] in ("(", "/"):
        names.append([tokens[place - 1]])
        place -= 2
        if tokens[place] == "(":
            return names
    return []


def _is_name_word(token: str) -> bool:
    if _VERSION.fullmatch(token):
        return False
    return any(map(str.isupper, token)) or (token[0].isalpha() and any(map(str.isdigit, token)))


def _trimmed(run: Sequence[str], ordinary: Set[str]) -> list[str]:
    """Leave out ordinary words before a name: a sentence may begin there ("Minimalist Plex alternative")."""
    first = 0
    while first < len(run) - 1 and (_is_ordinary(run[first], ordinary) or _SIZE.fullmatch(run[first])):
        first += 1
    return list(run[first:])


def _is_ordinary(name: str, ordinary: Set[str]) -> bool:
    if any(word[1:] != word[1:].lower() and not word.isupper() for word in name.split()):
        return False  # written like "YouTube"
    plain = (ordinary, STOP_WORDS, _PRAISE)
    return all(len(word) < 2 or any(word in each for each in plain) for word in normalise_query(name).split())
