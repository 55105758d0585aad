"""`matchgraph sql`: one SELECT over the snapshot."""

from __future__ import annotations

import click

from api.cli.declaring import command
from api.cli.querying import QueryOptions, local_query_options, query_text, show_result
from api.cli.session import Session, pass_session


@command(
    "sql",
    examples=[
        "sql 'SELECT name, rank FROM graph.artifact ORDER BY rank DESC LIMIT 5'",
        "sql 'SELECT * FROM graph.matched_artifact WHERE \"end\" = $artifact' --param artifact=aider --csv",
    ],
)
@click.argument("query", metavar="QUERY|FILE")
@local_query_options
@pass_session
def sql(session: Session, query: str, options: QueryOptions) -> None:
    """Run one SELECT of DuckDB's SQL over the snapshot, without access to anything else.

    Schema `main` has the snapshot's tables, schema `graph` a view for each kind of node and edge, and `graph.nodes` and
    `graph.edges` over all of them. Parameters are written $name. Times are UTC.
    """
    from graph.projections.sql_query import run_sql

    show_result(run_sql(session.snapshot(), query_text(query), options.values, options.budget), options)
