"""What others than the operator see of where a claim comes from: the source's name, not the file on his disk."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_NAME: Final = r"(?:.*/)?([^/]+?)(?:\.[^./]+)?(?:\.gz)?/*"
"""The name within a source, for Python's and DuckDB's regular expressions alike."""
_WHOLE: Final = re.compile(_NAME, re.DOTALL)


def source_name(source: str) -> str:
    """Return the name of a source (`graph.schemas`: folder and file) without folder and ending.

    >>> source_name("crawl-7/models.jsonl.gz"), source_name("cards/gpt-4.1.md"), source_name("models")
    ('models', 'gpt-4.1', 'models')
    """
    found = _WHOLE.fullmatch(source)
    return found[1] if found else source


def source_names(sources: Iterable[str] | None) -> list[str]:
    """Return the names of sources, each once, in their order."""
    return list(dict.fromkeys(map(source_name, sources or ())))


def source_names_sql(sources: str) -> str:
    """Return the SQL of the names in a list of sources, each once and sorted; null where the list is."""
    name = f"coalesce(nullif(regexp_extract(s, '(?s)^{_NAME}$', 1), ''), s)"
    return f"list_sort(list_distinct(list_transform({sources}, lambda s: {name})))"
