from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from graph.errors import BadInput
from graph.vocabulary import ARTIFACT_TYPES
from queries.ranking.parts.quality import RULES
from queries.ranking.rank_weights import PARTS, load_weights, types_of_nothing


def packaged_text() -> str:
    return resources.files("queries.ranking").joinpath("rank_weights.toml").read_text("utf-8")


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


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, "utf-8")
    return path


def test_an_own_file_replaces_what_it_names_and_leaves_the_rest(tmp_path: Path) -> None:
    own = written(
        tmp_path,
        "[types.model]\nhalf_life_days = 30\nadoption = { stars = 7 }\n[types.spaceship]\nhalf_life_days = 9\n",
    )
    mine, packaged = load_weights(own), load_weights()
    assert mine.of("model").half_life_days == 30
    assert mine.of("model").adoption == {**packaged.of("model").adoption, "stars": 7}
    assert mine.of("spaceship").weights == packaged.default.weights
    assert mine.of("api") == packaged.of("api")
    assert mine.quality == packaged.quality


def test_a_misspelt_type_is_found(tmp_path: Path) -> None:
    mine = load_weights(
        written(tmp_path, "[types.modle]\nhalf_life_days = 30\n[types.spaceship]\nhalf_life_days = 9\n")
    )
    assert types_of_nothing(mine, ["model", "spaceship", None]) == ["modle"]
    assert types_of_nothing(load_weights(), []) == []


def test_own_weights_have_a_method_of_their_own(tmp_path: Path) -> None:
    """The digest is that of the numbers: other numbers, another method; another layout, the same."""
    one = load_weights(written(tmp_path, "[ecosystem]\nnamed_by = 30")).method
    other = load_weights(written(tmp_path, "[ecosystem]\nnamed_by = 31")).method
    again = load_weights(written(tmp_path, "# mine\necosystem = { named_by = 30 }")).method
    assert one == again != other
    assert one.startswith(load_weights().method + "+own.")


def test_default_weights_of_one_own_reach_the_types_without_weights(tmp_path: Path) -> None:
    text = "[default]\nweights = { adoption = 0, quality = 0, ecosystem = 0, match_graph = 1, freshness = 0 }"
    mine = load_weights(written(tmp_path, text))
    assert mine.of("model").weights["match_graph"] == 1
    assert mine.of("api").weights == load_weights().of("api").weights


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("adoption = 0.20, quality", "adoption = 0.90, quality"), "add up to 1"),
        (("half_life_days = 365", "half_life_days = 0"), "above zero"),
        (('version = "6"', "version = "), "not TOML"),
        (("[ecosystem]", "[eco]"), "names 'eco', which is none of: version, default"),
        (("[types.api]", "[types.api]\nhalf_life = 3"), r"\[types.api\] names 'half_life'"),
        (("licence = 2", "license = 2"), "quality names 'license', which is none of: description"),
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
