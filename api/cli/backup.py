"""`matchgraph backup`: a copy of the home that can be put in its place."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.declaring import command, json_option
from api.cli.output import emit, emit_json, plain
from api.cli.session import Session, pass_session


@command("backup", examples=["backup /mnt/backup/matchgraph", "backup /mnt/backup/matchgraph --without-key"])
@click.argument("folder", metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path))
@click.option("--without-key", is_flag=True, help="Leave out secret.key, to be kept elsewhere.")
@json_option()
@pass_session
def backup(session: Session, folder: Path, without_key: bool, as_json: bool) -> int:
    """Copy the home to FOLDER, or bring the copy there up to date. Imports and answers go on meanwhile.

    FOLDER becomes a home of its own. Only what is new is copied; what was erased from the home is deleted there. The
    copy is checked: rows of every table, and the checksums of the snapshot in force.
    """
    from graph.backup import back_up

    done = back_up(session.home, folder, with_key=not without_key)
    if as_json:
        emit_json(done)
    else:
        from api.render.backup import backup_page
        from api.render.text import text_page

        emit(text_page(backup_page(plain(done))))
    return 0
