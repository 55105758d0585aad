"""`matchgraph sql`: one SELECT over the snapshot."""

from __future__ import annotations

import click

from api.cli.declaring import command
from api.cli.querying import budget_of, memory_option, query_options, query_parameters, query_text, show_result
from api.cli.session import Session, pass_session


@command(
    "sql",
    examples=[
        "sql 'SELECT name, rank FROM graph.artifact ORDER BY rank DESC LIMIT 5'",
        "sql 'SELECT * FROM graph.matched_artifact WHERE \"end\" = $artifact' --param artifact=aider --csv",
    ],
)
@click.argument("query", metavar="QUERY|FILE")
@query_options
@memory_option()
@pass_session
def sql(
    session: Session,
    query: str,
    parameters: tuple[str, ...],
    limit: int,
    seconds: float,
    memory_mb: int,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Run one SELECT of DuckDB's SQL over the snapshot, without access to anything else.

    Schema `main` has the snapshot's tables, schema `graph` a view for each kind of node and edge, and `graph.nodes` and
    `graph.edges` over all of them. Parameters are written $name. Times are UTC.
    """
    from graph.projections.sql_query import run_sql

    result = run_sql(
        session.snapshot(), query_text(query), query_parameters(parameters), budget_of(limit, seconds, memory_mb)
    )
    show_result(result, as_json=as_json, as_csv=as_csv)
