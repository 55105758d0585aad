"""`matchgraph explain`: where a number comes from."""

from __future__ import annotations

import click

from api.cli.declaring import clean_text, command, json_option
from api.cli.output import emit, emit_json, plain
from api.cli.session import Session, pass_session


@command(
    "explain",
    examples=[
        "explain 'FLUX.1 Pro'", "explain 'FLUX.1 Pro' 'DALL-E 3'", "explain int_0a1b2c3d4e5f6071 flux-1-pro",
        "explain --query 'segment street scenes'",
    ],
)  # fmt: skip
@click.argument("subject", metavar="[ARTIFACT|INTENT]", required=False, callback=clean_text)
@click.argument("other", metavar="[ARTIFACT|CAPABILITY]", required=False, callback=clean_text)
@click.option("--query", metavar="TEXT", callback=clean_text, help="Open the hits of this search instead.")
@json_option()
@pass_session
def explain(session: Session, subject: str | None, other: str | None, query: str | None, as_json: bool) -> None:
    """Open the numbers of an artifact, of a comparison of two, of a match edge, or of a search.

    Each number comes with its formula, the counts that went in, the clients behind them and their time window, and some
    rows of the ledger. An EDGE is an intent id and an artifact or capability id, as `matchgraph edges --json` prints
    them.
    """
    if (subject is None) == (query is None):
        raise click.UsageError("Give an ARTIFACT or an INTENT, or --query TEXT.")
    from api.explaining import explained
    from graph.ledger import Ledger

    answer = explained(session.snapshot(), Ledger.open(session.home), subject, other, query=query)
    if as_json:
        emit_json(answer)
        return
    from api.render.explanation import explanation_page
    from api.render.text import text_page

    emit(text_page(explanation_page(plain(answer))))
