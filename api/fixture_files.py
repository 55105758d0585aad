"""Where the bundled example data lies: in `fixtures/` of a checkout, in `api/fixtures/` of an installed package."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from graph.errors import NothingThere

DEMO_FILES: Final = (
    "artifacts.jsonl",
    "capabilities.jsonl",
    "ubi_queries.jsonl",
    "ubi_events.jsonl",
    "outcomes.jsonl",
)
"""Catalogue, simulated search log and simulated outcomes, in the order in which the demo imports them."""


def fixtures_path() -> Path:
    """Return the folder of the example data; raises `NothingThere` if this installation has none."""
    here = Path(__file__).resolve().parent
    for folder in (here / "fixtures", here.parent / "fixtures"):
        if (folder / DEMO_FILES[0]).is_file():
            return folder
    raise NothingThere(
        f"The example data is neither in {here / 'fixtures'} nor in {here.parent}: reinstall matchgraph."
    )


def demo_paths() -> list[Path]:
    """Return the files that the demo imports."""
    folder = fixtures_path()
    return [folder / name for name in DEMO_FILES]
