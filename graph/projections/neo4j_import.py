"""Runs Neo4j's own importer over the files of `graph.projections.neo4j_files`."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path
from shutil import which
from typing import Final

from graph.errors import ServerTrouble, WrongUse
from graph.projections.neo4j_files import ARGUMENTS

PROGRAM: Final = "neo4j-admin"
DATABASE: Final = "neo4j"
"""The one that a server has from the start."""
_LAST_LINES: Final = 12


def importer_words(program: str = PROGRAM, database: str = DATABASE) -> list[str]:
    """Return the importer's command, to be run in the folder of the files; `program` may be several words, quoted.

    >>> " ".join(importer_words())
    'neo4j-admin database import full neo4j --overwrite-destination=true @import.args'
    """
    try:
        words = shlex.split(program)
    except ValueError as error:
        raise WrongUse(f"{program!r} is no command: {error}.") from error
    return [*words, "database", "import", "full", database, "--overwrite-destination=true", f"@{ARGUMENTS}"]


def run_importer(folder: Path, program: str = PROGRAM, database: str = DATABASE) -> str:
    """Have the importer make a database of the files in a folder, in place of what it held; return what it says.

    Raises `WrongUse` where there is no such program, `ServerTrouble` with its last lines where it fails, for example
    because the database is in use.
    """
    words = importer_words(program, database)
    found = which(words[0])
    if found is None:
        raise WrongUse(f"{words[0]!r} cannot be run. Give the path of Neo4j's own neo4j-admin.")
    done = subprocess.run(  # noqa: S603  # what the user asks for
        [str(Path(found).absolute()), *words[1:]],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        last = "\n".join(done.stdout.strip().splitlines()[-_LAST_LINES:])
        raise ServerTrouble(f"Neo4j's importer ended with {done.returncode}. Is the server stopped? It said:\n{last}")
    return done.stdout
