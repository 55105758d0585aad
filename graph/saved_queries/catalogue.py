"""The saved queries: their titles, typed parameters and columns, read from one folder for each.

`NAME/query.toml` says what the query asks, which parameters it takes and which columns it gives; `query.sql`,
`query.cypher` and `query.rq` (SPARQL) beside it ask it in one language each and give the same rows in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
import pyarrow as pa

from graph.errors import UnknownName, WrongUse
from graph.projections.query_result import QueryResult

LANGUAGES: Final = {"sql": "query.sql", "cypher": "query.cypher", "sparql": "query.rq"}
"""Languages, and the file that holds a query's text in each."""
_FOLDER: Final = Path(__file__).parent

Kind = Literal["integer", "number", "text", "time"]
_ARROW: Final = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "text": pa.string(),
    "time": pa.timestamp("us", "UTC"),
}


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A parameter of a saved query, with the value it has when none is given."""

    type: Kind
    meaning: str
    default: int | float | str | None = None
    days_before_now: int | None = None
    """The default of a time: so many days before the snapshot's `now`."""

    def value(self, name: str, given: Any) -> Any:
        """Return a value of the parameter's type; a time is a `datetime` in UTC. Raises `WrongUse` for another."""
        try:
            if self.type == "time":
                return _time(given)
            return msgspec.convert(given, {"integer": int, "number": float, "text": str}[self.type])
        except (msgspec.ValidationError, ValueError) as error:
            example = ", such as 2026-01-31T00:00:00Z" if self.type == "time" else ""
            raise WrongUse(
                f"The parameter {name} takes a value of type {self.type}{example}; not {given!r}."
            ) from error


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column of a saved query's answer."""

    type: Kind
    meaning: str


class SavedQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """One question to the graph."""

    title: str
    description: str
    columns: dict[str, Column]
    parameters: dict[str, Parameter] = {}
    name: str = ""

    def text(self, language: str) -> str:
        """Return the query in a language of `LANGUAGES`; raises `WrongUse` for another."""
        if language not in LANGUAGES:
            raise WrongUse(f"Saved queries are not written in {language}. Known: {', '.join(LANGUAGES)}.")
        return (_FOLDER / self.name / LANGUAGES[language]).read_text(encoding="utf-8")

    def values(self, given: Mapping[str, Any], now_us: int) -> dict[str, Any]:
        """Return a value for every parameter: the one given, else its default; `now_us`: the snapshot's `now`.

        Raises `WrongUse` for a parameter that there is not and for a value of another type.
        """
        if unknown := sorted(given.keys() - self.parameters.keys()):
            known = f"it has {', '.join(self.parameters)}" if self.parameters else "it has none"
            raise WrongUse(f"The query {self.name} has no parameter {', '.join(unknown)}; {known}.")
        now = datetime.fromtimestamp(now_us / 1e6, UTC)
        return {
            name: own.value(name, given[name]) if name in given else _default(own, now)
            for name, own in self.parameters.items()
        }

    @cached_property
    def arrow_schema(self) -> pa.Schema:
        """The columns of the answer."""
        return pa.schema([pa.field(name, _ARROW[own.type]) for name, own in self.columns.items()])

    def typed(self, result: QueryResult) -> QueryResult:
        """Return the answer with the types of `columns`, which engines give in ways of their own."""
        return replace(result, arrow=result.arrow.select(self.arrow_schema.names).cast(self.arrow_schema))


def saved_queries() -> list[SavedQuery]:
    """Return all saved queries, by name."""
    return [_load(path.parent) for path in sorted(_FOLDER.glob("*/query.toml"))]


def saved_query(name: str) -> SavedQuery:
    """Return one of them. Raises `UnknownName` with the nearest names."""
    names = [path.parent.name for path in _FOLDER.glob("*/query.toml")]
    if name not in names:
        raise UnknownName("saved query", name, get_close_matches(name, names))
    return _load(_FOLDER / name)


def _load(folder: Path) -> SavedQuery:
    read = msgspec.toml.decode((folder / "query.toml").read_bytes(), type=SavedQuery)
    return msgspec.structs.replace(read, name=folder.name, description=" ".join(read.description.split()))


def _default(parameter: Parameter, now: datetime) -> Any:
    if parameter.days_before_now is not None:
        return now - timedelta(days=parameter.days_before_now)
    return parameter.default


def _time(given: Any) -> datetime:
    found = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
