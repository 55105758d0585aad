"""`matchgraph keys`: API keys of the server, and the key that signs passports."""

from __future__ import annotations

import click

from api.cli.clock import clock_us
from api.cli.declaring import group, json_option, subcommand
from api.cli.output import emit, emit_json, tell
from api.cli.session import Session, pass_session

_SCOPES = ("read", "feedback", "admin")


@group("keys", examples=["keys create 'my shop' --scope feedback", "keys list", "keys revoke 0a1b2c3d4e5f"])
def keys() -> None:
    """Make, list and revoke API keys; rotate the key that signs passports."""


@subcommand(keys, "create", examples=["keys create 'my shop' --scope feedback"])
@click.argument("name", metavar="NAME")
@click.option("--scope", "scopes", type=click.Choice(_SCOPES), multiple=True, help="What it may do (default: read).")
@json_option()
@pass_session
def create(session: Session, name: str, scopes: tuple[str, ...], as_json: bool) -> None:
    """Make an API key. It is printed this once and kept as a hash only."""
    from api.access.keys import create_key

    text, entry = create_key(session.home, name, scopes or ("read",), now_us=clock_us())
    if as_json:
        emit_json({"key_id": entry.key_id, "name": entry.name, "scopes": list(entry.scopes), "key": text})
        return
    tell(f"Key {entry.key_id} with the scopes {', '.join(entry.scopes)}. It is not shown again:")
    emit(f"{text}\n")


@subcommand(keys, "list", examples=["keys list --json"])
@json_option()
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """List the API keys, without the secrets, which are not kept."""
    from api.access.keys import list_keys
    from graph.times import iso_time

    found = [
        {
            "key_id": key.key_id,
            "name": key.name,
            "scopes": list(key.scopes),
            "created": iso_time(key.created_us),
            "revoked": iso_time(key.revoked_us),
        }
        for key in list_keys(session.home)
    ]
    if as_json:
        emit_json({"keys": found})
        return
    for key in found:
        state = f"revoked {key['revoked']}" if key["revoked"] else f"since {key['created']}"
        emit(f"{key['key_id']}  {', '.join(key['scopes'])}  {key['name']}  {state}\n")  # type: ignore[arg-type]


@subcommand(keys, "revoke", examples=["keys revoke 0a1b2c3d4e5f"])
@click.argument("key_id", metavar="KEY_ID")
@json_option()
@pass_session
def revoke(session: Session, key_id: str, as_json: bool) -> None:
    """Take an API key out of use; running servers notice at the next request."""
    from api.access.keys import revoke_key

    entry = revoke_key(session.home, key_id, now_us=clock_us())
    tell(f"The key {entry.key_id} is revoked.")
    if as_json:
        emit_json({"key_id": entry.key_id})


@subcommand(keys, "rotate", examples=["keys rotate"])
@json_option()
@pass_session
def rotate(session: Session, as_json: bool) -> None:
    """Sign passports with a new key from now on. Old passports stay valid: their keys stay published."""
    from api.signing.keys import rotate as rotate_signing_key

    key_id = rotate_signing_key(session.home)
    tell(f"Passports are signed with the key {key_id} from now on.")
    if as_json:
        emit_json({"key_id": key_id})
