"""Hugging Face model cards: Markdown with YAML front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from graph.text import slug
from ingest.files.contract import Chunk, Note, Rejection
from ingest.files.documents import document_text
from ingest.files.fields import BadField, Fields, missing_id
from ingest.files.head import Head
from ingest.files.rows import Record, Row, in_chunks, place
from ingest.files.source import Source
from ingest.files.text_lines import refused
from ingest.files.yaml_documents import BadYaml, load_yaml_mapping
from ingest.readers.artifacts import artifact_records

MAX_DESCRIPTION_CHARS: Final = 3_000
MAX_BODY_CHARS: Final = 200_000
"""How far into a card its heading and first paragraphs are looked for."""

_STRONG_MARKS: Final = re.compile(
    r"^(?:pipeline_tag|library_name|base_model|model-index|model_id|model_name|widget|inference)\s*:", re.MULTILINE
)
_WEAK_MARKS: Final = re.compile(r"^(?:license|tags|datasets|language|metrics)\s*:", re.MULTILINE)
_OTHER_PAGES: Final = re.compile(
    r"^(?:layout|permalink|sdk|app_file|task_categories|dataset_info|configs|unfragile_version|slug|date|draft)\s*:",
    re.MULTILINE,
)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_NOT_PROSE = re.compile(r"\s*(?:#|\||>|!\[|\[!\[|<|[-*_]{3,}\s*$|[-*+]\s|\d+\.\s|={3,}|-{3,})")
_GENERIC_FILE = re.compile(r"(?:readme|model_?card|card|index)\.(?:md|markdown|txt)", re.IGNORECASE)
_GENERIC_HEADING = re.compile(r"(?:model card|readme|overview|introduction|table of contents)$", re.IGNORECASE)
_HEADING_PREFIX = re.compile(r"model card (?:for|of)\s+", re.IGNORECASE)


def card_parts(text: str, source: Source) -> Iterator[tuple[Record, Row] | Rejection | Note]:
    """Yield the artifact that a card describes, or why there is none."""
    found = _FRONT_MATTER.match(text)
    row = Row(1, {}, text.encode())
    if found is None:
        reason, remedy = "no front matter between two lines of ---", "Add the card's metadata."
        yield refused(1, "no-front-matter", reason, remedy, row.raw)
        return
    try:
        front = load_yaml_mapping(found["yaml"])[0] if found["yaml"].strip() else {}
        fields = _card_fields(front, text[found.end() : found.end() + MAX_BODY_CHARS], source)
        for result in list(artifact_records(fields)):
            yield place(result, row)
    except BadYaml as error:
        yield refused(error.line + 1, error.code, error.reason, error.remedy, row.raw)
    except BadField as error:
        yield row.refused(error)
    else:
        yield from fields.notes


def _card_fields(front: dict[str, Any], body: str, source: Source) -> Fields:
    """Bring front matter and body to the names of an artifact's fields; the front matter stays whole in `extra`."""
    artifact_id, name = _identity(front, body, source)
    keywords = Fields({name: front.get(name) for name in ("tags", "pipeline_tag")})
    tags = [*(keywords.words("tags") or []), *(keywords.words("pipeline_tag") or [])]
    fields = Fields(
        {
            "artifact_id": artifact_id,
            "name": name,
            "type": "model",
            "description": first_paragraphs(body),
            "license": front.get("license_name") if front.get("license") == "other" else front.get("license"),
            "url": front.get("url") or front.get("repo"),
            "tags": list(dict.fromkeys(tags)),
            "front_matter": front,
        }
    )
    return fields


def _identity(front: dict[str, Any], body: str, source: Source) -> tuple[str, str]:
    """Return id and name: as the front matter states them, else from the first heading, the file or its folder."""
    stated = Fields(front)
    model_id = stated.identifier("model_id")
    model_name = stated.text("model_name")
    heading = _first_heading(body)
    name = model_name or (model_id or "").rpartition("/")[2] or heading or _file_name(source)
    found = model_id or (model_name if model_name and " " not in model_name else None) or slug(name)
    if not found:
        raise missing_id("model_id", "model_name")
    return found, name


def _first_heading(body: str) -> str | None:
    for match in _HEADING.finditer(_FENCE.sub("", body)):
        heading = _HEADING_PREFIX.sub("", re.sub(r"[*_`]|\[|\]\([^)]*\)", "", match[1])).strip()
        if slug(heading) and not _GENERIC_HEADING.match(heading):
            return heading
    return None


def _file_name(source: Source) -> str:
    name = source.path.name.removesuffix(".gz")
    return source.path.absolute().parent.name if _GENERIC_FILE.fullmatch(name) else name.rpartition(".")[0] or name


def first_paragraphs(body: str) -> str | None:
    """Return the first paragraphs of prose, at most `MAX_DESCRIPTION_CHARS`: no headings, lists, tables, code."""
    text = _COMMENT.sub("", _FENCE.sub("", body))
    taken: list[str] = []
    length = 0
    for paragraph in re.split(r"\n\s*\n", text):
        lines = [line.strip() for line in paragraph.split("\n") if line.strip() and not _NOT_PROSE.match(line)]
        prose = " ".join(lines)
        if not prose:
            continue
        if length + len(prose) > MAX_DESCRIPTION_CHARS:
            if not taken:
                taken.append(prose[:MAX_DESCRIPTION_CHARS].rsplit(" ", 1)[0])
            break
        taken.append(prose)
        length += len(prose) + 2
    return "\n\n".join(taken) or None


class ModelCardReader:
    """Reader of model cards."""

    name = "model-card"
    title = "Hugging Face model card (Markdown with YAML front matter)"
    tables: tuple[str, ...] = ("artifacts",)

    def recognises(self, head: Head) -> bool:
        """Take texts whose front matter has a model's fields; other pages with front matter are left alone."""
        text = head.text.replace("\r\n", "\n")
        if not text.startswith("---"):
            return False
        found = _FRONT_MATTER.match(text)
        front = found["yaml"] if found else text  # long front matter may not end within the head
        if _OTHER_PAGES.search(front):
            return False
        return bool(_STRONG_MARKS.search(front)) or len(set(_WEAK_MARKS.findall(front))) > 1

    def read(self, source: Source) -> Iterator[Chunk | Rejection | Note]:
        """Yield the artifact."""
        text = document_text(source)
        return in_chunks(card_parts(text, source) if isinstance(text, str) else iter([text]))


READER = ModelCardReader()
