"""`matchgraph rank`: the artifacts, best first."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.declaring import clean_text, command, json_option, limit_option, plot_option
from api.cli.output import emit, emit_json, plain
from api.cli.session import Session, pass_session


@command("rank", examples=["rank --type model --limit 5", "rank --plot ranks.svg", "rank --history 'FLUX.1 Pro'"])
@click.option("--type", "type_", metavar="TYPE", help="Only this type of artifact, for example model or mcp.")
@limit_option(20, "artifacts")
@click.option("--history", metavar="ARTIFACT", callback=clean_text, help="The rank of one artifact in every snapshot.")
@plot_option("the intervals")
@json_option()
@pass_session
def rank(
    session: Session, type_: str | None, limit: int, history: str | None, plot: Path | None, as_json: bool
) -> None:
    """List the artifacts by rank (0 to 100), with interval, place and evidence.

    Sorted by the lower end of the interval: who stands high does so by what is known. Those of which too little is
    known come last.
    """
    if history is not None:
        if type_ is not None or plot is not None:
            raise click.UsageError("--history ARTIFACT stands alone, without --type and --plot.")
        _show_history(session, history, as_json)
        return
    from queries.answers.ranks import rank_list

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


def _show_history(session: Session, artifact: str, as_json: bool) -> None:
    from graph.rank_history import rank_history
    from queries.answers.names import resolve_artifact

    answer = rank_history(session.home, resolve_artifact(session.snapshot(), artifact))
    if as_json:
        emit_json(answer)
        return
    from api.render.history import history_page
    from api.render.text import text_page

    emit(text_page(history_page(plain(answer))))
