"""A server that speaks enough of Bolt to say which version of Neo4j it is. Only for tests.

https://neo4j.com/docs/bolt/current/bolt/: a handshake of four offered versions, then messages in chunks.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Final

_END: Final = b"\x00\x00"
_GOODBYE: Final = 0x02


def _text(text: str) -> bytes:
    return bytes([0xD0, len(text)]) + text.encode("ascii")


def _success(**said: str) -> bytes:
    content = b"".join(_text(name) + _text(value) for name, value in said.items())
    message = bytes([0xB1, 0x70, 0xA0 + len(said)]) + content
    return struct.pack(">H", len(message)) + message + _END


def _serve(listening: socket.socket, agent: str, bolt: tuple[int, int]) -> None:
    with suppress(OSError):
        while True:
            client, _ = listening.accept()
            with client, client.makefile("rb") as file:
                file.read(20)  # four magic bytes and the versions that the driver offers
                client.sendall(bytes([0, 0, bolt[1], bolt[0]]))
                while size := file.read(2):
                    message = file.read(struct.unpack(">H", size)[0])
                    file.read(len(_END))
                    if message[1] == _GOODBYE:
                        break
                    client.sendall(_success(server=agent, connection_id="1"))


@contextmanager
def server_that_is(agent: str, bolt: tuple[int, int] = (5, 4)) -> Iterator[str]:
    """Run one on a free port; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        Thread(target=_serve, args=(listening, agent, bolt), daemon=True).start()
        yield f"bolt://127.0.0.1:{listening.getsockname()[1]}"
