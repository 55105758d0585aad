"""Progress of long imports: rows, rate and time left, on one line that is written anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TextIO

QUIET_SECONDS: Final = 1.0
STEP_SECONDS: Final = 0.5


class Progress:
    """Tells how an import of one file goes, once it takes longer than a second.

    `clock` returns seconds; `stream` may be None for silence. On a terminal the line is overwritten, elsewhere a
    new line is written at most every ten seconds.
    """

    def __init__(self, stream: TextIO | None, clock: Callable[[], float], label: str, total_bytes: int) -> None:
        self._stream = stream
        self._clock = clock
        self._label = label
        self._total_bytes = total_bytes
        self._begun = clock()
        self._is_terminal = stream is not None and stream.isatty()
        self._next = self._begun + QUIET_SECONDS
        self._shown = False

    def at(self, rows: int, bytes_read: int) -> None:
        """Report the state if it is time to."""
        now = self._clock()
        if self._stream is None or now < self._next:
            return
        self._next = now + (STEP_SECONDS if self._is_terminal else 20 * STEP_SECONDS)
        self._shown = True
        line = self._line(rows, bytes_read, now - self._begun)
        self._stream.write(f"\r\x1b[2K{line}" if self._is_terminal else f"{line}\n")
        self._stream.flush()

    def _line(self, rows: int, bytes_read: int, seconds: float) -> str:
        share = min(bytes_read / self._total_bytes, 1.0) if self._total_bytes else 1.0
        left = f", {seconds * (1 - share) / share:,.0f} s left" if share > 0 else ""
        return f"{self._label}: {rows:,} rows, {rows / seconds:,.0f} rows/s, {100 * share:.0f} %{left}"

    def end(self) -> None:
        """Remove the line from a terminal."""
        if self._shown and self._is_terminal and self._stream is not None:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()
