"""From the spools into the ledger: through the border that all imports pass, each row once.

A file that is imported again, or in part and later as a whole, adds nothing: every search and event has its id.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from filelock import FileLock, Timeout

from api.feedback.spool import Spool, spool_path
from graph.home import Home
from ingest.load import ingest_paths, require_readable


def import_sealed(home: Home, spool: Spool, *, now_us: int) -> int:
    """Import what a running server has gathered so far, and delete it from its spool; return the number of rows."""
    with home.lock("spool"):
        return _import_and_delete(home, spool.seal(), now_us)


def import_closed(home: Home, spool: Spool, *, now_us: int) -> int:
    """Import all that is left of a server that ends, and give up its spool."""
    with home.lock("spool"):
        try:
            return _import_and_delete(home, spool.close(), now_us)
        finally:
            spool.release()


def import_spools(home: Home, *, now_us: int) -> int:
    """Import what all servers of this home have gathered, running and dead ones; return the number of new rows.

    Files of a running server stay: it imports them itself later, which then adds nothing.
    """
    if not spool_path(home).is_dir():
        return 0
    rows = 0
    with home.lock("spool"):
        for folder in sorted(path for path in spool_path(home).iterdir() if path.is_dir()):
            lock = FileLock(f"{folder}.lock", timeout=0)
            try:
                with lock:
                    rows += _import_and_delete(home, sorted(folder.glob("*.jsonl")), now_us)
                    rmtree(folder)
                    Path(lock.lock_file).unlink(missing_ok=True)
            except Timeout:
                rows += _import_copy(home, folder, now_us)
    return rows


def _import_and_delete(home: Home, files: Iterable[Path], now_us: int) -> int:
    rows = 0
    for file in files:
        rows += _import(home, file, now_us)
        file.unlink()
    return rows


def _import_copy(home: Home, folder: Path, now_us: int) -> int:
    """Import the whole lines of files that are still being written."""
    rows = 0
    home.create()
    with TemporaryDirectory(dir=home.scratch_path) as copies:
        for file in sorted(folder.glob("*.jsonl")):
            content = file.read_bytes()
            copy = Path(copies) / file.name
            copy.write_bytes(content[: content.rfind(b"\n") + 1])
            rows += _import(home, copy, now_us)
    return rows


def _import(home: Home, file: Path, now_us: int) -> int:
    if file.stat().st_size == 0:
        return 0
    kind = file.name.split(".")[1]
    # Searches are written by the server alone, addresses hashed; events may hold ids that applications chose.
    own = kind == "queries"
    report = ingest_paths(home, [file], format=f"ubi-{kind}", now_us=now_us, restores_pseudonyms=own)
    require_readable(report)
    return report.accepted
