from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.alternatives.comparing_cues import CUES
from queries.alternatives.references import references
from tests.queries.tables import Row, artifact, table


def found(*rows: Row) -> dict[str, list[tuple[str, bool]]]:
    names: dict[str, list[tuple[str, bool]]] = {}
    for each in references(table("artifacts", list(rows))):
        names.setdefault(each.artifact_id, []).append((each.name, each.replaces))
    return names


def names_in(text: str, *others: Row) -> list[str]:
    """Return the names in a text, in a catalogue in which "minimalist" and "cloud" are ordinary words."""
    plain = [artifact(key, description="minimalist, runs in the cloud, instead of all, fast") for key in ("o", "p")]
    rows = [artifact("it", name="Its Own Name", description=text), *plain, *others]
    return [name for name, _ in found(*rows).get("it", [])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("An alternative to Zapper.", ["Zapper"]),
        ("A replacement for Foto Cloud, Pixa and n9n", ["Foto Cloud", "Pixa", "n9n"]),
        ("Minimalist Plix/Jellyfish alternative to stream video.", ["Jellyfish", "Plix"]),
        ("Replaces Postbox, Dovecot with one daemon.", ["Dovecot", "Postbox"]),
        ("Finds files (fork of Finder Pro).", ["Finder Pro"]),
        ("Unlike the Walrus Database Engine, it is small", ["Walrus Database Engine"]),
        ("Two times faster than BigNet and cheaper", ["BigNet"]),
        ("A game inspired by Tale of Zolda, similar to Cubes 2", ["Cubes 2", "Tale of Zolda"]),
        ("Chat server, Slick vs Mattermast", ["Mattermast"]),
        ("Handy tools (fork of it-tools).", ["it-tools"]),
        ("A fork of several projects", []),
        ("Tunnels with nothing but a shell (servo/n-grok alternative).", ["n-grok", "servo"]),
        ("An automation tool like Zapper or Troy.", ["Troy", "Zapper"]),
        ("Works with platforms like Zapper and Troy.", []),
        ("Self-hosted Zapper alternative.", ["Zapper"]),
        ("Plugin for VS Code", []),
        ("Simple, fast alternative. Written in Go.", []),
        ("An alternative to paid services.", []),
        ("Unlike V2.0 it is small", []),
        ("A CMS alternative", []),
        ("Runs instead of you", []),
        ("", []),
    ],
)
def test_names_behind_and_before_cues(text: str, expected: list[str]) -> None:
    assert sorted(names_in(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Competes with Zapper and others.",
        "A tool competing against Zapper.",
        "Rivals Zapper in speed.",
        "Supersedes Zapper.",
        "A drop-in for Zapper.",
        "The Zapper killer.",
    ],
)
def test_ordinary_wordings_of_standing_in_for(text: str) -> None:
    assert found(artifact("a", description=text)) == {"a": [("Zapper", True)]}


@pytest.mark.parametrize(
    "text",
    [
        "Outperforms Zapper on long flows.",
        "In contrast to Zapper, it is free.",
        "As opposed to Zapper it runs offline.",
        "In comparison with Zapper it is small.",
        "Equivalent to Zapper, but for sounds.",
        "Superior to Zapper.",
        "Competitive with Zapper.",
        "Modelled after Zapper.",
        "Switch from Zapper in minutes.",
        "In contrast to Zapper-style flows it has loops.",
        "Outperforms the 175B Zapper.",
    ],
)
def test_ordinary_wordings_of_comparing(text: str) -> None:
    assert found(artifact("a", description=text)) == {"a": [("Zapper", False)]}


@pytest.mark.parametrize(
    "text",
    [
        "Choose it instead of Zapper.",
        "Rather than Zapper use this.",
        "More accurate than Zapper.",
        "Beats Zapper.",
        "Takes the place of Zapper.",
        "Whereas Zapper is closed, this is open.",
    ],
)
def test_wordings_behind_which_other_things_stand_need_a_known_name(text: str) -> None:
    assert names_in(text) == []
    assert names_in(text, artifact("z", name="Zapper")) == ["Zapper"]


@pytest.mark.parametrize(
    "text",
    ["Works with Zapper.", "A plugin for Zapper.", "Exports to Zapper.", "Based on Zapper.", "More than 10 Apps."],
)
def test_what_goes_with_a_product_is_no_rival_of_it(text: str) -> None:
    assert names_in(text, artifact("z", name="Zapper")) == []


def test_weak_cues_need_a_name_that_is_known() -> None:
    assert names_in("The open source Zapper, like Hopper") == []
    assert names_in("Zapper-like flows", artifact("z", name="Zapper")) == ["Zapper"]
    assert names_in("The open source Zapper, like Hopper", artifact("z", name="Zapper")) == ["Zapper"]
    states = artifact("x", description="An alternative to Hopper.")
    assert names_in("The open source Zapper, like Hopper", states) == ["Hopper"]


def test_replacing_is_more_than_comparing() -> None:
    assert found(artifact("a", description="Similar to Hopper. A Hopper replacement.")) == {"a": [("Hopper", True)]}
    assert found(artifact("a", description="Similar to Hopper.")) == {"a": [("Hopper", False)]}


@pytest.mark.parametrize("value", [["Zapper", "Foto Cloud"], "Zapper, Foto Cloud", "Zapper; Foto Cloud"])
def test_fields_of_the_row_state_it_outright(value: Any) -> None:
    row = artifact("a", extra=json.dumps({"alternative_to": value, "replaces": None, "competitors": 7}))
    assert found(row) == {"a": [("Foto Cloud", True), ("Zapper", True)]}


def test_its_own_name_is_no_reference() -> None:
    assert found(artifact("a", name="Acme/Zapper", description="Zapper alternative")) == {}


def test_ordinary_words_are_no_names() -> None:
    assert names_in("A Cloud alternative for teams") == []
    assert names_in("An alternative to Cloud.") == ["Cloud"]


@settings(max_examples=200, deadline=500)
@given(st.text(alphabet="aA1 .,/()-vsor'", max_size=200))
def test_any_text_is_read_in_reasonable_time(text: str) -> None:
    rows = [artifact("a", description=f"{text} alternative to {text} vs {text}")]
    assert isinstance(references(table("artifacts", rows)), list)
    assert references(pa.Table.from_pylist([], schema=table("artifacts", rows).schema)) == []


@pytest.mark.parametrize("cue", list(CUES), ids=" ".join)
def test_no_cue_is_passed_over(cue: tuple[str, ...]) -> None:
    assert names_in(f"It {' '.join(cue).replace(' .', '.')} Zapper.", artifact("z", name="Zapper")) == ["Zapper"]
