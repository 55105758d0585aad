from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from graph.errors import BadInput
from graph.vocabulary import ARTIFACT_TYPES
from queries.parts.quality import RULES
from queries.rank_weights import PARTS, load_weights


def packaged_text() -> str:
    return resources.files("queries").joinpath("rank_weights.toml").read_text("utf-8")


def test_every_type_of_the_file_is_a_known_type_and_its_weights_add_up() -> None:
    weights = load_weights()
    assert set(weights.by_type) <= set(ARTIFACT_TYPES)
    for own in (weights.default, *weights.by_type.values()):
        assert tuple(own.weights) == PARTS
        assert sum(own.weights.values()) == pytest.approx(1)


def test_types_without_an_entry_have_the_default() -> None:
    weights = load_weights()
    assert weights.of("self-hosted-software") is weights.of(None) is weights.default
    assert weights.of("dataset").half_life_days > weights.default.half_life_days


def test_a_type_inherits_what_it_does_not_set() -> None:
    assert load_weights().of("api").adoption == load_weights().default.adoption


def test_every_rule_has_points() -> None:
    assert {rule.name for rule in RULES} <= set(load_weights().quality)


def test_a_copy_may_replace_the_file(tmp_path: Path) -> None:
    copy = tmp_path / "mine.toml"
    copy.write_text(packaged_text().replace('version = "2"', 'version = "mine"'), "utf-8")
    assert load_weights(copy).method == "rank/mine"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("adoption = 0.20, quality", "adoption = 0.90, quality"), "add up to 1"),
        (("half_life_days = 365", "half_life_days = 0"), "above zero"),
        (('version = "2"', "version = "), "not TOML"),
        (("[ecosystem]", "[eco]"), "lacks 'ecosystem'"),
        (("named_by = 20", 'named_by = "many"'), "could not convert"),
    ],
)
def test_a_wrong_file_is_named_with_the_reason(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    wrong = tmp_path / "wrong.toml"
    assert change[0] in packaged_text()
    wrong.write_text(packaged_text().replace(*change), "utf-8")
    with pytest.raises(BadInput, match=message) as error:
        load_weights(wrong)
    assert "wrong.toml" in str(error.value)
