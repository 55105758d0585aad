"""Reading what a source says beside the columns of the schema: JSON of any shape."""

from __future__ import annotations

import json
from typing import Any


def object_of(value: Any) -> dict[str, Any]:
    """Return an object, or the one that a text of JSON holds; else an empty one.

    >>> object_of('{"a": 1}'), object_of("[1]"), object_of(None)
    ({'a': 1}, {}, {})
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}


def objects_of(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text_of(value: Any) -> str | None:
    """Return a text that is not empty."""
    return value if isinstance(value, str) and value else None
