"""Which form of an answer a client prefers: its Accept header (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence


def preferred(accept: str, offered: Sequence[str]) -> list[str]:
    """Return the media types offered that are accepted, those with the highest q first, else in the order offered.

    The most specific range decides for each type, as the RFC has it. Ranges that cannot be read are left out.

    >>> preferred("text/csv;q=0.5, application/*", ["application/json", "text/csv", "text/html"])
    ['application/json', 'text/csv']
    """
    quality = dict(filter(None, map(_range, accept.split(","))))
    wanted = {kind: _quality(kind, quality) for kind in offered}
    return sorted((kind for kind in offered if wanted[kind] > 0), key=lambda kind: -wanted[kind])


def _range(text: str) -> tuple[str, float] | None:
    kind, *parameters = (part.strip().lower() for part in text.split(";"))
    weights = [value for name, _, value in (each.partition("=") for each in parameters) if name.strip() == "q"]
    try:
        return kind, float(weights[0]) if weights else 1.0
    except ValueError:
        return None


def _quality(kind: str, quality: dict[str, float]) -> float:
    ranges = (kind, f"{kind.split('/')[0]}/*", "*/*")
    return next((quality[each] for each in ranges if each in quality), 0.0)
