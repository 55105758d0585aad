"""Logs that say of themselves to be simulated: what comes from them must be labelled wherever it is shown."""

from __future__ import annotations

from typing import Final

import narwhals as nw

from queries.counting.engine import Engine

SIMULATED_MARK: Final = "simulat"
"""An application with this in its name says of itself that its log is simulated."""


def simulated_applications(engine: Engine) -> list[str]:
    """Return the applications whose log is simulated, by their own name, sorted."""
    named = engine.table("searches").select("application").unique()
    return sorted(engine.arrow(named.filter(is_simulated()))["application"].to_pylist())


def is_simulated() -> nw.Expr:
    """Say whether the log of a search says that it is simulated."""
    return nw.col("application").fill_null("").str.to_lowercase().str.contains(SIMULATED_MARK, literal=True)
