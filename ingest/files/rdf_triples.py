"""RDF documents (Turtle, N-Triples, JSON-LD) as triples, each with its line; what is wrong costs one statement.

Nothing is fetched: `owl:imports` is a triple like any other, and a JSON-LD context that stands elsewhere is refused,
but for schema.org's, whose meaning is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any, Final, TypeAlias, cast

import msgspec
from pyoxigraph import Quad, RdfFormat, Triple, parse

from ingest.files.contract import Rejection
from ingest.files.json_rows import why_not_json
from ingest.files.text_lines import refused

Numbered: TypeAlias = tuple[int, Triple | Quad]
"""A triple and the line (from 1) where it ends; of JSON-LD the line is always 1."""

_STATEMENT: Final = "Correct it. What was read of the sentence before this place is in, the rest of it is left out."
_JSON: Final = re.compile(r"\s*(?:\{|\[\s*[{\[])")  # Turtle can begin with [ as well
_SCHEMA_ORG: Final = re.compile(r"https?://(?:www\.)?schema\.org(?:/|/docs/jsonldcontext\.json(?:ld)?)?")
_SCHEMA_ORG_CONTEXT: Final = {
    "@vocab": "https://schema.org/", "schema": "https://schema.org/", "id": "@id", "type": "@type",
}  # fmt: skip


def is_json_ld(text: str) -> bool:
    """Say whether a document of RDF is JSON rather than Turtle, of which N-Triples is a part."""
    return _JSON.match(text) is not None


def triples(text: str, base: str) -> Iterator[Numbered | Rejection]:
    """Yield the triples of a document in order, and a rejection for each line where something cannot be read.

    `base`: IRI against which relative ones are resolved where the document names no base. Names of graphs are left out.
    """
    if not is_json_ld(text):
        yield from _parsed(_LineByLine(text.encode()), RdfFormat.TURTLE, base)
        return
    try:
        document = msgspec.json.decode(text)
    except (ValueError, RecursionError) as error:
        found = why_not_json(text.encode(), error)
        yield refused(1, found.code, found.reason, found.remedy, text.encode())
        return
    try:
        local = _with_local_contexts(document)
    except _RemoteContext as error:
        yield _remote(text, error.address)
        return
    yield from _parsed(_LineByLine(msgspec.json.encode(local)), RdfFormat.JSON_LD, base)


class _LineByLine:
    """A text that a parser gets in lines, so that it is known how far it has come; long ones in parts of its size."""

    def __init__(self, text: bytes) -> None:
        self.lines = text.split(b"\n")
        self.taken = 0
        self._left = memoryview(b"")

    def read(self, size: int) -> bytes:
        """Return the next line with its end or `size` bytes of it, nothing after the last; the parser dies of more."""
        if not self._left and self.taken < len(self.lines):
            self._left = memoryview(self.lines[self.taken] + b"\n")
            self.taken += 1
        part, self._left = self._left[:size], self._left[size:]
        return bytes(part)


def _parsed(file: _LineByLine, syntax: RdfFormat, base: str) -> Iterator[Numbered | Rejection]:
    """Parse on behind each error; the parser finds the next sentence itself."""
    found = parse(cast(IO[bytes], file), format=syntax, base_iri=base)
    last_place, last_line = None, 0
    while True:
        try:
            triple = next(found)
        except StopIteration:
            return
        except SyntaxError as error:
            place, line = (error.lineno, error.offset, error.msg), error.lineno or 1
            if place == last_place:  # a parser that does not move on would never end
                return
            if line != last_line:  # one wrong sentence can have several errors
                yield refused(line, "invalid-rdf", error.msg, _STATEMENT, file.lines[line - 1])
            last_place, last_line = place, line
        else:
            yield file.taken, triple


class _RemoteContext(Exception):
    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(address)


def _with_local_contexts(document: Any) -> Any:
    """Put the meaning of schema.org's context in its place; raises `_RemoteContext` for all others."""
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if "@context" in value:
                value["@context"] = _local(value["@context"])
            if isinstance(value.get("@import"), str):
                raise _RemoteContext(value["@import"])
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return document


def _local(context: Any) -> Any:
    if isinstance(context, list):
        return [_local(part) for part in context]
    if not isinstance(context, str):
        return context
    if not _SCHEMA_ORG.fullmatch(context):
        raise _RemoteContext(context)
    return _SCHEMA_ORG_CONTEXT


def _remote(text: str, address: str) -> Rejection:
    shown = msgspec.json.encode(address).decode()
    place = max(text.find(shown), 0)
    reason = f"the context {shown[:200]} stands elsewhere, and nothing is fetched"
    remedy = "Put the context itself into the file, or save it as Turtle or N-Triples."
    return refused(text.count("\n", 0, place) + 1, "remote-context", reason, remedy, text.encode())
