"""Importing files into the ledger: each file wholly or not at all, each row once, nothing lost."""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TextIO

import msgspec
import pyarrow as pa

from graph.appending import AppendCount
from graph.errors import BadInput, WrongUse
from graph.home import Home
from graph.importing import Import, importing
from graph.keys import stable_key
from graph.schemas import SOURCES
from graph.vocabulary import ACTORS
from ingest.border.canonical import Canonicaliser
from ingest.files.contract import Chunk, Note, Reader, Rejection, StartAgain
from ingest.files.source import Source
from ingest.imported_files import ImportedFiles, KnownFile
from ingest.progress import Progress
from ingest.quarantine_rows import QuarantineWriter
from ingest.registry import reader, recognise

MAX_NOTES: Final = 50
ERASED_TEXT: Final = "A row of a client that was erased was left out."


class NoteCount(msgspec.Struct, frozen=True):
    """A remark about a file and how often it applies."""

    code: str
    text: str
    count: int


class FileReport(msgspec.Struct):
    """What became of one file. accepted + duplicates + quarantined + erased = rows read."""

    path: str
    format: str | None
    accepted: int = 0
    duplicates: int = 0
    quarantined: int = 0
    notes: list[NoteCount] = []
    error: str | None = None
    """Why nothing of the file could be read; None if it was read."""
    erased: int = 0
    """Rows that were left out because their client was erased."""


class IngestReport(msgspec.Struct):
    """What became of all files of one call."""

    files: list[FileReport]
    accepted: int
    duplicates: int
    quarantined: int


def ingest_paths(
    home: Home,
    paths: Sequence[Path],
    *,
    format: str | None = None,
    now_us: int,
    actor: str | None = None,
    progress: TextIO | None = None,
    restores_pseudonyms: bool = False,
) -> IngestReport:
    """Import files, and all files below folders, into the home's ledger.

    `format`: name of a reader, instead of recognising each file by its content. `now_us`: the time of the import.
    `actor`: who acted where a log does not say (human, agent or bot; human if None). `progress`: where to tell
    about files that take longer than a second. `restores_pseudonyms`: this program wrote the files, with keyed hashes
    in the place of addresses already; they are taken as they stand. Files named directly that cannot be read have an
    `error` in their report; files of a folder that no reader recognises are left out with a note.
    """
    if actor is not None and actor not in ACTORS:
        raise WrongUse(f"No actor is called {actor!r}. Actors: {', '.join(ACTORS)}.")
    chosen = reader(format) if format is not None else None
    importer = _Importer(home, now_us, actor or "human", progress, restores_pseudonyms=restores_pseudonyms)
    files = [importer.file(path, chosen, named=named) for path, named in _expanded(paths)]
    return IngestReport(
        files,
        accepted=sum(file.accepted for file in files),
        duplicates=sum(file.duplicates for file in files),
        quarantined=sum(file.quarantined for file in files),
    )


def _expanded(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """Yield every file, and whether it was named itself; the files of a folder in the order of their names."""
    for path in paths:
        if path.is_dir():
            for below in sorted(path.rglob("*")):
                if below.is_file() and not any(part.startswith(".") for part in below.relative_to(path).parts):
                    yield below, False
        else:
            yield path, True


class _Importer:
    def __init__(
        self, home: Home, now_us: int, actor: str, progress: TextIO | None, *, restores_pseudonyms: bool
    ) -> None:
        self._home = home
        self._restores = restores_pseudonyms
        self._now_us = now_us
        self._actor = actor
        self._progress = progress
        self._imported = ImportedFiles(home)

    def file(self, path: Path, chosen: Reader | None, *, named: bool) -> FileReport:
        source = Source(path, label_of(path))
        try:
            found = chosen or recognise(source.head())
            if found is None:
                return _unrecognised(path, named=named)
            return self._import(source, found)
        except OSError as error:
            return FileReport(str(path), None, error=f"{path} cannot be read: {error.strerror or error}.")

    def _import(self, source: Source, found: Reader) -> FileReport:
        import_hash = sha256(f"{source.sha256()}\n{found.name}\n{self._actor}".encode()).hexdigest()
        known = self._imported.known(import_hash)
        if known is not None:
            return _repeated(source, known)
        progress = Progress(self._progress, time.monotonic, source.label, source.bytes_on_disk)
        with importing(self._home, import_hash) as started:
            rows = ImportedRows(
                self._home, source.label, found.name, self._now_us, self._actor, restores_pseudonyms=self._restores
            )
            with _without_cycle_collection(), _memory_kept():
                rows.take(found.read(source), started, lambda count: progress.at(count, source.meter.bytes_read))
            progress.end()
            with self._home.lock("ledger"):
                known = self._imported.known_now(import_hash)
                if known is not None:  # another process was quicker
                    started.discard()
                    return _repeated(source, known)
                counts = started.commit()
                report = rows.report(str(source.path), found.name, counts)
                row = _source_row(source.label, report, import_hash, self._now_us)
                started.append("sources", pa.RecordBatch.from_pylist([row], schema=SOURCES))
                started.commit()
                self._imported.add(row)
        return report


@contextmanager
def _without_cycle_collection() -> Iterator[None]:
    """Rows are millions of short-lived objects without cycles: looking for cycles among them costs 5 % of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def _memory_kept() -> Iterator[None]:
    """Arrow's usual allocator gives memory back at once and asks for it again, a tenth of the time; jemalloc waits."""
    before = pa.default_memory_pool()
    if "jemalloc" in pa.supported_memory_backends():
        pa.set_memory_pool(pa.jemalloc_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(before)


class ImportedRows:
    """The rows of one file on their way into an import, counted."""

    def __init__(
        self,
        home: Home,
        label: str,
        format_name: str,
        now_us: int,
        actor: str,
        *,
        restores_pseudonyms: bool = False,
    ) -> None:
        secret = home.secret(create=True)
        self._canonical = Canonicaliser(
            secret=secret, label=label, now_us=now_us, actor=actor, restores_pseudonyms=restores_pseudonyms
        )
        self._quarantine = QuarantineWriter(
            secret=secret, label=label, format_name=format_name, now_us=now_us, actor=actor
        )
        self._notes: Counter[Note] = Counter()
        self.good = 0
        self.bad = 0

    def take(self, items: Iterable[object], started: Import, tell: Callable[[int], None]) -> None:
        """Give everything that a reader yields to the import."""
        for item in items:
            if isinstance(item, Note):
                self._notes[item] += 1
            elif isinstance(item, Rejection):
                self._refuse([item], started)
            elif isinstance(item, StartAgain):
                started.discard()
                self._notes.clear()
                self.good = self.bad = 0
            elif isinstance(item, Chunk):
                canonical = self._canonical.canonical(item)
                if canonical.batch.num_rows + len(canonical.rejections) != len(item):
                    raise AssertionError(f"rows were lost: {len(item)} read, {canonical.batch.num_rows} accepted")
                self._notes.update(canonical.notes)
                self._refuse(canonical.rejections, started)
                started.append(item.table, canonical.batch)
                self.good += canonical.batch.num_rows
            tell(self.good + self.bad)

    def _refuse(self, rejections: Sequence[Rejection], started: Import) -> None:
        if rejections:
            started.append("quarantine", self._quarantine.batch(rejections))
            self.bad += len(rejections)

    def report(self, path: str, format_name: str, counts: dict[str, AppendCount]) -> FileReport:
        """Return the counts after the commit."""
        tables = [count for table, count in counts.items() if table != "quarantine"]
        accepted = sum(count.accepted for count in tables)
        duplicates = sum(count.duplicates for count in tables)
        erased = sum(count.erased for count in tables)
        if accepted + duplicates + erased != self.good:
            raise AssertionError(f"rows were lost: {self.good} good rows, {accepted} new and {duplicates} known")
        refused_but_erased = counts["quarantine"].erased if "quarantine" in counts else 0
        erased += refused_but_erased
        notes = [NoteCount(note.code, note.text, count) for note, count in self._notes.items()]
        if erased:
            notes.insert(0, NoteCount("erased-client", ERASED_TEXT, erased))
        if len(notes) > MAX_NOTES:
            rest = sum(note.count for note in notes[MAX_NOTES:])
            notes = [*notes[:MAX_NOTES], NoteCount("more-notes", "further remarks are left out", rest)]
        quarantined = self.bad - refused_but_erased
        return FileReport(path, format_name, accepted, duplicates, quarantined, notes, erased=erased)


def label_of(path: Path) -> str:
    """Return the name under which a file's rows are kept: its folder's name and its own."""
    resolved = path.resolve()
    return f"{resolved.parent.name}/{resolved.name}" if resolved.parent.name else resolved.name


def _repeated(source: Source, known: KnownFile) -> FileReport:
    note = NoteCount("imported-before", "The file was imported before; nothing was added.", 1)
    return FileReport(str(source.path), known.format, 0, known.duplicates, known.quarantined, [note])


def _unrecognised(path: Path, *, named: bool) -> FileReport:
    if not named:
        note = NoteCount("not-recognised", "The file has none of the known formats and was left out.", 1)
        return FileReport(str(path), None, notes=[note])
    reason = "is empty" if path.stat().st_size == 0 else "has none of the known formats"
    return FileReport(str(path), None, error=f"{path} {reason}. Name its format with --format if it has one.")


def _source_row(label: str, report: FileReport, import_hash: str, now_us: int) -> dict[str, Any]:
    return {
        "file_hash": import_hash,
        "format": report.format,
        "rows": report.accepted + report.duplicates + report.quarantined,
        "accepted": report.accepted,
        "duplicates": report.duplicates,
        "quarantined": report.quarantined,
        "notes": msgspec.json.encode(report.notes).decode(),
        "source": label,
        "source_row": 0,
        "content_hash": stable_key("source", import_hash),
        "ingested_at": now_us,
    }


def require_readable(report: IngestReport) -> None:
    """Raise `BadInput` with all reasons if a file of the report could not be read at all."""
    errors = [file.error for file in report.files if file.error is not None]
    if errors:
        raise BadInput("\n".join(errors))
