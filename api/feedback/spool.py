"""The spool: where served searches and reported events are safe before they are in the ledger.

Each server process has a folder `spool/<name>/` in the home and adds lines to two files there, in the form of User
Behavior Insights. A thread writes whatever has gathered since its last turn and flushes it to the disk once for all
(group commit); only then is anybody told that his event is stored. From time to time the files are sealed, that is,
new ones are begun, and the sealed ones are imported and deleted.

`spool/<name>.lock` is held while the process lives. The system frees it when the process dies, however it dies.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import threading
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import Final, Literal

from filelock import FileLock

from graph.home import Home

Kind = Literal["queries", "events"]
KINDS: Final[tuple[Kind, ...]] = ("queries", "events")
MAX_WAITING_BYTES: Final = 64 << 20
GATHERING_SECONDS: Final = 0.05
"""What nobody waits for is gathered for so long: a flush costs the same for one search and for a hundred."""


class SpoolFull(Exception):
    """More waits to be written than the disk takes."""


class SpoolBroken(Exception):
    """The disk refused what was to be stored."""


@dataclass
class _Waiting:
    """What has gathered for the next turn of the writer."""

    lines: dict[Kind, list[bytes]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    told: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = field(default_factory=list)
    size: int = 0
    seal: threading.Event | None = None


def spool_path(home: Home) -> Path:
    """Return the folder of all spools of a home."""
    return home.path / "spool"


class Spool:
    """The spool of one process."""

    def __init__(self, home: Home) -> None:
        name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self.path = spool_path(home) / name
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = FileLock(f"{self.path}.lock", thread_local=False)
        self._lock.acquire()  # before the folder is there: a folder without a lock belongs to nobody
        self.path.mkdir(mode=0o700)
        self._number = 1
        self._files: dict[Kind, FileIO] = {}
        self._waiting = _Waiting()
        self._turn = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._write_on, name="spool", daemon=True)
        self._thread.start()

    def add(self, kind: Kind, lines: bytes) -> None:
        """Have whole lines written soon. Raises `SpoolFull`."""
        with self._turn:
            first = not self._waiting.size
            self._gather(kind, lines)
            if first:
                self._turn.notify()

    async def store(self, kind: Kind, lines: bytes) -> None:
        """Have lines written, and return when they and all added before are on the disk.

        Raises `SpoolFull` or `SpoolBroken`; they may have been stored none the less then.
        """
        loop = asyncio.get_running_loop()
        stored: asyncio.Future[None] = loop.create_future()
        with self._turn:
            self._gather(kind, lines)
            self._waiting.told.append((loop, stored))
            self._turn.notify()
        await stored

    def seal(self) -> list[Path]:
        """Begin new files; return the sealed ones."""
        sealed = threading.Event()
        with self._turn:
            if not self._closing:
                self._waiting.seal = sealed
                self._turn.notify()
            else:
                sealed.set()
        sealed.wait()
        return [path for path in sorted(self.path.glob("*.jsonl")) if int(path.name.split(".")[0]) < self._number]

    def close(self) -> list[Path]:
        """Write everything that waits, end the thread, and return all files. The lock is kept until `release`."""
        with self._turn:
            self._closing = True
            self._turn.notify()
        self._thread.join()
        return sorted(self.path.glob("*.jsonl"))

    def release(self) -> None:
        """Give up the spool: what is left in it is for others to import."""
        if not any(self.path.iterdir()):
            self.path.rmdir()
            Path(self._lock.lock_file).unlink(missing_ok=True)
        self._lock.release()

    def _gather(self, kind: Kind, lines: bytes) -> None:
        if self._closing:
            raise SpoolBroken("the server is shutting down")
        if self._waiting.size + len(lines) > MAX_WAITING_BYTES:
            raise SpoolFull
        self._waiting.lines[kind].append(lines)
        self._waiting.size += len(lines)

    def _write_on(self) -> None:
        while True:
            with self._turn:
                while not (self._waiting.size or self._waiting.told or self._waiting.seal or self._closing):
                    self._turn.wait()
                self._turn.wait_for(self._is_pressing, GATHERING_SECONDS)
                work, self._waiting = self._waiting, _Waiting()
                ending = self._closing
            error = self._write(work)
            for loop, stored in work.told:
                loop.call_soon_threadsafe(_tell, stored, error)
            if work.seal is not None:
                self._close_files()
                self._number += 1
                work.seal.set()
            if ending:
                self._close_files()
                return

    def _is_pressing(self) -> bool:
        """Say whether somebody waits for what is written."""
        return bool(self._waiting.told or self._waiting.seal or self._closing)

    def _write(self, work: _Waiting) -> SpoolBroken | None:
        try:
            for kind in KINDS:  # searches first: an event never lies on the disk without its search
                if work.lines[kind]:
                    file = self._file(kind)
                    _write_all(file, b"".join(work.lines[kind]))
                    os.fsync(file.fileno())
        except OSError as error:
            self._close_files()
            self._number += 1  # what follows must not continue half a line
            return SpoolBroken(f"the spool cannot be written ({error.strerror or error})")
        return None

    def _file(self, kind: Kind) -> FileIO:
        if kind not in self._files:
            path = self.path / f"{self._number:08d}.{kind}.jsonl"
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            self._files[kind] = FileIO(descriptor, "wb")
            _flush_folder(self.path)
        return self._files[kind]

    def _close_files(self) -> None:
        for file in self._files.values():
            file.close()
        self._files.clear()


def _write_all(file: FileIO, lines: bytes) -> None:
    """Write to the last byte: a disk that is nearly full takes a part without an error."""
    rest = memoryview(lines)
    while rest:
        rest = rest[file.write(rest) :]


def _tell(stored: asyncio.Future[None], error: SpoolBroken | None) -> None:
    if stored.done():  # whoever waited has left
        return
    if error is None:
        stored.set_result(None)
    else:
        stored.set_exception(error)


def _flush_folder(path: Path) -> None:
    """Make the names of new files durable; their content alone would not be found after a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
