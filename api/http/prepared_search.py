"""A search answer as it goes out, encoded once: each caller gets an id and tokens of his own put into it."""

from __future__ import annotations

from secrets import token_hex
from typing import Final

import msgspec

from api.feedback.recording import Feedback
from api.feedback.serving import Audience, ServedHit, ServedSearch, recorded
from api.http.answers import json_bytes
from queries.answers.hit_shapes import SearchAnswer

_MARK: Final = token_hex(16)
"""Stands for ids and tokens while an answer is encoded. Random, so that no text of a catalogue holds it."""

_DECODER: Final = msgspec.json.Decoder(SearchAnswer)


class PreparedSearch(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An answer in JSON, cut where ids and tokens belong."""

    query: str
    artifact_ids: list[str]
    """Of the hits, in order (n)."""
    pieces: list[bytes]
    """n + 2: the tokens of the n hits go between the first n + 1, the answer's id before the last."""

    def answer(self) -> SearchAnswer:
        """Return the answer itself."""
        return _DECODER.decode(b"".join(self.pieces))

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes."""
        return 200 + sum(map(len, self.pieces)) + 100 * len(self.pieces)


def prepare(answer: SearchAnswer) -> PreparedSearch:
    """Encode an answer."""
    hits = [ServedHit(**msgspec.structs.asdict(hit), callback_token=_MARK) for hit in answer.hits]
    served = ServedSearch(**{**msgspec.structs.asdict(answer), "hits": hits}, query_id=_MARK)
    pieces = json_bytes(served).split(_MARK.encode())
    return PreparedSearch(answer.query, [hit.artifact_id for hit in answer.hits], pieces)


def served_json(feedback: Feedback, found: PreparedSearch, to: Audience) -> bytes:
    """Record an answer and return it as `ServedSearch` in JSON; raises `SpoolFull` or `SpoolBroken`."""
    query_id, tokens = recorded(feedback, found.query, found.artifact_ids, to)
    parts = [b""] * (2 * len(found.pieces) - 1)
    parts[::2] = found.pieces
    parts[1::2] = [*(token.encode() for token in tokens), query_id.encode()]
    return b"".join(parts)
