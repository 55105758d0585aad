"""`matchgraph show`: everything known about one artifact."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.declaring import clean_text, command, json_option, plot_option
from api.cli.output import emit, emit_json, plain
from api.cli.session import Session, pass_session


@command("show", examples=["show 'FLUX.1 Pro'", "show flux-1-pro --json"])
@click.argument("artifact", metavar="ARTIFACT", callback=clean_text)
@plot_option("what stands around it")
@json_option()
@pass_session
def show(session: Session, artifact: str, plot: Path | None, as_json: bool) -> None:
    """Show ARTIFACT (id or name): facts, rank and its parts, capabilities, evidence."""
    from queries.answers.show import show as describe

    answer = describe(session.snapshot(), artifact)
    if plot is not None:
        from api.plots.neighbourhood import plot_neighbourhood

        plot_neighbourhood({**plain(answer), "name": answer.artifact.name}, plot)
    if as_json:
        emit_json(answer)
        return
    from api.render.artifact import artifact_page
    from api.render.text import text_page

    emit(text_page(artifact_page(plain(answer))))
