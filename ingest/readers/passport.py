"""Trust passports: JSON about one artifact and its capabilities, with or without the outer `passport` object.

What a passport says about its own success (matches, success rate, score, observed outcomes) is a claim. It is kept
under `claimed` in `extra` and is never evidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from graph.text import slug
from ingest.files.contract import Chunk, Note, Rejection
from ingest.files.documents import json_values
from ingest.files.fields import BadField, Fields, wrong_type
from ingest.files.head import Head
from ingest.files.rows import Parsed, Row, collect
from ingest.files.source import Source
from ingest.readers.artifacts import artifact_records
from ingest.readers.capabilities import capability_record

_CLAIMS_OF_TRUST: Final = ("score", "verified", "observed_outcomes")
_FORM: Final = "A passport has the object unfragile (or passport.unfragile) with an artifact in it."


def passport_records(fields: Fields) -> Iterator[Parsed]:
    """Turn a passport into its artifact and capabilities. Errors: `invalid-passport` and those of the fields."""
    body = _body(fields)
    block = body.get("artifact")
    if not isinstance(block, dict):
        raise BadField("invalid-passport", "artifact: missing or no object", _FORM)
    artifact_id = _artifact_id(block)
    yield from _artifact(fields, body, {**block, "artifact_id": artifact_id})
    capabilities = body.get("capabilities")
    if capabilities is not None and not isinstance(capabilities, list):
        yield wrong_type("capabilities", capabilities, "a list of objects")
        return
    for part in capabilities or []:
        yield from _capability(fields, part, artifact_id)


def _body(fields: Fields) -> dict[str, Any]:
    name, value = fields.take("passport", "unfragile")
    if name == "passport" and isinstance(value, dict):
        value = value.get("unfragile")
    if not isinstance(value, dict):
        raise BadField("invalid-passport", "unfragile: missing or no object", _FORM)
    return value


def _artifact_id(block: dict[str, Any]) -> str:
    fields = Fields(block)
    found = fields.identifier("id", "slug")
    return found or slug(fields.name("name") or "") or fields.required_id("id", "slug")


def _artifact(fields: Fields, body: dict[str, Any], block: dict[str, Any]) -> Iterator[Parsed]:
    """Yield the artifact; what the passport has beside it goes into its `extra`."""
    trust = body.get("trust")
    trust = trust if isinstance(trust, dict) else {}
    claimed = {name: trust[name] for name in _CLAIMS_OF_TRUST if name in trust}
    if "verified" in block:
        claimed["artifact_verified"] = block["verified"]
    artifact = Fields({name: value for name, value in block.items() if name not in ("verified", "capabilities")})
    artifact.keep("claimed", claimed or None)
    artifact.keep("trust", {name: value for name, value in trust.items() if name not in claimed} or None)
    artifact.keep("passport_version", body.get("@version"))
    artifact.keep("passport_edition", body.get("version"))
    artifact.keep("links", fields.take("_links")[1])
    yield from artifact_records(artifact)
    fields.notes.extend(artifact.notes)


def _capability(fields: Fields, part: Any, artifact_id: str) -> Iterator[Parsed]:
    if not isinstance(part, dict):
        yield wrong_type("capabilities", part, "a list of objects")
        return
    capability = Fields(part)
    try:
        yield capability_record(capability, artifact_id)
    except BadField as error:
        yield error
    fields.notes.extend(capability.notes)


def _rows(source: Source) -> Iterator[Row | Rejection | Note]:
    for item in json_values(source):
        yield Row(*item) if isinstance(item, tuple) else item


class PassportReader:
    """Reader of trust passports."""

    name = "passport"
    title = "trust passports (JSON, one or one a line)"
    tables: tuple[str, ...] = ("artifacts", "capabilities")

    def recognises(self, head: Head) -> bool:
        """Take JSON objects with `passport` or `unfragile` in them."""
        return head.text.lstrip()[:1] in ("{", "[") and not head.fields.isdisjoint(("passport", "unfragile"))

    def read(self, source: Source) -> Iterator[Chunk | Rejection | Note]:
        """Yield artifact and capabilities."""
        return collect(_rows(source), passport_records)


READER = PassportReader()
