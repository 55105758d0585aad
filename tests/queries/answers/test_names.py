from __future__ import annotations

import pytest

from graph.errors import UnknownName, WrongUse
from queries.answers.names import nearest_names, resolve_artifact, resolve_concept
from tests.queries.tables import MemorySnapshot, artifact, snapshot, table

SNAPSHOT = snapshot(
    [
        artifact("flux-1-pro", name="FLUX.1 Pro"),
        artifact("hf:acme/Net-B0", name="acme/Net-B0"),
        artifact("a-vs-b", name="This-vs-That"),
        artifact("twin-1", name="Twin"),
        artifact("twin-2", name="Twin"),
        artifact("Twin-1-b", name="twin 2"),
        artifact("unnamed", name=None),
    ]
)


@pytest.mark.parametrize(
    ("typed", "artifact_id"),
    [
        ("flux-1-pro", "flux-1-pro"),
        ("FLUX.1 Pro", "flux-1-pro"),
        ("flux.1 PRO", "flux-1-pro"),
        ("  Flux 1 / pro ", "flux-1-pro"),
        ("net-b0", "hf:acme/Net-B0"),
        ("A-VS-B", "a-vs-b"),
        ("this vs that", "a-vs-b"),
        ("UNNAMED", "unnamed"),
        ("twin-2", "twin-2"),
    ],
)
def test_a_name_is_found_by_id_then_name_then_case_then_letters(typed: str, artifact_id: str) -> None:
    assert resolve_artifact(SNAPSHOT, typed) == artifact_id


def test_two_artifacts_of_one_name_are_an_error_that_lists_them() -> None:
    with pytest.raises(WrongUse, match="twin-1, twin-2") as error:
        resolve_artifact(SNAPSHOT, "Twin")
    assert not isinstance(error.value, UnknownName)


@pytest.mark.parametrize(
    ("typed", "nearest"), [("flux", "FLUX.1 Pro"), ("FLUX 1 Prp", "FLUX.1 Pro"), ("net", "acme/Net-B0")]
)
def test_an_unknown_name_comes_with_the_nearest_never_a_swap(typed: str, nearest: str) -> None:
    with pytest.raises(UnknownName) as error:
        resolve_artifact(SNAPSHOT, typed)
    assert error.value.candidates[0] == nearest
    assert nearest in str(error.value)


@pytest.mark.parametrize("typed", ["", "  ", "...", "\u202e", "x" * 100_000])
def test_nonsense_is_unknown(typed: str) -> None:
    with pytest.raises(UnknownName):
        resolve_artifact(SNAPSHOT, typed)


def test_nearest_names_contain_the_words_before_they_resemble_them() -> None:
    assert nearest_names("red car", ["a red car", "red cat", "blue"]) == ["a red car", "red cat"]
    assert nearest_names("", ["a"]) == []


def test_a_concept_is_found_by_its_uri_its_end_and_an_alias() -> None:
    member = {"concept_uri": "capability://read-file", "label": "read file", "capability_id": "a/1"}
    alias = {"alias_uri": "capability://open-document", "concept_uri": "capability://read-file"}
    found = MemorySnapshot(
        {"concepts": table("concepts", [member]), "concept_aliases": table("concept_aliases", [alias])}
    )
    for typed in ("capability://read-file", "read-file", "open-document", "capability://open-document"):
        assert resolve_concept(found, typed) == "capability://read-file"
    with pytest.raises(UnknownName):
        resolve_concept(found, "capability://nothing")
