"""The numbers behind the rank: weights and scales for each artifact type, read from `rank_weights.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from graph.errors import BadInput

PARTS: Final = ("adoption", "quality", "ecosystem", "match_graph", "freshness")
"""The parts of the rank, in the order in which they are shown."""

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

    version: str
    default: TypeWeights
    by_type: Mapping[str, TypeWeights]
    quality: Mapping[str, float]
    ecosystem: Mapping[str, float]
    match_graph: Mapping[str, float]
    uncertainty: Mapping[str, float]

    @property
    def method(self) -> str:
        """Name and version of the method, as stored with every rank."""
        return f"rank/{self.version}"

    def of(self, artifact_type: str | None) -> TypeWeights:
        """Return the weights of a type; types without an entry have the default ones."""
        return self.by_type.get(artifact_type or "", self.default)


def load_weights(path: Path | None = None) -> RankWeights:
    """Read the weights from a file, by default the one in the package.

    Raises `BadInput` if the file is not TOML, lacks a part or its weights do not add up to 1.
    """
    return _packaged() if path is None else _parsed(path.read_text("utf-8"), str(path))


@lru_cache(maxsize=1)
def _packaged() -> RankWeights:
    name = "rank_weights.toml"
    return _parsed(resources.files("queries").joinpath(name).read_text("utf-8"), name)


def _parsed(text: str, name: str) -> RankWeights:
    try:
        content = tomllib.loads(text)
        default = content["default"]
        by_type = {
            kind: _type_weights({**default, **own}, f"{name}, [types.{kind}]")
            for kind, own in content.get("types", {}).items()
        }
        sections = {section: _numbers(content[section]) for section in _SECTIONS}
        return RankWeights(str(content["version"]), _type_weights(default, f"{name}, [default]"), by_type, **sections)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{name} is not TOML: {error}. Compare it with the packaged rank_weights.toml.") from error
    except KeyError as error:
        raise BadInput(f"{name} lacks {error}. Compare it with the packaged rank_weights.toml.") from error
    except (TypeError, ValueError) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(f"{name}: {error}. Compare it with the packaged rank_weights.toml.") from error


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
