"""The snapshot that a running server answers from: opened beside the traffic, then exchanged by one assignment.

A request takes the snapshot once and keeps it to its end; the old one stays readable meanwhile. If the snapshot in
force cannot be opened, the last good one goes on answering, and where there is none every request learns why.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from graph.errors import DamagedHome, MatchgraphError
from graph.home import Home
from graph.snapshot import Snapshot, current_id
from queries.retrieval.matching import matcher_of

POLL_SECONDS = 0.5


class LiveSnapshot:
    """Follows the home's CURRENT in a thread of its own."""

    def __init__(self, home: Home, prepare: Callable[[Snapshot], None] = lambda _: None) -> None:
        """`prepare` is called with a snapshot before it is put to use."""
        self._home = home
        self._prepare = prepare
        self._snapshot: Snapshot | None = None
        self._error: MatchgraphError | None = None
        self._tried: str | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="live-snapshot", daemon=True)
        self.swaps = 0
        """How many snapshots were put to use."""

    def start(self) -> None:
        """Open the snapshot in force, if there is one, and follow it from now on."""
        self.renew()
        self._thread.start()

    def stop(self) -> None:
        """Stop following."""
        self._stop.set()
        self._thread.join()

    def get(self) -> Snapshot:
        """Return the snapshot to answer from; raises `NothingThere` or `DamagedHome` with what to do."""
        if self._snapshot is None:
            raise self._error or DamagedHome("The snapshot has not been opened yet.")
        return self._snapshot

    @property
    def serving(self) -> Snapshot | None:
        """The snapshot in use, or None."""
        return self._snapshot

    @property
    def error(self) -> MatchgraphError | None:
        """Why the snapshot in force is not the one in use; None if it is."""
        return self._error

    def renew(self) -> None:
        """Put the snapshot in force to use if it is another one. A failure is kept and tried again."""
        name = current_id(self._home)
        if name is not None and name == self._tried and self._error is None:
            return
        try:
            opened = self._opened()
        except MatchgraphError as error:
            self._error = error
        else:
            self._snapshot, self._error, self._tried = opened, None, name
            self.swaps += 1

    def _opened(self) -> Snapshot:
        """Open a snapshot with all that the first request would otherwise wait for."""
        opened = Snapshot.open(self._home)
        warm: tuple[Callable[[], object], ...] = (
            lambda: opened.manifest,
            lambda: opened.rows("artifacts", artifact_id=""),
            lambda: opened.table("artifacts"),
            lambda: matcher_of(opened).match("warm up", limit=1),
        )
        try:
            for step in warm:
                step()
        except MatchgraphError:
            raise
        except Exception as error:
            raise DamagedHome(
                f"{opened.path} cannot be read ({type(error).__name__}: {error}). "
                "Run: matchgraph doctor, then matchgraph recompute (or: matchgraph snapshots rollback)"
            ) from error
        self._prepare(opened)
        return opened

    def _follow(self) -> None:
        while not self._stop.wait(POLL_SECONDS):
            self.renew()
