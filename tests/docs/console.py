"""Runs the `console` blocks of the documentation as a reader would: commands, and the output that is printed there.

    $ matchgraph rank --limit 1            any command of ours, with `> FILE` at the end if wanted
    $ cat FILE                             shows a file
    $ echo $?                              the exit code of the command before

Expected output is compared word for word; `...` stands for anything, also for several lines, and how lines are filled
and broken does not count. A command without expected output need only succeed. A command that ends with another exit
code than 0 fails the block, unless `echo $?` follows. What goes to stderr counts as output only of a command that did
not succeed.
"""

from __future__ import annotations

import doctest
import shlex
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from api.cli import run

PROMPT = "$ "
ASKS_FOR_CODE = ["echo", "$?"]
LINES_SHOWN = 60
"""Of a wrong output, so many lines are shown."""


@dataclass(frozen=True)
class Step:
    """One command of a block and what must be printed; empty if the document does not say."""

    words: list[str]
    expected: str


def steps(block: str) -> Iterator[Step]:
    """Cut a block into its commands. A line that ends in a backslash goes on in the next."""
    parts: list[tuple[str, list[str]]] = []
    for line in block.replace("\\\n", " ").splitlines():
        if line.startswith(PROMPT):
            parts.append((line.removeprefix(PROMPT), []))
        elif not parts:
            raise ValueError(f"a console block begins with a command, not with {line!r}")
        else:
            parts[-1][1].append(line)
    for command, output in parts:
        yield Step(shlex.split(command), "\n".join(output).strip("\n"))


def run_block(block: str) -> str:
    """Run a block in the present working directory; return what is wrong, the empty text if nothing is."""
    code = 0
    every = list(steps(block))
    for number, step in enumerate(every):
        command = shlex.join(step.words)
        if step.words == ASKS_FOR_CODE:
            printed, code = f"{code}", 0
        else:
            printed, code = _output(step.words)
            asked = number + 1 < len(every) and every[number + 1].words == ASKS_FOR_CODE
            if code and not asked:
                return f"{command}\nended with exit code {code}:\n{_beginning(printed)}"
        if step.expected and not matches(step.expected, printed):
            return f"{command}\nshould print:\n{step.expected}\n\nbut printed:\n{_beginning(printed)}"
    return ""


def matches(expected: str, printed: str) -> bool:
    """Say whether an output is the expected one, with `...` for anything."""
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    return doctest.OutputChecker().check_output(expected, printed, flags)


def _beginning(printed: str) -> str:
    lines = printed.splitlines()
    return "\n".join([*lines[:LINES_SHOWN], *(["(and so on)"] if len(lines) > LINES_SHOWN else [])])


def _output(words: list[str]) -> tuple[str, int]:
    if words[0] == "cat" and len(words) == 2:
        return Path(words[1]).read_text(encoding="utf-8"), 0
    if words[0] != "matchgraph":
        raise ValueError(f"console blocks run matchgraph, cat and echo $?, not {words[0]!r}; use a `sh` block")
    arguments, target = words[1:], None
    if len(arguments) > 2 and arguments[-2] == ">":
        arguments, target = arguments[:-2], Path(arguments[-1])
    out, errors = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(errors):
        code = run(arguments)
    if target is not None:
        target.write_text(out.getvalue(), encoding="utf-8")
        return errors.getvalue() if code else "", code
    return out.getvalue() + (errors.getvalue() if code else ""), code
