"""Messages between a server and its processes: each is its length (4 bytes, big endian) and MessagePack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Generic, TypeVar

import msgspec

_LENGTH_BYTES: Final = 4
_Shape = TypeVar("_Shape")


def framed(message: object) -> bytes:
    """Return a message as it is sent."""
    encoded = msgspec.msgpack.encode(message)
    return len(encoded).to_bytes(_LENGTH_BYTES, "big") + encoded


class Messages(Generic[_Shape]):
    """Takes messages out of what arrives, in whatever pieces it does."""

    def __init__(self, shape: Any) -> None:
        """`shape`: the type of a message."""
        self._decoder: msgspec.msgpack.Decoder[_Shape] = msgspec.msgpack.Decoder(shape)
        self._received = bytearray()

    def fed(self, data: bytes) -> Iterator[_Shape]:
        """Add what has arrived; yields the messages that are complete now."""
        self._received += data
        while len(self._received) >= _LENGTH_BYTES:
            end = _LENGTH_BYTES + int.from_bytes(self._received[:_LENGTH_BYTES], "big")
            if len(self._received) < end:
                return
            message = self._decoder.decode(self._received[_LENGTH_BYTES:end])
            del self._received[:end]
            yield message
