"""`matchgraph search`: artifacts and capabilities for a need in plain words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.declaring import clean_text, command, filter_options, json_option, limit_option
from api.cli.output import emit, emit_json, plain, tell
from api.cli.session import Session, pass_session
from graph.phrasing import counted

if TYPE_CHECKING:
    from queries.answers.constraints import Constraints


@command(
    "search",
    examples=[
        "search 'remove the background of a photo' --type model",
        "search --different-from 'FLUX.1 Pro' --price free",
        "search --batch queries.jsonl --out hits.jsonl",
    ],
)
@click.argument("query", metavar="QUERY", required=False, callback=clean_text)
@filter_options
@click.option(
    "--different-from",
    metavar="ARTIFACT",
    callback=clean_text,
    help="Prefer what is unlike this artifact; without QUERY, for the same need.",
)
@click.option(
    "--diversity",
    type=click.FloatRange(0, 1),
    metavar="SHARE",
    help="0: by score alone, 1: as unlike each other as possible (default: 0; 0.4 with --different-from).",
)
@limit_option(10, "artifacts (with --batch: hits for each query)")
@click.option(
    "--batch", type=click.Path(path_type=Path), metavar="FILE", help='JSON Lines of {"id", "text"}, instead of QUERY.'
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Where the answers to --batch go.")
@json_option()
@pass_session
def search(
    session: Session,
    query: str | None,
    wanted: Constraints,
    different_from: str | None,
    diversity: float | None,
    limit: int,
    batch: Path | None,
    out: Path | None,
    as_json: bool,
) -> int:
    """Find artifacts that can do what QUERY asks for. Exit code 1 if nothing was found."""
    from queries.answers.constraints import ANYTHING

    if batch is not None or out is not None:
        if batch is None or out is None or any((query, different_from)) or wanted != ANYTHING:
            raise click.UsageError("--batch FILE and --out FILE go together, without QUERY and without filters.")
        from queries.answers.search_batch import search_batch

        tell(f"{counted(search_batch(session.snapshot(), batch, out, limit), 'line')} written to {out}.")
        return 0
    if query is None and different_from is None:
        raise click.UsageError("Give a QUERY, or --different-from ARTIFACT, or --batch FILE and --out FILE.")
    from queries.answers.search import search as find

    snapshot = session.snapshot()
    found = find(snapshot, query or "", wanted, limit=limit, different_from=different_from, diversity=diversity)
    answer = plain(found)
    _emit(answer, as_json)
    return 0 if answer["hits"] else 1


def _emit(answer: dict[str, object], as_json: bool) -> None:
    if as_json:
        emit_json(answer)
        return
    from api.render.hits import hits_page
    from api.render.text import text_page

    emit(text_page(hits_page(answer)))
