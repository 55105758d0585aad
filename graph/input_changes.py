"""Why a part of a rank changed: which of the facts and settings that went into it are not what they were."""

from __future__ import annotations

import json
from typing import Any, Final

import msgspec

_GROUPS: Final = ("figures", "counts")
"""Objects of an input whose entries are facts of their own."""
_SINGLE: Final = ("times_matched", "clients", "strength", "success_rate", "updated_at", "age_days")
_SETTINGS: Final = (
    *("type_weight", "half_life_days", "full_strength", "success_share", "half_clients", "half_outcomes"),
)
"""The rest of an input follows from facts and settings, or is how sure they are."""


class InputChange(msgspec.Struct, frozen=True):
    """A fact or a setting that went into a part of a rank; None where it was not known."""

    name: str
    before: Any
    after: Any


def input_changes(before: str | None, after: str | None) -> list[InputChange]:
    """Return what differs between the inputs of a part (column `inputs` of `rank_parts`) in two snapshots.

    >>> input_changes('{"figures": {"stars": 5}, "type_weight": 0.2}', '{"figures": {"stars": 9}, "type_weight": 0.2}')
    [InputChange(name='stars', before=5, after=9)]
    """
    old, new = (json.loads(each) if each else {} for each in (before, after))
    return [*_differences(_facts(old), _facts(new)), *_changed_settings(_settings(old), _settings(new))]


def _differences(old: dict[str, Any], new: dict[str, Any]) -> list[InputChange]:
    names = dict.fromkeys([*new, *old])
    return [InputChange(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]


def _changed_settings(old: dict[str, Any], new: dict[str, Any]) -> list[InputChange]:
    """Return the settings that differ; one that came with its fact, or went with it, is no reason of its own."""
    both = old.keys() & new.keys()
    return [each for each in _differences(old, new) if each.name in both]


def _facts(inputs: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for group in _GROUPS:
        found |= inputs.get(group, {})
    found |= {rule["text"]: rule["met"] for rule in inputs.get("rules", ())}
    return found | {name: inputs[name] for name in _SINGLE if name in inputs}


def _settings(inputs: dict[str, Any]) -> dict[str, Any]:
    full = {f"full {name}": number for name, number in inputs.get("full", {}).items()}
    return {name: inputs[name] for name in _SETTINGS if name in inputs} | full
