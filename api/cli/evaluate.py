"""`matchgraph evaluate`: how good the search is on judged queries."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.declaring import command, json_option, plot_option
from api.cli.output import emit, emit_json, plain
from api.cli.session import Session, pass_session


@command(
    "evaluate",
    examples=[
        "evaluate queries.jsonl qrels.csv --json",
        "evaluate queries.jsonl qrels.csv --against 20260101-0a1b2c3d4e5f",
    ],
)
@click.argument("queries", metavar="QUERIES.jsonl", type=click.Path(path_type=Path))
@click.argument("qrels", metavar="QRELS.csv", type=click.Path(path_type=Path))
@click.option(
    "--against",
    metavar="SNAPSHOT",
    help="Also say how much better the search is than in this snapshot, and whether by chance (paired bootstrap).",
)
@plot_option("how often hits were right, against how sure the search was")
@json_option()
@pass_session
def evaluate(
    session: Session, queries: Path, qrels: Path, against: str | None, plot: Path | None, as_json: bool
) -> None:
    """Measure the search of this home on judged queries: retrieval and calibration.

    QUERIES holds JSON Lines of {"id", "text"}; QRELS has the columns query_id, artifact_id or capability_id, grade.
    """
    from queries.retrieval.evaluate import evaluate as measure

    other = None if against is None else session.snapshot(against)
    answer = measure(session.snapshot(), queries, qrels, other)
    if plot is not None:
        from api.plots.reliability import plot_reliability

        plot_reliability(plain(answer), plot)
    if as_json:
        emit_json(answer)
        return
    from api.render.metrics import metrics_page
    from api.render.text import text_page

    emit(text_page(metrics_page(plain(answer))))
