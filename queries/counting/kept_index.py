"""What was seen of the log by the last run, kept for the next: all files that came since are what is new."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from queries.counting.engine import Engine, Frame
from queries.counting.kept_counts import KeptCounts
from queries.counting.seen_log import TABLES, Before, Seen

_LOG: Final = ("searches", "events")
_NOTES: Final = "log.json"


class KeptIndex:
    """Where what was seen is kept: one folder, replaced by every run that saw more."""

    def __init__(self, kept: KeptCounts, engine: Engine) -> None:
        """Use `kept`, if it lasts and the ledger's files are known."""
        self._kept = kept
        self._engine = engine
        self._files = {
            table: {"/".join(Path(file).parts[-2:]): file for file in kept.files_of(table)} for table in _LOG
        }
        self._name = kept.fingerprint_of("index")
        self._usable = kept.lasting and any(self._files.values())
        self._new = True

    def split(self, now_us: int) -> tuple[Frame, Frame, Before | None]:
        """Return the searches and the events that nobody saw yet, and what was seen before.

        Nothing was, if a file of then is gone or a row of then lies in the future of `now_us`.
        """
        found = self._kept.find(self._name) if self._usable else None
        notes: dict[str, Any] = {} if found is None else json.loads((found[0] / _NOTES).read_text("utf-8"))
        if found is None or notes["latest_us"] > now_us or any(set(notes[t]) - self._files[t].keys() for t in _LOG):
            return self._engine.table("searches"), self._engine.table("events"), None
        tables = {name: self._engine.load([found[0] / name]) for name in TABLES}
        seen = Seen(**tables, left_out=notes["left_out"], latest_us=notes["latest_us"])
        old, new = ([self._of(table, notes, seen=which) for table in _LOG] for which in (True, False))
        self._new = any(self._files[table].keys() - set(notes[table]) for table in _LOG)
        return new[0], new[1], Before(seen, old[0], old[1])

    def keep(self, seen: Seen) -> None:
        """Keep what was seen of all files, none of whose rows lie in the future."""
        if not self._usable or not self._new:
            return
        notes: dict[str, Any] = {table: sorted(files) for table, files in self._files.items()}
        notes |= {"left_out": dict(seen.left_out), "latest_us": seen.latest_us}
        with self._kept.making(self._name) as folder:
            for name in TABLES:
                self._engine.save(getattr(seen, name), folder / name)
            (folder / _NOTES).write_text(json.dumps(notes), "utf-8")
            self._kept.note(folder)
        self._kept.path(self._name)

    def _of(self, table: str, notes: dict[str, Any], *, seen: bool) -> Frame:
        names = set(notes[table])
        return self._engine.table(table, [file for name, file in self._files[table].items() if (name in names) == seen])
