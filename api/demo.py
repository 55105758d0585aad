"""The demo: the main job on the bundled example data, from files to comparisons."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final, TextIO

import msgspec

from api.fixture_files import demo_paths
from graph.errors import WrongUse
from graph.home import Home
from graph.ledger import Ledger
from graph.snapshot import Snapshot
from ingest.load import IngestReport, ingest_paths, label_of
from queries.answers.alternatives import alternatives
from queries.answers.compare import compare
from queries.answers.ranks import rank_list
from queries.recompute import recompute

NOW_US: Final = 1_793_491_200_000_000
"""2026-11-01T00:00:00Z, just after the simulated log ends: every run of the demo gives the same answers."""
UNLIKE: Final = ("mask2former-swin-large-cityscapes-semantic", "FLUX.1 Pro")
"""Two models that do different things."""
RIVALS: Final = ("FLUX.1 Pro", "Stable Diffusion XL")
"""Two models that do the same thing."""
TOP: Final = 10


class DemoAnswers(msgspec.Struct, frozen=True):
    """What the demo shows. The answers are those of the commands of the same names."""

    home: str
    snapshot_id: str
    imported: IngestReport
    rank: Any
    alternatives: Any
    unlike: Any
    rivals: Any


def run_demo(home: Home, progress: TextIO | None = None) -> DemoAnswers:
    """Import the example data into a home, recompute, and ask the questions of the demo."""
    report = ingest_paths(home, demo_paths(), now_us=NOW_US, progress=progress)
    snapshot = recompute(home, now_us=NOW_US)
    return demo_answers(home, snapshot, report)


def demo_answers(home: Home, snapshot: Snapshot, report: IngestReport) -> DemoAnswers:
    """Ask the questions of the demo of a snapshot."""
    return DemoAnswers(
        home=str(home.path),
        snapshot_id=snapshot.id,
        imported=report,
        rank=rank_list(snapshot, limit=TOP),
        alternatives=alternatives(snapshot, UNLIKE[0]),
        unlike=compare(snapshot, *UNLIKE),
        rivals=compare(snapshot, *RIVALS),
    )


def home_for_demo(home: Home, named: bool) -> tuple[Home, str | None]:
    """Return the home to use, and what to tell about it: simulated searches must not mix with a user's own data.

    Raises `WrongUse` if the user named a home that holds other data; the default home is replaced by a temporary one.
    """
    if not holds_other_data(home):
        return home, None
    if named:
        raise WrongUse(
            f"{home.path} holds other data; the demo's simulated log would mix with it. Name an empty folder."
        )
    other = Home(Path(mkdtemp(prefix="matchgraph-demo-")))
    return other, f"{home.path} holds other data; the demo uses {other.path} instead."


def holds_other_data(home: Home) -> bool:
    """Say whether anything but the demo's own files was imported."""
    if not home.has_ledger:
        return False
    ours = {label_of(path) for path in demo_paths()}
    return bool(set(Ledger.open(home).arrow("sources", ["source"])["source"].to_pylist()) - ours)
