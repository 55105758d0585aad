"""Outcomes: whether a session's task, or what a search led to, was solved; and who says so. Rows of any form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from graph.vocabulary import FAILURE, SUCCESS
from ingest.files.contract import Chunk, Note, Rejection
from ingest.files.fields import BadField, Fields, missing_id
from ingest.files.head import Head
from ingest.files.rows import Parsed, Record, read_rows
from ingest.files.source import Source

HUMAN: Final = "human"
LLM: Final = "llm"
CALLBACK: Final = "callback"

SEARCH_NAMES: Final = ("query_id", "search_id")
OBJECT_NAMES: Final = ("object_id", "capability_id", "artifact_id")
TIME_NAMES: Final = ("time", "timestamp")
_OUTCOME_NAMES: Final = ("outcome", "success")
_OUTCOME_OF_WORD: Final = {
    **dict.fromkeys(
        ("success", "succeeded", "successful", "true", "1", "1.0", "solved", "pass", "passed", "yes", "ok", "worked",
         "correct", "right"), SUCCESS,
    ),
    **dict.fromkeys(
        ("failure", "failed", "fail", "false", "0", "0.0", "unsolved", "not solved", "no", "error", "wrong",
         "incorrect", "did not work"), FAILURE,
    ),
}  # fmt: skip
_KIND_OF_WORD: Final = {
    **dict.fromkeys(("human", "human annotation", "human label", "annotator", "user", "person"), HUMAN),
    **dict.fromkeys(("llm", "llm judge", "llm-judge", "llm_judge", "model"), LLM),
    **dict.fromkeys(("callback", "tool", "api", "automatic", "test", "webhook"), CALLBACK),
}
_NO_KIND: Final = Note("kind-not-given", "Outcomes without a kind were taken as callbacks of the calling program.")


def outcome_record(fields: Fields) -> Iterator[Parsed]:
    """Turn one row into an outcome. Errors: `missing-id`, `unknown-outcome` and those of the fields."""
    session_id = fields.identifier("session_id")
    search_id = fields.identifier(*SEARCH_NAMES)
    if session_id is None and search_id is None:
        raise missing_id("session_id", "query_id")
    values = {
        "application": fields.identifier("application"),
        "session_id": session_id,
        "search_id": search_id,
        "object_id": fields.identifier(*OBJECT_NAMES),
        "outcome": _outcome(*fields.take(*_OUTCOME_NAMES)),
        "judge": fields.name("judge"),
        "kind": _kind(fields),
        "time": fields.time(*TIME_NAMES),
    }
    yield Record("outcomes", {**values, "extra": fields.rest()})


def _outcome(name: str, value: Any) -> str:
    word = str(value).strip().casefold() if isinstance(value, str | int | float) else ""
    found = _OUTCOME_OF_WORD.get(word)
    if found is None:
        shown = "missing" if value is None else f"{str(value)[:60]!r} is no outcome"
        raise BadField("unknown-outcome", f"{name}: {shown}", "Write success or failure.")
    return found


def _kind(fields: Fields) -> str:
    given = fields.text("kind")
    if given is None:
        fields.notes.append(_NO_KIND)
        return CALLBACK
    found = _KIND_OF_WORD.get(given.casefold())
    if found is None:
        fields.notes.append(Note("unknown-kind", f"kind of judge {given[:60]!r} is not known; taken as callback"))
        fields.keep("kind", given)
    return found or CALLBACK


class OutcomesReader:
    """Reader of outcomes."""

    name = "outcomes"
    title = "outcomes of sessions and searches, with who judged them (JSON Lines, CSV, Parquet)"
    tables: tuple[str, ...] = ("outcomes",)

    def recognises(self, head: Head) -> bool:
        """Take rows with an outcome for a session or a query that are no events or queries."""
        fields = head.fields
        if not fields.isdisjoint(("action_name", "user_query", "grade", "relevance")):
            return False
        has_target = not fields.isdisjoint(("session_id", *SEARCH_NAMES))
        return has_target and not fields.isdisjoint(_OUTCOME_NAMES)

    def read(self, source: Source) -> Iterator[Chunk | Rejection | Note]:
        """Yield the outcomes in chunks."""
        return read_rows(source, outcome_record)


READER = OutcomesReader()
