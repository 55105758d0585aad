"""The help of every command, as docs/command-line.md shows it.

    python -m tests.docs.help_pages        writes the help pages into the document anew

Everything between the two marks comes from the program; the rest of the document is written by hand.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import click

from api.cli import run
from api.cli.app import app

PAGE = Path(__file__).resolve().parents[2] / "docs" / "command-line.md"
BEGIN = "<!-- help pages: python -m tests.docs.help_pages -->\n"
END = "<!-- end of the help pages -->\n"
COLUMNS = "100"


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


def help_of(path: tuple[str, ...]) -> str:
    """Return the help page of a command."""
    out = StringIO()
    with redirect_stdout(out):
        code = run([*path, "--help"])
    assert code == 0
    return out.getvalue()


def listing() -> str:
    """Return all help pages as Markdown."""
    sections = [f"### matchgraph {' '.join(path)}\n\n```text\n{help_of(path)}```\n" for path in command_paths()]
    return "\n".join(sections)


def with_help_pages(text: str) -> str:
    """Return the document with the help pages in their place."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{listing()}\n{END}{after}"


def main() -> None:
    """Write the help pages into the document."""
    os.environ["COLUMNS"] = COLUMNS
    PAGE.write_text(with_help_pages(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
