"""Answers in a notebook: each shows itself as the page that the command line writes, and holds its data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from api.render.blocks import Block
from api.render.comparison import comparison_page
from api.render.explanation import explanation_page
from api.render.html import html_blocks
from api.render.ranking import ranking_page
from api.render.text import text_page
from graph.home import Home
from graph.snapshot import Snapshot
from queries.answers.compare import compare
from queries.answers.explain import explain
from queries.answers.ranks import rank_list


@dataclass(frozen=True)
class Shown:
    """An answer with its page."""

    data: Any
    """The answer as JSON-like data, with the keys of `--json`."""
    page: Sequence[Block] = field(repr=False)

    def _repr_html_(self) -> str:
        """Return the page for a notebook: a fragment, everything from data escaped."""
        return html_blocks(self.page)

    def __str__(self) -> str:
        return text_page(self.page)


class Notebook:
    """The snapshot in force of a home, asked from a notebook. Open a new one to see a later snapshot."""

    def __init__(self, home: str | Path) -> None:
        """Open a home; raises `NothingThere` if it has no snapshot yet."""
        self.snapshot = Snapshot.open(Home(Path(home)))

    def compare(self, a: str, b: str) -> Shown:
        """Compare two artifacts given by id or name."""
        data = msgspec.to_builtins(compare(self.snapshot, a, b))
        return Shown(data, comparison_page(data))

    def rank(self, *, type: str | None = None, limit: int | None = 20) -> Shown:
        """List the artifacts by rank, of one type or of all."""
        data = msgspec.to_builtins(rank_list(self.snapshot, type=type, limit=limit))
        return Shown(data, ranking_page(data))

    def explain(self, *names: str) -> Shown:
        """Open the numbers of an artifact, of a comparison of two, or of a match edge."""
        data = msgspec.to_builtins(explain(self.snapshot, *names))
        return Shown(data, explanation_page(data))
