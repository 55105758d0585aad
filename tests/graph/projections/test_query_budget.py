"""What a query may take, beside the ends of queries that the tests of each language see."""

from __future__ import annotations

import subprocess
import sys

import pytest

TAKE = """
from graph.projections.query_budget import bound_growth
bound_growth(64)
print(len(bytearray(32 << 20)) >> 20)
try:
    bytearray(200 << 20)
except MemoryError:
    print("stopped")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such limit")
def test_a_process_grows_by_no_more_than_its_budget_whatever_its_libraries_have_reserved() -> None:
    told = subprocess.run([sys.executable, "-c", TAKE], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["32", "stopped"]
