"""`matchgraph show`: everything known about one artifact."""

from __future__ import annotations

import click

from api.cli.declaring import clean_text, command, json_option
from api.cli.output import emit, emit_json, plain
from api.cli.session import Session, pass_session


@command("show", examples=["show 'FLUX.1 Pro'", "show flux-1-pro --json"])
@click.argument("artifact", metavar="ARTIFACT", callback=clean_text)
@json_option()
@pass_session
def show(session: Session, artifact: str, as_json: bool) -> None:
    """Show ARTIFACT (id or name): facts, rank and its parts, capabilities, evidence."""
    from queries.show import show as describe

    answer = describe(session.snapshot(), artifact)
    if as_json:
        emit_json(answer)
        return
    from api.render.artifact import artifact_page
    from api.render.text import text_page

    emit(text_page(artifact_page(plain(answer))))
