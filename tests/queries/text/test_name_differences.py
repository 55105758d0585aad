from __future__ import annotations

import pytest

from queries.text.capability_similarity import NAMES_DIFFER, SAME_CAPABILITY, capability_pairs
from queries.text.name_differences import Said, asks_for_many, differ
from queries.text.tokens import stem
from tests.queries.tables import capability, table


def said(name: str, description: str = "") -> Said:
    words = name.split()
    return Said(stem(words), asks_for_many(words), frozenset(stem(description.split())))


@pytest.mark.parametrize(
    ("a", "b", "different"),
    [
        (said("add permission"), said("remove permission"), True),
        (said("click"), said("frame click", "clicks inside a frame"), True),
        (said("get weather", "the current weather"), said("get current weather"), False),
        (said("list files"), said("get files"), False),
        (said("list files"), said("get file"), True),
        (said("delete files"), said("delete file"), False),
        (said("get status"), said("list status"), False),
        (said("file reading"), said("reading file"), False),
    ],
)
def test_names_differ_by_what_the_other_nowhere_says(a: Said, b: Said, different: bool) -> None:
    assert differ(a, b) is differ(b, a) is different


def test_opposites_are_no_pair_however_alike_their_texts() -> None:
    text = "changes what the owner of a project may do in it"
    names = ("api.Projects.add_permission_to_user", "api.Projects.remove_permission_from_user")
    rows = [capability(owner, name, description=text) for owner, name in zip("ab", names, strict=True)]
    assert capability_pairs(table("capabilities", rows)).num_rows == 0
    same = [capability(owner, names[0], description=text) for owner in "ab"]
    assert capability_pairs(table("capabilities", same))["similarity"].to_pylist() == [1.0]
    assert NAMES_DIFFER < SAME_CAPABILITY
