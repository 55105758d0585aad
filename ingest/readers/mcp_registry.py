"""MCP registry: `server.json` records, alone, as a list, in the registry's API pages, or as JSON Lines."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import msgspec

from ingest.files.contract import Chunk, Note, Rejection
from ingest.files.documents import json_values
from ingest.files.fields import BadField, Fields, wrong_type
from ingest.files.head import Head
from ingest.files.rows import Parsed, Row, collect
from ingest.files.source import Source
from ingest.readers.artifacts import artifact_records, is_server_record


def server_records(fields: Fields) -> Iterator[Parsed]:
    """Turn one server record into an artifact of type mcp, whose id is the server's name. Errors: `missing-id`."""
    server = _server_fields(fields)
    _, registry_id = server.take("id")
    server.keep("registry_id", registry_id)
    name = server.required_id("name")
    title = server.name("title")
    server.keep("artifact_id", name)
    server.keep("name", title or name)
    server.keep("type", "mcp")
    _keep_dates(server)
    yield from artifact_records(server)
    fields.notes.extend(server.notes)


def _server_fields(fields: Fields) -> Fields:
    """Return the fields of the server itself: the API wraps them and puts its own remarks beside them."""
    name, server = fields.take("server")
    if server is None:
        return fields
    if not isinstance(server, dict):
        raise wrong_type(name, server, "an object")
    meta = fields.take("_meta")[1]
    inner = Fields(server)
    if isinstance(meta, dict):
        own = inner.take("_meta")[1]
        inner.keep("_meta", {**own, **meta} if isinstance(own, dict) else meta)
    return inner


def _keep_dates(server: Fields) -> None:
    """Find when the server was first listed and when this record was written; both stay in `extra` too."""
    name, details = server.take("version_detail")
    server.keep(name, details)
    released = details.get("release_date") if isinstance(details, dict) else None
    meta_name, meta = server.take("_meta")
    server.keep(meta_name, meta)
    official = _official(meta)
    server.keep("created_at", released or official.get("publishedAt") or official.get("published_at"))
    server.keep("revised_at", official.get("updatedAt") or official.get("updated_at") or released)
    status = official.get("status")
    if "status" not in server and isinstance(status, str):
        server.keep("status", status)


def _official(meta: Any) -> dict[str, Any]:
    """Return the registry's own remarks, which stand under a name that ends in "/official"."""
    if not isinstance(meta, dict):
        return {}
    found: Any = next((meta[name] for name in sorted(meta) if name.endswith("/official")), {})
    return found if isinstance(found, dict) else {}


def _server_rows(source: Source) -> Iterator[Row | Rejection | Note]:
    """Yield a row for each server; those of a page are counted on, as if each had a line of its own."""
    numbers = count(1)
    for item in json_values(source):
        if not isinstance(item, tuple):
            yield item
            continue
        line, values, raw = item
        page = values.get("servers")
        if isinstance(page, list):
            yield from (_listed(next(numbers), server) for server in page)
        else:
            yield Row(line, values, raw)


def _listed(number: int, server: Any) -> Row | Rejection:
    raw = msgspec.json.encode(server)
    if isinstance(server, dict):
        return Row(number, server, raw)
    error = BadField("not-an-object", "an entry of servers is no object", "Give every server as a JSON object.")
    return Row(number, {}, raw).refused(error)


class McpRegistryReader:
    """Reader of MCP server records."""

    name = "mcp-registry"
    title = "MCP registry server.json (one, a list, an API page, JSON Lines)"
    tables: tuple[str, ...] = ("artifacts",)

    def recognises(self, head: Head) -> bool:
        """Take server records and pages of them, and no catalogue rows that mention packages."""
        if head.text.lstrip()[:1] not in ("{", "["):
            return False
        fields = head.fields
        return "servers" in fields or {"server", "_meta"} <= fields or is_server_record(fields)

    def read(self, source: Source) -> Iterator[Chunk | Rejection | Note]:
        """Yield the servers in chunks."""
        return collect(_server_rows(source), server_records)


READER = McpRegistryReader()
