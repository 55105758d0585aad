"""`matchgraph alternatives`: what else serves the same need, and what goes well with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.declaring import clean_text, command, filter_options, json_option, limit_option, plot_option
from api.cli.output import emit, emit_json, plain, tell
from api.cli.session import Session, pass_session
from graph.phrasing import counted

if TYPE_CHECKING:
    from queries.answers.constraints import Constraints


@command(
    "alternatives",
    examples=["alternatives 'FLUX.1 Pro' --license apache-2.0", "alternatives --batch ids.jsonl --out found.jsonl"],
)
@click.argument("artifact", metavar="ARTIFACT", required=False, callback=clean_text)
@limit_option(10, "alternatives and complements each")
@filter_options
@click.option("--other-vendor", is_flag=True, help="Leave out what the same vendor offers.")
@click.option(
    "--diversity",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="How much alternatives should differ from each other.",
)
@click.option(
    "--batch", type=click.Path(path_type=Path), metavar="FILE", help='JSON Lines of {"id"}, instead of ARTIFACT.'
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Where the answers to --batch go.")
@plot_option("the artifact among its alternatives")
@json_option()
@pass_session
def alternatives(
    session: Session,
    artifact: str | None,
    limit: int,
    wanted: Constraints,
    other_vendor: bool,
    diversity: float,
    batch: Path | None,
    out: Path | None,
    plot: Path | None,
    as_json: bool,
) -> None:
    """List what was, or can be, chosen instead of ARTIFACT (id or name), with the reasons."""
    from queries.answers.constraints import ANYTHING

    narrowed = wanted != ANYTHING or any((other_vendor, diversity, plot))
    if batch is not None or out is not None:
        if batch is None or out is None or artifact is not None or narrowed:
            raise click.UsageError("--batch FILE and --out FILE go together, without ARTIFACT, filters and picture.")
        from queries.answers.alternatives import alternatives_batch

        tell(f"{counted(alternatives_batch(session.snapshot(), batch, out, limit), 'line')} written to {out}.")
        return
    if artifact is None:
        raise click.UsageError("Name an ARTIFACT, or give --batch FILE and --out FILE.")
    from queries.answers.alternatives import alternatives as find_alternatives

    snapshot = session.snapshot()
    answer = find_alternatives(snapshot, artifact, wanted, limit=limit, other_vendor=other_vendor, diversity=diversity)
    if plot is not None:
        from api.plots.neighbourhood import plot_neighbourhood

        plot_neighbourhood(plain(answer), plot)
    if as_json:
        emit_json(answer)
        return
    from api.render.related import related_page
    from api.render.text import text_page

    emit(text_page(related_page(plain(answer))))
