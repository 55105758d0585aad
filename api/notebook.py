"""Answers in a notebook: each shows itself, as the command line's page or as a table, and holds its data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec

from api.explaining import explained
from api.render.blocks import Block
from api.render.comparison import comparison_page
from api.render.explanation import explanation_page
from api.render.history import history_page
from api.render.html import html_blocks
from api.render.ranking import ranking_page
from api.render.related import related_page
from api.render.text import text_page
from graph.home import Home
from graph.ledger import Ledger
from graph.projections.query_budget import Budget
from graph.projections.query_result import QueryResult
from graph.projections.sparql_query import run_sparql
from graph.projections.sql_query import run_sql
from graph.rank_history import rank_history
from graph.saved_queries.catalogue import saved_query
from graph.saved_queries.running import run_saved_sql
from graph.snapshot import Snapshot
from queries.answers.alternatives import alternatives
from queries.answers.compare import compare
from queries.answers.constraints import ANYTHING, Constraints
from queries.answers.names import resolve_artifact
from queries.answers.ranks import rank_list

_NO_PARAMETERS: Final[Mapping[str, Any]] = {}
_NO_BUDGET: Final = Budget()


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
        self.home = Home(Path(home))
        self.snapshot = Snapshot.open(self.home)

    def compare(self, a: str, b: str) -> Shown:
        """Compare two artifacts given by id or name."""
        data = msgspec.to_builtins(compare(self.snapshot, a, b))
        return Shown(data, comparison_page(data))

    def rank(self, *, type: str | None = None, limit: int | None = 20) -> Shown:
        """List the artifacts by rank, of one type or of all."""
        data = msgspec.to_builtins(rank_list(self.snapshot, type=type, limit=limit))
        return Shown(data, ranking_page(data))

    def history(self, name: str) -> Shown:
        """Return the rank of one artifact in every snapshot, with the reason for each change."""
        data = msgspec.to_builtins(rank_history(self.home, resolve_artifact(self.snapshot, name)))
        return Shown(data, history_page(data))

    def alternatives(
        self,
        name: str,
        wanted: Constraints = ANYTHING,
        *,
        limit: int = 10,
        other_vendor: bool = False,
        diversity: float = 0.0,
    ) -> Shown:
        """List what to use instead of an artifact, and what was chosen together with it."""
        found = alternatives(self.snapshot, name, wanted, limit=limit, other_vendor=other_vendor, diversity=diversity)
        data = msgspec.to_builtins(found)
        return Shown(data, related_page(data))

    def sql(
        self, query: str, parameters: Mapping[str, Any] = _NO_PARAMETERS, budget: Budget = _NO_BUDGET
    ) -> QueryResult:
        """Run one SELECT, in which `$name` stands for a parameter; the answer is a table, and a frame in one call."""
        return run_sql(self.snapshot, query, parameters, budget)

    def sparql(
        self, query: str, parameters: Mapping[str, Any] = _NO_PARAMETERS, budget: Budget = _NO_BUDGET
    ) -> QueryResult:
        """Run one SPARQL query; parameters are values of its variables."""
        return run_sparql(self.snapshot, query, parameters, budget)

    def query(
        self, name: str, parameters: Mapping[str, Any] = _NO_PARAMETERS, budget: Budget = _NO_BUDGET
    ) -> QueryResult:
        """Run a saved query (`matchgraph queries list`); parameters that are not given have their defaults."""
        return run_saved_sql(self.snapshot, saved_query(name), parameters, budget)

    def explain(self, *names: str, query: str | None = None) -> Shown:
        """Open the numbers of an artifact, of a comparison of two, of a match edge, or of the hits of a `query`."""
        data = msgspec.to_builtins(explained(self.snapshot, Ledger.open(self.home), *names, query=query))
        return Shown(data, explanation_page(data))
