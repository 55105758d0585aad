"""`matchgraph sparql`: one query over the snapshot as RDF."""

from __future__ import annotations

import click

from api.cli.declaring import command
from api.cli.querying import QueryOptions, local_query_options, query_text, show_result
from api.cli.session import Session, pass_session


@command(
    "sparql",
    examples=[
        "sparql 'SELECT ?name ?rank WHERE { ?a schema:name ?name ; mg:rank ?rank } ORDER BY DESC(?rank) LIMIT 5'",
        "sparql 'DESCRIBE ?a WHERE { ?a dcterms:identifier ?id }' --param id=aider --csv",
    ],
)
@click.argument("query", metavar="QUERY|FILE")
@local_query_options
@pass_session
def sparql(session: Session, query: str, options: QueryOptions) -> None:
    """Run one SPARQL 1.1 query (SELECT, ASK, CONSTRUCT, DESCRIBE) over the snapshot, without access to anything else.

    Prefixes need not be declared: mg, schema, skos, dcterms, dcat, prov, rdf, rdfs, xsd. Parameters are variables of
    the query. The first query on a snapshot makes its store, which takes about 25 s for a million triples.
    """
    from graph.projections.sparql_query import run_sparql

    show_result(run_sparql(session.snapshot(), query_text(query), options.values, options.budget), options)
