"""How text is written down: one canonical form for queries, and names without hidden characters."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_QUERY_CHARS: Final = 2_000
"""Longer queries are cut here: nobody types them, and an intent does not need them."""

_NOT_WORD = re.compile(r"[^a-z0-9+#]+")
_BARE_SIGNS = re.compile(r"(?<![\w+#])[+#]+")
_HIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e007f]"
)


def normalise_query(text: str) -> str:
    """Return the canonical form of a query: NFKC, case-folded, punctuation to spaces, single spaces.

    `+` and `#` stay behind a letter ("c++", "c#"). Idempotent; never longer than `MAX_QUERY_CHARS`.
    An all-punctuation query becomes the empty string.

    >>> normalise_query("  Best  IMAGE-upscaler, for C++? ")
    'best image upscaler for c++'
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text[: 4 * MAX_QUERY_CHARS]).casefold())
    words = _NOT_WORD.sub(" ", folded) if folded.isascii() else "".join(map(_word_or_space, folded))
    spaced = _BARE_SIGNS.sub(" ", words)
    return " ".join(spaced.split())[:MAX_QUERY_CHARS].rstrip()


def _word_or_space(character: str) -> str:
    # Vowel signs of many scripts are marks (M*), which str.isalnum and \w leave out.
    keep = character.isalnum() or character in "+#" or unicodedata.category(character).startswith("M")
    return character if keep else " "


def has_hidden_characters(text: str) -> bool:
    """Say whether a text holds control, zero-width or bidirectional-override characters."""
    return _HIDDEN.search(text) is not None


def without_hidden_characters(text: str) -> str:
    """Remove control, zero-width and bidirectional characters; tabs and line ends stay."""
    return _HIDDEN.sub("", text)


def clean_name(text: str) -> str:
    """Return a name on one line, without hidden characters.

    >>> clean_name("  Nice\\u202e\\n Tool ")
    'Nice Tool'
    """
    return " ".join(without_hidden_characters(text).split())


def slug(text: str) -> str:
    """Return the lower-case letters and digits of a name joined by hyphens: the last part of an id.

    >>> slug("FLUX.1 Pro")
    'flux-1-pro'
    """
    return "-".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold()))
