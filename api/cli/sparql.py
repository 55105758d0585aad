"""`matchgraph sparql`: one query over the snapshot as RDF."""

from __future__ import annotations

import click

from api.cli.declaring import command
from api.cli.querying import budget_of, memory_option, query_options, query_parameters, query_text, show_result
from api.cli.session import Session, pass_session


@command(
    "sparql",
    examples=[
        "sparql 'SELECT ?name ?rank WHERE { ?a schema:name ?name ; mg:rank ?rank } ORDER BY DESC(?rank) LIMIT 5'",
        "sparql 'DESCRIBE ?a WHERE { ?a dcterms:identifier ?id }' --param id=aider --csv",
    ],
)
@click.argument("query", metavar="QUERY|FILE")
@query_options
@memory_option()
@pass_session
def sparql(
    session: Session,
    query: str,
    parameters: tuple[str, ...],
    limit: int,
    seconds: float,
    memory_mb: int,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Run one SPARQL 1.1 query (SELECT, ASK, CONSTRUCT, DESCRIBE) over the snapshot, without access to anything else.

    Prefixes need not be declared: mg, schema, skos, dcterms, dcat, prov, rdf, rdfs, xsd. Parameters are variables of
    the query. The first query on a snapshot makes its store, which takes about 25 s for a million triples.
    """
    from graph.projections.sparql_query import run_sparql

    result = run_sparql(
        session.snapshot(), query_text(query), query_parameters(parameters), budget_of(limit, seconds, memory_mb)
    )
    show_result(result, as_json=as_json, as_csv=as_csv)
