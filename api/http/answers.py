"""Answers as HTTP responses: the same JSON as the command line prints, with an ETag, and described for OpenAPI.

The shapes of the answers are msgspec structs; their descriptions in the OpenAPI document are made from the same
structs, so the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from graph.snapshot import Snapshot
from graph.text import has_hidden_characters

GZIP_FROM_BYTES: Final = 1_000
GZIP_LEVEL: Final = 5
JSON: Final = "application/json"
REF: Final = "#/components/schemas/{name}"

_SHAPES: dict[str, type[msgspec.Struct]] = {}
"""Every struct that an operation answers with, by name; filled when the routes are declared."""


def json_bytes(answer: Any) -> bytes:
    """Encode an answer; control and bidirectional characters from data become escapes."""
    encoded = msgspec.json.encode(answer)
    if encoded.isascii() and b"\x7f" not in encoded:  # other control characters are escapes already
        return encoded
    text = encoded.decode()
    if not has_hidden_characters(text):
        return encoded
    return "".join(f"\\u{ord(c):04x}" if has_hidden_characters(c) else c for c in text).encode()


def of_snapshot(
    request: Request, snapshot: Snapshot, answer: Any, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with what depends on the snapshot and the address alone: 304 where the client has it already."""
    etag = f'W/"{snapshot.id}"'
    kept = {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept", **(headers or {})}
    if etag in (tag.strip() for tag in request.headers.get("if-none-match", "").split(",")):
        # What is compressed says so itself; here nothing is, but the answer in the cache may have been.
        return Response(status_code=304, headers={**kept, "Vary": f"{kept['Vary']}, Accept-Encoding"})
    return Response(json_bytes(answer), media_type=JSON, headers=kept)


def of_call(answer: Any, status: int = 200) -> Response:
    """Answer with what was made for this call alone."""
    return Response(json_bytes(answer), status_code=status, media_type=JSON, headers={"Cache-Control": "no-store"})


def of_encoded(answer: bytes) -> Response:
    """Answer with what was made for this call alone and is JSON already."""
    return Response(answer, media_type=JSON, headers={"Cache-Control": "no-store"})


def described(
    shape: type[msgspec.Struct],
    problems: Mapping[int | str, dict[str, Any]],
    *,
    status: int = 200,
    example: Any = None,
    links: Mapping[str, dict[str, Any]] | None = None,
) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of an operation: its answer's shape with an example, and its problems.

    `links`: what can be asked next with what the answer holds, by name (OpenAPI's Link Objects).
    """
    _SHAPES[shape.__name__] = shape
    content: dict[str, Any] = {"schema": {"$ref": REF.format(name=shape.__name__)}}
    if example is not None:
        content["example"] = example
    answer = {"description": (shape.__doc__ or "").split("\n")[0], "content": {JSON: content}}
    return {status: {**answer, "links": dict(links)} if links else answer, **problems}


def shape_schemas() -> dict[str, Any]:
    """Return the schemas of all answers for the OpenAPI document."""
    _, components = msgspec.json.schema_components(list(_SHAPES.values()), ref_template=REF)
    return components
