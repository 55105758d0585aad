"""The texts that teacher and table are brought to agree on: how people name, describe and define things.

- every whole word of the vocabulary, by itself;
- definitions and examples of WordNet 3.0 (Princeton University; its licence permits any use);
- one-line summaries of packages of two registries, a third of them behind an opening with which people ask.

Only the table fitted to them is kept. No text of a measured data set is among them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

MIN_CHARS, MAX_CHARS = 25, 200

OPENINGS = (
    "I need to", "I want to", "I'm looking for", "Can you help me with", "Could you find me", "How do I get",
    "Please give me", "What is the best", "Is there a way to have", "I would like", "Show me", "Find", "Recommend",
    "We are building an app with", "My company needs", "As a developer, I need", "Tell me about", "Create",
    "Do you know any", "Help me choose",
)  # fmt: skip


def training_texts(
    vocabulary: Sequence[str], wordnet: Path, summaries: Sequence[Path], *, definitions: int, packages: int, seed: int
) -> list[str]:
    """Return the texts, each once: words, so many definitions, so many summaries of each list (its last column)."""
    rng = random.Random(seed)
    found = [token for token in vocabulary if re.fullmatch(r"[a-z]{2,}", token)]
    found += _drawn(definitions_of(wordnet), definitions, rng)
    for path in summaries:
        found += [_asked(text, rng) for text in _drawn(summaries_of(path), packages, rng)]
    return list(dict.fromkeys(found))


def _drawn(texts: Iterable[str], count: int, rng: random.Random) -> list[str]:
    usable = sorted({text for text in texts if MIN_CHARS <= len(text) <= MAX_CHARS and text.isascii()})
    return rng.sample(usable, min(count, len(usable)))


def _asked(text: str, rng: random.Random) -> str:
    return f"{rng.choice(OPENINGS)} {text[0].lower()}{text[1:]}" if rng.random() < 1 / 3 else text


def definitions_of(folder: Path) -> Iterator[str]:
    """Yield "words: definition" and every example of the data files (format: wndb(5WN))."""
    for part in ("noun", "verb", "adj", "adv"):
        for line in (folder / f"data.{part}").read_text(encoding="latin-1").splitlines():
            if line.startswith(" "):  # the licence
                continue
            head, gloss = line.split(" | ", 1)
            fields = head.split(" ")
            named = fields[4 : 4 + 2 * int(fields[3], 16) : 2]
            words = [re.sub(r"\(.*\)", "", word).replace("_", " ") for word in named]
            definition = gloss.split('; "', 1)[0].strip()
            yield f"{', '.join(words)}: {definition}"
            yield from re.findall(r'"([^"]+)"', gloss)


def summaries_of(path: Path) -> Iterator[str]:
    """Yield the last column of a table, without its heading."""
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        yield re.sub(r"^\[tested here:[^\]]*\]\s*", "", line.rsplit("\t", 1)[-1]).strip()
