from __future__ import annotations

import subprocess
import sys

import duckdb

from graph.progress_bar import without_progress_bar
from graph.snapshot import Snapshot

# What DuckDB looks at to know a notebook: a main module without a file, and the kernel's configuration.
NOTEBOOK = """
import sys
from types import ModuleType, SimpleNamespace
sys.modules["ipykernel"] = ModuleType("ipykernel")
sys.modules["IPython"] = ModuleType("IPython")
sys.modules["IPython"].get_ipython = lambda: SimpleNamespace(config={"IPKernelApp": {}})
"""
ASK = """
from pathlib import Path
from graph.projections.sql_views import open_sql
from graph.snapshot import Snapshot
print(open_sql(Snapshot(Path(sys.argv[1]))).sql("SELECT count(*) FROM graph.artifact").fetchall())
"""


def test_there_is_none_after_it() -> None:
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = true")
        without_progress_bar(connection)
        assert connection.sql("SELECT current_setting('enable_progress_bar')").fetchall() == [(False,)]


def test_the_graph_opens_in_a_notebook_without_ipywidgets(rich: Snapshot) -> None:
    run = [sys.executable, "-c", f"{NOTEBOOK}{ASK}", str(rich.path)]
    told = subprocess.run(run, capture_output=True, text=True, check=False)
    assert (told.stdout, told.stderr) == ("[(9,)]\n", "")


def test_duckdb_still_refuses_there() -> None:
    """Else `without_progress_bar` can go."""
    told = subprocess.run(
        [sys.executable, "-c", f"{NOTEBOOK}import duckdb; duckdb.connect().execute('SET enable_progress_bar = false')"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "ipywidgets" in told.stderr
