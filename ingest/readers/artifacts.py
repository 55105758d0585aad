"""Artifacts: catalogue rows. JSON Lines, CSV or Parquet; capabilities may stand within their artifact's row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from graph.vocabulary import ARTIFACT_TYPES, PRICING_MODELS
from ingest.files.contract import Chunk, Note, Rejection
from ingest.files.fields import BadField, Fields, negative_number, wrong_type
from ingest.files.head import Head
from ingest.files.rows import Parsed, Record, read_rows
from ingest.files.source import Source
from ingest.readers.capabilities import capability_record, tags

ID_NAMES: Final = ("artifact_id", "id", "slug")
URL_NAMES: Final = ("url", "homepage", "repository")
VENDOR_NAMES: Final = ("vendor", "maintainer", "author", "publisher")
UPDATED_NAMES: Final = ("updated_at", "last_modified", "lastModified")

_MARKS: Final = frozenset(("type", "description", "url", "tags", "downloads", "likes", "stars"))
_OTHER_FORMATS: Final = frozenset(
    ("artifact_id", "artifactId", "capability_id", "action_name", "user_query", "query_id", "query", "text",
     "input_types", "output_types", "unique", "vs_alternatives", "unfragile_version", "passport", "unfragile")
)  # fmt: skip
_TYPE_OF_SPELLING: Final = {
    **{shown.casefold(): name for name, shown in ARTIFACT_TYPES.items()},
    **{name: name for name in ARTIFACT_TYPES},
    "mcp-server": "mcp",
    "mcp_server": "mcp",
}
_UNSAFE_URL = re.compile(r"\s*(?:javascript|data|vbscript|file):", re.IGNORECASE)
_NEGATIVE_PRICE = re.compile(r"[^\w]*-\s*[^\w]?\d|[$€£¥]\s*-\s*\d")
_PRICE_NAMES: Final = ("price", "starting_price")


def artifact_records(fields: Fields) -> Iterator[Parsed]:
    """Turn the fields of an artifact into its record, and those of capabilities within it into theirs."""
    artifact_id = fields.required_id(*ID_NAMES)
    capabilities = list(_embedded(fields, artifact_id))
    kind = artifact_type(fields)
    pricing_model, price = pricing(fields)
    values = {
        "artifact_id": artifact_id,
        "name": fields.name("name", "title"),
        "type": kind,
        "url": url(fields, *URL_NAMES),
        "description": fields.text("description"),
        "license": licence(fields),
        "vendor": _vendor(fields),
        "pricing_model": pricing_model,
        "price": price,
        "tags": tags(fields),
        "downloads": fields.count("downloads"),
        "likes": fields.count("likes"),
        "stars": fields.count("stars", "stargazers"),
        "created_at": fields.time("created_at", "release_date", "created"),
        "updated_at": fields.time(*UPDATED_NAMES) or _release_date(fields),
        "status": fields.text("status") or ("archived" if _is_archived(fields) else None),
        "revised_at": fields.time("revised_at", "revision_date"),
    }
    yield Record("artifacts", {**values, "extra": fields.rest()})
    yield from capabilities


def artifact_type(fields: Fields) -> str | None:
    """Take the type. Known spellings become the word of the vocabulary; others stay, with a note for each."""
    given = fields.text("type")
    if given is None:
        return None
    known = _TYPE_OF_SPELLING.get(given.casefold())
    if known is None:
        fields.notes.append(Note("unknown-type", f"artifact type {given[:60]!r} is not one of ours; kept as it is"))
    return known or given


def pricing(fields: Fields) -> tuple[str | None, str | None]:
    """Take pricing model and price from `pricing` (object or text), `pricing_model`, `price`. Price as printed.

    A model outside the vocabulary becomes "unknown", its text stays in `extra`. Errors: `negative-number`.
    """
    name, value = fields.take("pricing")
    block = value if isinstance(value, dict) else {}
    if isinstance(value, dict):
        fields.keep(name, value)
    elif value is not None and not isinstance(value, str):
        raise wrong_type(name, value, "an object or text")
    elif value is not None:
        fields.keep("price" if _model_word(value) is None else "pricing_model", value)
    model = fields.text("pricing_model") or _text_in(block, "model") or _model_of_flag(block.get("free"))
    price = price_text(fields.take(*_PRICE_NAMES)[1])
    if price is None:
        price = next((found for key in _PRICE_NAMES if (found := price_text(block.get(key)))), None)
    if model is not None and _model_word(model) is None:
        fields.notes.append(Note("unknown-pricing", f"pricing model {model[:60]!r} is not known; kept in extra"))
        fields.keep("pricing_model", model)
        return "unknown", price
    return _model_word(model) if model else None, price


def price_text(value: object) -> str | None:
    """Return a price as printed; numbers are written out. Errors: `negative-number`, `wrong-type`."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise wrong_type("price", value, "text or a number")
    text = value.strip() if isinstance(value, str) else f"{value:.15g}"
    if _NEGATIVE_PRICE.match(text):
        raise negative_number("price", text)
    return None if text in ("", "-", "—") else text


def licence(fields: Fields) -> str | None:
    """Take the licence; several are joined with " OR "."""
    several = fields.words("licenses") if "licenses" in fields else None
    if several:
        return " OR ".join(several)
    name, value = fields.take("license")
    if isinstance(value, list):
        fields.keep(name, value)
        return " OR ".join(fields.words(name) or []) or None
    fields.keep(name, value)
    return fields.text(name)


def url(fields: Fields, *names: str) -> str | None:
    """Take an address: text, or an object with a `url`. One that would run code is kept out, with a note."""
    name, value = fields.take(*names)
    if isinstance(value, dict):
        fields.keep(f"{name}_details", value)
        value = value.get("url")
    fields.keep(name, value)
    found = fields.text(name)
    if found is not None and _UNSAFE_URL.match(found):
        fields.notes.append(Note("unsafe-url", "An address that would run code was kept out of url."))
        fields.keep("unsafe_url", found)
        return None
    return found


def _vendor(fields: Fields) -> str | None:
    name, value = fields.take(*VENDOR_NAMES)
    if isinstance(value, dict):
        fields.keep(f"{name}_details", value)
        value = value.get("name")
    fields.keep(name, value)
    return fields.name(name)


def _release_date(fields: Fields) -> str | None:
    """Return the date of `current_release` if it is an object that has one; the release itself stays in `extra`."""
    name, value = fields.take("current_release")
    fields.keep(name, value)
    if not isinstance(value, dict):
        return None
    return next((found for key in ("date", "published_at") if (found := _text_in(value, key))), None)


def _is_archived(fields: Fields) -> bool:
    name, value = fields.take("archived")
    fields.keep(name, value)
    return value is True or (isinstance(value, str) and value.strip().lower() in ("true", "1"))


def _embedded(fields: Fields, artifact_id: str) -> Iterator[Record | Note | BadField]:
    name, value = fields.take("capabilities")
    if not isinstance(value, list):
        fields.keep(name, value)
        return
    for part in value:
        inner = Fields(part if isinstance(part, dict) else {"name": part})
        try:
            yield capability_record(inner, artifact_id)
        except BadField as error:
            yield error
        yield from inner.notes


def _model_word(text: str) -> str | None:
    word = text.strip().casefold().replace("-", "_").replace(" ", "_")
    return word if word in PRICING_MODELS else None


def _model_of_flag(free: object) -> str | None:
    return {True: "free", False: "paid"}.get(free) if isinstance(free, bool) else None


def _text_in(block: dict[str, Any], name: str) -> str | None:
    value = block.get(name)
    return value.strip() or None if isinstance(value, str) else None


class ArtifactsReader:
    """Reader of artifact rows."""

    name = "artifacts"
    title = "artifacts of a catalogue (JSON Lines, CSV, Parquet)"
    tables: tuple[str, ...] = ("artifacts", "capabilities")

    def recognises(self, head: Head) -> bool:
        """Take rows with an id, a name and a mark of a catalogue, and none of capabilities, logs or queries."""
        fields = head.fields
        if is_server_record(fields):
            return False
        others = _OTHER_FORMATS - {"artifact_id"} if _describes_artifacts(fields) else _OTHER_FORMATS
        if not others.isdisjoint(fields):
            return False
        has_name = not fields.isdisjoint(("name", "title"))
        return has_name and not fields.isdisjoint(ID_NAMES) and not _MARKS.isdisjoint(fields)

    def read(self, source: Source) -> Iterator[Chunk | Rejection | Note]:
        """Yield the artifacts, and the capabilities within them, in chunks."""
        return read_rows(source, artifact_records)


def is_server_record(fields: frozenset[str]) -> bool:
    """Say whether fields are those of an MCP registry's `server.json` and not of a catalogue row."""
    if "name" not in fields or not fields.isdisjoint(("type", "url")):
        return False
    return not fields.isdisjoint(("packages", "remotes", "version_detail"))


def _describes_artifacts(fields: frozenset[str]) -> bool:
    """A row with `artifact_id` is an artifact's own if it has no other id and a type or adoption figures."""
    return "id" not in fields and not fields.isdisjoint(("type", "downloads", "likes", "stars"))


READER = ArtifactsReader()
