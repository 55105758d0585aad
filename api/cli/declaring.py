"""How commands are declared: each has an example in its help and takes the common options.

The common options (`--home`, `--debug`) are taken before and after the command's name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import click

from api.cli.session import Session

Handler: TypeAlias = Callable[..., Any]
Decorator: TypeAlias = Callable[[Handler], Handler]
CommandType = TypeVar("CommandType", bound=click.Command)


class _Helpful:
    """Help by the same options wherever a command is called from; click itself keeps the first names that it meets."""

    def get_help_option_names(self, _: click.Context) -> list[str]:
        return ["-h", "--help"]


class Command(_Helpful, click.Command):
    """A command."""


class Group(_Helpful, click.Group):
    """A family of commands."""


def command(name: str, *, examples: Iterable[str]) -> Callable[[Handler], click.Command]:
    """Declare a command; its function returns None or an exit code. Examples leave out the word `matchgraph`."""

    def declare(handler: Handler) -> click.Command:
        return with_common_options(click.command(name, cls=Command, epilog=epilog(examples))(handler))

    return declare


def group(name: str, *, examples: Iterable[str]) -> Callable[[Handler], click.Group]:
    """Declare a family of commands."""

    def declare(handler: Handler) -> click.Group:
        return with_common_options(click.group(name, cls=Group, epilog=epilog(examples))(handler))

    return declare


def subcommand(parent: click.Group, name: str, *, examples: Iterable[str]) -> Callable[[Handler], click.Command]:
    """Declare a command of a family."""

    def declare(handler: Handler) -> click.Command:
        declared = command(name, examples=examples)(handler)
        parent.add_command(declared)
        return declared

    return declare


def epilog(examples: Iterable[str]) -> str:
    """Return the closing lines of a help text."""
    lines = list(examples)
    title = "Example:" if len(lines) == 1 else "Examples:"
    return "\b\n" + "\n".join([title, *(f"  matchgraph {line}" for line in lines)])  # \b: click keeps the line ends


def with_common_options(declared: CommandType) -> CommandType:
    """Add `--home` and `--debug` to a command."""
    declared.params += [
        click.Option(
            ["--home"],
            type=click.Path(file_okay=False, path_type=Path),
            metavar="DIR",
            expose_value=False,
            callback=_set_home,
            help="Folder with the data (or MATCHGRAPH_HOME; default: ./matchgraph-data).",
        ),
        click.Option(
            ["--debug"],
            is_flag=True,
            expose_value=False,
            callback=_set_debug,
            help="Show where in the program an error came from.",
        ),
    ]
    return declared


def json_option() -> Decorator:
    """Add `--json`, passed on as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


def plot_option(what: str) -> Decorator:
    """Add `--plot FILE`, passed on as `plot`."""
    return click.option(
        "--plot",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help=f"Also draw {what} (.svg or .png; needs the extra plots).",
    )


def limit_option(default: int, what: str) -> Decorator:
    """Add `--limit N`."""
    return click.option(
        "--limit",
        type=click.IntRange(min=1),
        default=default,
        show_default=True,
        metavar="N",
        help=f"At most N {what}.",
    )


def filter_options(handler: Handler) -> Handler:
    """Add what an artifact must be: `--type`, `--license`, `--price`, `--hosting`, `--tag`, `--input` and `--output`.

    They are passed on as one `wanted`.
    """

    @wraps(handler)
    def handle(
        *arguments: Any,
        type_: str | None,
        license_: str | None,
        price: str | None,
        hosting: str | None,
        tags: tuple[str, ...],
        inputs: tuple[str, ...],
        outputs: tuple[str, ...],
        **others: Any,
    ) -> Any:
        from queries.answers.constraints import Constraints

        wanted = Constraints(
            type=type_, license=license_, price=price, hosting=hosting, tags=tags, inputs=inputs, outputs=outputs
        )
        return handler(*arguments, wanted=wanted, **others)

    declared: Handler = handle
    for option in (
        click.option(
            "--output", "outputs", metavar="TYPE", multiple=True, help="Only what gives this; several: any of them."
        ),
        click.option(
            "--input", "inputs", metavar="TYPE", multiple=True, help="Only what takes this; several: any of them."
        ),
        click.option("--tag", "tags", metavar="TAG", multiple=True, help="Only with this tag; several: all of them."),
        click.option("--hosting", metavar="WHERE", help="Only what runs there, for example self-hosted or cloud."),
        click.option("--price", metavar="PRICE", help="Only this pricing: free, freemium, paid, open_source."),
        click.option("--license", "license_", metavar="LICENSE", help="Only this licence, for example Apache-2.0."),
        click.option("--type", "type_", metavar="TYPE", help="Only this type of artifact, for example model or mcp."),
    ):
        declared = option(declared)
    return declared


def clean_text(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Callback of options and arguments: bytes typed that are no text become replacement characters."""
    return None if value is None else value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _set_home(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None:
        session = context.ensure_object(Session)
        session.home_path, session.home_was_named = value, True


def _set_debug(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        context.ensure_object(Session).debug = True
