"""`matchgraph verify`: whether a signed passport is as it was signed. Asks nobody."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.declaring import command, json_option
from api.cli.output import emit, emit_json
from api.cli.session import Session, pass_session


@command("verify", examples=["verify passport.json --keys matchgraph-keys.json"])
@click.argument("passport", type=click.Path(path_type=Path, dir_okay=False), metavar="PASSPORT")
@click.option(
    "--keys",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Public keys, from /.well-known/matchgraph-keys.json of the signing server (default: those of the home).",
)
@json_option()
@pass_session
def verify(session: Session, passport: Path, keys: Path | None, as_json: bool) -> int:
    """Check the signature of PASSPORT (a JSON file) offline. Exit code 1 if it is not valid."""
    import msgspec

    from api.signing.documents import verify as check
    from api.signing.keys import public_keys, read_key_set
    from graph.errors import BadInput

    try:
        document = msgspec.json.decode(passport.read_bytes())
        key_set = public_keys(session.home) if keys is None else read_key_set(keys.read_bytes(), str(keys))
    except OSError as error:
        raise BadInput(f"{error.filename} cannot be read: {error.strerror}.") from error
    except msgspec.DecodeError as error:
        raise BadInput(f"{passport} is not JSON: {error}.") from error
    found = check(document, key_set)
    if as_json:
        emit_json(found)
    else:
        emit(f"{'Valid' if found.valid else 'Not valid'}: {found.text}\n")
    return 0 if found.valid else 1
