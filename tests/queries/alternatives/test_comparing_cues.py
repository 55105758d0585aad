"""Every cue announces the name behind it, with its kind; those that are known as well for other things ask for more."""

from __future__ import annotations

import pytest

from queries.alternatives.comparing_cues import CUES, OF_ONE, RIVAL_NOUNS
from queries.alternatives.references import references
from tests.queries.tables import Row, artifact, table


def found(text: str, *others: Row) -> list[tuple[str, bool]]:
    rows = [artifact("it", name="Its Own Name", description=text), *others]
    return [(each.name, each.replaces) for each in references(table("artifacts", rows)) if each.artifact_id == "it"]


@pytest.mark.parametrize("cue", CUES, ids=" ".join)
def test_a_name_behind_a_cue_is_found_with_its_kind(cue: tuple[str, ...]) -> None:
    text, kind = f"It is fast, {' '.join(cue)} Zapper.".replace(" .", "."), CUES[cue]
    if kind == "known":
        stated = artifact("other", name="Other", description="An alternative to Zapper.")
        assert found(text) == []
        assert [name for name, _ in found(text, stated)] == ["Zapper"]
    else:
        assert found(text) == [("Zapper", kind == "replaces")]


@pytest.mark.parametrize("noun", RIVAL_NOUNS)
def test_a_name_before_a_rival_is_replaced(noun: str) -> None:
    assert found(f"A small Zapper {noun}.") == [("Zapper", True)]


def test_what_is_forked_may_be_written_small() -> None:
    assert all(any(word in cue for cue in CUES) for word in OF_ONE)
    assert found("A fork of zapper-ng.") == [("zapper-ng", False)]
    assert found("It is fast, unlike zapper.") == []
