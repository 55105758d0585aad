"""Where an artifact runs, as far as its source states it: on one's own machines, or as a service of somebody else.

Read from the fields `hosting`, `deployment`, `deployment_options` and `platforms` of its row, from `self_hosted` and
`cloud` (true or false), and from its tags. Nothing is guessed from descriptions or addresses.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from graph.text import normalise_query

SELF_HOSTED: Final = "self-hosted"
CLOUD: Final = "cloud"

WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("self hosted", "selfhosted", "self host", "self hosting", "on premise", "on premises", "on prem", "docker"),
        SELF_HOSTED,
    ),
    **dict.fromkeys(("local", "desktop", "kubernetes", "k8s"), SELF_HOSTED),
    **dict.fromkeys(("cloud", "saas", "hosted", "managed", "cloud hosted", "fully managed"), CLOUD),
}
"""What sources write, normalised, and what it means. Other words are kept as they are."""

_FIELDS: Final = ("hosting", "deployment", "deployment_options")
_FLAGS: Final = {"self_hosted": SELF_HOSTED, "cloud": CLOUD}


def hosting_word(typed: str) -> str:
    """Return the word under which a hosting is known.

    >>> hosting_word("On-Premise"), hosting_word("Edge")
    ('self-hosted', 'edge')
    """
    word = normalise_query(typed)
    return WORDS.get(word, word)


def hosting(artifact: Mapping[str, Any]) -> frozenset[str]:
    """Return where an artifact (a row of the `artifacts` table) runs; empty if its source does not say.

    >>> sorted(hosting({"tags": ["SaaS", "chat"], "extra": '{"hosting": "On-premise"}'}))
    ['cloud', 'self-hosted']
    """
    extra = json.loads(artifact["extra"] or "{}")
    found = {word for name in _FIELDS for text in _texts(extra.get(name)) if (word := hosting_word(text))}
    hints = {normalise_query(text) for text in [*_texts(extra.get("platforms")), *(artifact["tags"] or ())]}
    found |= {WORDS[text] for text in hints & WORDS.keys()}
    return frozenset(found | {meaning for name, meaning in _FLAGS.items() if extra.get(name) is True})


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from value.split(",")
    elif isinstance(value, Iterable):
        yield from (each for each in value if isinstance(each, str))
