"""Parameters of analysts' queries: always bound by the engine, never pasted into the text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from graph.errors import WrongUse


def check_parameters(wanted: Iterable[str], given: Mapping[str, Any]) -> None:
    """Raise `WrongUse` if a parameter of the query has no value, or a value belongs to no parameter."""
    names = set(wanted)
    if missing := sorted(names - given.keys()):
        raise WrongUse(f"The query's parameters {', '.join(missing)} have no value. Give: --param {missing[0]}=VALUE")
    check_known(names, given)


def check_known(known: Iterable[str], given: Mapping[str, Any]) -> None:
    """Raise `WrongUse` if a value belongs to no parameter of the query."""
    names = set(known)
    if unknown := sorted(given.keys() - names):
        has = f"it has {', '.join(sorted(names))}" if names else "it has none"
        raise WrongUse(f"The query has no parameter {', '.join(unknown)}; {has}.")
