"""Files that are there as a whole or not at all: a failure leaves the old one, or none."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from graph.errors import DiskFull

NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""The disk is full, the user's share of it is, or the largest size of a file is reached."""


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file by one rename, after its bytes have reached the disk. Raises as `whole_file` does."""
    with whole_file(path) as partial, partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a path beside `path` to write to; what lies there at the end takes its name, after an error it is gone.

    A device or a pipe (`/dev/stdout`) is written to itself: nothing may take its place. Raises `DiskFull` where there
    is no room.
    """
    replaceable = not path.exists() or path.is_file() or path.is_dir()
    partial = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.partial") if replaceable else path
    try:
        yield partial
        if partial != path:
            partial.replace(path)
    except OSError as error:
        if error.errno in NO_ROOM:
            reason = os.strerror(error.errno).lower()
            raise DiskFull(f"{path} cannot be written ({reason}). Make room, or write it elsewhere.") from error
        raise
    finally:
        if partial != path:
            partial.unlink(missing_ok=True)
