"""`matchgraph cypher`: one reading query on a Neo4j server that holds the graph."""

from __future__ import annotations

import click

from api.cli.declaring import command
from api.cli.export import neo4j_address, neo4j_options
from api.cli.querying import QueryOptions, query_options, query_text, show_result


@command(
    "cypher",
    examples=[
        "cypher 'MATCH (a:Artifact) RETURN a.name, a.rank ORDER BY a.rank DESC LIMIT 5' --uri bolt://localhost:7687"
    ],
)
@click.argument("query", metavar="QUERY|FILE")
@click.option("--uri", metavar="URI", default="bolt://localhost:7687", show_default=True, help="Where the server is.")
@click.option("--bookmark", "bookmarks", metavar="TEXT", multiple=True, help="Wait for this export (cluster).")
@neo4j_options
@query_options
def cypher(
    query: str, uri: str, bookmarks: tuple[str, ...], user: str, database: str | None, options: QueryOptions
) -> None:
    """Run one reading Cypher query on a Neo4j server that `matchgraph export neo4j` filled.

    The server plans it first; queries that write, read files or call procedures that are not allowed are refused.
    Parameters are written $name. The password is taken from MATCHGRAPH_NEO4J_PASSWORD.
    """
    from graph.projections.cypher_query import run_cypher
    from graph.projections.neo4j_server import neo4j_driver

    with neo4j_driver(neo4j_address(uri, user, database)) as driver:
        result = run_cypher(
            driver, query_text(query), options.values, options.budget, database=database, bookmarks=bookmarks
        )
    show_result(result, options)
