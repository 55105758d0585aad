"""Brings a Neo4j database to the state of a snapshot.

Three ways, chosen by what the database's pointer (`:MatchgraphSnapshot`) says:

1. Nothing is there: elements are created, in batches; the pointer says "complete" at the end.
2. A complete snapshot is there that this home still has: the difference of the two is computed here and written in one
   transaction together with the pointer. Readers see the old graph or the new one. Nothing to do for an equal one.
   What Neo4j's importer has loaded is completed first (`graph.projections.neo4j_lists`).
3. Anything else (an export that broke off, a snapshot of another home, another form of the graph, counts that do not
   agree, a difference too large for one transaction): all elements are merged in batches, then what belongs to other
   snapshots is removed. There is no moment without data; until the pointer says "complete", readers may meet both.

Every way can be repeated after a failure and ends in the same graph.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final

import msgspec
import pyarrow as pa

from graph.errors import WrongUse
from graph.projections.graph_difference import Difference, difference_of
from graph.projections.graph_form import graph_form
from graph.projections.graph_schema import EDGES, NODES, EdgeType, NodeType
from graph.projections.neo4j_lists import unsayable_lists
from graph.projections.neo4j_rows import Rows, plain_rows, with_values
from graph.projections.neo4j_text import (
    READ_POINTER,
    WAIT_FOR_INDEXES,
    WRITE_POINTER,
    constraint_texts,
    count_texts,
    index_texts,
    remove_edges,
    remove_nodes,
    sweep_texts,
    unmark_texts,
    write_edges,
    write_nodes,
    write_property,
)
from graph.projections.sql_views import graph_batches, open_sql
from graph.snapshot import Snapshot

if TYPE_CHECKING:
    import neo4j

BATCH: Final = 3_000
"""Elements in one call to the server. Of 10,000, a call takes the server a twentieth longer for each."""
WRITERS: Final = 2
"""Calls that are under way at once where elements are created: one is written down while the next one is taken in."""
ONE_TRANSACTION: Final = 200_000
"""A difference of more elements is not written in one transaction: the server holds it in memory until it commits."""
INDEX_SECONDS: Final = 3600
"""Time that the server has to fill the indexes of a graph that it has just taken in."""

Run = Callable[[str, Rows], None]
"""Runs a text with `$rows`, somewhere."""


class Neo4jExport(msgspec.Struct, frozen=True):
    """What an export did."""

    snapshot_id: str
    way: str
    """unchanged, completed (after Neo4j's importer), created, difference or merged"""
    written: int
    """Nodes and edges written."""
    removed: int
    """Nodes and edges removed one by one; edges that went with their node not counted. 0 where a sweep removed them."""
    bookmarks: list[str]
    """For readers of a cluster that must see this export."""


def export_to_neo4j(
    snapshot: Snapshot,
    driver: neo4j.Driver,
    *,
    database: str | None = None,
    earlier: Callable[[str], Snapshot | None] = lambda _: None,
    report: Callable[[str], None] = lambda _: None,
) -> Neo4jExport:
    """Make the database hold this snapshot; `earlier` opens the home's snapshot of an id, if it still has it.

    Raises `WrongUse`, before anything is written, for a database with such nodes or edges that no export wrote.
    """
    bookmarks = driver.execute_query_bookmark_manager

    def run(text: str, rows: Rows) -> None:
        driver.execute_query(text, {"rows": rows, "snapshot_id": snapshot.id}, database_=database)

    with driver.session(database=database, bookmark_manager=bookmarks) as session:
        state = session.execute_read(_state)
        _refuse_strangers(*state)
        _make(session, constraint_texts())
        way, written, removed = _brought_up_to_date(session, run, snapshot, earlier, report, *state)
    return Neo4jExport(snapshot.id, way, written, removed, sorted(bookmarks.get_bookmarks()))


def _refuse_strangers(pointer: neo4j.Record | None, counts: dict[str, int]) -> None:
    """Leave alone what another program stored: an export removes all that is not in its snapshot."""
    found = [f"{count:,} {name}" for name, count in counts.items()]
    if pointer is None and found:
        raise WrongUse(
            f"This database holds {', '.join(found)} that matchgraph did not write, and an export would remove them. "
            "Give it a database of its own (--database NAME), or empty this one."
        )


def _brought_up_to_date(
    session: neo4j.Session,
    run: Run,
    snapshot: Snapshot,
    earlier: Callable[[str], Snapshot | None],
    report: Callable[[str], None],
    pointer: neo4j.Record | None,
    counts: dict[str, int],
) -> tuple[str, int, int]:
    if pointer is None:
        return "created", _write_all(session, run, snapshot, report, empty=True), 0
    of_this_form = pointer["form"] == graph_form()
    if pointer["complete"] and of_this_form:
        known = snapshot if pointer["id"] == snapshot.id else earlier(pointer["id"])
        if known is not None and counts == _expected_counts(known):
            _make_indexes(session)
            completed = _complete_lists(session, run, known) if pointer["lists_missing"] else 0
            if known is snapshot:
                return ("completed" if completed else "unchanged"), completed, 0
            difference = difference_of(known, snapshot)
            if difference.size <= ONE_TRANSACTION:
                session.execute_write(_apply, difference, snapshot.id)
                gone = sum(table.num_rows for table in difference.gone.values())
                return "difference", completed + difference.size - gone, gone
    if not of_this_form or (pointer["complete"] and pointer["id"] == snapshot.id):
        _unmark(session, snapshot)
    return "merged", _write_all(session, run, snapshot, report, empty=False), 0


def _write_all(
    session: neo4j.Session, run: Run, snapshot: Snapshot, report: Callable[[str], None], *, empty: bool
) -> int:
    session.execute_write(_point, snapshot.id, complete=False, form=graph_form())
    written = 0
    # Merging locks both ends of an edge as it goes, so that two writers would wait for each other without end.
    with ThreadPoolExecutor(WRITERS if empty else 1) as writers:
        for kind in (*NODES, *EDGES):
            write = partial(_write, kind, run=run, empty=empty)
            done = sum(_results(writers, write, graph_batches(snapshot, kind, BATCH)))
            report(f"{kind.view}: {done:,}")
            written += done
    if not empty:
        for text in sweep_texts():
            session.run(text, snapshot_id=snapshot.id).consume()
    _make_indexes(session)
    session.execute_write(_point, snapshot.id, complete=True, form=graph_form())
    return written


def _unmark(session: neo4j.Session, snapshot: Snapshot) -> None:
    """Let no element belong to a snapshot: what says that it belongs to this one, and does not, would stay."""
    session.execute_write(_point, snapshot.id, complete=False, form=None)  # if it breaks off, it is done again
    for text in unmark_texts():
        session.run(text).consume()


def _complete_lists(session: neo4j.Session, run: Run, snapshot: Snapshot) -> int:
    """Write the lists that the importer's files could not say; return how many."""
    written = 0
    for node, name, rows in unsayable_lists(snapshot, BATCH):
        run(write_property(node, name), rows)
        written += len(rows)
    session.execute_write(_point, snapshot.id, complete=True, form=graph_form())
    return written


def _make(session: neo4j.Session, texts: Iterable[str]) -> None:
    """Run texts one by one, each again if other work on the server was in its way."""

    def run(transaction: neo4j.ManagedTransaction, text: str) -> None:
        transaction.run(text).consume()

    for text in texts:
        session.execute_write(run, text)


def _make_indexes(session: neo4j.Session) -> None:
    _make(session, index_texts())
    session.run(WAIT_FOR_INDEXES, seconds=INDEX_SECONDS).consume()


def _results(
    writers: ThreadPoolExecutor, write: Callable[[pa.RecordBatch], int], batches: Iterable[pa.RecordBatch]
) -> Iterator[int]:
    """Yield what each batch gives; no more than one batch waits for a writer, so that memory stays bounded."""
    under_way: deque[Future[int]] = deque()
    for batch in batches:
        under_way.append(writers.submit(write, batch))
        if len(under_way) > WRITERS:
            yield under_way.popleft().result()
    yield from (each.result() for each in under_way)


def _apply(transaction: neo4j.ManagedTransaction, difference: Difference, snapshot_id: str) -> None:
    def run(text: str, rows: Rows) -> None:
        transaction.run(text, rows=rows, snapshot_id=snapshot_id).consume()

    for edge in EDGES:
        for batch in difference.gone[edge.view].to_batches(BATCH):
            run(remove_edges(edge), plain_rows(batch))
    for node in NODES:
        for batch in difference.gone[node.view].to_batches(BATCH):
            run(remove_nodes(node), plain_rows(batch))
    for kind in (*NODES, *EDGES):
        for batch in difference.written[kind.view].to_batches(BATCH):
            _write(kind, batch, run=run, empty=False)
    _point(transaction, snapshot_id, complete=True, form=graph_form())


def _write(kind: NodeType | EdgeType, batch: pa.RecordBatch, *, run: Run, empty: bool) -> int:
    batch = with_values(kind, batch)
    columns, rows = batch.schema.names, plain_rows(batch)
    if not rows:
        return 0
    if isinstance(kind, NodeType):
        run(write_nodes(kind, columns, empty=empty), rows)
    else:
        # One look-up for all edges of a start instead of one for each.
        rows.sort(key=itemgetter(0))
        starts = [[start, [row[1:] for row in edges]] for start, edges in groupby(rows, key=itemgetter(0))]
        run(write_edges(kind, columns, empty=empty), starts)
    return len(rows)


def _point(transaction: neo4j.ManagedTransaction, snapshot_id: str, *, complete: bool, form: str | None) -> None:
    transaction.run(WRITE_POINTER, snapshot_id=snapshot_id, complete=complete, form=form).consume()


def _state(transaction: neo4j.ManagedTransaction) -> tuple[neo4j.Record | None, dict[str, int]]:
    """Return the pointer, if there is one, and the counts of elements."""
    pointer = transaction.run(READ_POINTER).single()
    found = {name: transaction.run(text).single(strict=True)["n"] for name, text in count_texts().items()}
    return pointer, {name: count for name, count in found.items() if count}


def _expected_counts(snapshot: Snapshot) -> dict[str, int]:
    counts: dict[str, int] = {}
    with open_sql(snapshot) as connection:
        for kind in (*NODES, *EDGES):
            name = kind.label if isinstance(kind, NodeType) else kind.type
            ((rows,),) = connection.sql(f'SELECT count(*) FROM graph."{kind.view}"').fetchall()
            counts[name] = counts.get(name, 0) + rows
    return {name: rows for name, rows in counts.items() if rows}
