from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from queries.answers.compare import compare
from queries.answers.explain import explain
from queries.answers.show import show
from queries.answers.source_names import NamedSources
from tests.queries.rivals import rivals


def test_answers_from_named_sources_are_else_the_same() -> None:
    own = rivals()
    named = NamedSources(own)
    assert (named.id, named.now_us, named.manifest) == (own.id, own.now_us, own.manifest)
    assert (show(own, "roadseg").sources, show(named, "roadseg").sources) == (["a.jsonl"], ["a"])
    asked: list[tuple[Callable[..., Any], list[str]]] = [
        (show, ["roadseg"]),
        (explain, ["roadseg"]),
        (compare, ["roadseg", "cityseg"]),
    ]
    for answer, names in asked:
        with_files, without = (msgspec.json.encode(answer(each, *names)).decode() for each in (own, named))
        assert "a.jsonl" in with_files
        assert without == with_files.replace("a.jsonl", "a")
