"""`matchgraph quarantine`: rows that could not be read."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.clock import clock_us
from api.cli.declaring import group, json_option, limit_option, subcommand
from api.cli.output import emit, emit_json, emit_json_lines, plain
from api.cli.session import Session, pass_session


@group("quarantine", examples=["quarantine list"])
def quarantine() -> None:
    """Look at rows that could not be read, and read them again."""


@subcommand(quarantine, "list", examples=["quarantine list --limit 5", "quarantine list --jsonl > rows.jsonl"])
@limit_option(50, "rows as text")
@click.option("--jsonl", is_flag=True, help="Print JSON Lines, to be corrected and given to replay.")
@json_option()
@pass_session
def list_(session: Session, limit: int, jsonl: bool, as_json: bool) -> None:
    """List the quarantined rows: file, line, reason, remedy and the row itself."""
    from ingest.quarantine import list_quarantine

    rows = list_quarantine(session.home)
    if jsonl:
        emit_json_lines(rows)
    elif as_json:
        emit_json({"quarantined": len(rows), "rows": rows})
    else:
        from api.render.quarantine import quarantine_page
        from api.render.text import text_page

        emit(text_page(quarantine_page(plain(rows), limit)))


@subcommand(quarantine, "replay", examples=["quarantine replay", "quarantine replay --corrected rows.jsonl"])
@click.option(
    "--corrected",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Rows as printed by `quarantine list --jsonl`, with their `raw` put right.",
)
@json_option()
@pass_session
def replay(session: Session, corrected: Path | None, as_json: bool) -> int:
    """Read the quarantined rows again. Exit code 1 if some are still refused."""
    from ingest.quarantine import replay as read_again

    report = read_again(session.home, now_us=clock_us(), corrected=corrected)
    if as_json:
        emit_json(report)
    else:
        from api.render.quarantine import replay_page
        from api.render.text import text_page

        emit(text_page(replay_page(plain(report))))
    return 1 if report.still_quarantined else 0
