from __future__ import annotations

import json
from typing import Any

import pytest

from queries.retrieval.hosting import hosting


@pytest.mark.parametrize(
    ("extra", "tags", "found"),
    [
        ({"hosting": "Self-Hosted, SaaS"}, None, {"self-hosted", "cloud"}),
        ({"deployment": ["on-prem", "edge"]}, None, {"self-hosted", "edge"}),
        ({"self_hosted": True, "cloud": False}, None, {"self-hosted"}),
        ({"platforms": ["Python", "Docker"]}, None, {"self-hosted"}),
        ({"hosting": 7, "platforms": None}, ["managed"], {"cloud"}),
        ({"hosting": " "}, ["chat"], set()),
        ({}, None, set()),
    ],
)
def test_only_what_is_stated_counts(extra: dict[str, Any], tags: list[str] | None, found: set[str]) -> None:
    assert hosting({"extra": json.dumps(extra) if extra else None, "tags": tags}) == found
