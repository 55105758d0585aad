"""`matchgraph compare`: two artifacts side by side, with a verdict."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.declaring import clean_text, command, plot_option
from api.cli.output import emit, emit_json, plain
from api.cli.session import Session, pass_session

FORMATS = ("text", "json", "markdown", "html")


@command(
    "compare", examples=["compare 'FLUX.1 Pro' 'DALL-E 3'", "compare flux-1-pro dall-e-3 --format html > page.html"]
)
@click.argument("a", metavar="A", callback=clean_text)
@click.argument("b", metavar="B", callback=clean_text)
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="text", help="How to write it (default: text)."
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@plot_option("ranks, parts, head to head and shared capabilities of both")
@pass_session
def compare(session: Session, a: str, b: str, format_: str, as_json: bool, plot: Path | None) -> None:
    """Compare artifacts A and B, given by id or name.

    Says which is better for what and how sure that is; that they tie, that there is not enough evidence, or that
    they are not comparable.
    """
    from queries.answers.compare import compare as compare_artifacts

    answer = compare_artifacts(session.snapshot(), a, b)
    if plot is not None:
        from api.plots.comparison import plot_comparison

        plot_comparison(plain(answer), plot)
    if as_json or format_ == "json":
        emit_json(answer)
    else:
        emit(written_comparison(plain(answer), format_))


def written_comparison(answer: dict[str, object], format_: str) -> str:
    """Return a comparison as text, markdown or html."""
    from api.render.comparison import comparison_page

    page = comparison_page(answer)
    if format_ == "markdown":
        from api.render.markdown import markdown_page

        return markdown_page(page)
    if format_ == "html":
        from api.render.html import html_page

        return html_page(page)
    from api.render.text import text_page

    return text_page(page)
