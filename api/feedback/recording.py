"""What is recorded of every answer, and of what became of it: UBI records for the spool, tokens for the asker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from secrets import token_hex
from typing import Final

import msgspec

from api.feedback.derived_keys import TOKENS, derived_key
from api.feedback.spool import Spool
from api.feedback.tokens import Grant, TokenSigner
from graph.home import Home
from ingest.border.networks import network_of
from ingest.border.personal_data import Pseudonyms

APPLICATION: Final = "matchgraph"
OBJECT_FIELD: Final = "artifact_id"


class SearchRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """A served search as UBI writes it."""

    query_id: str
    application: str
    client_id: str
    timestamp: str
    user_query: str
    query_response_hit_ids: list[str]
    object_id_field: str
    actor: str
    client_ip: str | None = None
    """Keyed hashes of the address and of its network as `ingest.border.personal_data` writes them; not the address."""


class ObjectAttributes(msgspec.Struct, frozen=True):
    """The object that an event is about."""

    object_id: str
    object_id_field: str = OBJECT_FIELD


class PositionAttributes(msgspec.Struct, frozen=True):
    """Where it stood, from 1."""

    ordinal: int


class EventAttributes(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an event says beside its kind."""

    object: ObjectAttributes
    position: PositionAttributes | None = None
    dwell_seconds: float | None = None
    value: float | None = None
    session_id: str | None = None


class EventRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """An event as UBI writes it."""

    event_id: str
    action_name: str
    application: str
    query_id: str
    client_id: str | None
    timestamp: str
    actor: str
    event_attributes: EventAttributes
    user_query: str | None = None


class ServedAnswer(msgspec.Struct, frozen=True):
    """An answer's id and the tokens of its hits, in order."""

    query_id: str
    tokens: list[str]


class Feedback:
    """Records for one server. Searches are written soon, events before they are acknowledged."""

    def __init__(self, home: Home, token_hours: float) -> None:
        self.spool = Spool(home)
        self._secret = home.secret(create=True)
        self.signer = TokenSigner(derived_key(self._secret, TOKENS))
        self._token_seconds = round(3600 * token_hours)
        self._encoder = msgspec.json.Encoder()
        self._hashed = lru_cache(maxsize=10_000)(self._hash)

    def served(
        self,
        query: str,
        artifact_ids: Sequence[str],
        *,
        client_id: str,
        actor: str,
        now: datetime,
        address: str = "",
        prefix: str = "q",
    ) -> ServedAnswer:
        """Record a search with what it showed; return the answer's id and a token for each artifact.

        `address`: where the asker is, if that is known; hashed before it is written.
        """
        query_id = f"{prefix}_{int(1000 * now.timestamp())}_{token_hex(6)}"
        record = SearchRecord(
            query_id, APPLICATION, client_id, timestamp(now), query, list(artifact_ids), OBJECT_FIELD, actor,
            self._hashed(address),
        )  # fmt: skip
        self.spool.add("queries", self._encoder.encode(record) + b"\n")
        expires = int(now.timestamp()) + self._token_seconds
        grants = (
            Grant(query_id, artifact_id, place, client_id, actor, expires)
            for place, artifact_id in enumerate(artifact_ids, start=1)
        )
        return ServedAnswer(query_id, [self.signer.sign(grant) for grant in grants])

    def _hash(self, address: str) -> str | None:
        """Return an address as the ledger keeps it, None where it is no place in the internet."""
        if network_of(address) is None:
            return None
        hashed: str = Pseudonyms(self._secret).masked({"client_ip": address})["client_ip"]
        return hashed

    async def store(self, events: Sequence[EventRecord]) -> None:
        """Return when the events are on the disk; raises `SpoolFull` or `SpoolBroken`."""
        await self.spool.store("events", self._encoder.encode_lines(events))


def granted_event(
    grant: Grant, action: str, now: datetime, *, dwell_seconds: float | None = None, value: float | None = None
) -> EventRecord:
    """Return the event of an action that a token allows. Success and failure exclude each other: the first counts."""
    kind = "outcome" if action in ("success", "failure") else action
    return EventRecord(
        event_id=grant.event_id(kind),
        action_name=action,
        application=APPLICATION,
        query_id=grant.query_id,
        client_id=grant.client_id,
        timestamp=timestamp(now),
        actor=grant.actor,
        event_attributes=EventAttributes(
            ObjectAttributes(grant.artifact_id), PositionAttributes(grant.position), dwell_seconds, value
        ),
    )


def timestamp(moment: datetime) -> str:
    """Write a time as UBI does.

    >>> timestamp(datetime(2026, 11, 1, 12, tzinfo=UTC))
    '2026-11-01T12:00:00.000000Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
