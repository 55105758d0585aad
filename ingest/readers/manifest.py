"""Capability manifests: `unfragile.yml` v1.0, one artifact with its capabilities in YAML (or JSON)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from graph.text import slug
from ingest.files.contract import Chunk, Note, Rejection
from ingest.files.documents import document_text
from ingest.files.fields import BadField, Fields, missing_id
from ingest.files.head import Head
from ingest.files.rows import Record, Row, in_chunks, place
from ingest.files.source import Source
from ingest.files.text_lines import refused
from ingest.files.yaml_documents import BadYaml, child, line_of, load_yaml_mapping
from ingest.readers.artifacts import artifact_records
from ingest.readers.capabilities import capability_record

VERSION: Final = "1.0"
MIN_DESCRIPTION_CHARS: Final = 100
"""Shorter descriptions are taken, with a note: too little to match a need by."""

_VERSION_LINE = re.compile(r"""^["']?unfragile_version["']?\s*:""", re.MULTILINE)
_FORM: Final = "See the manifest's fields: an artifact with a name, and at least one capability with a name."
_SHORT: Final = Note(
    "short-description", f"Descriptions of less than {MIN_DESCRIPTION_CHARS} characters say too little to be matched."
)
_ROOT_BLOCKS: Final = ("failure_modes", "execution", "conditions", "trust", "permissions", "compliance")

Text = Annotated[str, Field(min_length=1)]


class _Block(BaseModel):
    """Values must have their type as written; fields that the format does not name are kept."""

    model_config = ConfigDict(extra="allow", strict=True)


class ManifestArtifact(_Block):
    """The artifact that the manifest describes."""

    name: Text
    slug: Text | None = None
    type: Text | None = None
    maintainer: str | dict[str, Any] | None = None
    repository: str | dict[str, Any] | None = None
    homepage: str | None = None
    license: str | list[str] | None = None


class ManifestCapability(_Block):
    """One capability of the artifact."""

    id: Text | None = None
    name: Text
    description: str | None = None
    intents_served: list[str] | None = None
    conditions: dict[str, Any] | None = None
    unique_aspect: str | None = None
    pricing: dict[str, Any] | str | None = None
    failure_modes: list[dict[str, Any] | str] | None = None


class Manifest(_Block):
    """The whole document. Capabilities are checked one by one, so that a bad one costs only itself."""

    unfragile_version: str | float
    artifact: ManifestArtifact
    capabilities: Annotated[list[Any], Field(min_length=1)]
    pricing: dict[str, Any] | str | None = None
    failure_modes: list[dict[str, Any] | str] | None = None
    execution: dict[str, Any] | None = None


Part = tuple[Record, Row] | Rejection | Note


def manifest_parts(text: str) -> Iterator[Part]:
    """Yield the records of a manifest, each with the line on which it begins, and what is wrong with the rest."""
    try:
        values, node = load_yaml_mapping(text)
    except BadYaml as error:
        yield refused(error.line, error.code, error.reason, error.remedy, text.encode())
        return
    try:
        Manifest.model_validate(values)
        artifact = _artifact_fields(values)
        artifact_id = artifact.required_id("artifact_id", "name")
    except (ValidationError, BadField) as error:
        yield refused(1, "invalid-manifest", _faults(error), _FORM, text.encode())
        return
    if str(values["unfragile_version"]) != VERSION:
        yield Note("unknown-version", f"The manifest is not of version {VERSION}; read as if it were.")
    artifact.keep("artifact_id", artifact_id)
    yield from _artifact(artifact, _row(child(node, "artifact"), text))
    capabilities = child(node, "capabilities")
    nodes = capabilities.value if isinstance(capabilities, yaml.SequenceNode) else []
    for part, part_node in zip(values["capabilities"], nodes, strict=True):
        yield from _capability(part, artifact_id, _row(part_node, text))


def _artifact_fields(values: dict[str, Any]) -> Fields:
    """Join the artifact's block with what the document says about it elsewhere."""
    block = values["artifact"]
    artifact_id = block.get("slug") or slug(block["name"])
    if not artifact_id:
        raise missing_id("artifact.slug", "artifact.name")
    fields = Fields({**block, "artifact_id": artifact_id})
    for name in (*_ROOT_BLOCKS, "unfragile_version"):
        if name not in fields:
            fields.keep(name, values.get(name))
    if "pricing" not in fields:
        fields.keep("pricing", values.get("pricing") or _common_pricing(values["capabilities"]))
    return fields


def _common_pricing(capabilities: list[Any]) -> Any:
    """Return the pricing of the capabilities where all that state one state the same."""
    stated = [part["pricing"] for part in capabilities if isinstance(part, dict) and part.get("pricing")]
    return stated[0] if stated and all(pricing == stated[0] for pricing in stated) else None


def _artifact(fields: Fields, row: Row) -> Iterator[Part]:
    try:
        for result in list(artifact_records(fields)):
            yield place(result, row)
    except BadField as error:
        yield row.refused(error)
    yield from fields.notes


def _capability(part: Any, artifact_id: str, row: Row) -> Iterator[Part]:
    try:
        capability = ManifestCapability.model_validate(part)
        fields = Fields(part)
        yield capability_record(fields, artifact_id), row
    except ValidationError as error:
        yield refused(row.line, "invalid-capability", _faults(error), _FORM, row.raw)
        return
    except BadField as error:
        yield row.refused(error)
        return
    if len(capability.description or "") < MIN_DESCRIPTION_CHARS:
        yield _SHORT
    yield from fields.notes


def _faults(error: ValidationError | BadField) -> str:
    """Put all faults into one sentence, each with the path of its field."""
    if isinstance(error, BadField):
        return error.reason
    found = [f"{'.'.join(map(str, fault['loc'])) or 'document'}: {fault['msg']}" for fault in error.errors()]
    return "; ".join(dict.fromkeys(found))


def _row(node: yaml.Node | None, text: str) -> Row:
    """Return the lines of a part of the document as a row."""
    if node is None:
        return Row(1, {}, text.encode())
    first, end = line_of(node) - 1, node.end_mark.line + 1 if node.end_mark is not None else None
    return Row(first + 1, {}, "\n".join(text.split("\n")[first:end]).encode())


class ManifestReader:
    """Reader of capability manifests."""

    name = "manifest"
    title = "capability manifest, unfragile.yml v1.0"
    tables: tuple[str, ...] = ("artifacts", "capabilities")

    def recognises(self, head: Head) -> bool:
        """Take documents that state their `unfragile_version`, and files called unfragile.yml."""
        if head.name.lower() in ("unfragile.yml", "unfragile.yaml"):
            return True
        if head.is_parquet:
            return False
        if head.text.lstrip()[:1] in ("{", "["):
            return "unfragile_version" in head.fields
        return _VERSION_LINE.search(head.text) is not None

    def read(self, source: Source) -> Iterator[Chunk | Rejection | Note]:
        """Yield artifact and capabilities."""
        text = document_text(source)
        return in_chunks(manifest_parts(text) if isinstance(text, str) else iter([text]))


READER = ManifestReader()
