"""Capabilities: one thing an artifact can do, a row each. JSON Lines, CSV or Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from graph.text import slug
from ingest.files.contract import Chunk, Note, Rejection
from ingest.files.fields import BadField, Fields, missing_id, wrong_type
from ingest.files.head import Head
from ingest.files.rows import Parsed, Record, read_rows
from ingest.files.source import Source

ID_NAMES: Final = ("capability_id", "capabilityId", "id")
ARTIFACT_NAMES: Final = ("artifact_id", "artifactId")
UNIQUE_NAMES: Final = ("unique", "unique_aspect", "uniqueAspect")
VERSUS_NAMES: Final = ("vs_alternatives", "vsAlternatives")
INTENT_NAMES: Final = ("intents", "intents_served", "intentsServed")
INPUT_NAMES: Final = ("input_types", "inputTypes")
OUTPUT_NAMES: Final = ("output_types", "outputTypes")
PARAMETER_NAMES: Final = ("parameters", "input_schema", "inputSchema")
CLAIM_NAMES: Final = (
    "matchConfidence", "match_confidence", "timesMatched", "times_matched", "successRate", "success_rate",
    "confidence", "matches",
)  # fmt: skip
"""Figures that a description states about its own use. They are kept as claims and are never evidence."""

_MARKS: Final = frozenset(
    (*UNIQUE_NAMES, *VERSUS_NAMES, *INTENT_NAMES, *INPUT_NAMES, *OUTPUT_NAMES, *PARAMETER_NAMES, "limitations",
     "conditions", "best_for", "bestFor", "description")
)  # fmt: skip
_OTHER_FORMATS: Final = frozenset(
    ("action_name", "user_query", "query_id", "topic_id", "grade", "relevance", "outcome", "success", "text",
     "position", "click", "reference_name", "query_artifact_id", "downloads", "likes", "stars")
)  # fmt: skip


def capability_record(fields: Fields, artifact_id: str | None = None) -> Record:
    """Turn the fields of a capability into its record. `artifact_id`: its owner where the row stands within one.

    Without an id of its own it gets `{artifact_id}/{slug of the name}`. Errors: `missing-id`,
    `capability-without-artifact` and those of the fields.
    """
    _flatten_conditions(fields)
    owner = fields.identifier(*ARTIFACT_NAMES) or artifact_id
    own_id = fields.identifier(*ID_NAMES)
    name = fields.name("name", "title")
    if owner is None:
        raise BadField(
            "capability-without-artifact",
            "the capability belongs to no artifact",
            "Give artifact_id: every capability belongs to exactly one artifact.",
        )
    if own_id is None:
        if not name or not slug(name):
            raise missing_id("capability_id", "id")
        own_id = f"{owner}/{slug(name)}"
    values = {
        "capability_id": own_id,
        "artifact_id": owner,
        "name": name,
        "description": fields.text("description"),
        "unique": fields.text(*UNIQUE_NAMES),
        "vs_alternatives": fields.text(*VERSUS_NAMES),
        "intents": fields.sentences(*INTENT_NAMES),
        "best_for": fields.sentences("best_for", "bestFor"),
        "limitations": fields.sentences("limitations"),
        "requires": fields.sentences("requires"),
        "input_types": fields.words(*INPUT_NAMES),
        "output_types": fields.words(*OUTPUT_NAMES),
        "parameters": _parameters(fields),
        "tags": tags(fields),
        "uri": fields.text("uri", "concept_uri"),
        "revised_at": fields.time("revised_at", "revision_date"),
    }
    _keep_claims(fields)
    return Record("capabilities", {**values, "extra": fields.rest()})


def tags(fields: Fields) -> list[str] | None:
    """Take tags and categories as one list without repetition."""
    found = [*(fields.words("tags") or []), *(fields.words("categories", "category") or [])]
    return list(dict.fromkeys(found)) or None


def _flatten_conditions(fields: Fields) -> None:
    """Bring what stands under `conditions` beside the other fields; those win where both have a value."""
    name, conditions = fields.take("conditions")
    if not isinstance(conditions, dict):
        fields.keep(name, conditions)
        return
    for inner, value in conditions.items():
        if inner not in fields:
            fields.keep(inner, value)


def _keep_claims(fields: Fields) -> None:
    claimed = {}
    for name in CLAIM_NAMES:
        if name in fields:
            claimed[name] = fields.take(name)[1]
    fields.keep("claimed", claimed or None)


def _parameters(fields: Fields) -> list[str] | None:
    """Return the names of parameters: a list of names or of objects with a `name`, or a JSON schema."""
    name, value = fields.take(*PARAMETER_NAMES)
    if value is None:
        return None
    if isinstance(value, str):
        fields.keep(name, value)
        return fields.words(name)
    names = _parameter_names(name, value)
    fields.keep("parameters", value)
    return names or None


def _parameter_names(name: str, value: Any) -> list[str]:
    if isinstance(value, dict):
        properties = value.get("properties", value)
        if isinstance(properties, dict):
            return list(properties)
    if isinstance(value, list):
        found = [part.get("name") if isinstance(part, dict) else part for part in value]
        if all(isinstance(part, str) and "\0" not in part for part in found):
            return [str(part) for part in found]
    raise wrong_type(name, value, "a list of names, of objects with a name, or a JSON schema")


def _parse(fields: Fields) -> Iterator[Parsed]:
    yield capability_record(fields)


class CapabilitiesReader:
    """Reader of capability rows."""

    name = "capabilities"
    title = "capabilities of artifacts (JSON Lines, CSV, Parquet)"
    tables: tuple[str, ...] = ("capabilities",)

    def recognises(self, head: Head) -> bool:
        """Take rows that name their artifact and describe an ability, and taxonomies with input and output types."""
        fields = head.fields
        if not _OTHER_FORMATS.isdisjoint(fields):
            return False
        if not fields.isdisjoint(ARTIFACT_NAMES):
            has_id = not fields.isdisjoint(ID_NAMES)
            return (has_id or ("name" in fields and "type" not in fields)) and not fields.isdisjoint(_MARKS)
        described = "name" in fields and not fields.isdisjoint(("type", "url", "license", "capabilities"))
        return not described and not fields.isdisjoint((*INPUT_NAMES, *OUTPUT_NAMES, *UNIQUE_NAMES, *VERSUS_NAMES))

    def read(self, source: Source) -> Iterator[Chunk | Rejection | Note]:
        """Yield the capabilities in chunks."""
        return read_rows(source, _parse)


READER = CapabilitiesReader()
