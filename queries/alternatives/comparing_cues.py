"""Which words announce that a name behind them (or before them) is one to compare with?

Each cue has a kind: *replaces* where the text says to stand in for what follows, *compares* where it sets itself
beside it, *known* where something else follows as often, so that only names count that are known otherwise.
"""

from __future__ import annotations

from typing import Final

RIVAL_NOUNS: Final = ("alternative", "replacement", "substitute", "competitor", "rival", "clone", "killer")
"""Names stand before them, too: "Plex alternative"."""
_BETTER: Final = ("better", "faster", "simpler", "lighter", "cheaper", "smaller", "easier")
_ONE_THING: Final = ("tool", "app", "application", "platform", "software", "service", "system", "server", "client")
"""Behind "tools like" stand examples, behind "a tool like" something to compare with."""
_COMPETES: Final = ("compete", "competes", "competing")
_LEAVES: Final = ("migrate", "migrating", "switch", "switching")

CUES: Final[dict[tuple[str, ...], str]] = {
    **{(noun + end, link): "replaces" for noun in RIVAL_NOUNS for end in ("", "s") for link in ("to", "for", "of")},
    **{(word, link): "replaces" for word in _COMPETES for link in ("with", "against")},
    **{(word,): "replaces" for word in ("replaces", "replacing", "rivals", "rivalling", "rivaling", "supersedes")},
    ("answer", "to"): "replaces",
    ("drop-in", "for"): "replaces",
    **{(word,): "compares" for word in ("vs", "versus", "unlike", "outperforms", "outperforming")},
    **{(word, link): "compares" for word in ("compared", "comparable", "comparison") for link in ("to", "with")},
    ("vs", "."): "compares",
    **{("contrast", link): "compares" for link in ("to", "with")},
    **{(word, "than"): "compares" for word in _BETTER},
    **{(word, link): "compares" for word in ("fork", "forked") for link in ("of", "from")},
    **{(word, "to"): "compares" for word in ("similar", "equivalent", "superior", "opposed", "successor")},
    **{(word, "of"): "compares" for word in ("equivalent", "successor")},
    **{(word, "from"): "compares" for word in _LEAVES},
    ("competitive", "with"): "compares",
    ("inspired", "by"): "compares",
    ("modelled", "after"): "compares",
    ("modeled", "after"): "compares",
    **{(noun, "like"): "compares" for noun in _ONE_THING},
    **{(word,): "known" for word in ("like", "than", "beats", "whereas", "replace", "open-source")},
    ("open", "source"): "known",
    ("instead", "of"): "known",
    ("rather", "than"): "known",
    ("place", "of"): "known",
}
"""What stands before names, and of which kind it is."""

OF_ONE: Final = ("fork", "forked", "successor")
"""Cues behind which a name may stand in lower case: nothing else is forked."""
