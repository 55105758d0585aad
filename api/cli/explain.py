"""`matchgraph explain`: where a number comes from."""

from __future__ import annotations

import click

from api.cli.declaring import clean_text, command, json_option
from api.cli.output import emit, emit_json, plain
from api.cli.session import Session, pass_session


@command(
    "explain",
    examples=["explain 'FLUX.1 Pro'", "explain 'FLUX.1 Pro' 'DALL-E 3'", "explain int_0a1b2c3d4e5f6071 flux-1-pro"],
)
@click.argument("subject", metavar="ARTIFACT|INTENT", callback=clean_text)
@click.argument("other", metavar="[ARTIFACT|CAPABILITY]", required=False, callback=clean_text)
@json_option()
@pass_session
def explain(session: Session, subject: str, other: str | None, as_json: bool) -> None:
    """Open the numbers of an artifact, of a comparison of two, or of a match edge.

    Each number comes with its formula, the counts that went in, the clients behind them and their time window.
    An EDGE is an intent id and an artifact or capability id, as `matchgraph edges --json` prints them.
    """
    from queries.answers.explain import explain as open_numbers

    answer = open_numbers(session.snapshot(), *([subject] if other is None else [subject, other]))
    if as_json:
        emit_json(answer)
        return
    from api.render.explanation import explanation_page
    from api.render.text import text_page

    emit(text_page(explanation_page(plain(answer))))
