"""Small files of lines that a command is given, plain or gzipped: queries, ids, corrections, judgments."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from graph.errors import BadInput

Line = TypeVar("Line")

_GZIP: Final = b"\x1f\x8b"


def lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file, ends of lines included. Raises `BadInput` where it cannot be read or is damaged."""
    try:
        with path.open("rb") as file:
            packed = file.read(len(_GZIP)) == _GZIP
            file.seek(0)
            yield from gzip.GzipFile(fileobj=file) if packed else file
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BadInput(f"{path} is damaged ({error}).") from error
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror or error}).") from error


def json_lines(path: Path, kind: type[Line], remedy: str) -> Iterator[tuple[int, Line]]:
    """Yield each line's number, from 1, and what it says; blank lines are skipped.

    Raises `BadInput` for the first line that is no `kind`: file, line, reason and `remedy`, a sentence.
    """
    decoder = msgspec.json.Decoder(kind)
    for number, line in enumerate(lines(path), start=1):
        if not line.strip():
            continue
        try:
            yield number, decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadInput(f"{path}, line {number}: {str(error).rstrip('.')}. {remedy}") from error
