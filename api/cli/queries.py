"""`matchgraph queries`: the saved queries, listed, shown and run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from api.cli.declaring import group, json_option, subcommand
from api.cli.export import neo4j_address, neo4j_options
from api.cli.output import emit, emit_json, plain
from api.cli.querying import QueryOptions, local_query_options, show_result
from api.cli.session import Session, pass_session

if TYPE_CHECKING:
    from graph.projections.query_result import QueryResult
    from graph.saved_queries.catalogue import SavedQuery

_LANGUAGES: Final = ("sql", "cypher", "sparql")


@group("queries", examples=["queries list", "queries run demand-without-supply"])
def queries() -> None:
    """Ask what analysts ask most: saved queries, each as SQL, Cypher and SPARQL with the same rows."""


@subcommand(queries, "list", examples=["queries list"])
@json_option()
def list_(as_json: bool) -> None:
    """List the saved queries."""
    from api.render.saved_queries import queries_page
    from api.render.text import text_page
    from graph.saved_queries.catalogue import saved_queries

    found = saved_queries()
    if as_json:
        emit_json({"queries": [plain(each) for each in found]})
    else:
        emit(text_page(queries_page(found)))


@subcommand(queries, "show", examples=["queries show rising-intents", "queries show rising-intents --language cypher"])
@click.argument("name", metavar="NAME")
@click.option("--language", type=click.Choice(_LANGUAGES), default="sql", show_default=True, help="Language to show.")
@json_option()
def show(name: str, language: str, as_json: bool) -> None:
    """Show what the query NAME asks, its parameters and columns, and its text."""
    from api.render.saved_queries import query_page
    from api.render.text import text_page
    from graph.saved_queries.catalogue import saved_query

    query = saved_query(name)
    if as_json:
        emit_json({**plain(query), "language": language, "text": query.text(language)})
        return
    emit(text_page(query_page(query)))
    emit(f"\n{query.text(language)}")


@subcommand(queries, "run", examples=["queries run demand-without-supply --param min_clients=3 --csv"])
@click.argument("name", metavar="NAME")
@click.option("--language", type=click.Choice(_LANGUAGES), default="sql", show_default=True, help="Language to ask in.")
@click.option("--uri", metavar="URI", default="bolt://localhost:7687", show_default=True, help="Neo4j, for Cypher.")
@neo4j_options
@local_query_options
@pass_session
def run_(
    session: Session, name: str, language: str, uri: str, user: str, database: str | None, options: QueryOptions
) -> None:
    """Run the query NAME. Parameters that are not given have the defaults that `queries show` prints.

    SQL and SPARQL ask the snapshot in force; Cypher asks a Neo4j server that `matchgraph export neo4j` filled.
    """
    from graph.saved_queries.catalogue import saved_query
    from graph.saved_queries.running import run_saved_sparql, run_saved_sql

    query = saved_query(name)
    if language == "cypher":
        result = _on_neo4j(session, query, options, (uri, user, database))
    else:
        run = run_saved_sparql if language == "sparql" else run_saved_sql
        result = run(session.snapshot(), query, options.values, options.budget)
    show_result(result, options)


def _on_neo4j(
    session: Session, query: SavedQuery, options: QueryOptions, server: tuple[str, str, str | None]
) -> QueryResult:
    from graph.projections.neo4j_server import neo4j_driver
    from graph.saved_queries.running import run_saved_cypher

    now_us, database = session.snapshot().now_us, server[2]
    with neo4j_driver(neo4j_address(*server)) as driver:
        return run_saved_cypher(driver, query, options.values, options.budget, now_us=now_us, database=database)
