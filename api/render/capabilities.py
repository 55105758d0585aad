"""Capabilities as entries of a list: what each does, what is unique, versus whom, who says so and when."""

from __future__ import annotations

from api.render.blocks import Item
from api.render.numbers import NOT_KNOWN, day, rounded
from api.render.phrases import Answer


def capability_item(capability: Answer) -> Item:
    """Return the entry of one capability."""
    return Item(_title(capability), capability.get("description") or "", tuple(_claims(capability)))


def pair_item(pair: Answer, name_a: str, name_b: str) -> Item:
    """Return the entry of a capability that two artifacts share, with what each of them says about it."""
    a, b = pair["a"], pair["b"]
    title = _title(a) if _title(a).casefold() == _title(b).casefold() else f"{_title(a)} / {_title(b)}"
    facts = [*_told_by(name_a, a), *_told_by(name_b, b)]
    return Item(title, f"Similarity {rounded(pair.get('similarity'), 2)}", tuple(facts))


def _title(capability: Answer) -> str:
    return str(capability.get("name") or capability["capability_id"])


def _claims(capability: Answer) -> list[tuple[str, str]]:
    labelled = [
        ("Unique", capability.get("unique")),
        ("Versus others", capability.get("vs_alternatives")),
        ("Source", _source(capability)),
    ]
    return [(label, text) for label, text in labelled if text]


def _told_by(name: str, capability: Answer) -> list[tuple[str, str]]:
    described = [(name, capability.get("description") or NOT_KNOWN)]
    return described + [(f"{name}, {label.lower()}", text) for label, text in _claims(capability)]


def _source(capability: Answer) -> str:
    source = capability.get("source")
    names = ", ".join(source) if isinstance(source, list) else source
    return f"{names or NOT_KNOWN}, {day(capability.get('date'))}"
