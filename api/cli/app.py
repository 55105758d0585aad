"""The root of the command line. A command's module is imported only when it is asked for."""

from __future__ import annotations

import os
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Final

import click

from api.cli.declaring import Group, epilog, with_common_options
from api.cli.session import Session, pass_session

COMMANDS: Final = {
    name: f"api.cli.{name}"
    for name in (
        "demo",
        "ingest",
        "quarantine",
        "recompute",
        "search",
        "alternatives",
        "compare",
        "rank",
        "show",
        "explain",
        "concepts",
        "duplicates",
        "edges",
        "sql",
        "cypher",
        "sparql",
        "queries",
        "export",
        "snapshots",
        "erase",
        "backup",
        "evaluate",
        "serve",
        "mcp",
        "keys",
        "verify",
        "config",
        "doctor",
    )
}
"""Commands in the order of the work, and the modules that hold them under their own name."""


def _show_version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if not value or context.resilient_parsing:
        return
    from importlib import metadata  # takes as long to import as the rest of the help

    try:
        version = metadata.version("matchgraph")
    except metadata.PackageNotFoundError:
        version = "of this checkout (not installed)"
    click.echo(f"matchgraph {version}")
    context.exit()


class LazyGroup(Group):
    """A group that finds its commands in `COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the work."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, or None if there is none of this name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        found = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        if not isinstance(found, click.Command):
            raise TypeError(f"{COMMANDS[cmd_name]}.{cmd_name} is not a command")
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; for an unknown one name the nearest and all others."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"No such command {args[0]!r}.{hint} Commands: {', '.join(COMMANDS)}.")
        return super().resolve_command(ctx, args)


@click.group(
    "matchgraph",
    cls=LazyGroup,
    epilog=epilog(["demo", "ingest logs/ && matchgraph recompute", "compare 'FLUX.1 Pro' 'DALL-E 3'"]),
    context_settings={"max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Print the version and end.",
)
@pass_session
def _root(session: Session) -> None:
    """Which AI artifact really serves which need, with the evidence.

    Exit codes: 0 done, 1 the answer is "no" or a strict check failed, 2 wrong use, 3 bad input data, 4 nothing
    there yet.
    """
    named = os.environ.get("MATCHGRAPH_HOME")
    if named and not session.home_was_named:
        session.home_path, session.home_was_named = Path(named), True


app = with_common_options(_root)
