"""DuckDB's bar of progress, which would be written to stdout, among the data."""

from __future__ import annotations

import duckdb


def without_progress_bar(connection: duckdb.DuckDBPyConnection) -> None:
    """Switch it off where it is on. In a notebook without ipywidgets it is off, and DuckDB refuses to hear of it."""
    ((is_on,),) = connection.execute("SELECT current_setting('enable_progress_bar')").fetchall()
    if is_on:
        connection.execute("SET enable_progress_bar = false")
