"""The command line `matchgraph`. `main` is the console script; `run` is the same without ending the process.

Exit codes are part of the contract: 0 done, 1 the answer is "no" or a strict check failed, 2 wrong use, 3 bad
input data, 4 nothing there yet, 130 interrupted. Data goes to stdout, messages to stderr.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Final, NoReturn

INTERRUPTED: Final = 130
FAILED: Final = 1


def main() -> NoReturn:
    """Run the command line on the process's arguments and end the process with the exit code."""
    code = run(sys.argv[1:])
    # DuckDB 2.0's bindings print "nanobind: leaked ..." to stderr when the interpreter is taken down in order.
    # Everything durable has been written and closed by now, so the process ends here.
    os._exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code. Errors become one line on stderr, without a traceback."""
    import click

    from api.cli.app import app
    from api.cli.session import Session

    _write_utf8()
    session = Session()
    try:
        # Not app.main: it makes a closed pipe an exit code of 1, which here means that the answer is "no".
        with app.make_context("matchgraph", list(arguments), obj=session) as context:
            code = app.invoke(context)
        return _flushed(code if isinstance(code, int) else 0)
    except click.exceptions.Exit as end:
        return _flushed(end.exit_code)
    except click.ClickException as error:
        error.show()
        return _flushed(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted.", err=True)
        return _flushed(INTERRUPTED)
    except BrokenPipeError:
        return _reader_left()
    except Exception as error:
        return _flushed(_report(error, session.debug))


def _report(error: Exception, debug: bool) -> int:
    """Say what went wrong and return the exit code: errors raised on purpose know theirs."""
    import click

    from graph.durable import NO_ROOM
    from graph.errors import MatchgraphError
    from graph.text import without_hidden_characters

    if debug:
        import traceback

        traceback.print_exc()
    if isinstance(error, MatchgraphError):
        click.echo(f"Error: {without_hidden_characters(str(error))}", err=True)
        return error.exit_code
    if isinstance(error, OSError) and error.errno in NO_ROOM and error.filename is None:  # stdout: files have names
        reason = os.strerror(error.errno).lower()
        click.echo(f"Error: The output cannot be written ({reason}). Make room, or send it elsewhere.", err=True)
        return FAILED
    text = " ".join(without_hidden_characters(str(error)).split())
    click.echo(f"Error: {type(error).__name__}: {text} (run again with --debug to see where)", err=True)
    return FAILED


def _flushed(code: int) -> int:
    # Buffered output meets a closed pipe only now.
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        return _reader_left()
    return code


def _reader_left() -> int:
    """Treat a reader that has seen enough (`matchgraph rank | head`) as a good end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    return 0


def _write_utf8() -> None:
    # JSON is UTF-8 whatever the locale says, and a name in another script must not end the program.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
