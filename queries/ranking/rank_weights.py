"""The numbers behind the rank: weights and scales for each artifact type, read from `rank_weights.toml`.

A file of the user's own replaces what it names and leaves the rest; the name of the method then carries a digest of it.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from graph.errors import BadInput
from graph.vocabulary import ARTIFACT_TYPES

PARTS: Final = ("adoption", "quality", "ecosystem", "match_graph", "freshness")
"""The parts of the rank, in the order in which they are shown."""

_FILE: Final = "rank_weights.toml"
_SECTIONS: Final = ("quality", "ecosystem", "match_graph", "uncertainty")


@dataclass(frozen=True)
class TypeWeights:
    """What holds for one artifact type."""

    weights: Mapping[str, float]
    """Share of each part; they add up to 1."""
    adoption: Mapping[str, float]
    """For each adoption figure the number at which it is full."""
    half_life_days: float


@dataclass(frozen=True)
class RankWeights:
    """All numbers of the rank method, of one version."""

    method: str
    """Name and version of the method, as stored with every rank; of own weights with a digest of them."""
    default: TypeWeights
    by_type: Mapping[str, TypeWeights]
    quality: Mapping[str, float]
    ecosystem: Mapping[str, float]
    match_graph: Mapping[str, float]
    uncertainty: Mapping[str, float]

    def of(self, artifact_type: str | None) -> TypeWeights:
        """Return the weights of a type; types without an entry have the default ones."""
        return self.by_type.get(artifact_type or "", self.default)


def load_weights(path: Path | None = None) -> RankWeights:
    """Read the packaged weights, with what the file `path` says in place of theirs.

    Raises `BadInput` if the file is missing, not TOML, names something unknown, or its weights do not add up to 1.
    """
    return _packaged() if path is None else _own(path)


def types_of_nothing(weights: RankWeights, types: Iterable[str | None]) -> list[str]:
    """Return the types for which numbers are given though no artifact has them, ours left out: perhaps misspelt."""
    return sorted(weights.by_type.keys() - set(types) - ARTIFACT_TYPES.keys())


@lru_cache(maxsize=1)
def _packaged() -> RankWeights:
    content = _packaged_content()
    return _weights(content, f"rank/{content['version']}", _FILE)


def _packaged_content() -> dict[str, Any]:
    return tomllib.loads(resources.files("queries.ranking").joinpath(_FILE).read_text("utf-8"))


def _own(path: Path) -> RankWeights:
    packaged = _packaged_content()
    try:
        own = tomllib.loads(path.read_text("utf-8"))
        _check_names(own, packaged, str(path))
        for kind, section in own.get("types", {}).items():
            _check_names(section, packaged["default"], f"{path}, [types.{kind}]")
        content = _replaced(packaged, own)
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:8]
        return _weights(content, f"rank/{content['version']}+own.{digest}", str(path))
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} is not TOML: {error}. Compare it with the packaged {_FILE}.") from error
    except (AttributeError, TypeError, ValueError) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(f"{path}: {error}. Compare it with the packaged {_FILE}.") from error


def _check_names(own: Mapping[str, Any], packaged: Mapping[str, Any], place: str) -> None:
    for key, value in own.items():
        if key not in packaged:
            raise BadInput(f"{place} names {key!r}, which is none of: {', '.join(packaged)}.")
        if isinstance(packaged[key], dict) and key != "types":
            _check_names(value, packaged[key], f"{place}, {key}")


def _replaced(packaged: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the packaged numbers with the user's own ones in their place, table by table."""
    found = dict(packaged)
    for key, value in own.items():
        found[key] = _replaced(packaged.get(key, {}), value) if isinstance(value, dict) else value
    return found


def _weights(content: Mapping[str, Any], method: str, name: str) -> RankWeights:
    default = content["default"]
    by_type = {
        kind: _type_weights(_replaced(default, own), f"{name}, [types.{kind}]")
        for kind, own in content["types"].items()
    }
    sections = {section: _numbers(content[section]) for section in _SECTIONS}
    return RankWeights(method, _type_weights(default, f"{name}, [default]"), by_type, **sections)


def _type_weights(section: Mapping[str, Any], place: str) -> TypeWeights:
    weights = {part: float(section["weights"][part]) for part in PARTS}
    if abs(sum(weights.values()) - 1) > 1e-9 or min(weights.values()) < 0:
        raise BadInput(f"{place}: the weights {weights} must not be negative and must add up to 1.")
    adoption = _numbers(section["adoption"])
    half_life = float(section["half_life_days"])
    if half_life <= 0 or any(full <= 0 for full in adoption.values()):
        raise BadInput(f"{place}: half_life_days and the adoption figures must be above zero.")
    return TypeWeights(weights, adoption, half_life)


def _numbers(section: Mapping[str, Any]) -> dict[str, float]:
    return {key: float(value) for key, value in section.items()}
