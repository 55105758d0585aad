"""Explanations for all doors: of what is named, or of a search; names of files go to the operator alone."""

from __future__ import annotations

from typing import Any

from graph.errors import WrongUse
from graph.ledger import Ledger
from graph.snapshot import Snapshot
from queries.answers.explain import explain
from queries.answers.explain_search import explain_search
from queries.answers.explained_rows import without_file_names
from queries.answers.source_names import NamedSources


def explained(
    snapshot: Snapshot, ledger: Ledger, *names: str | None, query: str | None = None, for_operator: bool = True
) -> dict[str, Any]:
    """Open the numbers of an artifact, of two, of a match edge (intent id and artifact), or of the hits of a query.

    Names that are None are not given. Raises `UnknownName` or `WrongUse`.
    """
    given = [name for name in names if name is not None]
    if bool(given) == (query is not None):
        raise WrongUse("Give an artifact, two artifacts, or an intent id and an artifact or capability; or a query.")
    if query is not None:
        found = explain_search(snapshot, query, ledger=ledger)
    else:
        found = explain(snapshot if for_operator else NamedSources(snapshot), *given, ledger=ledger)
    return found if for_operator else without_file_names(found)
