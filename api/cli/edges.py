"""`matchgraph edges`: the match edges with their evidence."""

from __future__ import annotations

import click

from api.cli.declaring import clean_text, command, json_option
from api.cli.output import emit, emit_json, plain
from api.cli.session import Session, pass_session


@command("edges", examples=["edges --artifact 'FLUX.1 Pro'", "edges --intent 'segment street scenes' --json"])
@click.option("--intent", metavar="TEXT", callback=clean_text, help="Only edges of the intent behind this query.")
@click.option("--artifact", metavar="ARTIFACT", callback=clean_text, help="Only edges to this artifact (id or name).")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N edges (default: all).")
@json_option()
@pass_session
def edges(session: Session, intent: str | None, artifact: str | None, limit: int | None, as_json: bool) -> None:
    """List match edges (intent, artifact or capability, evidence), the most matched first."""
    from queries.answers.edges import edge_list

    answer = edge_list(session.snapshot(), intent=intent, artifact=artifact, limit=limit)
    if as_json:
        emit_json(answer)
        return
    from api.render.edges import edges_page
    from api.render.text import text_page

    emit(text_page(edges_page(plain(answer))))
