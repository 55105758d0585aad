"""`matchgraph export`: the graph in the forms of other programs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import join, quote
from typing import TYPE_CHECKING, Final

import click

from api.cli.declaring import Handler, group, json_option, subcommand
from api.cli.output import emit_json, plain, tell
from api.cli.session import Session, pass_session

if TYPE_CHECKING:
    from graph.projections.neo4j_server import Neo4jAddress
    from graph.snapshot import Snapshot

PASSWORD_VARIABLE: Final = "MATCHGRAPH_NEO4J_PASSWORD"  # noqa: S105  # the name of the variable, no password


@group("export", examples=["export neo4j bolt://localhost:7687", "export graphml graph.graphml"])
def export() -> None:
    """Write the graph of the snapshot in force for other programs."""


@contextmanager
def _writing(dest: Path) -> Iterator[None]:
    """Say what is in the way of writing to `dest`: a folder that is not there, or rights."""
    from graph.errors import WrongUse

    try:
        yield
    except BrokenPipeError:  # whoever reads has seen enough
        raise
    except OSError as error:
        raise WrongUse(f"{dest} cannot be written: {error.strerror}.") from error


def neo4j_options(handler: Handler) -> Handler:
    """Add `--user` and `--database`; the password comes from the environment, where other users do not see it."""
    for option in (
        click.option("--database", metavar="NAME", help="Database on the server (default: the server's own)."),
        click.option("--user", metavar="NAME", default="neo4j", show_default=True, help="User of the server."),
    ):
        handler = option(handler)
    return handler


def neo4j_address(uri: str, user: str, database: str | None) -> Neo4jAddress:
    """Return the address with the password of the environment."""
    from graph.projections.neo4j_server import Neo4jAddress

    return Neo4jAddress(uri, user, os.environ.get(PASSWORD_VARIABLE, ""), database)


@subcommand(export, "neo4j", examples=["export neo4j bolt://localhost:7687 --database neo4j"])
@click.argument("uri", metavar="URI")
@neo4j_options
@json_option()
@pass_session
def to_neo4j(session: Session, uri: str, user: str, database: str | None, as_json: bool) -> None:
    """Bring a Neo4j database (5.26) to the state of the snapshot: only what differs is written.

    URI: bolt://host:port, neo4j://host:port for a cluster, bolt+s:// or neo4j+s:// with TLS. The password is taken from
    MATCHGRAPH_NEO4J_PASSWORD. Use a database of its own. May be repeated after a failure.
    """
    from graph.errors import UnknownName
    from graph.projections.neo4j_export import export_to_neo4j
    from graph.projections.neo4j_server import neo4j_driver
    from graph.snapshot import Snapshot

    snapshot = session.snapshot()

    def earlier(snapshot_id: str) -> Snapshot | None:
        try:
            return Snapshot.open(session.home, snapshot_id)
        except UnknownName:
            return None

    with neo4j_driver(neo4j_address(uri, user, database)) as driver:
        done = export_to_neo4j(snapshot, driver, database=database, earlier=earlier, report=tell)
    if as_json:
        emit_json(plain(done))
        return
    click.echo(f"Snapshot {done.snapshot_id} ({done.way}): {done.written:,} written, {done.removed:,} removed.")


@subcommand(
    export,
    "neo4j-files",
    examples=[
        "export neo4j-files for-neo4j/",
        "export neo4j-files for-neo4j/ --import-with /opt/neo4j/bin/neo4j-admin",
    ],
)
@click.argument("dest", metavar="DEST", type=click.Path(file_okay=False, path_type=Path))
@click.option("--database", metavar="NAME", default="neo4j", show_default=True, help="The database to be made.")
@click.option(
    "--import-with",
    metavar="COMMAND",
    help="Run the importer at once: neo4j-admin, with its path where that is needed. What the database held is lost.",
)
@json_option()
@pass_session
def to_neo4j_files(session: Session, dest: Path, database: str, import_with: str | None, as_json: bool) -> None:
    """Write files for Neo4j's own importer into the folder DEST: the way for the first load of a large graph.

    The server must be stopped while the importer runs; its command is printed, or run (--import-with). Then start the
    server and run `matchgraph export neo4j`, which makes constraints and indexes and from then on writes what differs.
    """
    from graph.projections.neo4j_files import write_neo4j_files
    from graph.projections.neo4j_import import importer_words, run_importer

    snapshot = session.snapshot()
    command = importer_words(import_with or "neo4j-admin", database)
    with _writing(dest):
        write_neo4j_files(snapshot, dest)
    if import_with:
        tell(run_importer(dest, import_with, database))
    if as_json:
        emit_json({"path": str(dest), "importer": command, "imported": bool(import_with)})
        return
    tell(f"Written: {dest}")
    if not import_with:
        tell("Next, with the server stopped:")
        click.echo(f"cd {quote(str(dest))} && {join(command)}")
    tell("Then, with the server started: matchgraph export neo4j bolt://localhost:7687")


@subcommand(
    export,
    "rdf",
    examples=["export rdf graph.nt", "export rdf graph.ttl --base https://graph.example.org/id/"],
)
@click.argument("dest", metavar="DEST", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--format", "style", type=click.Choice(("nt", "ttl", "jsonld")), help="Default: by the ending of the file."
)
@click.option("--base", metavar="IRI", help="What the IRIs of nodes begin with (default: urn:matchgraph:).")
@click.option(
    "--what",
    type=click.Choice(("graph", "vocabulary", "shapes")),
    default="graph",
    show_default=True,
    help="The graph, our own terms (OWL), or SHACL shapes of the graph; the last two as Turtle.",
)
@json_option()
@pass_session
def to_rdf(session: Session, dest: Path, style: str | None, base: str | None, what: str, as_json: bool) -> None:
    """Write the whole graph into one file of RDF: N-Triples (.nt), Turtle (.ttl) or JSON-LD (.jsonld).

    Terms of schema.org, SKOS, DCAT, Dublin Core and PROV-O come before our own.
    """
    if what == "graph":
        from graph.projections.rdf_export import write_rdf
        from graph.projections.rdf_terms import BASE

        snapshot = session.snapshot()
        with _writing(dest):
            write_rdf(snapshot, dest, style, base or BASE)
    else:
        from graph.durable import write_durably
        from graph.projections.rdf_vocabulary import as_turtle, shapes, vocabulary

        content = as_turtle(vocabulary() if what == "vocabulary" else shapes()).encode()
        with _writing(dest):
            write_durably(dest, content)
    _say_written(dest, as_json)


@subcommand(export, "graphml", examples=["export graphml graph.graphml"])
@click.argument("dest", metavar="DEST", type=click.Path(dir_okay=False, path_type=Path))
@json_option()
@pass_session
def to_graphml(session: Session, dest: Path, as_json: bool) -> None:
    """Write the whole graph into one file of GraphML, as Gephi, yEd, igraph and NetworkX read it."""
    from graph.projections.networkx_graph import write_graphml

    snapshot = session.snapshot()
    with _writing(dest):
        write_graphml(snapshot, dest)
    _say_written(dest, as_json)


@subcommand(export, "parquet", examples=["export parquet graph/"])
@click.argument("dest", metavar="DEST", type=click.Path(file_okay=False, path_type=Path))
@json_option()
@pass_session
def to_parquet(session: Session, dest: Path, as_json: bool) -> None:
    """Write a Parquet file for every kind of node and edge into the folder DEST, named as in SQL."""
    from graph.projections.parquet_export import write_parquet

    snapshot = session.snapshot()
    with _writing(dest):
        write_parquet(snapshot, dest)
    _say_written(dest, as_json)


def _say_written(dest: Path, as_json: bool) -> None:
    if as_json:
        emit_json({"path": str(dest)})
    else:
        tell(f"Written: {dest}")
