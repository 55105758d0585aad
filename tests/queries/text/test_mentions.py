from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.text.mentions import Mention, NameFinder, mentions, written_words
from tests.queries.tables import Row, artifact, capability, table


def named(text: str, *names: str, compares: bool = False, others: str = "") -> list[str]:
    """Ids (= names) found in a text; `others` is what two other artifacts write."""
    finder = NameFinder({name: name for name in names}, [("x", others), ("y", others)])
    return list(finder.find(text, compares=compares))


def test_a_name_is_found_whatever_its_case_and_signs() -> None:
    assert named("like flux.1-pro does", "FLUX.1 Pro") == ["FLUX.1 Pro"]
    assert named("the deeplab v3 line", "DeepLabV3+") == []


def test_part_of_a_word_is_no_name() -> None:
    assert named("Whisperer and Whispering", "Whisper") == []


def test_the_longest_name_wins() -> None:
    assert named("Stable Diffusion XL Turbo", "Stable Diffusion", "Stable Diffusion XL") == ["Stable Diffusion XL"]


@pytest.mark.parametrize(("text", "expected"), [("Fetch a page, then fetch more", []), ("we fetch pages", [])])
def test_an_ordinary_word_is_no_name(text: str, expected: list[str]) -> None:
    assert named(text, "Fetch", others="they fetch things") == expected


def test_names_of_ordinary_words_must_be_written_so() -> None:
    others = "sequential thinking"
    assert named("do sequential thinking first", "Sequential Thinking", others=others) == []
    assert named("the Sequential Thinking server", "Sequential Thinking", others=others) == ["Sequential Thinking"]
    assert named("semantic segmentation", "semantic-segmentation", others="semantic segmentation") == []


def test_a_short_name_counts_in_comparisons_only() -> None:
    assert named("Mask2Former is larger", "Mask2Former-Swin-Large") == []
    assert named("larger than Mask2Former", "Mask2Former-Swin-Large", compares=True) == ["Mask2Former-Swin-Large"]


def test_a_short_name_of_two_artifacts_names_neither() -> None:
    assert named("than SegFormer", "SegFormer B0", "SegFormer B5", compares=True) == []


def test_a_name_that_names_of_one_thing_bear_is_that_thing() -> None:
    names = {"a-copy": "PaintBox", "box": "PaintBox", "box-2": "Paint Box Studio"}
    assert list(NameFinder(names, []).find("the PaintBox", compares=False)) == []
    one = dict.fromkeys(names, "box")
    found = NameFinder(names, [], one)
    assert [list(found.find(text, compares=False)) for text in ("the PaintBox", "a Paint Box Studio")] == [["box"]] * 2
    rows = [artifact("a-copy", name="PaintBox", description="PaintBox again."), artifact("box", name="PaintBox")]
    rows.append(artifact("other", name="Other", description="Like PaintBox."))
    tables = table("artifacts", rows), table("capabilities", [])
    assert mentions(*tables) == []
    assert [(each.artifact_id, each.other_id) for each in mentions(*tables, one)] == [("other", "box")]


def test_the_last_part_of_an_owner_and_name_is_enough() -> None:
    assert named("based on vit-gpt2-coco", "acme/vit-gpt2-coco") == ["acme/vit-gpt2-coco"]


def catalogue(*rows: Row, capabilities: list[Row] | None = None) -> list[Mention]:
    return mentions(table("artifacts", list(rows)), table("capabilities", capabilities or []))


def test_mentions_say_who_names_whom_and_whether_it_compares() -> None:
    found = catalogue(
        artifact("seg", name="RoadSeg", description="Built on CityNet data. Unlike PaintBox it labels pixels."),
        artifact("net", name="CityNet"),
        artifact("paint", name="PaintBox"),
    )
    assert found == [
        Mention("seg", "net", False, "Built on CityNet data."),
        Mention("seg", "paint", True, "Unlike PaintBox it labels pixels."),
    ]


def test_the_field_for_rivals_always_compares() -> None:
    capabilities = [capability("seg", "labels", vs_alternatives="PaintBox cannot do this.")]
    found = catalogue(artifact("seg"), artifact("paint", name="PaintBox"), capabilities=capabilities)
    assert [(each.other_id, each.compares) for each in found] == [("paint", True)]


@pytest.mark.parametrize(
    ("sentence", "compares"),
    [
        ("PaintBox is a good partner for making the mask.", False),
        ("It works well with PaintBox.", False),
        ("Compared with PaintBox it works with any editor.", True),
    ],
)
def test_in_the_field_for_rivals_a_partner_is_no_rival(sentence: str, compares: bool) -> None:
    capabilities = [capability("seg", "labels", vs_alternatives=sentence)]
    found = catalogue(artifact("seg"), artifact("paint", name="PaintBox"), capabilities=capabilities)
    assert [(each.other_id, each.compares) for each in found] == [("paint", compares)]


@pytest.mark.parametrize(
    ("sentence", "compares"),
    [
        ("Competes with PaintBox.", True),
        ("Outperforms PaintBox.", True),
        ("In contrast to PaintBox it is free.", True),
        ("Switch from PaintBox in minutes.", True),
        ("Compare it with PaintBox.", True),
        ("Exports to PaintBox, where you compare prices.", False),
        ("A plugin for PaintBox.", False),
    ],
)
def test_a_description_compares_in_ordinary_words(sentence: str, compares: bool) -> None:
    found = catalogue(artifact("seg", description=sentence), artifact("paint", name="PaintBox"))
    assert [(each.other_id, each.compares) for each in found] == [("paint", compares)]


def test_nobody_names_himself() -> None:
    assert catalogue(artifact("a", name="RoadSeg", description="RoadSeg is better than RoadSeg.")) == []


def test_the_order_of_rows_does_not_matter() -> None:
    rows = [
        artifact(str(n), name=f"Tool{n}X", description=f"Works with Tool{(n + 1) % 4}X and Tool{(n + 2) % 4}X.")
        for n in range(4)
    ]
    assert catalogue(*rows) == catalogue(*reversed(rows))
    assert len(catalogue(*rows)) == 8


@given(st.text(alphabet="aZ9 .+#_-\té必İ\n", max_size=12))
def test_words_of_plain_texts_are_those_of_the_pattern(text: str) -> None:
    assert written_words(text) == re.findall(r"[^\W_]+\+*", text)
