"""What one call of the command line knows from the options that every command takes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from graph.home import Home
    from graph.snapshot import Snapshot

DEFAULT_HOME: Final = Path("matchgraph-data")


@dataclass
class Session:
    """Home folder and error display; set by the options before and after the command, the later ones win."""

    home_path: Path = DEFAULT_HOME
    home_was_named: bool = False
    """Whether the user chose the home, by option or by MATCHGRAPH_HOME."""
    debug: bool = False

    @property
    def home(self) -> Home:
        """The home; nothing is created by asking for it."""
        from graph.home import Home

        return Home(self.home_path)

    def snapshot(self, snapshot_id: str | None = None) -> Snapshot:
        """Open a snapshot, by default the one in force; raises `NothingThere` with what to do, `UnknownName`."""
        from graph.snapshot import Snapshot

        return Snapshot.open(self.home, snapshot_id)


pass_session = click.make_pass_decorator(Session, ensure=True)
