"""Which artifacts does a text name? Exact names at word boundaries, the longest name first.

A name is found as a run of whole words, whatever the case, punctuation and spacing ("flux.1-pro" is "FLUX.1 Pro"). A
name of ordinary words counts only written as the artifact writes it, or "sequential
thinking" in a sentence would name the server called Sequential Thinking; and not at all if that is one word, or
in lower case. Ordinary are the words that the catalogue's own texts use in lower case.

In a comparison, the first word of a longer name is enough if it is written like a name and no other
artifact's name begins with it ("Mask2Former"). Names borne by two artifacts name neither, unless the two are one thing:
then it is that thing which is named, so that nobody silences a name by listing a copy under it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import pyarrow as pa

_WORD = re.compile(r"[^\W_]+\+*")
_AS_WRITTEN_OR_SPACE: Final = bytes(code if chr(code).isalnum() else ord(" ") for code in range(128)) * 2
SENTENCE_END = re.compile(r"(?<=[.!?;])(?<!\b[Vv]s\.)\s+|\n+")
"""The point of "vs." ends no sentence."""
_COMPARES = re.compile(
    r"\b(?:vs|versus|than|unlike|compared|compare (?:it |this )?(?:to|with)|comparable|comparison|alternatives?|"
    r"instead|replac\w+|rivals?|rivall?ing|compet(?:es?|ing|itors?|itive)|whereas|forks?|forked|similar|like|clone|"
    r"killer|contrast|opposed|superior|equivalent|supersedes?|substitutes?|drop-in|outperform\w*|beats|"
    r"(?:migrat|switch)\w* from)\b",
    re.IGNORECASE,
)
_TOGETHER: Final = re.compile(
    r"\b(?:partners?|companions?|complements?|alongside|together with|"
    r"(?:works?|goes|pairs?|combines?|combined) (?:well )?with)\b",
    re.IGNORECASE,
)
"""In a field for rivals: what is named is used together with it, not instead, unless the sentence compares too."""
_MAX_NAME_WORDS: Final = 12
_MIN_NAME_CHARS: Final = 3
_ORDINARY_TEXTS: Final = 2
"""A word written in lower case in this many texts of other artifacts is an ordinary word."""

ONE_NAME_EACH: Final[Mapping[str, str]] = MappingProxyType({})
"""No artifact is another name of one."""

Row = dict[str, Any]


@dataclass(frozen=True, order=True)
class Mention:
    """One artifact names another in one of its texts."""

    artifact_id: str
    """Whose text it is."""
    other_id: str
    """Who is named."""
    compares: bool
    """Whether the sentence sets the two beside each other ("vs", "than", "fork of"), or the field is for rivals."""
    sentence: str


@dataclass(frozen=True)
class _Name:
    artifact_id: str
    written: tuple[str, ...] = ()
    """How the words must be written; empty: any case will do."""
    short: bool = False
    """Whether it counts in comparisons only."""


def written_words(text: str) -> list[str]:
    """Return the words of a text as they are written; of a plain one without the scanner, in a fifth of the time.

    >>> written_words("It's C++, not R_2")
    ['It', 's', 'C++', 'not', 'R', '2']
    """
    if text.isascii() and "+" not in text:
        return text.encode().translate(_AS_WRITTEN_OR_SPACE).decode().split()
    return _WORD.findall(text)


class NameFinder:
    """Finds the names of a catalogue's artifacts in texts."""

    def __init__(
        self, names: dict[str, str], texts: Iterable[tuple[str, str]], listed: Mapping[str, str] = ONE_NAME_EACH
    ) -> None:
        """Learn the names (artifact id to name) and, from (artifact id, text), which words are ordinary.

        `listed`: id of an artifact with other names → the one under which it is listed, which is found for all of them.
        """
        ordinary = ordinary_words(texts)
        self._names = _unambiguous(listed, _full_names(names, ordinary), _short_names(names, ordinary))
        self._lengths: dict[str, list[int]] = defaultdict(list)
        for words in sorted(self._names, key=lambda words: (-len(words), words)):
            if len(words) not in self._lengths[words[0]]:
                self._lengths[words[0]].append(len(words))

    def may_name(self, text: str) -> bool:
        """Say whether a text holds the first word of a name: most do not, and looking for names takes longer."""
        return not self._lengths.keys().isdisjoint(map(str.lower, written_words(text)))

    def find(self, text: str, *, compares: bool) -> Iterator[str]:
        """Yield the ids of the artifacts that a text names, in the order of the text.

        `compares`: whether the text is a comparison, where short names count too.
        """
        written = written_words(text)
        lower = [word.lower() for word in written]
        place = 0
        while place < len(lower):
            for length in self._lengths.get(lower[place], ()):
                name = self._names.get(tuple(lower[place : place + length]))
                spelled_so = name and name.written in ((), tuple(written[place : place + length]))
                if name and spelled_so and (compares or not name.short):
                    yield name.artifact_id
                    place += length
                    break
            else:
                place += 1


def ordinary_words(texts: Iterable[tuple[str, str]]) -> set[str]:
    """Return the words that at least `_ORDINARY_TEXTS` artifacts write in lower case."""
    users: Counter[str] = Counter()
    by_artifact: dict[str, set[str]] = defaultdict(set)
    for artifact_id, text in texts:
        by_artifact[artifact_id].update(filter(str.islower, written_words(text)))
    for words in by_artifact.values():
        users.update(words)
    return {word for word, count in users.items() if count >= _ORDINARY_TEXTS}


def _looks_like_a_name(word: str) -> bool:
    return word[:1].isupper() or any(character.isupper() or character.isdigit() for character in word)


def _full_names(names: dict[str, str], ordinary: set[str]) -> Iterator[tuple[tuple[str, ...], _Name]]:
    for artifact_id, name in sorted(names.items()):
        # "owner/name" ids of repositories and models are named by their last part.
        for form in dict.fromkeys((name, name.rsplit("/", 1)[-1])):
            words = tuple(written_words(form)[:_MAX_NAME_WORDS])
            key = tuple(word.lower() for word in words)
            is_ordinary = all(word in ordinary or len(word) < _MIN_NAME_CHARS for word in key)
            if len(words) > 1 and not is_ordinary:
                yield key, _Name(artifact_id)
            elif (len(words) > 1 or not is_ordinary) and any(map(_looks_like_a_name, words)):
                yield key, _Name(artifact_id, words)


def _short_names(names: dict[str, str], ordinary: set[str]) -> Iterator[tuple[tuple[str, ...], _Name]]:
    for artifact_id, name in sorted(names.items()):
        words = written_words(name.rsplit("/", 1)[-1])
        first = words[0].lower() if words else ""
        if len(words) > 1 and len(first) > _MIN_NAME_CHARS and first not in ordinary and _looks_like_a_name(words[0]):
            yield (first,), _Name(artifact_id, short=True)


def _unambiguous(
    listed: Mapping[str, str], *kinds: Iterable[tuple[tuple[str, ...], _Name]]
) -> dict[tuple[str, ...], _Name]:
    """Return the names that one thing bears, as those of the id that it is listed as; full names before short ones."""
    found: dict[tuple[str, ...], _Name] = {}
    for kind in kinds:
        bearers: dict[tuple[str, ...], dict[str, _Name]] = defaultdict(dict)
        for words, name in kind:
            thing = listed.get(name.artifact_id, name.artifact_id)
            bearers[words].setdefault(thing, replace(name, artifact_id=thing))
        for words, owners in bearers.items():
            if len(owners) == 1 and words not in found:
                found[words] = next(iter(owners.values()))
    return found


def mentions(artifacts: pa.Table, capabilities: pa.Table, listed: Mapping[str, str] = ONE_NAME_EACH) -> list[Mention]:
    """Return who names whom in descriptions and capability texts, ordered, each sentence once.

    An artifact's own name in its own texts is no mention. `listed` as in `NameFinder`.
    """
    names = dict(zip(*(artifacts.column(name).to_pylist() for name in ("artifact_id", "name")), strict=True))
    texts = sorted(_texts(artifacts, capabilities))
    finder = NameFinder(
        {key: name for key, name in names.items() if name}, [(who, text) for who, text, _ in texts], listed
    )
    found: set[Mention] = set()
    for artifact_id, text, is_comparison in texts:
        if not finder.may_name(text):
            continue
        for sentence in SENTENCE_END.split(text):
            if not any(finder.find(sentence, compares=True)):  # most name nothing, and looking for cues takes longer
                continue
            compares = _COMPARES.search(sentence) is not None or (is_comparison and not _TOGETHER.search(sentence))
            for other_id in finder.find(sentence, compares=compares):
                if other_id not in (artifact_id, listed.get(artifact_id)):
                    found.add(Mention(artifact_id, other_id, compares, sentence.strip()))
    return sorted(found)


def _texts(artifacts: pa.Table, capabilities: pa.Table) -> Iterator[tuple[str, str, bool]]:
    """Yield (artifact id, text, whether the field itself is a comparison)."""
    for row in artifacts.select(["artifact_id", "description"]).to_pylist():
        if row["description"]:
            yield row["artifact_id"], row["description"], False
    columns = ["artifact_id", "description", "unique", "vs_alternatives"]
    for row in capabilities.select(columns).to_pylist():
        for field in columns[1:]:
            if row[field]:
                yield row["artifact_id"], row[field], field == "vs_alternatives"
