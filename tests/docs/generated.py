"""The parts of the documentation that come from the program: help pages, tables of columns, weights, the graph.

    python -m tests.docs.generated        writes them anew

They stand between `<!-- generated: NAME -->` and `<!-- end of NAME -->`; the rest of a page is written by hand.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Final

import click
import pyarrow as pa

from api.cli import run
from api.cli.app import app
from graph.schemas import LEDGER_TABLES
from graph.snapshot_schemas import SNAPSHOT_TABLES
from queries.ranking.rank_weights import PARTS, TypeWeights, load_weights
from tests.docs.graph_parts import graph_edges, graph_nodes, graph_picture, saved_query_list

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
COLUMNS: Final = "100"
"""Width of the help pages."""
_PLACE = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end of \2 -->)", re.DOTALL)


def command_paths() -> list[tuple[str, ...]]:
    """Return every command and subcommand, in the order of the help."""
    return list(_below(app, ()))


def _below(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        yield (*path, name)
        if isinstance(found, click.Group):
            yield from _below(found, (*path, name))


def help_pages() -> str:
    """Return the help of the program and of every command."""
    return "\n".join(
        f"### {' '.join(('matchgraph', *path))}\n\n```text\n{_help_of(path)}```\n" for path in [(), *command_paths()]
    )


def _help_of(path: tuple[str, ...]) -> str:
    out = StringIO()
    with redirect_stdout(out):
        code = run([*path, "--help"])
    if code:
        raise AssertionError(f"matchgraph {' '.join(path)} --help ended with {code}")
    return out.getvalue()


def _tables(schemas: Mapping[str, pa.Schema]) -> str:
    rows = [f"| `{table}` | {', '.join(f'`{name}`' for name in schema.names)} |" for table, schema in schemas.items()]
    return "\n".join(["| table | columns |", "|---|---|", *rows, ""])


def ledger_tables() -> str:
    """Return the columns of the ledger's tables."""
    return _tables(LEDGER_TABLES)


def snapshot_tables() -> str:
    """Return the columns of a snapshot's tables."""
    return _tables(SNAPSHOT_TABLES)


def weights() -> str:
    """Return weights, full figures and half-lives of every artifact type."""
    found = load_weights()
    titles = ["type", *PARTS, "full stars", "full downloads", "full likes", "half-life, days"]
    rows = [_weights_of("all others", found.default)]
    rows += [_weights_of(kind, own) for kind, own in found.by_type.items()]
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _weights_of(kind: str, own: TypeWeights) -> list[str]:
    shares = [f"{own.weights[part]:.2f}" for part in PARTS]
    figures = [f"{own.adoption[name]:,.0f}" for name in ("stars", "downloads", "likes")]
    return [kind, *shares, *figures, f"{own.half_life_days:,.0f}"]


GENERATORS: Final[dict[str, Callable[[], str]]] = {
    "help-pages": help_pages,
    "ledger-tables": ledger_tables,
    "snapshot-tables": snapshot_tables,
    "weights": weights,
    "graph-picture": graph_picture,
    "graph-nodes": graph_nodes,
    "graph-edges": graph_edges,
    "saved-queries": saved_query_list,
}


def renewed(text: str) -> str:
    """Return a page with all its generated parts as they should be now."""
    return _PLACE.sub(lambda found: f"{found[1]}\n{GENERATORS[found[2]]()}\n{found[3]}", text)


def names_in(text: str) -> list[str]:
    """Return which parts are generated in a page."""
    return [found[2] for found in _PLACE.finditer(text)]


def main() -> None:
    """Write the generated parts of every page anew."""
    os.environ["COLUMNS"] = COLUMNS
    for page in [DOCS.parent / "README.md", *sorted(DOCS.glob("*.md"))]:
        text = page.read_text(encoding="utf-8")
        if renewed(text) != text:
            page.write_text(renewed(text), encoding="utf-8")
            print(f"written: {page.name}")  # noqa: T201  the answer of this script


if __name__ == "__main__":
    main()
