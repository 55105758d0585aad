"""How much of the machine the job may take."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from graph.errors import WrongUse

_SIZE: Final = re.compile(r"[0-9]+(\.[0-9]+)? ?[KMGT]i?B", re.IGNORECASE)


@dataclass(frozen=True)
class Limits:
    """What an engine may take. Raises `WrongUse` for a size or a number that makes no sense.

    >>> Limits("2GB", threads=1)
    Limits(memory='2GB', threads=1)
    """

    memory: str | None = None
    """What it may hold before it spills to the home ("800MB", "4GB"); the engine's own default if None."""
    threads: int | None = None
    """How many threads it may use; all cores if None."""

    def __post_init__(self) -> None:
        if self.memory is not None and not _SIZE.fullmatch(self.memory):
            raise WrongUse(f"{self.memory!r} is no amount of memory. Write it as 800MB or 4GB.")
        if self.threads is not None and self.threads < 1:
            raise WrongUse(f"{self.threads} threads cannot do anything. Give at least one.")


UNLIMITED: Final = Limits()
