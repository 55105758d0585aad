"""Errors of matchgraph. Each level is a decision that some caller makes.

MatchgraphError
├── WrongUse              the caller asked for something that does not exist or cannot be (exit code 2)
│   └── UnknownName       a name that is not in the graph; carries the nearest names
├── BadInput              the data given cannot be read (exit code 3)
├── NothingThere          the home holds no data or no snapshot yet (exit code 4)
├── DamagedHome           a file of the home is missing or was changed (exit code 3)
├── OtherLayout           the home was written by another version of matchgraph (exit code 3)
├── OverBudget            a query was stopped: it needed more time or memory than it may have (exit code 1)
├── DiskFull              a file could not be written whole, and none was left (exit code 1)
└── ServerTrouble         another program's server is away, or refuses (exit code 1)
"""

from __future__ import annotations

from collections.abc import Sequence


class MatchgraphError(Exception):
    """Root of all errors raised on purpose; `exit_code` is what the command line returns."""

    exit_code = 1


class WrongUse(MatchgraphError, ValueError):
    """The caller asked for something that does not exist or cannot be."""

    exit_code = 2


class UnknownName(WrongUse, LookupError):
    """No object of this name is in the graph; `candidates` holds the nearest names, best first."""

    def __init__(self, kind: str, name: str, candidates: Sequence[str] = ()) -> None:
        self.kind = kind
        self.name = name
        self.candidates = tuple(candidates)
        hint = f" Did you mean: {', '.join(self.candidates)}?" if self.candidates else ""
        super().__init__(f"No {kind} is called {name!r}.{hint}")


class BadInput(MatchgraphError, ValueError):
    """The data given cannot be read; the message names file, line, reason and remedy."""

    exit_code = 3


class DamagedHome(MatchgraphError):
    """A file of the home is missing or differs from its checksum."""

    exit_code = 3


class OtherLayout(MatchgraphError):
    """The home was written by a version of matchgraph whose tables are laid out differently."""

    exit_code = 3


class NothingThere(MatchgraphError):
    """The home holds no data, or no snapshot yet; the message says what to do."""

    exit_code = 4


class OverBudget(MatchgraphError):
    """A query was stopped because it needed more time or memory than it may have."""


class DiskFull(MatchgraphError):
    """There is no room for a file. What was there before it is still there."""


class ServerTrouble(MatchgraphError):
    """A server of another program cannot be reached, or does not do what is asked; the message says what to do."""
