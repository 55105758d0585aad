"""`matchgraph erase`: a client leaves the ledger, the disk and the answers."""

from __future__ import annotations

import os
import re
from typing import Final

import click

from api.cli.clock import clock_us, end_of_today_us, time_option
from api.cli.declaring import command, json_option
from api.cli.output import emit, emit_json, plain, tell
from api.cli.session import Session, pass_session

_KEY: Final = re.compile(r"(?:hashed-client:)?([0-9a-fA-F]{16})")


def _read_key(_: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    if value is None:
        return None
    match = _KEY.fullmatch(value)
    if match is None:
        raise click.BadParameter("a pseudonym has 16 hexadecimal digits, such as 0123456789abcdef.", param=parameter)
    return int(match[1], 16)


@command("erase", examples=["erase --client anna-7", "erase --client-key 4f1c9e07a2b3d586 --no-recompute"])
@click.option("--client", metavar="ID", help="The client's id as it stands in the imported logs.")
@click.option(
    "--client-key",
    "key",
    metavar="HEX",
    callback=_read_key,
    help="The client's pseudonym instead: 16 hexadecimal digits, as in hashed-client:...",
)
@time_option("--now", "Compute the new snapshot as of this time (default: the end of today, UTC).")
@click.option(
    "--recompute/--no-recompute", "compute", default=True, help="Compute a new snapshot (default), or leave none."
)
@click.option(
    "--prove/--no-prove",
    default=None,
    help="Compare with a rebuild in a new home (default: if there are at most a million searches and events).",
)
@json_option()
@pass_session
def erase(
    session: Session,
    client: str | None,
    key: int | None,
    now: int | None,
    compute: bool,
    prove: bool | None,
    as_json: bool,
) -> int:
    """Remove every row of a client, and what was computed with them, for good.

    Its rows leave the ledger and the disk, later imports leave them out, a new snapshot is computed, and those
    computed with its rows are deleted. Exit code 1 if there is no row of that client, or if the proof fails. If it was
    interrupted, run it again.
    """
    if (client is None) == (key is None):
        raise click.UsageError("Name one client, with --client ID or with --client-key HEX.")
    if prove and not compute:
        raise click.UsageError("The proof needs the new snapshot: leave out --no-recompute.")
    from api.erasure import Choices, erase_client
    from api.settings import load_settings
    from graph.erasing import client_key
    from graph.ledger import Ledger

    Ledger.open(session.home)  # an empty home is said to be empty, before its secret is missed
    wanted = client_key(session.home, client) if client else key
    if not wanted:
        raise click.UsageError("The id of the client is empty.")
    now_us = end_of_today_us() if now is None else now
    settings, _ = load_settings(session.home.path, os.environ)
    choices = Choices(settings.k_anonymity, settings.encoder_name)
    answer = erase_client(
        *(session.home, wanted),
        at_us=clock_us(),
        now_us=now_us,
        compute=compute,
        prove=prove,
        choices=choices,
        report=tell,
    )
    if as_json:
        emit_json(answer)
    else:
        from api.render.erasure import erasure_page
        from api.render.text import text_page

        emit(text_page(erasure_page(plain(answer))))
    return 0 if answer.found and (answer.proof is None or answer.proof.holds) else 1
