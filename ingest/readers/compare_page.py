"""The text of an "A vs B" comparison page: a table, two lists of capabilities, a verdict.

Ranks, sub-scores, times matched and the verdict are what the page claims. They are kept under `claimed` in `extra`
and are never evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from graph.text import slug
from ingest.files.contract import Chunk, Note, Rejection
from ingest.files.documents import document_text
from ingest.files.fields import BadField, Fields
from ingest.files.head import Head
from ingest.files.rows import Record, Row, in_chunks, place
from ingest.files.source import Source
from ingest.files.text_lines import refused
from ingest.readers.artifacts import artifact_records
from ingest.readers.capabilities import capability_record

MAX_TITLE_CHARS: Final = 400
MAX_NAME_WORDS: Final = 8
MAX_NAME_CHARS: Final = 80
"""A first line up to this length, without a full stop, is a capability's name where a description follows."""

_TITLE = re.compile(r"(?P<a>.+?)\s+vs\.?\s+(?P<b>.+)", re.IGNORECASE)
_TABLE_ROW = re.compile(r"\s*\|(.*)\|\s*")
_RULE = re.compile(r"[\s|:-]+")
_MORE = re.compile(r"\+\s*(\d+) more capabilit(?:y|ies)")
_UNIQUE = re.compile(r"unique:\s*(.*)", re.IGNORECASE)
_VERSUS = re.compile(r"vs\.? alternatives:\s*(.*)", re.IGNORECASE)
_END = re.compile(r"(?:verdict|need something different\?)\s*$", re.IGNORECASE)
_JOINING = "a an and by each enabling for from in into of on or the through to under using via when with without"
_NO_LAST_WORD = frozenset(_JOINING.split())
_NOT_GIVEN = frozenset(("", "-", "–", "—", "n/a"))
_FIELD_OF_ROW: Final = {"type": "type", "pricing": "pricing_model", "starting price": "price"}

Part = tuple[Record, Row] | Rejection | Note
Line = tuple[int, str]


@dataclass
class _Page:
    """What a page consists of, taken apart but not yet understood."""

    names: tuple[str, str]
    first_line: int
    cells: dict[str, tuple[str, str]] = field(default_factory=dict)
    lists: tuple[list[Line], list[Line]] = field(default_factory=lambda: ([], []))
    verdict: list[str] = field(default_factory=list)


def page_parts(text: str) -> Iterator[Part]:
    """Yield both artifacts and their capabilities, or why the text is no such page."""
    page = _take_apart(text)
    if page is None:
        reason = "no title of the form A vs B with a table of both below"
        yield refused(1, "invalid-compare-page", reason, "Save the page's whole text.", text.encode())
        return
    if slug(page.names[0]) == slug(page.names[1]) or not all(map(slug, page.names)):
        reason = f"{page.names[0]!r} and {page.names[1]!r} give no two ids"
        yield refused(page.first_line, "invalid-compare-page", reason, "Name two artifacts.", text.encode())
        return
    for side, name in enumerate(page.names):
        yield from _artifact(page, side, name)
        yield from _capabilities(page.lists[side], slug(name))


def _take_apart(text: str) -> _Page | None:
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    title = _TITLE.fullmatch(lines[0][1].lstrip("# ")) if lines and len(lines[0][1]) <= MAX_TITLE_CHARS else None
    table = [(number, _cells(line)) for number, line in lines if _TABLE_ROW.fullmatch(line) and not _is_rule(line)]
    header = next(((number, cells) for number, cells in table if len(cells) == 3), None)
    if title is None or header is None:
        return None
    page = _Page((header[1][1], header[1][2]), header[0])
    for _, cells in table:
        if len(cells) == 3 and cells is not header[1]:
            page.cells[cells[0]] = (cells[1], cells[2])
    _sort_lines([line for line in lines if line[0] > table[-1][0]], page)
    return page


def _sort_lines(lines: list[Line], page: _Page) -> None:
    """Give each line below the table to the list of one side, or to the verdict.

    A heading "{name} Capabilities" opens a side's list. On pages without headings the second list begins behind
    the line "+n more capabilities" of the first.
    """
    headings = {f"{name} capabilities".casefold(): side for side, name in enumerate(page.names)}
    has_headings = any(line.lstrip("# ").casefold() in headings for _, line in lines)
    side: int | None = None if has_headings else 0
    for number, line in lines:
        heading = line.lstrip("# ")
        if _END.match(heading):
            side = None
            page.verdict.append(heading)
        elif heading.casefold() in headings and not page.verdict:
            side = headings[heading.casefold()]
        elif side is None:
            page.verdict.append(line)
        else:
            page.lists[side].append((number, line))
            if not has_headings and side == 0 and _MORE.fullmatch(line):
                side = 1


def _artifact(page: _Page, side: int, name: str) -> Iterator[Part]:
    given = {row: cells[side] for row, cells in page.cells.items() if cells[side] not in _NOT_GIVEN}
    values: dict[str, Any] = {"artifact_id": slug(name), "name": name}
    claimed: dict[str, Any] = {}
    for row, cell in given.items():
        known = _FIELD_OF_ROW.get(row.casefold())
        if known is None:
            claimed[row] = cell
        else:
            values[known] = cell
    if page.verdict:
        claimed["Verdict"] = " ".join(line for line in page.verdict if not _END.match(line))
    fields = Fields({**values, "claimed": claimed or None})
    row_bytes = "\n".join(f"{row}: {cell}" for row, cell in given.items()).encode()
    placed = Row(page.first_line, {}, row_bytes)
    try:
        for result in list(artifact_records(fields)):
            yield place(result, placed)
    except BadField as error:
        yield placed.refused(error)
    yield from fields.notes


def _capabilities(lines: list[Line], artifact_id: str) -> Iterator[Part]:
    """Cut a list into capabilities: each ends with its "vs alternatives" line, or before the next one's text."""
    block: list[Line] = []
    number = 0
    for line in [*lines, None]:
        text = line[1] if line is not None else ""
        more = _MORE.fullmatch(text)
        begins = line is None or more is not None or (_is_closed(block) and _label(text) is None)
        if begins and block:
            number += 1
            yield from _capability(block, artifact_id, number)
            block = []
        if more is not None:
            yield Note("more-capabilities", f"The page names {more[1]} more capabilities of {artifact_id} unseen.")
        elif line is not None:
            block.append(line)


def _is_closed(block: list[Line]) -> bool:
    """Say whether a capability already has its text and a label line, so that plain text must begin the next one."""
    return any(_label(text) is not None for _, text in block)


def _label(text: str) -> str | None:
    if _UNIQUE.fullmatch(text):
        return "unique"
    return "vs_alternatives" if _VERSUS.fullmatch(text) else None


def _capability(block: list[Line], artifact_id: str, number: int) -> Iterator[Part]:
    row = Row(block[0][0], {}, "\n".join(text for _, text in block).encode())
    plain = [text for _, text in block if _label(text) is None]
    if not plain:
        yield row.refused(
            BadField("incomplete-capability", "a capability without description", "Save the page's whole text.")
        )
        return
    has_name = len(plain) > 1 and len(plain[0]) <= MAX_NAME_CHARS and not plain[0].endswith(".")
    description = " ".join(plain[1:] if has_name else plain)
    labelled = {_label(text): text.partition(":")[2].strip() for _, text in block if _label(text) is not None}
    fields = Fields(
        {
            "capability_id": f"{artifact_id}/page-cap-{number}",
            "name": plain[0].lstrip("# ") if has_name else name_of(description),
            "description": description,
            **{str(label): text for label, text in labelled.items()},
            "name_derived": None if has_name else True,
        }
    )
    try:
        yield capability_record(fields, artifact_id), row
    except BadField as error:
        yield row.refused(error)
    yield from fields.notes


def name_of(description: str) -> str:
    """Return a name for a capability that has none: the first words of its description, up to the first stop.

    >>> name_of("Turns a sketch into a finished page. Works offline.")
    'Turns a sketch into a finished page'
    """
    sentence = re.split(r"[.,;:()\u2014]\s|[.;]$", description, maxsplit=1)[0]
    words = sentence.split()[:MAX_NAME_WORDS]
    while len(words) > 1 and words[-1].casefold() in _NO_LAST_WORD:
        words.pop()
    return " ".join(words)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _is_rule(line: str) -> bool:
    return _RULE.fullmatch(line) is not None


class ComparePageReader:
    """Reader of comparison pages."""

    name = "compare-page"
    title = 'text of an "A vs B" comparison page'
    tables: tuple[str, ...] = ("artifacts", "capabilities")

    def recognises(self, head: Head) -> bool:
        """Take texts whose title is A vs B and whose table has a column for each."""
        if head.is_parquet or head.text.lstrip()[:1] in ("{", "["):
            return False
        page = _take_apart(head.text.replace("\r\n", "\n"))
        rows = {row.casefold() for row in page.cells} if page is not None else set()
        return len(rows & {"type", "times matched", "capabilities", "pricing", "adoption", "quality"}) > 1

    def read(self, source: Source) -> Iterator[Chunk | Rejection | Note]:
        """Yield both artifacts and their capabilities."""
        text = document_text(source)
        return in_chunks(page_parts(text) if isinstance(text, str) else iter([text]))


READER = ComparePageReader()
