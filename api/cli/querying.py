"""What the commands for analysts' queries share: the query as text or file, parameters, budget, forms of the answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from api.cli.declaring import Handler, json_option, limit_option
from api.cli.output import emit, emit_json, tell

if TYPE_CHECKING:
    from graph.projections.query_budget import Budget
    from graph.projections.query_result import QueryResult

PARAMETER_HELP: Final = (
    "Value of a parameter; may be given several times. A number, true, false or a quoted text as in JSON; "
    "anything else is text."
)

_FILE_NAME: Final = re.compile(r"\S+\.(sql|cypher|cql|rq|sparql)", re.IGNORECASE)
"""No query of the three languages reads like this."""


@dataclass(frozen=True)
class QueryOptions:
    """What was asked for beside the query."""

    values: dict[str, Any]
    """Parameters by name."""
    budget: Budget
    as_json: bool
    as_csv: bool


def query_options(handler: Handler) -> Handler:
    """Add parameters, budget and form of the answer, passed on as one `options`. For queries that run on a server."""
    return _options_of_all(_gathered(handler))


def local_query_options(handler: Handler) -> Handler:
    """Add `query_options` and `--memory`, for queries that run on this machine."""
    memory = click.option(
        "--memory",
        "memory_mb",
        type=click.IntRange(min=64),
        default=1024,
        show_default=True,
        metavar="MB",
        help="Stop the query if it needs more memory.",
    )
    return _options_of_all(memory(_gathered(handler)))


def _options_of_all(handler: Handler) -> Handler:
    for option in (
        json_option(),
        click.option("--csv", "as_csv", is_flag=True, help="Print CSV instead of text."),
        click.option(
            "--timeout",
            "seconds",
            type=click.FloatRange(min=0, min_open=True),
            default=30.0,
            show_default=True,
            metavar="SECONDS",
            help="Stop the query after this time.",
        ),
        limit_option(1000, "rows; the answer says if there are more"),
        click.option("--param", "parameters", metavar="NAME=VALUE", multiple=True, help=PARAMETER_HELP),
    ):
        handler = option(handler)
    return handler


def _gathered(handler: Handler) -> Handler:
    @wraps(handler)
    def handle(
        *arguments: Any,
        parameters: tuple[str, ...],
        limit: int,
        seconds: float,
        memory_mb: int = 1024,
        as_json: bool,
        as_csv: bool,
        **others: Any,
    ) -> Any:
        from graph.projections.query_budget import Budget

        budget = Budget(seconds=seconds, rows=limit, memory_mb=memory_mb)
        options = QueryOptions(_values(parameters), budget, as_json, as_csv)
        return handler(*arguments, options=options, **others)

    return handle


def query_text(query_or_file: str) -> str:
    """Return the query: the content of the file of this name if there is one, else the text itself.

    Raises `WrongUse` for what can only be meant as a file, and `BadInput` for a file that cannot be read.
    """
    try:
        is_file = Path(query_or_file).is_file()
    except (OSError, ValueError):  # too long, or not a name at all
        is_file = False
    from graph.errors import BadInput, WrongUse

    if not is_file:
        if _FILE_NAME.fullmatch(query_or_file):
            raise WrongUse(f"There is no file {query_or_file}. Give the path of one, or the query itself.")
        return query_or_file
    try:
        return Path(query_or_file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{query_or_file} cannot be read as a query: {error}") from error


def show_result(result: QueryResult, options: QueryOptions) -> None:
    """Print an answer in the form asked for."""
    from api.render.query_result import csv_text, json_answer, result_page

    if options.as_json:
        emit_json(json_answer(result))
    elif options.as_csv:
        emit(csv_text(result))
    else:
        from api.render.text import text_page

        emit(text_page(result_page(result)))
    if result.truncated and not options.as_json:
        tell("There are more rows. Show them with --limit.")


def _values(given: Sequence[str]) -> dict[str, Any]:
    import msgspec

    found: dict[str, Any] = {}
    for option in given:
        name, sign, value = option.partition("=")
        if not sign or not name:
            raise click.BadParameter(f"{option!r} is not of the form NAME=VALUE", param_hint="--param")
        try:
            decoded = msgspec.json.decode(value.encode("utf-8", "replace"))
        except msgspec.DecodeError:
            decoded = value
        found[name] = decoded if isinstance(decoded, str | int | float | bool) else value
    return found
