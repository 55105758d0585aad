"""Answers as they are served: with an id and a token for each hit, recorded on the way out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from api.feedback.recording import Feedback, granted_event
from queries.answers.hit_shapes import Hit, SearchAnswer
from queries.answers.resolve import Resolution


class ServedHit(Hit, frozen=True, kw_only=True):
    """A hit with the token to say what became of it."""

    callback_token: str


class ServedSearch(SearchAnswer, frozen=True, kw_only=True):
    """Answer to a search, best hit first, with an id and callback tokens for what becomes of it."""

    hits: list[ServedHit]  # type: ignore[assignment]
    query_id: str


class ServedResolution(Resolution, frozen=True, kw_only=True):
    """One need in, one invocable answer out; with alternatives, an id and a callback token."""

    query_id: str
    callback_token: str | None


class Acknowledgement(msgspec.Struct, frozen=True):
    """The events are stored durably. Ids that were sent before are counted once."""

    acknowledged: int
    event_ids: list[str]


@dataclass(frozen=True)
class Audience:
    """To whom an answer goes, and when."""

    client_id: str
    actor: str
    now: datetime
    address: str = ""
    """Where the asker is, if that is known."""


def served_search(feedback: Feedback, answer: SearchAnswer, to: Audience) -> ServedSearch:
    """Record a search answer; raises `SpoolFull` or `SpoolBroken`."""
    query_id, tokens = recorded(feedback, answer.query, [hit.artifact_id for hit in answer.hits], to)
    hits = [
        ServedHit(**msgspec.structs.asdict(hit), callback_token=token)
        for hit, token in zip(answer.hits, tokens, strict=True)
    ]
    return ServedSearch(**{**msgspec.structs.asdict(answer), "hits": hits}, query_id=query_id)


def served_resolution(feedback: Feedback, answer: Resolution, to: Audience) -> ServedResolution:
    """Record a resolution: what it resolved to, then its alternatives, as shown in this order."""
    shown = [each.artifact_id for each in (answer.resolved, *answer.alternatives) if each is not None]
    query_id, tokens = recorded(feedback, answer.need, shown, to, "resolve")
    token = tokens[0] if answer.resolved is not None else None
    return ServedResolution(**msgspec.structs.asdict(answer), query_id=query_id, callback_token=token)


async def report(feedback: Feedback, token: str, outcome: str, now: datetime) -> Acknowledgement:
    """Store what became of an answer; raises `BadToken`, `ExpiredToken`, `SpoolFull` or `SpoolBroken`."""
    event = granted_event(feedback.signer.read(token, now.timestamp()), outcome, now)
    await feedback.store([event])
    return Acknowledgement(1, [event.event_id])


def recorded(
    feedback: Feedback, query: str, artifact_ids: Sequence[str], to: Audience, prefix: str = "q"
) -> tuple[str, list[str]]:
    """Record an answer that shows artifacts in this order; return its id and a token for each."""
    served = feedback.served(
        query, artifact_ids, client_id=to.client_id, actor=to.actor, now=to.now, address=to.address, prefix=prefix
    )
    return served.query_id, served.tokens
