"""Signed passports, and the public keys to check them by."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answers import described, of_call, of_snapshot
from api.http.deps import SnapshotDep, StateDep, in_thread
from api.http.problems import documented
from api.http.state import ServerState
from api.signing.documents import signed
from api.signing.keys import public_keys, signing_key
from graph.snapshot import Snapshot
from queries.answers.passport import passport

router = APIRouter(prefix="/v1", tags=["passports"])
well_known = APIRouter(tags=["passports"])
KEYS_PATH = "/.well-known/matchgraph-keys.json"


class Signature(msgspec.Struct, frozen=True):
    """Ed25519 over the canonical form of the whole document without this value."""

    algorithm: str
    canonical_form: str
    key_id: str
    signed_at: str
    value: str


class SignedPassport(msgspec.Struct, frozen=True):
    """What is stated of an artifact and what was observed, signed."""

    passport: dict[str, Any]
    signature: Signature


class KeySet(msgspec.Struct, frozen=True):
    """Public keys as a JSON Web Key Set (RFC 7517), the newest first."""

    keys: list[dict[str, str]]


def base_url(state: ServerState, request: Request) -> str:
    """Return the address under which this server is seen, without a slash at the end."""
    return state.settings.public_url or str(request.base_url).rstrip("/")


def page_url(base: str, artifact_id: str) -> str:
    """Return the address of an artifact's page."""
    return f"{base}/artifacts/{quote(artifact_id)}"


def signed_passport(state: ServerState, snapshot: Snapshot, name: str, base: str) -> dict[str, Any]:
    """Return the passport of an artifact, signed as of the snapshot: equal snapshots give equal signatures."""
    body = passport(snapshot, name)
    body["unfragile"]["artifact"]["page_url"] = page_url(base, body["unfragile"]["artifact"]["id"])
    key_id, key = signing_key(state.home)
    return signed({"passport": body}, key_id, key, snapshot.manifest.published_at)


@router.get(
    "/passports/{artifact:path}", responses=described(SignedPassport, documented("unknown-name", "cannot-be-answered"))
)
async def get_passport(request: Request, artifact: str, snapshot: SnapshotDep, state: StateDep) -> Response:
    """Return the signed passport of an artifact (id or name)."""
    found = await in_thread(state, signed_passport, state, snapshot, artifact, base_url(state, request))
    return of_snapshot(request, snapshot, found)


@well_known.get(KEYS_PATH, responses=described(KeySet, documented()))
async def get_keys(state: StateDep) -> Response:
    """Return the public keys by which passports are checked; retired ones stay among them."""
    return of_call(await in_thread(state, public_keys, state.home))
