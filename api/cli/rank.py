"""`matchgraph rank`: the artifacts, best first."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.declaring import command, json_option, limit_option, plot_option
from api.cli.output import emit, emit_json, plain
from api.cli.session import Session, pass_session


@command("rank", examples=["rank --type model --limit 5", "rank --plot ranks.svg"])
@click.option("--type", "type_", metavar="TYPE", help="Only this type of artifact, for example model or mcp.")
@limit_option(20, "artifacts")
@plot_option("the intervals")
@json_option()
@pass_session
def rank(session: Session, type_: str | None, limit: int, plot: Path | None, as_json: bool) -> None:
    """List the artifacts by rank (0 to 100), best first, with interval and evidence."""
    from queries.listings import rank_list

    answer = rank_list(session.snapshot(), type=type_, limit=limit)
    if plot is not None:
        from api.plots.ranking import plot_ranking

        plot_ranking(plain(answer), plot)
    if as_json:
        emit_json(answer)
        return
    from api.render.ranking import ranking_page
    from api.render.text import text_page

    emit(text_page(ranking_page(plain(answer))))
